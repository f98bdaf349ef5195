// conflict: fields that were changed in two places, and deciding which value holds.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/cli/review_item.h"
#include "node/cli/words.h"
#include "node/conflicts.h"
#include "node/dossier_kinds.h"
#include "node/field_names.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct Options {
  std::string item;
  std::string keep;
  std::optional<std::string> value;
  std::string reason;
  bool desk_was_asked = false;
};

// The item's digits stand for exactly the changes that were looked at: when one more comes in, they
// name nothing any more.
Result<Conflict> conflict_meant(const Conflicts& conflicts, const std::string& typed) {
  const auto digits = id_beginning(typed);
  std::optional<Conflict> meant;
  std::optional<sync::store::ReviewRow> after;
  do {
    auto page = conflicts.list(after, 100);
    if (!page) return page.error();
    for (auto& conflict : page->conflicts) {
      if (!digits || !item_digits(conflict.item).starts_with(*digits)) continue;
      if (meant) {
        return Error{ErrorKind::invalid, "Several begin with these digits. Type more of them."};
      }
      meant = std::move(conflict);
    }
    after = page->next;
  } while (after);
  if (meant) return *std::move(meant);
  return Error{ErrorKind::not_found,
               "Nothing of this number stands open here. Something may have come in, or somebody "
               "has decided already: \"conflict list\" shows what is open."};
}

Result<Done> list(const Options&, RecordService& records, Command& command) {
  const Conflicts conflicts(records);
  std::vector<Row> rows;
  std::optional<sync::store::ReviewRow> after;
  do {
    const auto page = conflicts.list(after, 100);
    if (!page) return page.error();
    for (const auto& conflict : page->conflicts) {
      std::vector<std::string> values;
      for (const auto& op : conflict.siblings) {
        values.push_back(people_read(command.out, records, conflict.record, op));
      }
      rows.push_back({item_digits(conflict.item), spoken(conflict.record),
                      label_of(conflict.record.type, conflict.field), values});
    }
    after = page->next;
  } while (after);
  command.out.table({"item", "record", "field", "values"}, rows,
                    "Nothing was changed in two places.");
  return Done{};
}

Result<Done> show(const Options& options, RecordService& records, Command& command) {
  const Conflicts conflicts(records);
  const auto conflict = conflict_meant(conflicts, options.item);
  if (!conflict) return conflict.error();
  const auto may = conflicts.may_resolve(*conflict, false);
  NamedTable changes{
      "changes", {"keep", "value", "shown", "who", "organisation", "why", "when"}, {}};
  for (const auto& op : conflict->siblings) {
    changes.rows.push_back({change_digits(op.id),
                            people_read(command.out, records, conflict->record, op),
                            op.standing == sync::store::OpStanding::shown, op.actor_name,
                            organisation_name(records.node(), op.organisation), op.reason,
                            shown_time(op.effective_ms)});
  }
  command.out.facts({{"item", item_digits(conflict->item)},
                     {"record", spoken(conflict->record)},
                     {"field", label_of(conflict->record.type, conflict->field)},
                     {"you may decide", may.has_value()},
                     {"note", may ? std::string() : may.error().message}},
                    {std::move(changes)});
  return Done{};
}

// One of --keep and --value.
Result<Resolution> resolution_in(const Options& options, const Conflict& conflict,
                                 Command& command) {
  if (options.keep.empty() == !options.value) {
    return command.misused(
        "Give either --keep with one of the changes, or --value with another value. Nothing was "
        "decided.");
  }
  if (options.value) return Resolution{std::nullopt, *options.value, options.desk_was_asked};
  const auto* kept = change_meant(conflict.siblings, options.keep);
  if (!kept) {
    return Error{ErrorKind::invalid,
                 "This is none of the changes that stand against each other. Give the code that "
                 "\"conflict show\" prints under \"keep\", such as 3fa91c02-0, not the value. "
                 "Nothing was decided."};
  }
  return Resolution{kept->id, {}, options.desk_was_asked};
}

Result<Done> resolve(const Options& options, RecordService& records, Command& command) {
  Conflicts conflicts(records);
  const auto conflict = conflict_meant(conflicts, options.item);
  if (!conflict) return conflict.error();
  const auto resolution = resolution_in(options, *conflict, command);
  if (!resolution) return resolution.error();
  return print_saved(conflicts.resolve(*conflict, *resolution, {command.actor(), options.reason}),
                     "Decided.", records, command);
}

using OnRecords = Result<Done> (*)(const Options&, RecordService&, Command&);

Program::Run bound_to(const std::shared_ptr<Options>& options, OnRecords run) {
  return with_records([options, run](RecordService& records, Command& command) {
    return run(*options, records, command);
  });
}

}  // namespace

void add_conflict_commands(Program& program) {
  auto* conflict = program.app().add_subcommand("conflict", "what was changed in two places");
  conflict->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  program.add(conflict->add_subcommand("list", "everything that stands open"), Needs::person,
              bound_to(options, list));

  auto* show_command = conflict->add_subcommand("show", "each change: who, when and why");
  show_command
      ->add_option("ITEM", options->item, "its number in \"conflict list\", or the beginning of it")
      ->required();
  program.add(show_command, Needs::person, bound_to(options, show));

  auto* resolve_command = conflict->add_subcommand("resolve", "say which value holds");
  resolve_command
      ->add_option("ITEM", options->item, "its number in \"conflict list\", or the beginning of it")
      ->required();
  resolve_command->add_option("--keep", options->keep,
                              "what holds: the code under \"keep\" in \"conflict show\"");
  resolve_command->add_option("--value", options->value, "another value; \"\" for none");
  resolve_command->add_option("--reason", options->reason, "why it holds")->required();
  resolve_command->add_flag("--asked", options->desk_was_asked,
                            "the organisation that keeps the record asked the central team");
  program.add(resolve_command, Needs::person, bound_to(options, resolve));
}

}  // namespace throughgate::node::cli
