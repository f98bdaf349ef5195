#include "node/rights/pack.h"

#include <algorithm>
#include <map>

#include "node/audit.h"
#include "node/days.h"
#include "node/disputes.h"
#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/records/formats.h"
#include "node/rights/others_named.h"
#include "node/shown_values.h"
#include "node/staff/staff.h"
#include "records/case.pb.h"
#include "sync/store/not_read.h"

namespace throughgate::node {
namespace {

using google::protobuf::FieldDescriptor;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::OpStanding;
using sync::store::OpView;
using sync::store::RecordName;

constexpr std::size_t values_max = 50'000;
constexpr std::size_t text_bytes_max = std::size_t{16} << 20;
constexpr std::size_t readings_max = 20'000;
constexpr std::size_t history_max = 1'000'000;  // of a record: more than any has
constexpr std::size_t id_digits = 12;

constexpr std::string_view left_out = "(left out)";
constexpr std::string_view staff_left_out = "(a member of staff)";
constexpr std::string_view other_left_out = "(somebody else: left out)";

Error too_much() {
  return {ErrorKind::unavailable,
          "There is more about this person than one file can hold. Ask who looks after Throughgate "
          "for help."};
}

std::string short_entry(const OpView& op) {
  return crypto::to_hex(op.id.entry).substr(0, id_digits);
}

// "Volunteer coordinator, HMP Example": what somebody does, never who they are.
class Writers {
 public:
  explicit Writers(const RecordService& records) : records_(records) {}

  std::string roles_in_words(const RoleSet& roles) const {
    const auto* list = records_.codes().list("staff-roles");
    std::string out;
    for (const auto& role : roles) {
      const auto* code = list ? list->find(role) : nullptr;
      if (!code) continue;
      const auto label = code->label.substr(0, code->label.find(':'));
      out += (out.empty() ? "" : "; ") + label;
    }
    return out.empty() ? "A member of staff" : out;
  }
  std::string of(const OpView& op) const {
    return roles_in_words(roles_in(op.actor_role)) + ", " +
           organisation_name(records_.node(), op.organisation);
  }

 private:
  const RecordService& records_;
};

std::string standing_of(const OpView& op) {
  if (op.removed) return "removed for everybody";
  if (op.standing == OpStanding::shown) return op.is_provisional() ? "now; not sent yet" : "now";
  return standing_in_words(op.standing);
}

class Packing {
 public:
  Packing(const RecordService& records, Subject subject, const Kept& kept)
      : records_(records), subject_(std::move(subject)), kept_(kept), writers_(records) {}

  Result<Pack> pack() {
    out_.name = subject_.name;
    out_.organisation = organisation_name(records_.node(), records_.node().identity().organisation);
    out_.made_at_ms = records_.node().now_ms();
    if (auto done = read_disputes(); !done) return done.error();
    if (auto done = read_records(); !done) return done.error();
    if (auto done = read_apart(); !done) return done.error();
    if (auto done = count_not_read(); !done) return done.error();
    if (auto done = say_who_is_named(); !done) return done.error();
    if (auto done = add_sharing(); !done) return done.error();
    if (auto done = add_readings(); !done) return done.error();
    return std::move(out_);
  }

 private:
  Result<Done> read_records() {
    for (const auto& found : subject_.records) {
      const auto* type = record_type(found.name.type);
      if (!type) continue;
      const auto ops = records_.whole().history(found.name, std::nullopt, 0, history_max);
      if (!ops && ops.error().kind == ErrorKind::not_found) continue;  // stands where it may not
      if (!ops) return ops.error();
      if (auto done = add_record(found, *type, *ops, {}); !done) return done;
    }
    return Done{};
  }

  // What others sent that counts for nothing here: kept, and so the person is told of it.
  Result<Done> read_apart() {
    apart_ = true;
    for (const auto& found : subject_.apart) {
      const auto* type = record_type(found.name.type);
      if (!type) continue;
      const auto from = organisation_name(records_.node(), found.changes.front().organisation);
      if (auto done = add_record({found.name, found.found}, *type, found.changes, from); !done) {
        return done;
      }
    }
    return Done{};
  }

  Result<Done> count_not_read() {
    auto& node = records_.node();
    for (const auto& id : subject_.dossiers) {
      const auto held = records_.whole().dossier(id);
      const auto changes = sync::store::changes_not_read(node.database(), node.policies(), id);
      if (!held) return held.error();
      if (!changes) return changes.error();
      if (*changes > 0) out_.not_read.push_back({kind_of(held->root_type), id.hex(), *changes});
    }
    return Done{};
  }

  Result<Done> add_record(const FoundRecord& found, const RecordType& type,
                          const std::vector<OpView>& ops, const std::string& set_aside_from) {
    PackRecord record{rule_of(*type.descriptor).label(),
                      type.name,
                      found.found,
                      set_aside_from,
                      number_of(found.name),
                      {}};
    for (int i = 0; i < type.descriptor->field_count(); ++i) {
      add_field(found, *type.descriptor->field(i), ops, record);
      if (out_.values > values_max || text_bytes_ > text_bytes_max) return too_much();
    }
    if (!record.fields.empty()) out_.records.push_back(std::move(record));
    return Done{};
  }

  static std::string number_of(const RecordName& name) {
    return name.record == sync::RecordId{} ? name.dossier.hex()
                                           : name.dossier.hex() + "/" + name.record.hex();
  }

  void add_field(const FoundRecord& found, const FieldDescriptor& field,
                 const std::vector<OpView>& ops, PackRecord& record) {
    if (is_dispute(found.name.type) && is_for_programs(field)) return;
    PackField out{rule_of(field).label(),
                  std::string(field.name()),
                  said_of(found.name, static_cast<std::uint32_t>(field.number())),
                  {}};
    for (const auto& op : ops) {
      if (op.field != static_cast<std::uint32_t>(field.number())) continue;
      if (found.found == Found::in_words && !says_their_name(op)) continue;
      look_at(found.name, op.field);
      PackChange change = change_of(found, field, op, record.kind);
      ++out_.values;
      text_bytes_ += change.text.size() + change.reason.size();
      // Of another's record nothing is said where nothing of it may be.
      if (change.is_left_out && found.found != Found::their_own) continue;
      out.changes.push_back(std::move(change));
    }
    if (!out.changes.empty()) record.fields.push_back(std::move(out));
  }

  // Which value a note is about: its label says it to people.
  static bool is_for_programs(const FieldDescriptor& field) {
    return field.name().rfind("about_", 0) == 0;
  }

  std::string said_of(const RecordName& record, std::uint32_t field) const {
    const auto found = disputed_.find({record, field});
    return found == disputed_.end() ? std::string() : in_words(found->second);
  }

  Result<Done> read_disputes() {
    const RecordService whole(records_.node(), records_.codes());
    for (const auto& id : subject_.dossiers) {
      auto disputed = disputed_in(whole, id);
      if (!disputed) return disputed.error();
      disputed_.merge(*disputed);
    }
    return Done{};
  }

  void look_at(const RecordName& record, std::uint32_t field) const {
    if (records_.viewer().is_noted(record.type, field)) records_.trail()[record].insert(field);
  }

  bool says_their_name(const OpView& op) const {
    const auto text = crypto::as_text(op.value);
    return std::any_of(subject_.also_called.begin(), subject_.also_called.end(),
                       [&](const auto& name) { return text.find(name) != std::string_view::npos; });
  }

  PackChange change_of(const FoundRecord& found, const FieldDescriptor& field, const OpView& op,
                       const std::string& kind) {
    PackChange out{short_entry(op) + "-" + std::to_string(op.id.index),
                   shown(found, field, op),
                   false,
                   apart_ ? "set aside" : standing_of(op),
                   writers_.of(op),
                   op.effective_ms,
                   {}};
    const bool says_nothing = op.removed || op.kind == sync::OpKind::clear;
    switch (says_nothing ? Whose::theirs : whose(field, found.found, subject_.is_volunteer)) {
      case Whose::theirs:
        break;
      case Whose::staff:
        note_other(field, op);
        ++out_.left_out_of_staff;
        leave_out(out, staff_left_out);
        break;
      case Whose::others:
        note_other(field, op);
        ++out_.left_out_of_others;
        leave_out(out, other_left_out);
        break;
      case Whose::to_be_looked:
        if (!is_kept(out.id, kind + ": " + rule_of(field).label(), out.text, op)) {
          ++out_.left_out_after_a_look;
          leave_out(out, left_out);
        }
        break;
    }
    if (!is_blank(op.reason)) out.reason = reason_of(op, kind);
    return out;
  }

  static void leave_out(PackChange& change, std::string_view instead) {
    change.text = instead;
    change.is_left_out = true;
  }

  // Said once for each save.
  std::string reason_of(const OpView& op, const std::string& kind) {
    const auto id = short_entry(op) + "-r";
    const auto [known, is_new] = reasons_.try_emplace(id);
    if (is_new) {
      const auto text = visible_text(op.reason);
      const bool kept = is_kept(id, kind + ": reason for a change", text, op);
      if (!kept) ++out_.left_out_after_a_look;
      known->second = kept ? text : std::string(left_out);
    }
    return known->second;
  }

  bool is_kept(const std::string& id, const std::string& where, const std::string& text,
               const OpView& op) {
    const bool kept = kept_.all || kept_.ids.contains(id);
    out_.to_look_at.push_back({id, where, text, writers_.of(op), op.effective_ms, {}, kept});
    text_bytes_ += text.size();
    return kept;
  }

  void note_other(const FieldDescriptor& field, const OpView& op) {
    if (field.type() == FieldDescriptor::TYPE_STRING) {
      others_.add(visible_line(crypto::as_text(op.value)));
    }
  }

  std::string shown(const FoundRecord& found, const FieldDescriptor& field, const OpView& op) {
    others_.add(op.actor_name);
    if (op.removed || op.kind == sync::OpKind::clear || op.kind == sync::OpKind::transition) {
      return value_in_words(found.name, op, records_.codes());
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return "A change was read";
    if (field.type() == FieldDescriptor::TYPE_BYTES) return number_in_words(field, op);
    const auto text = visible_text(value_in_words(found.name, op, records_.codes()));
    return op.kind == sync::OpKind::remove ? "taken out: " + text : text;
  }

  // Numbers of other records say nothing to a person, and may be somebody's.
  std::string number_in_words(const FieldDescriptor& field, const OpView& op) const {
    const auto format = rule_of(field).format();
    if (format == schema::FieldRule::ORGANISATION_ID) {
      const auto id = sync::OrganisationId::from(op.value);
      return id ? organisation_name(records_.node(), *id) : std::string("not readable");
    }
    const auto id = DossierId::from(op.value);
    const auto& own = subject_.dossiers;
    if (id && std::find(own.begin(), own.end(), *id) != own.end()) return "(a record of theirs)";
    return "(a number that stands for another record)";
  }

  Result<Done> say_who_is_named() {
    const auto staff = Staff(records_.node()).list();
    if (!staff) return staff.error();
    for (const auto& each : *staff) others_.add(each.name);
    for (const auto& name : subject_.also_called) others_.take_out(name);
    for (auto& item : out_.to_look_at) item.names = others_.named_in(item.text);
    return Done{};
  }

  // ---- who has it, and who looked

  Result<Done> add_sharing() {
    const auto& own = records_.node().identity().organisation;
    std::set<std::string> holders;
    for (const auto& id : subject_.dossiers) {
      const auto held = records_.whole().dossier(id);
      const auto arrivals = records_.whole().deliveries(id);
      if (!held) return held.error();
      if (!arrivals) return arrivals.error();
      for (const auto& member : held->members) {
        if (member.organisation == own) continue;
        const auto name = organisation_name(records_.node(), member.organisation);
        holders.insert(name);
        out_.sharing.push_back({name,
                                kind_of(held->root_type),
                                std::string(role_in_words(member.role)),
                                arrived(member.organisation, *arrivals),
                                {}});
      }
      if (auto done = add_grounds(id); !done) return done;
    }
    out_.holders.assign(holders.begin(), holders.end());
    return Done{};
  }

  std::string arrived(const sync::OrganisationId& organisation,
                      const std::vector<sync::store::Delivery>& arrivals) const {
    std::uint64_t last = 0;
    for (const auto& each : arrivals) {
      const auto* node = records_.node().directory().node(each.node);
      if (node && node->organisation == organisation) last = std::max(last, each.heard_at_ms);
    }
    return last == 0 ? std::string() : "last heard to have it on " + day(last);
  }

  static std::string day(std::uint64_t ms) {
    return shown_text(schema::FieldRule::DATE, iso_day(ms));
  }

  // What was recorded of a sharing: with whom, on what ground, from when until when.
  Result<Done> add_grounds(const DossierId& id) {
    const auto& type = *record_type(*schema::Disclosure::descriptor());
    for (const auto& found : subject_.records) {
      if (found.name.type != type.number || found.name.dossier != id) continue;
      const auto record = records_.whole().read(found.name);
      if (!record && record.error().kind == ErrorKind::not_found) continue;
      if (!record) return record.error();
      const auto says = [&](const char* name) {
        const auto* field = field_named(type, name);
        const auto* view = record->field(static_cast<std::uint32_t>(field->number()));
        return view ? visible_line(joined(*field, shown_values(*view), records_.codes()))
                    : std::string();
      };
      std::string when = says("from").empty() ? "" : "from " + says("from");
      if (!says("ended_on").empty()) {
        when += " until " + says("ended_on");
      } else if (!says("expires_on").empty()) {
        when += " until " + says("expires_on");
      }
      out_.sharing.push_back({says("to_name"), rule_of(*type.descriptor).label(), says("classes"),
                              when,
                              says("basis") + " (" + says("regime") + "), " + says("standing")});
    }
    return Done{};
  }

  Result<Done> add_readings() {
    const auto staff = Staff(records_.node()).list();
    if (!staff) return staff.error();
    std::map<sync::ActorId, std::string> roles;
    for (const auto& each : *staff) {
      roles[each.id] = writers_.roles_in_words({each.roles.begin(), each.roles.end()});
    }
    std::vector<AuditRow> rows;
    for (const auto& id : subject_.dossiers) {
      auto of_one = Audit(records_.node()).list({id, {}, 0}, readings_max + 1);
      if (!of_one) return of_one.error();
      rows.insert(rows.end(), of_one->begin(), of_one->end());
      if (rows.size() > readings_max) return too_much();
    }
    std::sort(rows.begin(), rows.end(),
              [](const AuditRow& a, const AuditRow& b) { return a.number > b.number; });
    for (const auto& row : rows) {
      const auto who = roles.find(row.actor);
      out_.readings.push_back({row.at_ms,
                               who == roles.end() ? std::string("A member of staff") : who->second,
                               kind_of(row.record.type), what_of(row)});
    }
    return Done{};
  }

  static std::string kind_of(std::uint32_t number) {
    const auto* type = record_type(number);
    return type ? rule_of(*type->descriptor).label() : "Record";
  }

  static std::string what_of(const AuditRow& row) {
    if (row.act == AuditAct::file_taken) return "Taken out as a file";
    if (row.act == AuditAct::let_in) return "Let in with the recovery sheet";
    if (row.act == AuditAct::recalled) return "Taken back from whoever a file was made for";
    std::string out;
    for (const auto field : row.fields) {
      out += (out.empty() ? "" : ", ") + label_of(row.record.type, field);
    }
    return out;
  }

  const RecordService& records_;
  Subject subject_;
  const Kept& kept_;
  Writers writers_;
  Pack out_;
  bool apart_ = false;  // what is read now is set aside
  std::size_t text_bytes_ = 0;
  std::map<std::string, std::string> reasons_;
  OthersNamed others_;
  DisputedFields disputed_;
};

Result<Done> check_asked(const RecordService& records) {
  const auto& viewer = records.viewer();
  if (auto may = viewer.check(Act::subject_access); !may) return may;
  if (!viewer.is_program() && is_blank(viewer.reason())) {
    return Error{ErrorKind::invalid,
                 "Say why you look at all that is kept of this person. Your reason is written down "
                 "with your name."};
  }
  return Done{};
}

}  // namespace

Result<Pack> pack_of(const RecordService& records, const DossierId& person, const Kept& kept) {
  if (auto asked = check_asked(records); !asked) return asked.error();
  auto subject = subject_of(records, person);
  if (!subject) return subject.error();
  return Packing(records, *std::move(subject), kept).pack();
}

std::vector<std::string> not_read_in_words(const Pack& pack) {
  std::vector<std::string> out;
  for (const auto& each : pack.not_read) {
    out.push_back(each.kind + ": " + std::to_string(each.changes) +
                  (each.changes == 1 ? " change" : " changes"));
  }
  return out;
}

Result<PackSize> size_of_pack(const RecordService& records, const DossierId& person) {
  if (auto may = records.viewer().check(Act::subject_access); !may) return may.error();
  const auto subject = subject_of(records, person);
  if (!subject) return subject.error();
  std::map<std::uint32_t, std::size_t> by_type;
  for (const auto& found : subject->records) {
    if (record_type(found.name.type)) ++by_type[found.name.type];
  }
  for (const auto& found : subject->apart) {
    if (record_type(found.name.type)) ++by_type[found.name.type];
  }
  PackSize out{subject->name, {}};
  for (const auto& [type, count] : by_type) {
    out.records.emplace_back(rule_of(*record_type(type)->descriptor).label(), count);
  }
  return out;
}

Result<Done> note_taken(const RecordService& records, const Pack& pack) {
  std::map<RecordName, std::uint64_t> rows;
  for (const auto& record : pack.records) {
    const auto bytes = crypto::from_hex(record.number.substr(0, record.number.find('/')));
    const auto id = bytes ? DossierId::from(*bytes) : std::nullopt;
    const auto* type = record_type(record.type);
    if (!id || !type) continue;
    auto root = type->number;  // of one that is set aside nobody says with what it was begun
    if (record.set_aside_from.empty()) {
      const auto held = records.whole().dossier(*id);
      if (!held) return held.error();
      root = held->root_type;
    }
    auto& count = rows[{*id, {}, root}];
    for (const auto& field : record.fields) count += field.changes.size();
  }
  return Audit(records.node()).note_files(rows, records.viewer());
}

}  // namespace throughgate::node
