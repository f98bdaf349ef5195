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
#include "node/staff/ways_in.h"
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
  bool is_listed = false;
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

// Whoever is signed in gives the way in, and knows the password; with the recovery sheet nobody
// need be, and it counts as one's own.
Result<Done> give_way_in(Account account, std::string_view password, RecordService& records,
                         const AddOptions& options, Command& command) {
  if (!command.signed_in) {
    const auto who = options.is_listed ? WhoIsLetIn::somebody_listed : WhoIsLetIn::somebody_new;
    return let_in_by_sheet(command.node(), command.accounts, who, std::move(account), password,
                           *command.key);
  }
  account.must_change_password = true;
  StaffChanges changes(records, command.accounts, command.folder);
  return options.is_listed
             ? changes.give_way_in(std::move(account), password, *command.key)
             : changes.add(std::move(account), password, *command.key, {command.actor(), {}});
}

// Asked first whether the name is free: nobody types a password for nothing.
Result<Done> add_with_sign_in(Account account, RecordService& records, const AddOptions& options,
                              Command& command) {
  if (auto is_free = check_name_is_free(command.node(), options.sign_in); !is_free) return is_free;
  account.sign_in_name = *sign_in_name(options.sign_in);
  const auto password = command.new_password(options.new_password_file);
  if (!password) return password.error();
  if (auto given = give_way_in(account, password->view(), records, options, command); !given) {
    return given;
  }
  command.out.facts({{"id", account.actor.hex()},
                     {"name", account.name},
                     {"sign-in name", account.sign_in_name}});
  if (command.signed_in) {
    command.out.say("You know the password: they must choose their own at the next sign-in.");
  } else {
    command.out.say(
        "Who was let in with the recovery sheet stands in the list of who looked at what. Destroy "
        "the file with its words.");
  }
  return Done{};
}

// With the sheet alone somebody must come to sign in, or nothing would be opened by it.
Result<Done> check_who_adds(const AddOptions& options, Command& command) {
  if (command.signed_in) return command.check(Act::staff);
  if (command.options.recovery_sheet.empty()) {
    return command.misused("Say who you are: --as NAME; or use the recovery sheet.");
  }
  if (!options.sign_in.empty()) return Done{};
  return command.misused(
      "The recovery sheet lets somebody in: say by which name, --sign-in NAME. Nothing was "
      "changed.");
}

// Who is named: somebody of the staff list, as they are in it.
Result<Done> add_listed(const AddOptions& options, RecordService& records, Command& command) {
  if (options.sign_in.empty() || !options.roles.empty()) {
    return command.misused(
        "Somebody who works here already gets a way in: --sign-in NAME. What they do here is "
        "changed with \"staff roles\". Nothing was changed.");
  }
  const auto member = staff_meant(command.node(), options.name);
  if (!member) return member.error();
  return add_with_sign_in({"", member->id, member->name, member->roles}, records, options, command);
}

Result<Done> add(const AddOptions& options, RecordService& records, Command& command) {
  if (options.is_listed) return add_listed(options, records, command);
  const auto roles = role_codes(options.roles, records.codes());
  if (!roles) return roles.error();
  const auto name = one_line(options.name);
  if (!name) return name.error();
  if (!options.sign_in.empty()) {
    const auto id = sync::ActorId::random(command.node().random());
    return add_with_sign_in({"", id, *name, *roles}, records, options, command);
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

// One's own, or somebody's who forgot it, which they must then change. With the recovery sheet
// nobody need sign in, and it counts as one's own.
Result<Done> password(const PasswordOptions& options, Command& command) {
  const auto name = sign_in_name(options.sign_in);
  if (!name) return name.error();
  if (command.signed_in && *sign_in_name(command.options.as) != *name) {
    if (auto allowed = command.check(Act::staff); !allowed) return allowed;
  }
  const auto asking = command.signed_in ? *sign_in_name(command.options.as) : *name;
  Staff staff(command.node());
  const auto account = staff.account(asking);
  if (!account) return account.error();
  if (asking != *name && *account && (*account)->must_change_password) {
    return Error{ErrorKind::denied,
                 "Choose your own password first: \"staff password " + asking + "\"."};
  }
  if (!command.signed_in && command.options.recovery_sheet.empty()) {
    return Error{ErrorKind::denied, "Sign in with --as NAME, or use the recovery sheet."};
  }
  const auto known = staff.account(*name);
  if (!known) return known.error();
  if (!*known) {
    return Error{ErrorKind::not_found, "Nobody signs in by this name on this computer."};
  }
  const auto fresh = command.new_password(options.new_password_file);
  if (!fresh) return fresh.error();
  const auto lock = FileLock::take(command.folder.staff_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  if (command.password_mark) {
    auto stands = check_password_stands(command.accounts, asking, *command.password_mark);
    if (!stands) return stands;
  }
  const auto still = staff.account(*name);
  if (!still) return still.error();
  if (!*still || (*still)->actor != (*known)->actor) {
    return Error{ErrorKind::stale,
                 "Somebody else has just changed who signs in by this name. Nothing was changed. "
                 "\"staff list\" shows who does."};
  }
  if (!command.signed_in) {
    if (auto noted = note_let_in_by_sheet(command.node(), (*known)->actor); !noted) return noted;
  }
  // First that it must be changed: a power cut between leaves the old password, to be changed.
  const bool is_own = asking == *name;
  if (!is_own) {
    if (auto noted = note_way_given(command.node(), (*known)->actor, command.actor().id, {});
        !noted) {
      return noted;
    }
    if (auto given = staff.set_must_change(*name, true); !given) return given;
  }
  if (auto set = command.accounts.set_password(*name, fresh->view(), *command.key); !set)
    return set;
  if (is_own) {
    if (auto own = staff.set_must_change(*name, false); !own) return own;
  }
  command.out.say(is_own ? "The password is changed."
                         : "The password is changed. You know it: they must choose their own at "
                           "the next sign-in.");
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
  if (!to) return Error{to.error().kind, "--to: " + to.error().message};
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
  auto* add_command = staff->add_subcommand(
      "add", "somebody new, or a way in on this computer; also with the recovery sheet");
  add_command->add_option("NAME", adding->name, "full name")->required();
  add_command->add_option("--roles", adding->roles, "codes of the list staff-roles, with commas")
      ->delimiter(',');
  add_command->add_option("--sign-in", adding->sign_in,
                          "the name to sign in by on this computer; without it they do not");
  add_command->add_option("--new-password-file", adding->new_password_file,
                          "their password is the first line of this file, which only you may read");
  add_command->add_flag(
      "--existing", adding->is_listed,
      "they are in the staff list already, by another computer of the site: a way "
      "in on this one");
  program.add(add_command, Needs::store, [adding](Command& command) -> Result<Done> {
    if (auto allowed = check_who_adds(*adding, command); !allowed) return allowed;
    return with_records([adding](RecordService& records, Command& at) {
      return add(*adding, records, at);
    })(command);
  });

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
