// What happened to a record, newest first (MoJ timeline).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/web/components/content.h"

namespace throughgate::node::web {

struct TimelineEvent {
  Content title{};
  std::string by{};  // "Bronwen Okafor, St Giles Trust"
  std::int64_t utc_ms = 0;
  Html body{};
};
// `heading_level`: 2 to 4, one below the heading the timeline stands under.
Html timeline(const std::vector<TimelineEvent>& events, int heading_level = 3);

}  // namespace throughgate::node::web
