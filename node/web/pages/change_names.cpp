#include "node/web/pages/change_names.h"

#include <algorithm>
#include <charconv>

namespace throughgate::node::web {

using sync::OpId;

std::string change_name(const OpId& change) {
  return crypto::to_hex(change.entry) + "-" + std::to_string(change.index);
}

std::optional<OpId> change_named(std::string_view name) {
  const auto dash = name.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto bytes = crypto::from_hex(name.substr(0, dash));
  const auto entry = bytes ? crypto::to_array<32>(*bytes) : std::nullopt;
  const std::string_view digits = name.substr(dash + 1);
  OpId out;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out.index);
  if (!entry || read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) {
    return std::nullopt;
  }
  out.entry = *entry;
  return out;
}

std::string change_names(const std::vector<OpId>& changes) {
  std::string out;
  for (const auto& each : changes) out += (out.empty() ? "" : " ") + change_name(each);
  return out;
}

std::vector<OpId> changes_named(std::string_view names) {
  std::vector<OpId> out;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    if (const auto change = change_named(names.substr(0, end))) out.push_back(*change);
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return out;
}

}  // namespace throughgate::node::web
