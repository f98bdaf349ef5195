// Moving between the pages of a list, or between the steps of a task.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/web/components/content.h"

namespace throughgate::node::web {

struct PageLink {
  Url href = Url("#");
  Content text{};            // "Previous page", "Next page"
  std::string label_text{};  // what is there: only without `items`
};
struct PageItem {
  std::string number{};
  Url href = Url("#");
  bool current = false;
  bool ellipsis = false;
};
struct Pagination {
  std::optional<PageLink> previous{};
  std::optional<PageLink> next{};
  std::vector<PageItem> items{};
  std::string landmark_label{};  // "Pagination"; needed where a page has two
};
Html pagination(const Pagination& pagination);

// First, last, current and its neighbours. `current` and `count` start at 1; nothing for one page.
Html pages_of_list(std::int64_t current, std::int64_t count,
                   const std::function<Url(std::int64_t)>& page);

}  // namespace throughgate::node::web
