// init, enrol and key-file: how a computer comes to take part.
#include <memory>
#include <ostream>

#include "node/cli/commands.h"
#include "node/cli/enrolment_files.h"
#include "node/cli/program.h"
#include "node/cli/words.h"
#include "node/enrolment/enrolment.h"
#include "node/enrolment/joining.h"
#include "node/known_hub.h"
#include "node/recovery_sheet.h"
#include "node/setup.h"
#include "node/text/unicode.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

// ---- init

struct InitOptions {
  std::string name;
  std::string kind;
  std::string establishment;
  std::string staff;
  std::string sign_in;
  std::vector<std::string> roles = usual_first_roles();
  std::string join;
  std::string new_password_file;
};

Result<std::optional<NewNode::Joins>> joined(const InitOptions& options,
                                             const GlobalOptions& global) {
  if (options.join.empty()) return std::optional<NewNode::Joins>();
  if (global.recovery_sheet.empty()) {
    return Error{ErrorKind::invalid,
                 "To add a computer to an organisation, give its number, which is printed on the "
                 "recovery sheet, with --join, and the sheet's words with --recovery-sheet FILE."};
  }
  auto key = recovery_key_from_file(global.recovery_sheet);
  if (!key) return key.error();
  const auto id = organisation_on_sheet(*key, options.join);
  if (!id) return id.error();
  return std::optional(NewNode::Joins{*id, *std::move(key)});
}

Result<NewNode> new_node(const InitOptions& options, Command& command) {
  const auto kind = command.or_misused(kind_from_words(options.kind));
  const auto name = one_line(options.name);
  const auto staff = one_line(options.staff);
  for (const auto* text : {&name, &staff}) {
    if (!*text) return text->error();
  }
  if (!kind) return kind.error();
  if (auto good = check_has_code(*kind, options.establishment); !good) return good.error();
  const auto code = code_from(options.establishment);
  if (auto known = command.check_establishment(code, "Nothing was set up."); !known) {
    return known.error();
  }
  auto joins = joined(options, command.options);
  if (!joins) return joins.error();
  auto password = command.new_password(options.new_password_file);
  if (!password) return password.error();
  NewNode out;
  out.kind = *kind;
  out.site = {*name, code};
  out.staff_name = *staff;
  out.staff_roles = options.roles;
  out.sign_in_name = options.sign_in;
  out.password = *std::move(password);
  out.joins = *std::move(joins);
  return out;
}

Result<Done> init(const InitOptions& options, Command& command) {
  const auto fresh = new_node(options, command);
  if (!fresh) return fresh.error();
  // The sheet goes to people, whatever --json says: nobody else may keep it.
  const auto show = [&](const crypto::BoxKey& key, const sync::OrganisationId& organisation) {
    command.at.out << recovery_sheet(key, fresh->site.name, organisation).view() << '\n';
    command.at.out.flush();
    return command.at.out.good();
  };
  auto made =
      set_up(command.folder, command.accounts, *fresh, show, command.at.random, command.at.clock);
  if (!made) return made;
  const bool first_desk = fresh->kind == sync::OrganisationKind::central && !fresh->joins;
  command.out.say(first_desk ? "This computer is set up. \"desk init\" makes it the central team's "
                               "desk."
                             : "This computer is set up. You may record at once; \"enrol\" lets it "
                               "exchange with others.");
  return Done{};
}

void add_init(Program& program) {
  auto options = std::make_shared<InitOptions>();
  auto* command = program.app().add_subcommand(
      "init", "set this computer up: its store, the first member of staff, the recovery sheet");
  command->add_option("--name", options->name, "the site's or organisation's name")->required();
  command->add_option("--kind", options->kind, "prison, partner or central")->required();
  command->add_option("--establishment", options->establishment, "a prison's code, such as LEI");
  command->add_option("--staff", options->staff, "the first member of staff: full name")
      ->required();
  command->add_option("--sign-in", options->sign_in, "and the name to sign in by")->required();
  command->add_option("--roles", options->roles, "and their roles, codes of the list staff-roles")
      ->delimiter(',')
      ->capture_default_str();
  command->add_option("--new-password-file", options->new_password_file,
                      "their password is the first line of this file, which only you may read");
  command->add_option("--join", options->join,
                      "another computer of an organisation that has one: its number, as the "
                      "recovery sheet prints it; needs --recovery-sheet before the word init");
  program.add(command, Needs::nothing, [options](Command& at) { return init(*options, at); });
}

// ---- enrol

struct EnrolOptions {
  std::string code;
  std::string code_file;
  std::string hub;
  std::string label = "First computer";
  std::string invitation;
  std::string request;
  std::string approval;
};

Result<Done> take_answer(Command& command, HubClient& hub) {
  const auto answered = look_for_answer(command.node(), hub);
  if (!answered) return answered.error();
  command.out.facts({{"enrolled", *answered}});
  command.out.say(*answered ? "The central team has let this computer in. Run \"sync\" now."
                            : "The central team has not answered yet. Ask again later.");
  return Done{};
}

Result<Done> enrol(const EnrolOptions& options, Command& command) {
  if (auto allowed = command.check(Act::connect); !allowed) return allowed;
  OpenNode& node = command.node();
  if (!options.hub.empty()) {
    if (auto kept = keep_hub_address(node, options.hub, command.settings); !kept) return kept;
  }
  if (!options.approval.empty()) return take_approval_file(options.approval, command);
  const bool has_code = !options.code_file.empty() || !options.code.empty();
  if (!has_code) {
    if (!options.invitation.empty() || !options.request.empty()) {
      return command.misused("Give the code too, or --code-file: it is in no file.");
    }
    const auto hub = command.hub();
    return hub ? take_answer(command, **hub) : hub.error();
  }
  const auto code = options.code_file.empty()
                        ? Result<crypto::SecretText>(crypto::SecretText(options.code))
                        : secret_from_file(options.code_file);
  if (!code) return code.error();
  const auto facts = facts_to_ask_with(node, options.label);
  if (!facts) return facts.error();
  if (!options.request.empty()) {
    return write_request_file(*code, *facts, options.invitation, options.request, command);
  }
  const auto hub = command.hub();
  if (!hub) return hub.error();
  const auto words = Enrolment(node, **hub).ask(code->view(), *facts);
  if (!words) return words.error();
  command.out.facts({{"words", *words}});
  command.out.say(
      "Ring the central team on a number that you know, and read these words to them. They type "
      "what they hear; they do not read theirs out. When they have said yes, run \"sync\".");
  return Done{};
}

void add_enrol(Program& program) {
  auto options = std::make_shared<EnrolOptions>();
  auto* command = program.app().add_subcommand(
      "enrol", "ask the central team to let this computer in; without a code: fetch their answer");
  command->add_option("CODE", options->code, "the code they gave you, in any spelling");
  command->add_option("--code-file", options->code_file,
                      "the code is the first line of this file, which only you may read");
  command->add_option("--hub", options->hub, "the central exchange, https://...");
  command->add_option("--label", options->label, "what this computer is called")
      ->capture_default_str();
  auto* request = command->add_option("--request", options->request,
                                      "without a network: write the request to this file, for "
                                      "somebody to take to the central team");
  command
      ->add_option("--invitation", options->invitation,
                   "the file that came with the code, to compare first")
      ->needs(request);
  command
      ->add_option("--approval", options->approval,
                   "without a network: take the central team's answer from this file")
      ->excludes(request);
  program.add(command, Needs::person, [options](Command& at) { return enrol(*options, at); });
}

// ---- key-file

void add_key_file(Program& program) {
  auto path = std::make_shared<std::string>();
  auto* command = program.app().add_subcommand(
      "key-file",
      "make a key file, so that sync may run without anybody there; an older one opens no more. "
      "Whoever has it can open the store");
  command->add_option("FILE", *path, "the new file")->required();
  program.add(command, Needs::person, [path](Command& at) -> Result<Done> {
    if (auto allowed = at.check(Act::connect); !allowed) return allowed;
    if (auto made = at.accounts.make_key_file(*path, *at.key); !made) return made;
    at.out.say("The key file is made. Keep it where only this computer's sync can read it.");
    return Done{};
  });
}

}  // namespace

void add_setup_commands(Program& program) {
  add_init(program);
  add_enrol(program);
  add_key_file(program);
}

}  // namespace throughgate::node::cli
