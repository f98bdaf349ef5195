// A day as the three boxes of a question send it, in the form in which days are typed.
#pragma once

#include <string>

#include "node/text/unicode.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

// "4/12/2026"; empty where nothing was typed in any of the boxes `name`-day, -month and -year.
inline std::string day_sent(const PageContext& context, const std::string& name) {
  const auto box = [&](const char* part) {
    return std::string(trimmed(context.field(name + part)));
  };
  const std::string day = box("-day") + "/" + box("-month") + "/" + box("-year");
  return day == "//" ? std::string() : day;
}

}  // namespace throughgate::node::web
