// check and rebuild: is the store still what it was, and what is made from it made anew.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/rebuild.h"
#include "node/soundness.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

std::string place(const sync::store::Fault& fault) {
  return fault.dsn ? std::to_string(*fault.dsn) : "";
}

std::vector<Row> listed(const std::vector<sync::store::Fault>& faults) {
  std::vector<Row> rows;
  rows.reserve(faults.size());
  for (const auto& fault : faults) {
    rows.push_back(
        {fault.dossier ? fault.dossier->hex() : std::string(), place(fault), fault.what});
  }
  return rows;
}

Result<Done> check(bool digest, Command& command) {
  const auto proof = prove(command.node());
  if (!proof) return proof.error();
  const auto* report = &proof->report;
  auto rows = listed(report->faults);
  if (!proof->looks_fault.empty()) {
    rows.push_back({std::string(), std::string(), proof->looks_fault});
  }
  const bool sound = rows.empty();
  if (digest && sound) {
    for (const auto& [dossier, at] : report->digests) {
      rows.push_back({dossier.hex(), at.place, crypto::to_hex(at.digest)});
    }
    command.out.table({"record", "place", "digest"}, rows, "No record is open and confirmed yet.");
  } else if (!sound) {
    command.out.table({"record", "place", "fault"}, rows, "");
  } else {
    command.out.facts({{"records", std::uint64_t{report->dossiers}},
                       {"entries", std::uint64_t{report->entries}},
                       {"fields", std::uint64_t{report->fields}},
                       {"of unknown computers", std::uint64_t{report->without_author}},
                       {"content removed", std::uint64_t{report->without_content}},
                       {"not read again yet", std::uint64_t{report->not_read_again}},
                       {"faults", std::uint64_t{0}}});
  }
  if (sound) return Done{};
  return damaged(*proof);
}

// A line for people every so often.
sync::store::RebuildProgress said_to(Command& command) {
  return [&command](std::uint64_t done, std::uint64_t all) {
    constexpr std::uint64_t step = 500;
    if (done % step != 0 && done != all) return;
    command.out.say(std::to_string(done) + " of " + std::to_string(all) +
                    " records are made anew.");
    command.at.out.flush();
  };
}

Result<Done> make_anew(Command& command) {
  if (auto somebody = command.check_somebody(); !somebody) return somebody;
  if (auto found = command.folder.find_store(); !found) return found;
  const auto alone = command.folder.have_store_alone();
  if (!alone) return alone.error();
  const auto key = command.database_key(command.accounts);
  if (!key) return key.error();
  const auto report =
      rebuild(command.folder, *key, command.at.random, command.at.clock, said_to(command));
  if (!report) return report.error();
  if (!report->faults.empty()) {
    command.out.table({"record", "place", "fault"}, listed(report->faults), "");
    return Error{
        ErrorKind::corrupt,
        "Part of what was signed is damaged itself; the places are listed. Nothing was "
        "changed. Stop using this computer for Throughgate, keep it as it is, and ring the "
        "central team: a backup, or the central exchange, has what was there."};
  }
  command.out.facts({{"records", report->dossiers}, {"entries", report->entries}});
  command.out.say("The store is made anew from what was signed, and proven.");
  return Done{};
}

void add_rebuild(Program& program) {
  auto* command = program.app().add_subcommand(
      "rebuild",
      "make all that is shown and found anew from what was signed; while nothing else works with "
      "the store");
  program.add(command, Needs::nothing, make_anew);
}

}  // namespace

void add_check_commands(Program& program) {
  auto digest = std::make_shared<bool>(false);
  auto* command = program.app().add_subcommand(
      "check", "prove every signature, every chain and every field shown");
  command->add_flag("--digest", *digest,
                    "list what each record comes to, and up to which place: where both computers "
                    "are at one place, it must be the same");
  program.add(command, Needs::closed_store, [digest](Command& at) { return check(*digest, at); });
  add_rebuild(program);
}

}  // namespace throughgate::node::cli
