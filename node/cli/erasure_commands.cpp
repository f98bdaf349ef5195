// erase and hold: what is to go for good, and what must not.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/dossier_kinds.h"
#include "node/erasure/copies.h"
#include "node/erasure/requests.h"

namespace throughgate::node::cli {
namespace {

using schema::ErasureRequest;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct Options {
  std::string record;
  std::string reason;
  std::string ground = "person-asked";
  bool with_person = false;
  bool confirm = false;
  bool remove = false;
  bool all = false;
};

Result<DossierId> dossier_named(const RecordService& records, const std::string& typed) {
  const auto name = record_meant(records, typed);
  if (!name) return name.error();
  return name->dossier;
}

Result<ErasureRequest::Ground> ground_typed(const std::string& typed, Command& command) {
  if (spoken_name(typed) == "person-asked") return ErasureRequest::PERSON_ASKED;
  if (spoken_name(typed) == "mistake") return ErasureRequest::MISTAKE;
  return command.misused(
      "A ground is person-asked or mistake. What has been kept long enough is confirmed with "
      "\"retention confirm\". Nothing was asked for.");
}

std::string names_of(const OpenNode& node, const std::vector<sync::OrganisationId>& organisations) {
  std::string out;
  for (const auto& id : organisations) {
    out += (out.empty() ? "" : ", ") + organisation_name(node, id);
  }
  return out;
}

NamedTable going_table(const std::vector<GoingRecord>& going, const OpenNode& node) {
  NamedTable out{"what goes", {"kind", "of whom", "where", "record"}, {}};
  for (const auto& each : going) {
    out.rows.push_back({each.kind.empty() ? std::string("(not held here)") : each.kind, each.name,
                        names_of(node, each.held_by), each.id.hex()});
  }
  return out;
}

NamedTable copies_table(const std::vector<CopiedFacts>& copies, const OpenNode& node) {
  NamedTable out{"copied facts", {"where they stand", "who removes them", "values", "record"}, {}};
  for (const auto& each : copies) {
    out.rows.push_back({each.what,
                        each.ours ? std::string("you, with \"erase copies --remove\"")
                                  : organisation_name(node, each.keeper),
                        std::uint64_t{each.values.size()}, spoken(each.record)});
  }
  return out;
}

NamedTable holds_table(const std::vector<Hold>& holds, const OpenNode& node) {
  NamedTable out{"legal holds", {"hold", "set by", "by whom", "since", "why", "standing"}, {}};
  for (const auto& hold : holds) {
    out.rows.push_back({hold.id.hex().substr(0, 8), organisation_name(node, hold.set_by),
                        hold.set_by_name, shown_time(hold.set_at_ms), hold.reason,
                        std::string(hold.in_force ? "in force" : "lifted")});
  }
  return out;
}

// ---- erase

// Without --confirm: what would go, and nothing happens.
Result<Done> request(const Options& options, RecordService& records, Command& command) {
  if (auto may = command.check(Act::erase); !may) return may;
  const auto ground = ground_typed(options.ground, command);
  if (!ground) return ground.error();
  const auto subject = dossier_named(records, options.record);
  if (!subject) return subject.error();
  const auto plan =
      plan_erasure(records, *subject, options.with_person ? WithPerson::yes : WithPerson::no);
  if (!plan) return plan.error();
  std::vector<CopiedFacts> copies;
  for (const auto& going : plan->going) {
    const auto found = copies_of(records, going.id);
    if (!found) return found.error();
    copies.insert(copies.end(), found->begin(), found->end());
  }
  std::optional<Saved> saved;
  if (options.confirm) {
    auto asked = ErasureRequests(records).ask(*plan, {*ground, options.reason, {}, {}},
                                              {command.actor(), options.reason});
    if (!asked) return asked.error();
    saved = *std::move(asked);
  }
  const OpenNode& node = command.node();
  command.out.facts(
      {{"request", saved ? saved->record.dossier.hex() : std::string()}},
      {going_table(plan->going, node), copies_table(copies, node), holds_table(plan->holds, node)});
  for (const auto& note : plan->notes) command.say_apart(note);
  command.say_apart(
      saved ? "Asked for. Run \"sync\" now: the central team is asked to sign, and the records go "
              "everywhere once it has. Changes in them that have not been sent go with them."
            : "Nothing has been asked for yet. To ask the central team to erase all of this "
              "everywhere and for good, add --confirm.");
  return Done{};
}

Result<Done> list(const Options& options, RecordService& records, Command& command) {
  const auto type = record_type(*ErasureRequest::descriptor())->number;
  if (auto seen = records.viewer().check_seen(type); !seen) return seen;
  const auto known = all_requests(records);
  if (!known) return known.error();
  const auto& own = command.node().identity().organisation;
  std::vector<std::vector<Value>> rows;
  for (const auto& asked : *known) {
    if (asked.by != own || (!options.all && !asked.is_open())) continue;
    rows.push_back({asked.id.hex().substr(0, 8), asked.kind, std::uint64_t{asked.records.size()},
                    state_in_words(asked), asked.reason, asked.by_name, shown_time(asked.at_ms),
                    asked.answer});
  }
  command.out.table(
      {"request", "kind", "records", "standing", "why", "asked by", "when", "answer"}, rows,
      options.all ? "Nothing was ever asked for here."
                  : "Nothing is asked for at present. \"erase list --all\" shows what was.");
  return Done{};
}

Result<Done> withdraw(const Options& options, RecordService& records, Command& command) {
  const auto id = dossier_named(records, options.record);
  if (!id) return id.error();
  const auto saved =
      ErasureRequests(records).take_back(*id, options.reason, {command.actor(), options.reason});
  return print_saved(saved, "Taken back.", records, command);
}

Result<Done> copies(const Options& options, RecordService& records, Command& command) {
  if (auto may = command.check(Act::erase); !may) return may;
  const auto found = copies_of_erased(records);
  if (!found) return found.error();
  std::uint64_t removed = 0;
  std::uint64_t waiting = 0;
  std::uint64_t held = 0;
  std::vector<CopiedFacts> left;
  for (const auto& each : *found) {
    const bool asked = options.remove && each.ours;
    if (!asked || each.is_held || each.not_confirmed > 0) {
      left.push_back(each);
      held += asked && each.is_held ? 1U : 0U;
      waiting += asked && !each.is_held ? 1U : 0U;
      continue;
    }
    const auto done =
        remove_copies(records, each, {command.actor(), "the record it came from was erased"});
    if (!done) return done.error();
    removed += *done;
  }
  command.out.facts({{"values removed", removed}}, {copies_table(left, command.node())});
  if (left.empty() && removed == 0) command.out.say("No copied facts are left of what was erased.");
  if (waiting > 0) {
    command.say_apart(
        "Some are not confirmed by the central exchange yet. Sync, then run this again.");
  }
  if (held > 0) {
    command.say_apart("Some stand in records that a legal hold keeps: \"hold list\" shows it.");
  }
  return Done{};
}

// ---- hold

Result<Done> print_hold(const Result<Saved>& saved, const std::string& words,
                        const RecordService& records, Command& command) {
  auto printed = print_saved(saved, words, records, command);
  if (printed) command.say_apart("Run \"sync\" now, so that the central team knows of it.");
  return printed;
}

Result<Done> set_hold(const Options& options, RecordService& records, Command& command) {
  const auto subject = dossier_named(records, options.record);
  if (!subject) return subject.error();
  const auto held = held_together(records, *subject);
  if (!held) return held.error();
  const auto saved = Holds(records).set(*held, options.reason, {command.actor(), options.reason});
  return print_hold(saved, "The hold is set: nothing of it is erased until it is lifted.", records,
                    command);
}

Result<Done> lift_hold(const Options& options, RecordService& records, Command& command) {
  const auto id = dossier_named(records, options.record);
  if (!id) return id.error();
  const auto saved = Holds(records).lift(*id, options.reason, {command.actor(), options.reason});
  return print_hold(saved, "The hold is lifted.", records, command);
}

Result<Done> list_holds(const Options& options, RecordService& records, Command& command) {
  const auto type = record_type(*schema::LegalHold::descriptor())->number;
  if (auto seen = records.viewer().check_seen(type); !seen) return seen;
  auto holds = all_holds(records);
  if (!holds) return holds.error();
  if (!options.all) std::erase_if(*holds, [](const Hold& hold) { return !hold.in_force; });
  const auto table = holds_table(*holds, command.node());
  command.out.table(table.columns, table.rows,
                    options.all ? "No hold was ever set here." : "No legal hold is in force.");
  return Done{};
}

// ---- the command line

using OnRecords = Result<Done> (*)(const Options&, RecordService&, Command&);

Program::Run bound_to(const std::shared_ptr<Options>& options, OnRecords run) {
  return with_records([options, run](RecordService& records, Command& command) {
    return run(*options, records, command);
  });
}

void add_erase(Program& program, const std::shared_ptr<Options>& options) {
  auto* erase = program.app().add_subcommand(
      "erase", "ask for a record to be erased everywhere, for good; copied facts");
  erase->require_subcommand(1);
  auto* request_command =
      erase->add_subcommand("request", "what would go with a record; with --confirm, ask for it");
  request_command->add_option("RECORD", options->record, "its number, or the beginning of it")
      ->required();
  request_command->add_option("--reason", options->reason,
                              "why; do not name the person, as this is kept");
  request_command->add_option("--ground", options->ground, "person-asked or mistake")
      ->capture_default_str();
  request_command->add_flag("--with-person", options->with_person,
                            "with a person's last handover, their own record too");
  request_command->add_flag("--confirm", options->confirm, "ask the central team to erase it");
  program.add(request_command, Needs::person, bound_to(options, request));

  auto* list_command = erase->add_subcommand("list", "what this organisation has asked for");
  list_command->add_flag("--all", options->all, "what is over, too");
  program.add(list_command, Needs::person, bound_to(options, list));

  auto* withdraw_command = erase->add_subcommand("withdraw", "take a request back");
  withdraw_command->add_option("REQUEST", options->record, "its number in \"erase list\"")
      ->required();
  withdraw_command->add_option("--reason", options->reason, "why")->required();
  program.add(withdraw_command, Needs::person, bound_to(options, withdraw));

  auto* copies_command = erase->add_subcommand(
      "copies", "facts copied from what has been erased, that stand in other records still");
  copies_command->add_flag("--remove", options->remove, "remove those in your own records");
  program.add(copies_command, Needs::person, bound_to(options, copies));
}

void add_hold(Program& program, const std::shared_ptr<Options>& options) {
  auto* hold = program.app().add_subcommand(
      "hold", "legal holds: nothing that one names is erased, whoever asks");
  hold->require_subcommand(1);
  auto* set_command = hold->add_subcommand("set", "keep a record, and all that goes with it");
  set_command->add_option("RECORD", options->record, "its number, or the beginning of it")
      ->required();
  set_command->add_option("--reason", options->reason, "why; do not name the person")->required();
  program.add(set_command, Needs::person, bound_to(options, set_hold));

  auto* lift_command = hold->add_subcommand("lift", "end a hold");
  lift_command->add_option("HOLD", options->record, "its number in \"hold list\"")->required();
  lift_command->add_option("--reason", options->reason, "why")->required();
  program.add(lift_command, Needs::person, bound_to(options, lift_hold));

  auto* list_command = hold->add_subcommand("list", "those in force");
  list_command->add_flag("--all", options->all, "those that were lifted, too");
  program.add(list_command, Needs::person, bound_to(options, list_holds));
}

}  // namespace

void add_erasure_commands(Program& program) {
  const auto options = std::make_shared<Options>();
  add_erase(program, options);
  add_hold(program, options);
}

}  // namespace throughgate::node::cli
