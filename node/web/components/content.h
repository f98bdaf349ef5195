// What a component shows: plain text, which is escaped, or markup made by h().
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "node/web/html.h"

namespace throughgate::node::web {

class Content {
 public:
  Content() = default;
  Content(const char* text) : html_(h("{}", std::string_view(text))) {}
  Content(std::string_view text) : html_(h("{}", text)) {}
  Content(const std::string& text) : html_(h("{}", text)) {}
  Content(Html html) : html_(std::move(html)) {}

  const Html& html() const { return html_; }
  bool empty() const { return html_.empty(); }

 private:
  Html html_;
};

// " name" after another class, or nothing.
inline std::string also(std::string_view class_name, bool on = true) {
  return on && !class_name.empty() ? " " + std::string(class_name) : std::string();
}

}  // namespace throughgate::node::web
