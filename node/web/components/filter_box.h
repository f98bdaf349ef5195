// The box above a list that narrows it down. A GET form: the address holds the whole question.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/web/components/content.h"

namespace throughgate::node::web {

struct FilterBox {
  Url action = Url("/");
  Html fields{};  // text_input(), select(), ...
  std::vector<std::pair<std::string, std::string>>
      keep{};                // other parts of the address: the sorting
  Url clear = Url("/");      // the list without filters
  bool is_filtered = false;  // shows "Clear filters"
  std::string button_text = "Apply filters";
};
Html filter_box(const FilterBox& box);

// "?sort=name&dir=desc" for links that keep the rest of the question.
Url query_url(const std::string& path,
              const std::vector<std::pair<std::string, std::string>>& parameters);
std::string percent_encoded(std::string_view text);

}  // namespace throughgate::node::web
