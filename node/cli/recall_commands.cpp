// bundle made, recall.
#include <algorithm>

#include "node/bundles/recall.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/records.h"
#include "node/whole_name.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

// ---- made

Result<Done> made(MadeBy made_by, Command& command) {
  if (auto may = command.check_if_signed_in(Act::carry); !may) return may;
  const auto files = made_files(command.node(), made_by, made_files_max);
  if (!files) return files.error();
  std::vector<Row> rows;
  for (const auto& each : *files) {
    rows.push_back({std::uint64_t{each.number}, each.name, shown_time(each.made_at_ms), each.files,
                    each.records,
                    each.recalled_at_ms == 0 ? std::string() : shown_time(each.recalled_at_ms)});
  }
  command.out.table({"number", "for", "made", "files", "records", "recalled"}, rows,
                    "No such file for another organisation is remembered here.");
  if (made_by == MadeBy::person) {
    command.out.say("Those that were made by themselves at night: \"bundle made --nightly\".");
  }
  return Done{};
}

// ---- recall

struct RecallOptions {
  std::uint64_t number = 0;
  std::vector<std::string> records;
  std::string reason;
  bool confirm = false;
};

std::string words_of(CanBeTakenBack can) {
  switch (can) {
    case CanBeTakenBack::yes:
      return "can be taken back";
    case CanBeTakenBack::not_yet:
      return "not yet";
    case CanBeTakenBack::not_ours:
      return "not ours to take back";
    case CanBeTakenBack::ended_before:
      break;
  }
  return "shared with them no more";
}

// By the beginnings of their numbers. One that is here and not in the file is refused where it is
// taken back.
Result<std::optional<std::set<DossierId>>> records_meant(const RecordService& records,
                                                         const std::vector<std::string>& typed) {
  std::optional<std::set<DossierId>> out;
  for (const auto& each : typed) {
    const auto record = record_meant(records, each);
    if (!record) return record.error();
    if (!out) out.emplace();
    out->insert(record->dossier);
  }
  return out;
}

Result<Done> say_what_it_means(const MadeFile& file, const std::vector<RecordInFile>& all,
                               const std::optional<std::set<DossierId>>& which,
                               const RecordService& records, Command& command) {
  std::vector<Row> rows;
  for (const auto& each : all) {
    if (which && !which->contains(each.id)) continue;
    const auto name = name_if_known(records, each.id);
    if (!name) return name.error();
    rows.push_back({each.id.hex(), *name, words_of(each.can), each.held_there});
  }
  command.out.table({"record", "of", "stands", "their computers hold it"}, rows,
                    "None of these is in it.");
  for (const auto& each : meaning_of_recall(file)) command.say_apart(each);
  const bool some_wait = std::ranges::any_of(
      all, [](const auto& each) { return each.can == CanBeTakenBack::not_yet; });
  if (some_wait) {
    command.say_apart(
        "For what stands as \"not yet\", the exchange does not know the last change of who can see "
        "it. Run \"sync\", or have a file for the exchange brought there, then recall it.");
  }
  command.say_apart(
      "Nothing has been changed yet. To recall it, add --confirm; --record names one of these "
      "records, and may be repeated.");
  return Done{};
}

Result<Done> recall(const RecallOptions& options, RecordService& records, Command& command) {
  if (auto allowed = command.check(Act::share); !allowed) return allowed;
  const auto file = made_file(command.node(), options.number);
  if (!file) return file.error();
  const auto which = records_meant(records, options.records);
  if (!which) return which.error();
  if (!options.confirm) {
    const auto all = records_in_file(records, *file);
    return all ? say_what_it_means(*file, *all, *which, records, command) : all.error();
  }
  const auto done = recall_file(records, options.number, *which, {command.actor(), options.reason});
  if (!done) return done.error();
  command.out.facts({{"taken back", std::uint64_t{done->taken_back.size()}},
                     {"not taken back yet", std::uint64_t{done->not_yet.size()}},
                     {"taken back before, or erased", done->ended_before},
                     {"not ours to take back", done->left},
                     {"had reached them", done->held_there}});
  for (const auto& each : in_words(*done)) command.say_apart(each);
  for (const auto& each : done->not_yet) command.say_apart("Not yet: " + each.hex());
  if (!done->taken_back.empty()) {
    command.say_apart(
        "Run \"sync\" now, or have a file for the exchange brought there: until it has heard, it "
        "still gives them what waits for them. Get the file back and destroy it.");
  }
  return Done{};
}

}  // namespace

void add_recall_commands(Program& program, CLI::App* bundle) {
  auto nightly = std::make_shared<bool>(false);
  auto* made_command =
      bundle->add_subcommand("made", "files that were made here for other organisations");
  made_command->add_flag("--nightly", *nightly, "those that were made by themselves at night");
  program.add(made_command, Needs::store, [nightly](Command& at) {
    return made(*nightly ? MadeBy::night : MadeBy::person, at);
  });

  auto recalling = std::make_shared<RecallOptions>();
  auto* recall_command = bundle->add_subcommand(
      "recall",
      "a file that was made for the wrong organisation: what recalling it would mean; "
      "with --confirm, recall it");
  recall_command->add_option("NUMBER", recalling->number, "as \"bundle made\" lists it")
      ->required();
  recall_command->add_option("--record", recalling->records,
                             "one record in it, by its number; may be repeated. Without: all");
  recall_command->add_option("--reason", recalling->reason, "why; it stands in the history")
      ->required();
  recall_command->add_flag("--confirm", recalling->confirm, "take back what is in it");
  program.add(recall_command, Needs::person,
              with_records([recalling](RecordService& records, Command& at) {
                return recall(*recalling, records, at);
              }));
}

}  // namespace throughgate::node::cli
