// staff: who works here, and who may sign in on this computer.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/words.h"
#include "node/records/values.h"
#include "node/staff/staff.h"
#include "records/site.pb.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct AddOptions {
  std::string name;
  std::string sign_in;
  std::vector<std::string> roles;
  std::string new_password_file;
};

Result<std::vector<std::string>> role_codes(const std::vector<std::string>& typed,
                                            const CodeLists& codes) {
  const auto& field =
      *schema::StaffMember::descriptor()->FindFieldByNumber(schema::StaffMember::kRolesFieldNumber);
  std::vector<std::string> out;
  for (const auto& each : typed) {
    const auto code = value_of(field, each, codes);
    if (!code) return code.error();
    out.emplace_back(crypto::as_text(*code));
  }
  return out;
}

Result<Done> list(Command& command) {
  Staff staff(command.node());
  const auto members = staff.list();
  const auto accounts = staff.accounts();
  if (!members) return members.error();
  if (!accounts) return accounts.error();
  std::vector<std::vector<Value>> rows;
  for (const auto& member : *members) {
    std::string signs_in;
    for (const auto& account : *accounts) {
      if (account.actor == member.id) signs_in = account.sign_in_name;
    }
    rows.push_back({member.id.hex(), member.name, member.roles, member.left_on, signs_in});
  }
  command.out.table({"id", "name", "roles", "left on", "signs in here as"}, rows,
                    "Nobody is listed yet.");
  return Done{};
}

// Nothing that was begun is left.
Error taken_back(const std::string& sign_in, Staff& staff, Command& command, const Error& why) {
  const auto forgotten = staff.remove_account(sign_in);
  const auto closed = command.accounts.remove_password(sign_in);
  if (forgotten && closed) return why;
  return {why.kind,
          "Adding them failed half way and could not be undone. Check that the disk is not full, "
          "then give the command again; where it says that somebody signs in by this name, set "
          "their password with \"staff password\"."};
}

// The password first, then whom it stands for on this computer, then the record. After a power cut
// between, a password that stands for nobody opens nothing and is replaced when the command is
// given again; and an account gets its record at the next sync. The other way round there would be
// somebody who cannot sign in, and a second one of them after the next try.
Result<Done> add_with_sign_in(Account account, const AddOptions& options, Command& command) {
  const auto sign_in = sign_in_name(options.sign_in);
  if (!sign_in) return sign_in.error();
  account.sign_in_name = *sign_in;
  Staff staff(command.node());
  const auto known = staff.account(*sign_in);
  if (!known) return known.error();
  if (*known) {
    return Error{ErrorKind::invalid,
                 "Somebody signs in by this name already. Choose another. Nothing was changed."};
  }
  const auto password = command.new_password(options.new_password_file);
  if (!password) return password.error();
  auto kept = command.accounts.set_password(*sign_in, password->view(), *command.key);
  if (kept) kept = staff.set_account(account);
  if (kept) kept = staff.add(account, command.actor());
  if (!kept) return taken_back(*sign_in, staff, command, kept.error());
  command.out.facts(
      {{"id", account.actor.hex()}, {"name", account.name}, {"sign-in name", *sign_in}});
  return Done{};
}

Result<Done> add(const AddOptions& options, Command& command) {
  if (auto allowed = command.check(Act::staff); !allowed) {
    return allowed;
  }
  const auto codes = command.codes();
  if (!codes) return codes.error();
  const auto roles = role_codes(options.roles, *codes);
  if (!roles) return roles.error();
  const auto name = one_line(options.name);
  if (!name) return name.error();
  if (!options.sign_in.empty()) {
    const auto id = sync::ActorId::random(command.node().random());
    return add_with_sign_in({"", id, *name, *roles}, options, command);
  }
  const auto id = Staff(command.node()).add(*name, *roles, command.actor());
  if (!id) return id.error();
  command.out.facts({{"id", id->hex()}, {"name", *name}});
  return Done{};
}

struct PasswordOptions {
  std::string sign_in;
  std::string new_password_file;
};

// One's own, or somebody's who forgot it; with the recovery sheet nobody need sign in.
Result<Done> password(const PasswordOptions& options, Command& command) {
  const auto name = sign_in_name(options.sign_in);
  if (!name) return name.error();
  if (command.signed_in && *sign_in_name(command.options.as) != *name) {
    if (auto allowed = command.check(Act::staff); !allowed) return allowed;
  }
  if (!command.signed_in && command.options.recovery_sheet.empty()) {
    return Error{ErrorKind::denied, "Sign in with --as NAME, or use the recovery sheet."};
  }
  const auto known = Staff(command.node()).account(*name);
  if (!known) return known.error();
  if (!*known) {
    return Error{ErrorKind::not_found, "Nobody signs in by this name on this computer."};
  }
  const auto fresh = command.new_password(options.new_password_file);
  if (!fresh) return fresh.error();
  if (auto set = command.accounts.set_password(*name, fresh->view(), *command.key); !set)
    return set;
  command.out.say("The password is changed.");
  return Done{};
}

}  // namespace

void add_staff_commands(Program& program) {
  auto* staff = program.app().add_subcommand("staff", "who works here, and who may sign in");
  staff->require_subcommand(1);
  program.add(staff->add_subcommand("list", "who works here"), Needs::store, list);

  auto adding = std::make_shared<AddOptions>();
  auto* add_command = staff->add_subcommand("add", "somebody new");
  add_command->add_option("NAME", adding->name, "full name")->required();
  add_command->add_option("--roles", adding->roles, "codes of the list staff-roles, with commas")
      ->delimiter(',');
  add_command->add_option("--sign-in", adding->sign_in,
                          "the name to sign in by on this computer; without it they do not");
  add_command->add_option("--new-password-file", adding->new_password_file,
                          "their password is the first line of this file, which only you may read");
  program.add(add_command, Needs::person, [adding](Command& at) { return add(*adding, at); });

  auto changing = std::make_shared<PasswordOptions>();
  auto* password_command = staff->add_subcommand("password", "a new password for somebody");
  password_command->add_option("SIGN-IN", changing->sign_in, "who signs in by this name")
      ->required();
  password_command->add_option("--new-password-file", changing->new_password_file,
                               "the password is the first line of this file");
  program.add(password_command, Needs::store,
              [changing](Command& at) { return password(*changing, at); });
}

}  // namespace throughgate::node::cli
