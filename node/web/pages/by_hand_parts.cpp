#include "node/web/pages/by_hand_parts.h"

#include <charconv>

#include "node/web/content_style.h"
#include "sync/limits.h"

namespace throughgate::node::web {

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t mb = 1'000'000;
  if (bytes < mb) return number_text(static_cast<std::int64_t>((bytes + 999) / 1'000)) + " kB";
  const auto tenths = (bytes + mb / 10 - 1) / (mb / 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& each : words) out += (out.empty() ? "" : ", ") + each;
  return out;
}

std::optional<std::uint64_t> number_in(const std::string& text) {
  std::uint64_t out = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  return read.ec == std::errc() && read.ptr == end && out <= sync::counter_max ? std::optional(out)
                                                                               : std::nullopt;
}

Html in_two_thirds(const Html& inside) {
  return h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}</div></div>)",
      inside);
}

}  // namespace throughgate::node::web
