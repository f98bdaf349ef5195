#include "node/cli/enrolment_files.h"

#include <memory>

#include "node/cli/commands.h"
#include "node/enrolment/by_file.h"
#include "node/enrolment/joining.h"
#include "node/private_file.h"
#include "sync/enrolment_files.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::Result;

template <class T>
Result<T> about(const std::string& path, Result<T> outcome) {
  if (outcome) return outcome;
  return Error{outcome.error().kind,
               "The file " + path + " cannot be used. " + outcome.error().message};
}

Result<crypto::Bytes> read(const std::string& path) {
  return about(path, read_file(path, sync::enrolment_file_bytes_max));
}

Result<Done> write(const std::string& path, crypto::ByteView bytes) {
  return about(path, replace_private_file(path, bytes));
}

Result<Done> take_request(const std::string& path, Command& command) {
  if (auto allowed = command.check(Act::desk); !allowed) return allowed;
  const auto file = read(path);
  if (!file) return file.error();
  const auto taken = Desk(command.node()).take_request(*file);
  if (!taken) return taken.error();
  command.out.facts({{"request", taken->mailbox.hex().substr(0, 8)},
                     {"invited", taken->invitation.name},
                     {"calls itself", taken->applicant->name},
                     {"computer", taken->applicant->label},
                     {"words", taken->words}});
  command.out.say(
      "Have them ring you, or ring them on a number that you know. They read their words, and you "
      "type what you hear: desk approve REQUEST --words \"...\" --out FILE.");
  return Done{};
}

}  // namespace

Result<Done> write_invitation(Desk& desk, const sync::MailboxId& mailbox, const std::string& path) {
  const auto file = desk.invitation_file(mailbox);
  return file ? write(path, *file) : file.error();
}

Result<Done> approve_by_file(Desk& desk, const Invited& meant, const std::string& path,
                             Command& command) {
  const auto file = desk.approve_by_file(meant.mailbox);
  if (!file) return file.error();
  if (auto written = write(path, *file); !written) return written;
  command.out.facts({{"let in", meant.invitation.name},
                     {"central list version", command.node().directory().version()}});
  command.out.say(
      "Take the file to them; anybody may carry it. It holds the central list as it is now: where "
      "you add an agreement first, write it once more. Run \"sync\", so that the exchange knows "
      "them too.");
  return Done{};
}

Result<Done> write_request_file(const crypto::SecretText& code, const ApplicantFacts& facts,
                                const std::string& invitation, const std::string& path,
                                Command& command) {
  std::optional<crypto::Bytes> invited;
  if (!invitation.empty()) {
    auto file = read(invitation);
    if (!file) return file.error();
    invited = *std::move(file);
  }
  const auto request = ask_by_file(command.node(), code.view(), facts, invited);
  if (!request) return request.error();
  if (auto written = write(path, request->file); !written) return written;
  command.out.facts({{"words", request->words}, {"request", request->number}});
  command.out.say(
      "Have the file taken to the central team; anybody may carry it. Ring them on a number that "
      "you know, and read these words to them. They type what they hear; they do not read theirs "
      "out. They give you a file back: enrol --approval FILE.");
  return Done{};
}

Result<Done> take_approval_file(const std::string& path, Command& command) {
  const auto file = read(path);
  if (!file) return file.error();
  if (auto taken = take_approval_alone(command.node(), command.folder, *file); !taken) return taken;
  command.out.facts(
      {{"enrolled", true}, {"central list version", command.node().directory().version()}});
  command.out.say(
      "The central team has let this computer in. It can exchange by bundles at once; \"sync\" "
      "works where there is a network.");
  return Done{};
}

void add_desk_take_command(Program& program, CLI::App* desk) {
  auto path = std::make_shared<std::string>();
  auto* command = desk->add_subcommand("take", "take in a request that somebody brought as a file");
  command->add_option("FILE", *path, "the request")->required();
  program.add(command, Needs::person, [path](Command& at) { return take_request(*path, at); });
}

}  // namespace throughgate::node::cli
