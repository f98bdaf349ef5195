// The addresses of this site's pages about records. They hold numbers only, never anything that a
// record says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "node/web/http.h"
#include "sync/store/record_reader.h"

namespace throughgate::node::web {

// Where a person compares what two sites put into one field, and decides.
std::string conflict_address(const sync::store::RecordName& record, std::uint32_t field);

struct FieldAddress {
  sync::store::RecordName record;
  std::uint32_t field = 0;
};
// The field such an address is about, from a route's ":dossier", ":record", ":type" and ":field".
// nullopt: it names none.
std::optional<FieldAddress> field_in(const Parameters& path);

// The page of the volunteer or handover that a dossier is, by the type of its root record.
// nullopt: such records have no page.
std::optional<std::string> page_address(const sync::DossierId& dossier, std::uint32_t root_type);

}  // namespace throughgate::node::web
