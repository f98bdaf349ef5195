#include "node/cli/program.h"

#include <algorithm>
#include <ostream>

#include "crypto/words.h"
#include "node/cli/mistyped.h"
#include "node/known_hub.h"
#include "node/older_records.h"
#include "node/out_of_contact.h"
#include "node/recovery_sheet.h"
#include "node/restored.h"
#include "node/staff/staff.h"
#include "node/staff/ways_in.h"
#include "node/text/unicode.h"
#include "node/typed_words.h"
#include "sync/silent_protobuf.h"

namespace throughgate::node::cli {
namespace {

// After an update of the program, so many records are brought up to date by each command: about a
// second. A sync does all.
constexpr std::size_t read_again_max = 100;
constexpr std::size_t permissions_bytes_max = 64 << 10;

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

// What the program allows, less what this site takes away. A file that cannot be read takes nothing
// away silently: nothing runs before it is mended.
Result<Permissions> site_permissions(const DataFolder& folder) {
  const auto text = read_private_file(folder.permissions(), permissions_bytes_max);
  if (text) return Permissions::shipped().narrowed_by(crypto::as_text(*text));
  if (text.error().kind == ErrorKind::not_found) return Permissions::shipped();
  return Error{text.error().kind, "Permissions (permissions.toml): " + text.error().message};
}

}  // namespace

// ---- what commands work with

Command Command::printing_to(Output& other) const {
  Command same{at, options, folder, accounts, settings, other};
  same.open = open;
  same.key = key;
  same.signed_in = signed_in;
  same.permissions = permissions;
  return same;
}

Viewer Command::viewer(const std::string& reason) const {
  return {*permissions, signed_in.value_or(sync::Actor{}), reason};
}

Result<CodeLists> Command::codes() const {
  return CodeLists::load(options.codes.empty() ? settings.codes : options.codes);
}

Result<std::unique_ptr<HubClient>> Command::hub() const { return known_hub(node(), settings); }

// Who names no key file and no sheet signs in; with --as the password counts, whatever else is
// given: an actor is never only claimed.
Result<crypto::DatabaseKey> Command::database_key(Accounts& of) const {
  if (options.as.empty() && !options.key_file.empty()) {
    return of.open_with_key_file(options.key_file);
  }
  if (options.as.empty() && !options.recovery_sheet.empty()) {
    const auto recovery_key = recovery_key_from_file(options.recovery_sheet);
    if (!recovery_key) return recovery_key.error();
    return of.open_with_recovery(*recovery_key);
  }
  constexpr std::string_view instead =
      "Write your password into a file that only you may read, and name it with --password-file "
      "FILE before the command's name.";
  const auto password = options.password_file.empty() ? at.prompt.secret("Password", instead)
                                                      : secret_from_file(options.password_file);
  if (!password) return password.error();
  return of.sign_in(options.as, password->view(), at.clock);
}

Result<Done> Command::check_somebody() {
  const bool no_key = options.key_file.empty() && options.recovery_sheet.empty();
  if (!options.as.empty() || !no_key) return Done{};
  return misused("Say who you are: --as NAME.");
}

Result<crypto::SecretText> Command::new_password(const std::string& file) const {
  if (!file.empty()) return secret_from_file(file);
  constexpr std::string_view instead =
      "Write the new password into a file that only you may read, and name it with "
      "--new-password-file FILE at the end of the command.";
  auto first = at.prompt.secret("New password", instead);
  if (!first) return first;
  const auto second = at.prompt.secret("New password once more", instead);
  if (!second) return second.error();
  if (first->view() != second->view()) {
    return Error{ErrorKind::invalid, "The two passwords differ. Nothing was changed."};
  }
  return first;
}

Error Command::misused(std::string words) {
  is_misused = true;
  return {ErrorKind::invalid, std::move(words)};
}

Result<Done> Command::check_establishment(const std::string& code,
                                          std::string_view consequence) const {
  if (code.empty()) return Done{};
  const auto lists = codes();
  if (!lists) return lists.error();
  if (is_known_establishment(*lists, code)) return Done{};
  std::string words = "There is no prison with this code. The file establishments.csv in the ";
  words += "folder of the code lists has them";
  words += open ? ", and \"record codes establishments\" prints them. " : ". ";
  return Error{ErrorKind::invalid, words.append(consequence)};
}

void Command::say_apart(std::string_view text) {
  if (out.is_json()) {
    at.err << text << '\n';
  } else {
    out.say(text);
  }
}

Result<crypto::BoxKey> recovery_key_from_file(const std::string& path) {
  auto bytes = read_private_file(path, crypto::words_text_max);
  if (!bytes) return Error{bytes.error().kind, path + ": " + bytes.error().message};
  auto key = recovery_key_from_typed(crypto::as_text(*bytes));
  crypto::wipe(*bytes);
  if (!key) return Error{key.error().kind, path + ": " + key.error().message};
  return key;
}

// ---- the program

Program::Program(const Surroundings& at)
    : at_(at),
      app_(
          "throughgate-node: volunteer records and through-the-gate handovers on this computer.\n"
          "Everything works without a network; \"sync\" exchanges what is new with other sites.",
          "throughgate-node") {
  app_.add_option("--data", options_.data, "the folder with this computer's store")
      ->type_name("FOLDER");
  app_.add_option("--as", options_.as, "your sign-in name")->type_name("NAME");
  app_.add_option("--password-file", options_.password_file,
                  "your password is the first line of this file, which only you may read; without "
                  "it you are asked")
      ->type_name("FILE");
  app_.add_option("--key-file", options_.key_file,
                  "open the store with a key file, for sync and status without anybody there")
      ->type_name("FILE");
  app_.add_option("--recovery-sheet", options_.recovery_sheet,
                  "open the store with the 24 words of the recovery sheet, in a file that only you "
                  "may read")
      ->type_name("FILE");
  app_.add_option("--codes", options_.codes, "the folder with the code lists")->type_name("FOLDER");
  app_.add_flag("--json", options_.json, "print records for programs, as JSON");
  app_.add_flag("--text-as-it-stands", options_.text_as_it_stands,
                "save free text although it looks as if it should not be shared");
  app_.fallthrough();  // what is said before a command may be said after it
  app_.require_subcommand(1);
  app_.footer(
      "Exit code: 0 done, 1 refused or failed (the message says what happened and what to do), 2 "
      "mistyped (a command, an option, or a word that names none of the kinds, types, fields or "
      "lists there are).");
}

void Program::add(CLI::App* command, Needs needs, Run run, GivenPassword given) {
  command->callback([this, needs, given, run = std::move(run)] { chosen_ = {needs, run, given}; });
}

int Program::run(const std::vector<std::string>& arguments) {
  sync::silence_protobuf();
  if (!std::all_of(arguments.begin(), arguments.end(), is_strict_utf8)) {
    at_.err << "A word of this command holds signs that are not text in UTF-8. Set the terminal to "
               "UTF-8 and type it again, or give the file a name in plain letters. Nothing was "
               "changed.\n";
    return 2;
  }
  try {
    app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::Success& asked) {
    return app_.exit(asked, at_.out, at_.err);  // for help
  } catch (const CLI::ParseError& error) {
    at_.err << what_is_mistyped(app_, error) << '\n';
    return 2;
  }
  bool is_misused = false;
  const auto done = run_chosen(is_misused);
  at_.out.flush();
  if (done && at_.out.good()) return 0;
  at_.err << (done ? "The result could not be written." : done.error().message) << '\n';
  return is_misused ? 2 : 1;
}

Result<Done> Program::run_chosen(bool& is_misused) {
  if (options_.data.empty() && chosen_->needs != Needs::no_folder) {
    is_misused = true;
    return Error{ErrorKind::invalid, "--data is required: the folder with this computer's store."};
  }
  const DataFolder folder(options_.data);
  Accounts accounts(folder, at_.random, at_.password_cost);
  const auto settings =
      options_.data.empty() ? Result(Settings()) : read_settings(folder.settings());
  if (!settings) return settings.error();
  Output out(at_.out, options_.json);
  const auto permissions = site_permissions(folder);
  if (!permissions) return permissions.error();
  Command command{at_, options_, folder, accounts, *settings, out};
  command.permissions = &*permissions;
  auto done = chosen_->needs <= Needs::nothing ? chosen_->run(command) : run_with_store(command);
  is_misused = command.is_misused;
  return done;
}

// Who has opened the store by their password. Another program may take the way in from them at any
// moment: what is not there any more lets nobody in.
Result<sync::Actor> Program::signed_in_as(OpenNode& node, Accounts& accounts) {
  Staff staff(node);
  const auto name = *sign_in_name(options_.as);
  auto actor = staff.actor_for(name);
  // What cannot be closed now is at the next command; a leaver is refused either way.
  static_cast<void>(close_ways_in_of_leavers(node, accounts));
  if (!actor) return actor;
  if (auto noted = staff.note_sign_in(name); !noted) return noted.error();
  const auto account = staff.account(name);
  if (!account) return account.error();
  if (!*account) {
    return Error{ErrorKind::denied,
                 "This sign-in name has just been taken away on this computer. Nothing was done. "
                 "Ask an administrator."};
  }
  if ((*account)->must_change_password && chosen_->given == GivenPassword::refused) {
    return Error{ErrorKind::denied,
                 "Your password was given to you by somebody else, who knows it. Choose your own "
                 "first: \"staff password " +
                     name + "\"."};
  }
  return actor;
}

Result<Done> Program::run_with_store(Command& command) {
  if (options_.as.empty() && chosen_->needs == Needs::person) {
    return command.misused("Say who you are: --as NAME.");
  }
  if (auto somebody = command.check_somebody(); !somebody) return somebody;
  if (auto found = command.folder.find_store(); !found) return found;
  const auto shared = command.folder.share_store();
  if (!shared) return shared.error();
  if (!options_.as.empty()) {  // before: a change meanwhile is seen
    if (const auto mark = command.accounts.password_mark(options_.as))
      command.password_mark = *mark;
  }
  const auto key = command.database_key(command.accounts);
  if (!key) return key.error();
  auto node = OpenNode::open(command.folder.store(), *key, sync::store::Access::existing,
                             at_.random, at_.clock);
  if (!node) return node.error();
  if (!(*node)->has_identity()) {
    return Error{ErrorKind::corrupt, "This store was never finished. Make a new one with init."};
  }
  if (chosen_->needs != Needs::closed_store) {
    if (auto open = check_not_closed(**node); !open) return open;
  }
  if (auto left = (*node)->read_again(read_again_max); !left) return left.error();
  static_cast<void>(note_time_passed(**node));  // what cannot be noted now counts at the next use
  if (!options_.as.empty()) {
    auto actor = signed_in_as(**node, command.accounts);
    if (!actor) return actor.error();
    command.signed_in = *std::move(actor);
  }
  if (!options_.recovery_sheet.empty()) {
    auto recovery_key = recovery_key_from_file(options_.recovery_sheet);
    if (!recovery_key) return recovery_key.error();
    const auto who = command.signed_in ? command.signed_in->id : sync::ActorId{};
    auto opened = open_older_records(**node, *recovery_key, who);  // what came before the sheet did
    if (!opened) return opened.error();
    (*node)->use_recovery_sheet(*std::move(recovery_key));
  }
  command.open = node->get();
  command.key = &*key;
  auto done = chosen_->run(command);
  command.open = nullptr;  // both end here
  command.key = nullptr;
  return done;
}

}  // namespace throughgate::node::cli
