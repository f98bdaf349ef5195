// staff: who works here, and who may sign in on this computer.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/records.h"
#include "node/cli/words.h"
#include "node/days.h"
#include "node/records/values.h"
#include "node/staff/staff.h"
#include "node/staff/staff_changes.h"
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
    std::uint64_t last = 0;
    for (const auto& account : *accounts) {
      if (account.actor != member.id) continue;
      signs_in = account.sign_in_name;
      last = account.last_sign_in_ms;
    }
    rows.push_back({member.id.hex(), member.name, member.roles, member.left_on, signs_in,
                    last == 0 ? std::string() : iso_day(last)});
  }
  command.out.table({"id", "name", "roles", "left on", "signs in here as", "last signed in"}, rows,
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
  const auto asking = command.signed_in ? *sign_in_name(command.options.as) : *name;
  const auto account = Staff(command.node()).account(asking);
  if (!account) return account.error();
  if (asking != *name && *account && (*account)->must_change_password) {
    return Error{ErrorKind::denied, "Choose your own password first: staff password " + asking};
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
  if (auto own = Staff(command.node()).set_must_change(*name, false); !own) return own;
  command.out.say("The password is changed.");
  return Done{};
}

// ---- roles, a forgotten password, leaving

struct ChangeOptions {
  std::string person;
  std::vector<std::string> added;
  std::vector<std::string> removed;
  std::string to;
  std::string reason;
};

Result<Done> roles(const ChangeOptions& options, RecordService& records, Command& command) {
  const auto member = staff_meant(command.node(), options.person);
  if (!member) return member.error();
  const auto added = role_codes(options.added, records.codes());
  const auto removed = role_codes(options.removed, records.codes());
  if (!added) return added.error();
  if (!removed) return removed.error();
  if (added->empty() && removed->empty()) {
    return command.misused("Say which roles: --add ROLES, --remove ROLES. Nothing was changed.");
  }
  StaffChanges changes(records, command.accounts, command.folder);
  auto done = changes.change_roles(member->id, *added, *removed, {command.actor(), options.reason});
  if (!done) return done;
  const auto now = staff_meant(command.node(), member->id.hex());
  if (!now) return now.error();
  command.out.facts({{"id", now->id.hex()}, {"name", now->name}, {"roles", now->roles}});
  return Done{};
}

Result<Done> reset(const ChangeOptions& options, RecordService& records, Command& command) {
  const auto name = sign_in_name(options.person);
  if (!name) return name.error();
  StaffChanges changes(records, command.accounts, command.folder);
  const auto given = changes.reset_password(*name, *command.key, {command.actor(), options.reason});
  if (!given) return given.error();
  command.out.facts({{"sign-in name", *name}, {"password", *given}});
  command.out.say(
      "Tell it to them yourself, and write it nowhere. They must choose their own at the next "
      "sign-in. What they had open has ended.");
  return Done{};
}

Result<Done> leave(const ChangeOptions& options, RecordService& records, Command& command) {
  const auto member = staff_meant(command.node(), options.person);
  if (!member) return member.error();
  const auto to = staff_meant(command.node(), options.to);
  if (!to) return to.error();
  StaffChanges changes(records, command.accounts, command.folder);
  const auto handed = changes.leave(member->id, to->id, {command.actor(), options.reason});
  if (!handed) return handed.error();
  command.out.say(member->name + " has left. These now name " + to->name + ":");
  std::vector<Row> rows;
  for (const auto& each : *handed) rows.push_back({spoken(each.record), each.what});
  command.out.table({"record", "field"}, rows, "Nothing that is open named them.");
  return Done{};
}

using OnStaff = Result<Done> (*)(const ChangeOptions&, RecordService&, Command&);

void add_change(Program& program, CLI::App* command, const std::shared_ptr<ChangeOptions>& options,
                OnStaff run) {
  command->add_option("--reason", options->reason, "why, kept with the change");
  program.add(command, Needs::person,
              with_records([options, run](RecordService& records, Command& at) {
                return run(*options, records, at);
              }));
}

void add_changes(Program& program, CLI::App* staff) {
  const auto options = std::make_shared<ChangeOptions>();
  auto* roles_command = staff->add_subcommand("roles", "what somebody does here");
  roles_command->add_option("PERSON", options->person, "name, sign-in name or number")->required();
  roles_command->add_option("--add", options->added, "codes of the list staff-roles, with commas")
      ->delimiter(',');
  roles_command->add_option("--remove", options->removed, "likewise")->delimiter(',');
  add_change(program, roles_command, options, roles);

  auto* reset_command = staff->add_subcommand(
      "reset", "a password for somebody who forgot theirs, to be changed at once");
  reset_command->add_option("SIGN-IN", options->person, "who signs in by this name")->required();
  add_change(program, reset_command, options, reset);

  auto* leave_command =
      staff->add_subcommand("leave", "somebody leaves: what is theirs goes to somebody else");
  leave_command->add_option("PERSON", options->person, "name, sign-in name or number")->required();
  leave_command->add_option("--to", options->to, "who takes over")->required();
  add_change(program, leave_command, options, leave);
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
  program.add(
      password_command, Needs::store, [changing](Command& at) { return password(*changing, at); },
      GivenPassword::enough);
  add_changes(program, staff);
}

}  // namespace throughgate::node::cli
