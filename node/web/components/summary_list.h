// A record's details, one a row, alone or in a card.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/web/components/content.h"

namespace throughgate::node::web {

struct ActionLink {
  Url href = Url("#");
  Content text = "Change";
  std::string hidden_text{};  // what it acts on, read aloud: "meeting place"
};

struct SummaryRow {
  Content key{};
  Content value{};
  std::vector<ActionLink> actions{};
};

struct SummaryCard {
  Content title{};
  std::vector<ActionLink> actions{};
};

struct SummaryList {
  std::vector<SummaryRow> rows{};
  std::optional<SummaryCard> card{};
  std::string classes{};
};
Html summary_list(const SummaryList& list);

}  // namespace throughgate::node::web
