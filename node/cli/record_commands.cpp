// record: any kind of record, by the names its fields have in their .proto lines.
#include <algorithm>
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/disputes.h"
#include "node/field_names.h"
#include "node/records/values.h"
#include "node/volunteers/identity_in.h"
#include "node/volunteers/recorded.h"
#include "records/volunteer.pb.h"
#include "sync/store/record_table.h"

namespace throughgate::node::cli {
namespace {

using google::protobuf::FieldDescriptor;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::RecordName;
using sync::store::RecordRow;

struct Options {
  std::string type;
  std::string record;
  std::vector<std::string> fields;  // name=value
  std::string field;
  std::string reason;
  std::string after;
  std::size_t limit = 50;
};

// ---- names

Result<const RecordType*> type_meant(const std::string& typed, Command& command) {
  const auto* type = record_type(typed);
  if (type) return type;
  return command.misused("There is no such kind of record. \"record types\" lists them.");
}

// ---- what is shown

std::string json_value(const FieldDescriptor& field, sync::Policy policy,
                       const std::vector<crypto::Bytes>& values) {
  const bool list = policy == sync::Policy::set || policy == sync::Policy::append;
  if (!list) return values.empty() ? "null" : json_of(field, values.front());
  std::string out = "[";
  for (const auto& value : values) out += (out.size() == 1 ? "" : ", ") + json_of(field, value);
  return out + "]";
}

// ---- the commands

Result<Done> types(Command& command) {
  std::vector<std::vector<Value>> rows;
  for (const auto& type : record_types()) {
    rows.push_back({type.name, rule_of(*type.descriptor).label(), type.root});
  }
  command.out.table({"type", "what it is", "stands by itself"}, rows, "");
  return Done{};
}

Result<Done> fields(const Options& options, Command& command) {
  const auto type = type_meant(options.type, command);
  if (!type) return type.error();
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < (*type)->descriptor->field_count(); ++i) {
    const auto& field = *(*type)->descriptor->field(i);
    const auto& rule = rule_of(field);
    rows.push_back({spoken_field(field), rule.label(), rule.required(), rule.codes(), rule.help()});
  }
  command.out.table({"field", "label", "required", "codes", "help"}, rows, "It has no fields.");
  return Done{};
}

// Without a name: which lists there are.
Result<Done> codes(const std::string& name, Command& command) {
  const auto lists = command.codes();
  if (!lists) return lists.error();
  std::vector<std::vector<Value>> rows;
  if (name.empty()) {
    for (const auto& each : lists->names()) rows.push_back({each, lists->list(each)->title()});
    command.out.table({"list", "what it is"}, rows, "There are no code lists here.");
    return Done{};
  }
  const auto* list = lists->list(name);
  if (!list) {
    return command.misused(
        "There is no such list. \"record codes\" without a name shows which there are.");
  }
  for (const auto& each : list->codes()) {
    if (each.offered()) rows.push_back({each.code, each.label});
  }
  command.out.table({"code", "what it is"}, rows, "Nothing is in this list.");
  return Done{};
}

// Of a volunteer who is about to be recorded: who of those here may be the same.
Result<std::vector<std::string>> alike_here(const RecordType& type,
                                            const std::vector<FieldInput>& inputs,
                                            RecordService& records) {
  std::vector<std::string> out;
  if (&type != record_type(*schema::Volunteer::descriptor())) return out;
  const auto recorded = RecordedVolunteers::read(records);
  if (!recorded) return recorded.error();
  for (const auto& each : recorded->alike(identity_in(inputs, records.codes()))) {
    out.push_back("This may be " + each.id.hex() + ", who is recorded already: " + each.because +
                  ".");
  }
  return out;
}

Result<Done> new_record(const Options& options, RecordService& records, Command& command) {
  const auto type = type_meant(options.type, command);
  const auto inputs = inputs_in(options.fields, command);
  if (!type) return type.error();
  if (!inputs) return inputs.error();
  if (auto known = check_fields(**type, *inputs, command); !known) return known;
  const By by{command.actor(), options.reason};
  if (options.record.empty()) {
    const auto alike = alike_here(**type, *inputs, records);
    if (!alike) return alike.error();
    auto saved = records.new_record(**type, *inputs, by);
    if (saved) saved->notes.insert(saved->notes.end(), alike->begin(), alike->end());
    return print_saved(saved, "Saved.", records, command);
  }
  const auto inside = record_meant(records, options.record);
  if (!inside) return inside.error();
  const auto saved = records.new_record_in(inside->dossier, **type, *inputs, by);
  return print_saved(saved, "Saved.", records, command);
}

Result<Done> set(const Options& options, RecordService& records, Command& command) {
  const auto name = record_meant(records, options.record);
  const auto inputs = inputs_in(options.fields, command);
  if (!name) return name.error();
  if (!inputs) return inputs.error();
  if (const auto* type = record_type(name->type)) {
    if (auto known = check_fields(*type, *inputs, command); !known) return known;
  }
  const auto form = records.open(*name);
  if (!form) return form.error();
  const auto saved = records.set_fields(*form, *inputs, {command.actor(), options.reason});
  return print_saved(saved, "Saved.", records, command);
}

// The fields without which a record of the type is not one say which it is, and first names.
std::vector<const FieldDescriptor*> telling_fields(const RecordType& type) {
  std::vector<const FieldDescriptor*> out;
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    const auto* field = type.descriptor->field(i);
    const bool names = field->name() == "given_name";  // not everybody has one, yet it tells who
    if (rule_of(*field).required() || names) out.push_back(field);
  }
  return out;
}

std::string listed_text(const FieldDescriptor& field, const crypto::Bytes& value,
                        const RecordService& records, const Output& to) {
  const auto policy = rule_of(field).policy();
  const bool list = policy == schema::FieldRule::SET || policy == schema::FieldRule::APPEND;
  return people_read(to, records, field,
                     list ? sync::store::listed_values(value) : std::vector<crypto::Bytes>{value});
}

std::string listed_text(const FieldDescriptor& field, const RecordRow& row,
                        const RecordService& records, const Output& to) {
  const auto found = row.fields.find(static_cast<std::uint32_t>(field.number()));
  return found == row.fields.end() ? std::string()
                                   : listed_text(field, found->second.value, records, to);
}

sync::store::ListQuery query_of(const RecordType& type) {
  sync::store::ListQuery query;
  query.type = type.number;
  for (const auto* field : telling_fields(type)) {
    query.fields.push_back(static_cast<std::uint32_t>(field->number()));
  }
  return query;
}

Result<Done> list(const Options& options, RecordService& records, Command& command) {
  const auto type = type_meant(options.type, command);
  if (!type) return type.error();
  if (auto seen = records.viewer().check_seen((*type)->number); !seen) return seen;
  const auto telling = telling_fields(**type);
  auto query = query_of(**type);
  query.after = options.after;
  query.limit = options.limit;
  std::vector<std::string> columns{"record"};
  for (const auto* field : telling) columns.push_back(spoken_field(*field));
  const auto page = records.reader().list(query);
  if (!page) return page.error();
  std::vector<std::vector<Value>> rows;
  for (const auto& row : page->rows) {
    std::vector<Value> cells{spoken(row.name)};
    for (const auto* field : telling) {
      cells.emplace_back(listed_text(*field, row, records, command.out));
    }
    rows.push_back(std::move(cells));
  }
  command.out.table(columns, rows, "There are none here.");
  if (!page->next.empty()) command.say_apart("More: --after " + page->next);
  return Done{};
}

// What else stands in the dossier of a root record: a volunteer's roles, a handover's needs.
Result<NamedTable> parts_of(const RecordName& root, const RecordService& records,
                            const Output& to) {
  NamedTable out{"also here", {"type", "what", "record"}, {}};
  if (!record_type(root.type)->root) return out;
  for (const auto& type : record_types()) {
    if (type.root || type.dossier != record_type(root.type)->dossier) continue;
    if (!records.viewer().sees_any(type.number)) continue;
    auto query = query_of(type);
    query.dossier = root.dossier;
    const auto page = records.reader().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) {
      std::string words;
      for (const auto* field : telling_fields(type)) {
        const auto text = listed_text(*field, row, records, to);
        if (!text.empty()) words += (words.empty() ? "" : ", ") + text;
      }
      out.rows.push_back({std::string(type.name), words, spoken(row.name)});
    }
  }
  return out;
}

std::string json_of(const NamedTable& parts) {
  std::string out;
  for (const auto& row : parts.rows) {
    out += out.empty() ? "{" : ", {";
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += (i == 0 ? "" : ", ") + json_text(parts.columns[i]) + ": " +
             json_text(std::get<std::string>(row[i]));
    }
    out += "}";
  }
  return "[" + out + "]";
}

Result<Done> show(const Options& options, RecordService& records, Command& command) {
  const auto name = record_meant(records, options.record);
  if (!name) return name.error();
  const auto record = records.reader().read(*name);
  if (!record) return record.error();
  std::vector<std::vector<Value>> rows;
  const auto parts = parts_of(*name, records, command.out);
  if (!parts) return parts.error();
  const auto disputed = disputed_in(records, name->dossier);
  if (!disputed) return disputed.error();
  std::string json = "{\"record\": " + json_text(spoken(*name));
  std::string notes;
  for (const auto& field : record->fields) {
    const auto* descriptor = field_of(name->type, field.field);
    if (!descriptor) continue;
    const auto values = shown_values(field);
    json +=
        ", " + json_text(descriptor->name()) + ": " + json_value(*descriptor, field.policy, values);
    auto note = notes_on(field);
    if (disputed->contains({*name, field.field})) {
      note += note.empty() ? "said to be wrong" : ", said to be wrong";
    }
    if (!note.empty()) {
      notes += (notes.empty() ? "" : ", ") + json_text(descriptor->name()) + ": " + json_text(note);
    }
    rows.push_back({label_of(name->type, field.field),
                    people_read(command.out, records, *descriptor, values), note});
  }
  std::string hidden;
  for (const auto number : record->hidden) {
    const auto* descriptor = field_of(name->type, number);
    hidden += (hidden.empty() ? "" : ", ") + json_text(descriptor->name());
    rows.push_back({label_of(name->type, number),
                    std::string(record->is_on_request(number) ? "shown with --reason WHY"
                                                              : "you may not see this"),
                    std::string()});
  }
  if (command.out.is_json()) {
    command.out.raw_json(json + ", \"hidden\": [" + hidden + "], \"field_notes\": {" + notes +
                         "}, \"also_here\": " + json_of(*parts) + "}");
    return Done{};
  }
  command.out.table({"field", "value", "note"}, rows, "Nothing stands in it.");
  if (parts->rows.empty()) return Done{};
  command.out.say("");
  command.out.table({"also here", "what", "record"}, parts->rows, "");
  return Done{};
}

Result<Done> history(const Options& options, RecordService& records, Command& command) {
  const auto name = record_meant(records, options.record);
  if (!name) return name.error();
  std::optional<std::uint32_t> only;
  if (!options.field.empty()) {
    const auto field = command.or_misused(field_meant(*record_type(name->type), options.field));
    if (!field) return field.error();
    only = static_cast<std::uint32_t>((*field)->number());
  }
  const auto ops = records.reader().history(*name, only, 0, options.limit);
  if (!ops) return ops.error();
  std::vector<std::vector<Value>> rows;
  for (const auto& op : *ops) {
    rows.push_back({shown_time(op.effective_ms), label_of(name->type, op.field),
                    people_read(command.out, records, *name, op), standing_in_words(op.standing),
                    op.actor_name, op.reason, shown_time(op.arrived_at_ms)});
  }
  command.out.table({"when", "field", "value", "standing", "who", "why", "reached us"}, rows,
                    "It has no history here.");
  return Done{};
}

using OnRecords = Result<Done> (*)(const Options&, RecordService&, Command&);

Program::Run bound_to(const std::shared_ptr<Options>& options, OnRecords run) {
  return with_records([options, run](RecordService& records,
                                     Command& command) { return run(*options, records, command); },
                      [options] { return options->reason; });
}

void add_writing(Program& program, CLI::App* record, const std::shared_ptr<Options>& options) {
  auto* new_command = record->add_subcommand("new", "a new record");
  new_command->add_option("TYPE", options->type, "see \"record types\"")->required();
  new_command->add_option("FIELDS", options->fields, "name=value, see \"record fields TYPE\"");
  new_command->add_option("--in", options->record, "inside this record, by its number");
  new_command->add_option("--reason", options->reason, "why");
  program.add(new_command, Needs::person, bound_to(options, new_record));

  auto* set_command = record->add_subcommand("set", "change fields of a record");
  set_command
      ->add_option("RECORD", options->record,
                   "its number in \"record list\", or the beginning of it")
      ->required();
  set_command->add_option("FIELDS", options->fields, "name=value; name+=value, name-=value")
      ->required();
  set_command->add_option("--reason", options->reason, "why");
  program.add(set_command, Needs::person, bound_to(options, set));
}

void add_reading(Program& program, CLI::App* record, const std::shared_ptr<Options>& options) {
  auto* list_command = record->add_subcommand("list", "all of one type");
  list_command->add_option("TYPE", options->type, "see \"record types\"")->required();
  list_command->add_option("--limit", options->limit, "at most so many, up to 500")
      ->check(CLI::Range(1, 500));
  list_command->add_option("--after", options->after, "go on where the page before ended");
  list_command->add_option("--reason", options->reason, "why you look, where that is asked for");
  program.add(list_command, Needs::person, bound_to(options, list));

  auto* show_command = record->add_subcommand("show", "one record");
  show_command
      ->add_option("RECORD", options->record,
                   "its number in \"record list\", or the beginning of it")
      ->required();
  show_command->add_option("--reason", options->reason, "why you look, where that is asked for");
  program.add(show_command, Needs::person, bound_to(options, show));

  auto* history_command = record->add_subcommand("history", "every change to it, newest first");
  history_command
      ->add_option("RECORD", options->record,
                   "its number in \"record list\", or the beginning of it")
      ->required();
  history_command->add_option("--field", options->field, "of this field only");
  history_command->add_option("--limit", options->limit, "at most so many")
      ->check(CLI::Range(1, 100000));
  history_command->add_option("--reason", options->reason, "why you look, where that is asked for");
  program.add(history_command, Needs::person, bound_to(options, history));
}

}  // namespace

void add_record_commands(Program& program) {
  auto* record = program.app().add_subcommand("record", "any kind of record");
  record->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  program.add(record->add_subcommand("types", "which kinds there are"), Needs::nothing, types);
  auto* fields_command = record->add_subcommand("fields", "what a kind of record holds");
  fields_command->add_option("TYPE", options->type, "see \"record types\"")->required();
  program.add(fields_command, Needs::nothing,
              [options](Command& command) { return fields(*options, command); });
  auto* codes_command =
      record->add_subcommand("codes", "the words that a list offers; without a name: which lists");
  codes_command->add_option("LIST", options->type, "such as close-reasons");
  program.add(codes_command, Needs::nothing,
              [options](Command& command) { return codes(options->type, command); });
  add_writing(program, record, options);
  add_reading(program, record, options);
  add_dispute_commands(program, record);
  add_redact_command(program, record);
}

}  // namespace throughgate::node::cli
