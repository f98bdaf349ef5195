#include "node/audit_words.h"

#include "node/audit_begin.h"
#include "node/field_names.h"
#include "node/intake/csv.h"
#include "node/records/formats.h"
#include "node/staff/staff.h"

namespace throughgate::node {
namespace {

std::string act_in_words(const AuditRow& row) {
  switch (row.act) {
    case AuditAct::look:
      return "Looked at";
    case AuditAct::file_taken:
      return "Took out a file";
    case AuditAct::list_renewed:
      return "Program updated: every row before got a new mark";
    case AuditAct::let_in:
      return "Was let in";
    case AuditAct::recalled:
      return "Took back from whoever a file was for";
    case AuditAct::carried_out:
      return "Made a file to be carried to others";
    case AuditAct::backed_up:
      return "Made a backup";
    case AuditAct::shortened:
      return "Took away the oldest rows, which had been kept long enough";
    case AuditAct::way_given:
      return "Gave a way in here, or a new password";
    case AuditAct::restored:
      return "Was put back from a backup";
    case AuditAct::opened_with_sheet:
      return "Opened older records with the recovery sheet";
  }
  return "Something that this program does not know";
}

std::string fields_in_words(const AuditRow& row, const StaffNames& names) {
  if (row.act == AuditAct::way_given) {
    const sync::ActorId whose{row.record.record.bytes};
    const auto name = names.find(whose);
    return "To " + (name == names.end() || name->second.empty() ? whose.hex() : name->second);
  }
  if (row.act == AuditAct::restored) {
    return "Of " + shown_number(schema::FieldRule::DATE_TIME, row.count) +
           ". What was written here after that is gone";
  }
  if (row.act == AuditAct::list_renewed) {
    return row.count == 0
               ? "All were as they were written"
               : "Row " + std::to_string(row.count) + " had been altered, or was missing";
  }
  if (row.act == AuditAct::shortened) {
    return "Rows up to " + std::to_string(row.count) + ", the last of " +
           shown_text(schema::FieldRule::DATE, last_day_gone(row));
  }
  if (row.act == AuditAct::file_taken) {
    const std::string what = row.record.type == 0 ? " row" : " value";
    return std::to_string(row.count) + what + (row.count == 1 ? "" : "s");
  }
  if (row.act == AuditAct::opened_with_sheet && row.count == 0) {
    return "All that came with one exchange";
  }
  if (row.act == AuditAct::opened_with_sheet || row.act == AuditAct::carried_out ||
      row.act == AuditAct::backed_up) {
    return std::to_string(row.count) + (row.count == 1 ? " record" : " records");
  }
  std::string out;
  for (const auto field : row.fields) {
    out += (out.empty() ? "" : ", ") + label_of(row.record.type, field);
  }
  return out;
}

std::string record_in_words(const AuditRow& row) {
  const bool has_record = row.record.dossier != sync::DossierId{};
  if (row.record.type == 0) return has_record ? "Record " + row.record.dossier.hex() : "";
  const auto* type = record_type(row.record.type);
  return (type ? rule_of(*type->descriptor).label() : "Record") + " " + row.record.dossier.hex();
}

}  // namespace

sync::Result<StaffNames> staff_names(OpenNode& node) {
  const auto staff = Staff(node).list();
  if (!staff) return staff.error();
  StaffNames out;
  for (const auto& each : *staff) out[each.id] = each.name;
  return out;
}

AuditWords words_of(const AuditRow& row, const StaffNames& names) {
  const auto name = names.find(row.actor);
  return {shown_number(schema::FieldRule::DATE_TIME, row.at_ms),
          row.act == AuditAct::list_renewed || row.actor == sync::ActorId{} ? "This computer"
          : name == names.end() || name->second.empty()                     ? row.actor.hex()
                                                                            : name->second,
          act_in_words(row),
          record_in_words(row),
          fields_in_words(row, names),
          row.reason_gone_with ? "(gone with the record, which was erased)" : row.reason};
}

std::string audit_csv(const std::vector<AuditRow>& rows, const StaffNames& names) {
  std::string out;
  append_csv_row(out, {"Number", "When", "Who", "Person's number", "What", "Record", "Details",
                       "Reason", "Mark"});
  for (const auto& row : rows) {
    const auto words = words_of(row, names);
    append_csv_row(out,
                   {std::to_string(row.number), words.when, words.who, row.actor.hex(), words.what,
                    words.record, words.fields, words.reason, text_of({row.number, row.mark})});
  }
  return out;
}

}  // namespace throughgate::node
