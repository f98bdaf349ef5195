#include "node/web/pages/addresses.h"

#include <charconv>

#include "node/records/catalogue.h"

namespace throughgate::node::web {
namespace {

// Written as conflict_address() writes it: no sign, no zeros before it.
std::optional<std::uint32_t> number_in(const std::string& text) {
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || std::to_string(number) != text) {
    return std::nullopt;
  }
  return number;
}

template <class Id>
std::optional<Id> id_in(const std::string& hex) {
  const auto bytes = crypto::from_hex(hex);
  return bytes ? Id::from(*bytes) : std::nullopt;
}

}  // namespace

std::string conflict_address(const sync::store::RecordName& record, std::uint32_t field) {
  return "/changed-in-two-places/" + record.dossier.hex() + "/" + record.record.hex() + "/" +
         std::to_string(record.type) + "/" + std::to_string(field);
}

std::optional<FieldAddress> field_in(const Parameters& path) {
  const auto dossier = id_in<sync::DossierId>(path.get("dossier"));
  const auto record = id_in<sync::RecordId>(path.get("record"));
  const auto type = number_in(path.get("type"));
  const auto field = number_in(path.get("field"));
  if (!dossier || !record || !type || !field) return std::nullopt;
  return FieldAddress{{*dossier, *record, *type}, *field};
}

std::optional<std::string> page_address(const sync::DossierId& dossier, std::uint32_t root_type) {
  const auto* type = record_type(root_type);
  if (!type || !type->root) return std::nullopt;
  if (type->dossier == schema::CASE) return "/handovers/" + dossier.hex();
  if (type->dossier == schema::VOLUNTEER) return "/volunteers/" + dossier.hex();
  return std::nullopt;
}

}  // namespace throughgate::node::web
