// One volunteer in a list: what somebody looking for one wants to know at a glance.
#pragma once

#include <string>
#include <vector>

#include "node/volunteers/where_they_stand.h"
#include "node/web/components/table.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web::volunteers {

struct Row {
  sync::DossierId id;
  std::string family_name, given_name;
  WhereTheyStand stands;
  bool has_mark_not_sent = false;  // any of these, on this computer only so far
  bool in_review = false;
};
// The fields that row_of() needs of a list.
std::vector<std::uint32_t> row_fields();
Row row_of(const sync::store::RecordRow& record);
// Reads the volunteer itself; `not_found` as the reader says.
sync::Result<Row> row_of(const PageContext& context, const sync::DossierId& id);

// Name, stage, roles, clearances; roles and clearances are looked up here.
sync::Result<std::vector<Cell>> cells_of(const PageContext& context, const Row& row);

}  // namespace throughgate::node::web::volunteers
