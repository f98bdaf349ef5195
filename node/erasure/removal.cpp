#include "node/erasure/removal.h"

#include <map>

#include "node/erasure/holds.h"
#include "node/field_names.h"

namespace throughgate::node {

using sync::Error;
using sync::ErrorKind;

sync::Result<Saved> remove_value(RecordService& records, const sync::store::RecordName& record,
                                 const sync::store::OpView& change, const By& by) {
  if (auto may = records.viewer().check(Act::erase); !may) return may.error();
  const sync::store::OpDraft written{record.field(change.field), sync::OpKind::clear, {}, {}, {}};
  if (auto may = records.check_written({written}); !may) return may.error();
  if (auto free = check_not_held(records, record.dossier); !free) return free.error();
  if (is_blank(by.reason)) {
    return Error{ErrorKind::invalid, "Say why, without repeating the value. Nothing was removed."};
  }
  if (change.removed) {
    return Error{ErrorKind::invalid, "This value has been removed already. Nothing was changed."};
  }
  if (auto fit = records.check_text(record.dossier, {}, by.reason); !fit) return fit.error();
  const auto entry =
      records.node().admission().redact(record.dossier, {change.id}, records.authorship(by));
  if (!entry) {
    return Error{entry.error().kind,
                 label_of(record.type, change.field) + ": " + entry.error().message};
  }
  return Saved{record, *entry, {}};
}

sync::Result<std::size_t> take_out(RecordService& records, const sync::DossierId& dossier,
                                   const std::vector<sync::OpId>& values, const By& by) {
  std::map<sync::Hash, std::vector<sync::OpId>> by_entry;
  for (const auto& op : values) by_entry[op.entry].push_back(op);
  for (const auto& [entry, ops] : by_entry) {
    const auto removed = records.node().admission().redact(dossier, ops, records.authorship(by));
    if (!removed) return removed.error();
  }
  return values.size();
}

}  // namespace throughgate::node
