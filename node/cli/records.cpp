#include "node/cli/records.h"

#include <sstream>

#include "node/audit.h"
#include "node/cli/words.h"
#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/whole_name.h"
#include "records/handover.pb.h"

namespace throughgate::node::cli {

using google::protobuf::FieldDescriptor;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::RecordName;

namespace {

Error no_such_record() {
  return {
      ErrorKind::not_found,
      "There is no such record on this computer. \"record list\" shows their numbers; the first "
      "four digits or more are enough."};
}

Error several() {
  return {ErrorKind::invalid, "Several records begin with these digits. Type more of them."};
}

// The id whose first digits are `digits`, all others `rest`.
std::optional<sync::DossierId> dossier_with(std::string_view digits, char rest) {
  std::string whole(digits);
  whole.resize(32, rest);
  const auto bytes = crypto::from_hex(whole);
  return bytes ? sync::DossierId::from(*bytes) : std::nullopt;
}

Result<sync::DossierId> dossier_meant(const RecordService& records, std::string_view typed) {
  const auto digits = id_beginning(typed);
  const auto first = digits ? dossier_with(*digits, '0') : std::nullopt;
  const auto last = digits ? dossier_with(*digits, 'f') : std::nullopt;
  if (!first || !last) return no_such_record();
  const auto found = records.reader().between(*first, *last, 2);
  if (!found) return found.error();
  if (found->empty()) return no_such_record();
  if (found->size() > 1) return several();
  return found->front();
}

// A record inside a dossier, by the beginning of its own number.
Result<RecordName> record_inside(const RecordService& records, const sync::DossierId& dossier,
                                 std::string_view type_name, std::string_view typed) {
  const auto* type = record_type(type_name);
  const auto digits = id_beginning(typed);
  if (!type || !digits) return no_such_record();
  const auto bytes = crypto::from_hex(*digits);
  const auto whole = bytes ? sync::RecordId::from(*bytes) : std::nullopt;
  if (whole) return RecordName{dossier, *whole, type->number};
  std::optional<RecordName> out;
  sync::store::ListQuery query;
  query.type = type->number;
  query.dossier = dossier;
  do {
    const auto page = records.reader().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) {
      if (!row.name.record.hex().starts_with(*digits)) continue;
      if (out) return several();
      out = row.name;
    }
    query.after = page->next;
  } while (!query.after.empty());
  if (!out) return no_such_record();
  return *out;
}

// Of "volunteer/9a28..." what stands after the type; nullptr and all of it where no type is named.
std::pair<const RecordType*, std::string> without_type(const std::string& typed) {
  const auto first = typed.find('/');
  const auto* type = first == std::string::npos ? nullptr : record_type(typed.substr(0, first));
  return {type, type ? typed.substr(first + 1) : typed};
}

Result<RecordName> record_numbered(const RecordService& records, const std::string& typed) {
  const auto first = typed.find('/');
  const auto dossier = dossier_meant(records, typed.substr(0, first));
  if (!dossier) return dossier.error();
  if (first == std::string::npos) {
    const auto held = records.reader().dossier(*dossier);
    if (!held) return held.error();
    if (held->root_type == 0) return no_such_record();
    return RecordName{*dossier, {}, held->root_type};
  }
  const auto second = typed.find('/', first + 1);
  if (second == std::string::npos) return no_such_record();
  return record_inside(records, *dossier, typed.substr(first + 1, second - first - 1),
                       typed.substr(second + 1));
}

}  // namespace

std::string spoken(const RecordName& name) {
  const auto* type = record_type(name.type);
  if (!type || type->root) return name.dossier.hex();
  return name.dossier.hex() + "/" + type->name + "/" + name.record.hex();
}

Result<RecordName> record_meant(const RecordService& records, const std::string& typed) {
  const auto [type, number] = without_type(typed);
  auto name = record_numbered(records, number);
  if (!name || !type || name->type == type->number) return name;
  const auto* is = record_type(name->type);
  return Error{ErrorKind::invalid, "This is the number of another type of record" +
                                       (is ? ": " + std::string(is->name) : std::string()) +
                                       ". Check both. Nothing was changed."};
}

Result<std::vector<FieldInput>> inputs_in(const std::vector<std::string>& typed, Command& command) {
  std::vector<FieldInput> out;
  for (const auto& each : typed) {
    const auto equals = each.find('=');
    if (equals == std::string::npos || equals == 0) {
      return command.misused(
          "Fields are given as name=value; name+=value and name-=value change a list. Nothing was "
          "changed.");
    }
    FieldInput input{each.substr(0, equals), each.substr(equals + 1), FieldInput::How::set};
    if (input.field.ends_with('+')) input.how = FieldInput::How::add;
    if (input.field.ends_with('-')) input.how = FieldInput::How::remove;
    if (input.how != FieldInput::How::set) input.field.pop_back();
    out.push_back(std::move(input));
  }
  return out;
}

Result<Done> check_fields(const RecordType& type, const std::vector<FieldInput>& inputs,
                          Command& command) {
  for (const auto& input : inputs) {
    const auto name = spoken_name(input.field);
    if (&type == record_type(*schema::Handover::descriptor()) &&
        (name == "state" || name == "stage")) {
      return command.misused(
          "The stage of a handover is not typed: each step has its command, such as \"handover "
          "share\", \"handover accept\" or \"handover release\". \"handover show\" says what comes "
          "next, \"handover --help\" lists them. Nothing was changed.");
    }
    if (&type == record_type(*schema::Handover::descriptor()) && name == "confirmed-by-code") {
      return command.misused(
          "That a code fitted is not typed: \"handover confirm-code\" looks whether it does. "
          "Nothing was changed.");
    }
    const auto field = command.or_misused(field_meant(type, input.field));
    if (!field) return field.error();
  }
  return Done{};
}

namespace {

// By field and kind, never by what was typed: screens are looked at, and logs kept.
void say_what_was_found(const std::vector<TextDoubt>& doubts, Command& command) {
  for (const auto& doubt : doubts) {
    command.at.err << doubt.where << ": this looks like " << doubt.looks_like << ".\n";
  }
  std::string all;
  for (const auto& each : FreeText::shipped().looked_for()) all += (all.empty() ? "" : ", ") + each;
  command.at.err << "Looked for was: " << all
                 << ". What is not found may still be too much. Where it is to stand there, give "
                    "the command again with --text-as-it-stands before it.\n";
}

}  // namespace

Program::Run with_records(WithRecords run, std::function<std::string()> why_looked) {
  return [run = std::move(run), why = std::move(why_looked)](Command& command) -> Result<Done> {
    const auto codes = command.codes();
    if (!codes) return codes.error();
    RecordService records(command.node(), *codes, command.viewer(why ? why() : ""));
    if (command.options.text_as_it_stands) records.take_text_as_it_stands();
    // Nothing is printed before it is noted who looked.
    std::ostringstream held;
    Output out(held, command.out.is_json());
    Command inside = command.printing_to(out);
    auto done = run(records, inside);
    command.is_misused = inside.is_misused;
    const auto noted = Audit(command.node()).note_looks(records.trail(), records.viewer());
    if (!noted) {
      return Error{noted.error().kind,
                   "Who looks at this is written down, and that could not be done just now, so it "
                   "is not shown. Where you changed something, that is saved. " +
                       noted.error().message};
    }
    command.at.out << held.str();
    if (!done && !records.text_doubts().empty()) say_what_was_found(records.text_doubts(), command);
    return done;
  };
}

Result<Done> print_saved(const Result<Saved>& saved, std::string_view done,
                         const RecordService& records, Command& command) {
  if (!saved) return saved.error();
  command.out.say(done);
  const auto name = name_if_known(records, saved->record.dossier);
  Facts facts{{"record", spoken(saved->record)}};
  if (command.out.is_json() || (name && !name->empty())) {
    facts.emplace_back("name", name ? *name : std::string());
  }
  if (command.out.is_json()) facts.emplace_back("notes", saved->notes);
  command.out.facts(facts);
  for (const auto& note : saved->notes) command.out.say(note);
  if (!name) return name.error();
  return Done{};
}

// ---- what is shown

std::string people_read(const Output& to, const RecordService& records,
                        const FieldDescriptor& field, const std::vector<crypto::Bytes>& values) {
  if (to.is_json()) return joined(field, values, records.codes());
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const auto count = values.size();
    return count == 0 ? "" : std::to_string(count) + (count == 1 ? " change" : " changes");
  }
  if (rule_of(field).format() != schema::FieldRule::ORGANISATION_ID) {
    return joined(field, values, records.codes());
  }
  std::string out;
  for (const auto& value : values) {
    const auto id = sync::OrganisationId::from(value);
    out += (out.empty() ? "" : "; ") +
           (id ? organisation_name(records.node(), *id) : std::string("not readable"));
  }
  return out;
}

std::string people_read(const Output& to, const RecordService& records, const RecordName& record,
                        const sync::store::OpView& op) {
  const auto* field = field_of(record.type, op.field);
  const bool as_they_are =
      !op.removed && op.kind != sync::OpKind::clear && op.kind != sync::OpKind::transition;
  return field && as_they_are ? people_read(to, records, *field, {op.value})
                              : value_in_words(record, op, records.codes());
}

}  // namespace throughgate::node::cli
