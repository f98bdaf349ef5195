#include "node/web/html.h"

#include "node/text/unicode.h"

namespace throughgate::node::web {

void Attr::append_to(std::string& out) const {
  if (!on_) return;
  out += ' ';
  out += name_.str();
  if (bare_) return;
  out += "=\"";
  detail::escape_to(out, value_);
  out += '"';
}

namespace detail {
namespace {

std::string_view replacement(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '`':
      return "&#96;";
    case '\t':
    case '\n':
    case '\r':
      return {};
    default:
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? "\xEF\xBF\xBD" : "";
  }
}

}  // namespace

void escape_to(std::string& out, std::string_view text) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Another node may have let through what ours takes out of what is typed.
    const auto breaks = line_break(text.substr(i));
    if (const auto gone = breaks > 0 ? breaks : hidden_sign(text.substr(i)); gone > 0) {
      out.append(text.substr(from, i - from)).append(breaks > 0 ? "\n" : "");
      from = i + gone;
      i = from - 1;
      continue;
    }
    const auto instead = replacement(text[i]);
    if (instead.empty()) continue;
    out.append(text.substr(from, i - from)).append(instead);
    from = i + 1;
  }
  out.append(text.substr(from));
}

}  // namespace detail
}  // namespace throughgate::node::web
