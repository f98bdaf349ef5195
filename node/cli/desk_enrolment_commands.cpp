// desk invite, requests, approve, withdraw: who is let in.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/enrolment_files.h"
#include "node/cli/program.h"
#include "node/cli/words.h"
#include "node/desk/invitations.h"
#include "node/text/unicode.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<Done> allow(Command& command) { return command.check(Act::desk); }

struct InviteOptions {
  std::string name;
  std::string kind;
  std::string establishment;
  std::string out;
  bool another = false;
};

Result<Done> invite(const InviteOptions& options, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  OpenNode& node = command.node();
  sync::Invitation invitation;
  if (options.another) {
    const auto organisation = organisation_meant(node.directory(), options.name);
    if (!organisation) return organisation.error();
    invitation.organisation = *organisation;
  } else {
    const auto name = one_line(options.name);
    const auto kind = command.or_misused(kind_from_words(options.kind));
    if (!name) return name.error();
    if (!kind) return kind.error();
    invitation.name = *name;
    invitation.kind = *kind;
    invitation.establishment = code_from(options.establishment);
    auto known = command.check_establishment(invitation.establishment, "Nobody was invited.");
    if (!known) return known;
  }
  Desk desk(node);
  const auto code = desk.invite(invitation);
  if (!code) return code.error();
  if (!options.out.empty()) {
    auto written = write_invitation(desk, code->mailbox(), options.out);
    if (!written) return written;
  }
  command.out.facts({{"code", std::string(code->text().view())},
                     {"good until", shown_time(command.at.clock() + sync::invitation_ms_max)}});
  command.out.say(
      "Give this code to them alone, by telephone or letter. It lets one computer ask, once.");
  return Done{};
}

// Without a hub in reach, what came before is shown all the same.
Result<Done> requests(Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  Desk desk(command.node());
  const auto hub = command.hub();
  const auto found = desk.requests(hub ? hub->get() : nullptr);
  if (!found) return found.error();
  const std::string fault = hub ? found->fault : hub.error().message;
  std::vector<std::vector<Value>> rows;
  for (const auto& each : found->invited) {
    rows.push_back({each.mailbox.hex().substr(0, 8), each.invitation.name,
                    words_of(each.invitation.kind), standing_in_words(each, command.at.clock()),
                    each.applicant ? each.applicant->name : "",
                    each.applicant ? each.applicant->label : "", each.words});
  }
  command.out.table({"request", "invited", "kind", "standing", "calls itself", "computer", "words"},
                    rows, "Nobody has been invited yet.");
  if (found->not_genuine > 0) {
    command.say_apart(
        "Somebody left a letter that was not made with its code, so nobody comes in by that "
        "invitation. Take it back with \"desk withdraw\", then invite them again.");
  }
  if (!fault.empty()) command.at.err << fault << '\n';
  return Done{};
}

struct ApproveOptions {
  std::string request;
  std::string words;
  std::string out;
};

// By the beginning of its number.
Result<Invited> request_meant(Desk& desk, const std::string& typed) {
  auto known = desk.requests(nullptr);
  if (!known) return known.error();
  const auto digits = id_beginning(typed);
  std::vector<Invited*> meant;
  for (auto& each : known->invited) {
    if (digits && each.mailbox.hex().starts_with(*digits)) meant.push_back(&each);
  }
  if (meant.size() == 1) return std::move(*meant.front());
  return Error{ErrorKind::not_found,
               "There is no such request, or there are several. \"desk requests\" lists them."};
}

Result<Done> approve(const ApproveOptions& options, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  Desk desk(command.node());
  const auto meant = request_meant(desk, options.request);
  if (!meant) return meant.error();
  if (auto same = check_words(meant->words, options.words); !same) return same;
  if (!options.out.empty()) return approve_by_file(desk, *meant, options.out, command);
  const auto hub = command.hub();
  if (!hub) return hub.error();
  if (auto done = desk.approve(meant->mailbox, **hub); !done) return done;
  command.out.facts({{"let in", meant->invitation.name},
                     {"central list version", command.node().directory().version()}});
  command.out.say("Run \"sync\" now: the exchange lets them in once it has the new list.");
  return Done{};
}

struct WithdrawOptions {
  std::string request;
  bool confirm = false;
};

Result<Done> withdraw(const WithdrawOptions& options, Command& command) {
  if (auto allowed = allow(command); !allowed) return allowed;
  Desk desk(command.node());
  const auto meant = request_meant(desk, options.request);
  if (!meant) return meant.error();
  if (auto may = check_not_let_in(meant->approved_in); !may) return may;
  if (options.confirm) {
    if (auto done = desk.withdraw(meant->mailbox); !done) return done;
  }
  command.out.facts({{options.confirm ? "withdrawn" : "would be withdrawn", meant->invitation.name},
                     {"request", meant->mailbox.hex().substr(0, 8)},
                     {"computer", meant->applicant ? meant->applicant->label : std::string()}});
  if (options.confirm) {
    command.out.say("The code lets nobody in any more.");
    return Done{};
  }
  for (const auto& each : meaning_of_taking_back(*meant)) command.say_apart(each);
  command.say_apart("Nothing has been changed yet. To take it back, add --confirm.");
  return Done{};
}

}  // namespace

void add_desk_enrolment_commands(Program& program, CLI::App* desk) {
  auto inviting = std::make_shared<InviteOptions>();
  auto* invite_command = desk->add_subcommand("invite", "make a code for one computer");
  invite_command->add_option("NAME", inviting->name, "the organisation")->required();
  invite_command->add_option("--kind", inviting->kind, "prison or partner");
  invite_command->add_option("--establishment", inviting->establishment,
                             "a prison's code, such as LEI");
  invite_command->add_flag("--another", inviting->another,
                           "another computer of an organisation that is in the list");
  invite_command->add_option("--out", inviting->out,
                             "write the invitation to this file too, for a computer without a "
                             "network; the code is not in it");
  program.add(invite_command, Needs::person,
              [inviting](Command& at) { return invite(*inviting, at); });

  program.add(desk->add_subcommand("requests", "who was invited, and who asks to be let in"),
              Needs::person, requests);

  auto approving = std::make_shared<ApproveOptions>();
  auto* approve_command = desk->add_subcommand("approve", "let a computer in");
  approve_command->add_option("REQUEST", approving->request, "its number in \"desk requests\"")
      ->required();
  approve_command->add_option("--words", approving->words, "the eight words that they read to you")
      ->required();
  approve_command->add_option("--out", approving->out,
                              "write the answer, with the central list, to this file, for a "
                              "computer without a network; again does no harm");
  program.add(approve_command, Needs::person,
              [approving](Command& at) { return approve(*approving, at); });

  add_desk_take_command(program, desk);

  auto withdrawing = std::make_shared<WithdrawOptions>();
  auto* withdraw_command = desk->add_subcommand(
      "withdraw",
      "what taking an invitation back would mean, whether or not somebody has asked with it; with "
      "--confirm, take it back");
  withdraw_command->add_option("REQUEST", withdrawing->request, "its number in \"desk requests\"")
      ->required();
  withdraw_command->add_flag("--confirm", withdrawing->confirm, "take it back, for good");
  program.add(withdraw_command, Needs::person,
              [withdrawing](Command& at) { return withdraw(*withdrawing, at); });
}

}  // namespace throughgate::node::cli
