// What a page says to its reader: errors, notices, warnings, tags, details.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/web/components/content.h"

namespace throughgate::node::web {

// Stands first on the page, and the page's title then starts with "Error: ".
struct ErrorSummary {
  struct Item {
    Content text{};
    std::string field_id{};  // the field it is about; no link when empty
  };
  Content title = "There is a problem";
  Content description{};
  std::vector<Item> items{};
};
Html error_summary(const ErrorSummary& summary);

struct NotificationBanner {
  std::string text{};  // one sentence, or
  Html html{};         // more than that
  bool success = false;
  Content title{};         // "Important", or "Success"
  std::string title_id{};  // needed where a page has two banners
};
Html notification_banner(const NotificationBanner& banner);

Html warning_text(const Content& text);
Html inset_text(const Content& text, const std::string& id = "");

struct Details {
  Content summary{};
  Content text{};
  std::string id{};
  bool open = false;
};
Html details(const Details& details);

// The word carries the meaning; the colour only repeats it.
enum class TagColour { blue, grey, green, teal, purple, magenta, red, orange, yellow };
Html tag(const Content& text, std::optional<TagColour> colour = std::nullopt);

// The end of a task: "Handover sent".
struct Panel {
  Content title{};
  Content text{};
};
Html panel(const Panel& panel);

}  // namespace throughgate::node::web
