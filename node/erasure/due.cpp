#include "node/erasure/due.h"

#include <algorithm>

#include "node/days.h"
#include "node/dossier_kinds.h"
#include "node/last_contact.h"
#include "node/records/formats.h"

namespace throughgate::node {
namespace {

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string names_of(const OpenNode& node, const std::vector<sync::OrganisationId>& all) {
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) out += i + 1 == all.size() ? " and " : ", ";
    out += organisation_name(node, all[i]);
  }
  return out;
}

}  // namespace

std::string what_goes(const Due& due, const OpenNode& node) {
  switch (due.from) {
    case KeptFrom::gate_result:
    case KeptFrom::partner_copy:
      return "This organisation's copy. The record stays with " + names_of(node, due.others) + ".";
    case KeptFrom::risk_at_close:
      return counted(due.count, "fact", "facts") +
             " about risk, for everybody who has the handover. The rest of it stays, and so does "
             "the prison's own record of the person.";
    case KeptFrom::tax_year:
      return counted(due.count, "expense claim", "expense claims") +
             ". The rest of the file stays.";
    case KeptFrom::looked:
      return counted(due.count, "row", "rows") + ", up to " +
             shown_text(schema::FieldRule::DATE, due.since) + ". The rest of the list stays.";
    default:
      return "All of it, everywhere, and what belongs to it.";
  }
}

sync::Result<std::string> believed_day(const RecordService& records, const std::string& today) {
  const auto now = exchange_time_ms(records.node());
  if (!now) return now.error();
  return std::min(today, iso_day(*now));
}

}  // namespace throughgate::node
