#include "node/web/components/filter_box.h"

#include "node/web/components/button.h"

namespace throughgate::node::web {

Html filter_box(const FilterBox& box) {
  const Html kept = each(box.keep, [](const auto& parameter) {
    return h(R"(<input type="hidden" name="{}" value="{}">)", parameter.first, parameter.second);
  });
  const Html clear = when(box.is_filtered, [&] {
    return h(R"(<a class="govuk-link govuk-link--no-visited-state" href="{}">Clear filters</a>)",
             box.clear);
  });
  return h(R"(<form method="get" action="{}" class="filter-box" role="search">{}{}{}</form>)",
           box.action, kept, box.fields,
           button_group(button({.text = box.button_text, .classes = "govuk-button--secondary"}) +
                        clear));
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    const bool plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                       (each >= '0' && each <= '9') || each == '-' || each == '_' || each == '.';
    if (plain) {
      out += each;
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

Url query_url(const std::string& path,
              const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string address = path;
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    address += separator + percent_encoded(name) + "=" + percent_encoded(value);
    separator = '&';
  }
  return Url(std::move(address));
}

}  // namespace throughgate::node::web
