// audit: who looked at what on this computer, and what was taken out as a file.
#include <memory>

#include "node/audit_words.h"
#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/staff/staff_changes.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t exported_max = 100'000;

struct Options {
  std::string record;
  std::string person;
  std::string known;
  std::string file;
  std::string reason;
  std::uint64_t before = 0;
  std::size_t limit = 50;
};

// Of a record that is not here any more, its whole number.
Result<AuditFilter> filter_in(const Options& options, const RecordService& records,
                              Command& command) {
  AuditFilter out;
  out.before = options.before;
  if (!options.record.empty()) {
    const auto whole = crypto::from_hex(options.record);
    out.dossier = whole ? sync::DossierId::from(*whole) : std::nullopt;
    if (!out.dossier) {
      const auto meant = record_meant(records, options.record);
      if (!meant) return meant.error();
      out.dossier = meant->dossier;
    }
  }
  if (!options.person.empty()) {
    const auto member = staff_meant(command.node(), options.person);
    if (!member) return member.error();
    out.actor = member->id;
  }
  return out;
}

Result<Done> list(const Options& options, RecordService& records, Command& command) {
  if (auto may = records.viewer().check(Act::audit); !may) return may;
  const auto filter = filter_in(options, records, command);
  if (!filter) return filter.error();
  const auto found = Audit(command.node()).list(*filter, options.limit);
  const auto names = staff_names(command.node());
  if (!found) return found.error();
  if (!names) return names.error();
  std::vector<Row> rows;
  for (const auto& row : *found) {
    const auto words = words_of(row, *names);
    rows.push_back({row.number, shown_time(row.at_ms), words.who, words.what, words.record,
                    words.fields, words.reason});
  }
  command.out.table({"number", "when", "who", "what", "record", "details", "reason"}, rows,
                    "Nothing is written down here yet.");
  if (found->size() == options.limit) {
    command.say_apart("Older ones: --before " + std::to_string(found->back().number));
  }
  return Done{};
}

Result<Done> check(const Options& options, RecordService& records, Command& command) {
  if (auto may = records.viewer().check(Act::audit); !may) return may;
  std::optional<NotedMark> known;
  if (!options.known.empty()) {
    known = audit_mark_in(options.known);
    if (!known) {
      return command.misused(
          "This is no mark. It looks like 17-9f3c28aa01d4be5702c6, as \"audit check\" prints it.");
    }
  }
  const auto last = Audit(command.node()).check(known);
  if (!last) return last.error();
  command.out.facts({{"rows", last->number}, {"mark", text_of(*last)}});
  command.out.say(
      "Every row is as it was written. Note the mark elsewhere: \"audit check --known MARK\" then "
      "proves that nothing before it was changed or taken away since.");
  return Done{};
}

// The file once it is noted that it is taken: never one without its row.
Result<Done> take_file(const Options& options, RecordService& records, Command& command) {
  if (auto may = records.viewer().check(Act::audit); !may) return may;
  if (auto may = records.viewer().check(Act::export_file); !may) return may;
  if (records.viewer().reason().empty()) {
    return Error{ErrorKind::invalid,
                 "Say why you take this out: --reason WHY. Nothing was written."};
  }
  const auto filter = filter_in(options, records, command);
  if (!filter) return filter.error();
  Audit audit(command.node());
  const auto found = audit.list(*filter, exported_max);
  const auto names = staff_names(command.node());
  if (!found) return found.error();
  if (!names) return names.error();
  const auto& about = filter->dossier;
  auto noted = audit.note_file(found->size(), records.viewer(), options.reason, about);
  if (!noted) return noted;
  const auto text = audit_csv(*found, *names);
  if (auto made = create_private_file(options.file, crypto::as_bytes(text)); !made) {
    return Error{made.error().kind, options.file + ": " + made.error().message};
  }
  command.out.facts({{"rows", std::uint64_t{found->size()}}, {"file", options.file}});
  return Done{};
}

using OnAudit = Result<Done> (*)(const Options&, RecordService&, Command&);

Program::Run bound_to(const std::shared_ptr<Options>& options, OnAudit run) {
  return with_records([options, run](RecordService& records,
                                     Command& command) { return run(*options, records, command); },
                      [options] { return options->reason; });
}

void add_filter(CLI::App* command, const std::shared_ptr<Options>& options) {
  command->add_option("--record", options->record, "only looks at this record, by its number");
  command->add_option("--person", options->person, "only of this member of staff");
}

}  // namespace

void add_audit_commands(Program& program) {
  auto* audit = program.app().add_subcommand("audit", "who looked at what on this computer");
  audit->require_subcommand(1);
  const auto options = std::make_shared<Options>();

  auto* list_command = audit->add_subcommand("list", "the newest first");
  add_filter(list_command, options);
  list_command->add_option("--before", options->before, "only those with a lower number");
  list_command->add_option("--limit", options->limit, "at most so many, up to 500")
      ->check(CLI::Range(1, 500));
  program.add(list_command, Needs::person, bound_to(options, list));

  auto* check_command = audit->add_subcommand("check", "prove that no row was altered or removed");
  check_command->add_option("--known", options->known, "a mark that you noted before");
  program.add(check_command, Needs::person, bound_to(options, check));

  auto* export_command = audit->add_subcommand("export", "as a table that a spreadsheet opens");
  export_command->add_option("FILE", options->file, "the new file")->required();
  add_filter(export_command, options);
  export_command->add_option("--reason", options->reason, "why it is taken out");
  program.add(export_command, Needs::person, bound_to(options, take_file));
}

}  // namespace throughgate::node::cli
