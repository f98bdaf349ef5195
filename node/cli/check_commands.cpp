// check: is the store still what it was?
#include <memory>

#include "node/audit.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "sync/store/checker.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

std::string place(const sync::store::Fault& fault) {
  return fault.dsn ? std::to_string(*fault.dsn) : "";
}

Result<Done> check(bool digest, Command& command) {
  OpenNode& node = command.node();
  if (auto fresh = node.refresh_directory(); !fresh) return fresh;
  if (auto sound = node.database().quick_check(); !sound) return sound;
  const auto report = sync::store::check_store(node.database(), node.context());
  if (!report) return report.error();
  std::vector<std::vector<Value>> rows;
  for (const auto& fault : report->faults) {
    rows.push_back(
        {fault.dossier ? fault.dossier->hex() : std::string(), place(fault), fault.what});
  }
  if (const auto looks = Audit(node).check(); !looks) {
    if (looks.error().kind != ErrorKind::corrupt) return looks.error();
    rows.push_back({std::string(), std::string(), looks.error().message});
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
  return Error{ErrorKind::corrupt,
               "Part of the store is damaged; the places are listed. Stop using this computer for "
               "Throughgate, keep it as it is, and ring the central team."};
}

}  // namespace

void add_check_commands(Program& program) {
  auto digest = std::make_shared<bool>(false);
  auto* command = program.app().add_subcommand(
      "check", "prove every signature, every chain and every field shown");
  command->add_flag("--digest", *digest,
                    "list what each record comes to, and up to which place: where both computers "
                    "are at one place, it must be the same");
  program.add(command, Needs::store, [digest](Command& at) { return check(*digest, at); });
}

}  // namespace throughgate::node::cli
