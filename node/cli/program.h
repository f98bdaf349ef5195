// The program throughgate-node: its command line, and what every command gets to work with.
//
// A group of commands is one file: a function that adds its subcommands to a Program, listed in
// commands.h. A command is added with what it needs and what it does; it runs once the store is
// open and the person has signed in:
//
//   auto* list = staff->add_subcommand("list", "who works here");
//   program.add(list, Needs::store, [](Command& command) { ...; return Done{}; });
//
// Values of options are kept in a shared_ptr that the function captures.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "node/accounts/accounts.h"
#include "node/cli/output.h"
#include "node/cli/prompt.h"
#include "node/hub_client.h"
#include "node/open_node.h"
#include "node/records/codes.h"
#include "node/settings.h"
#include "node/staff/viewer.h"
#include "node/update/running_program.h"

namespace throughgate::node::cli {

// What the program is given from outside: the system's in main(), made up in tests.
struct Surroundings {
  std::ostream& out;
  std::ostream& err;
  Prompt& prompt;
  crypto::Random& random;
  Clock clock;
  crypto::PassphraseCost password_cost = node::password_cost;
  RunningProgram running = running_program();
};

// What stands before every command on the line.
struct GlobalOptions {
  std::string data;
  std::string as;
  std::string password_file;
  std::string key_file;
  std::string recovery_sheet;
  std::string codes;
  bool json = false;
  bool text_as_it_stands = false;
};

// What a command works with while it runs.
struct Command {
  const Surroundings& at;
  const GlobalOptions& options;
  const DataFolder& folder;
  Accounts& accounts;
  const Settings& settings;
  Output& out;
  OpenNode* open = nullptr;                     // set but with Needs::nothing
  const crypto::DatabaseKey* key = nullptr;     // likewise
  std::optional<sync::Actor> signed_in{};       // set with Needs::person, or where --as was given
  std::optional<crypto::Hash> password_mark{};  // of the password that opened the store, then

  bool is_misused = false;
  const Permissions* permissions = &Permissions::shipped();

  OpenNode& node() const { return *open; }
  const sync::Actor& actor() const { return *signed_in; }
  // The same command, printing elsewhere.
  Command printing_to(Output& other) const;
  // As the person's roles allow; without a person, as for somebody without any.
  Viewer viewer(const std::string& reason = {}) const;
  sync::Result<sync::Done> check(Act act) const { return viewer().check(act); }
  // The same for what also runs unattended: whoever holds a key file needs no role.
  sync::Result<sync::Done> check_if_signed_in(Act act) const {
    return signed_in ? check(act) : sync::Result<sync::Done>(sync::Done{});
  }
  // The code lists, from --codes or the settings.
  sync::Result<CodeLists> codes() const;
  // The hub by its address in the settings, or as given when this computer enrolled.
  sync::Result<std::unique_ptr<HubClient>> hub() const;
  // The key of the store whose accounts these are, by what stands before the command: a password, a
  // key file or the recovery sheet.
  sync::Result<crypto::DatabaseKey> database_key(Accounts& of) const;
  // Says who it is, or has something that opens the store without: else this is misused.
  sync::Result<sync::Done> check_somebody();
  // A new password, from the file or asked for twice.
  sync::Result<crypto::SecretText> new_password(const std::string& file) const;
  // For what the command line itself can know to be wrong: the program ends with 2.
  sync::Error misused(std::string words);
  // The same of what a reader of typed words has refused.
  template <class T>
  sync::Result<T> or_misused(sync::Result<T> read) {
    if (!read) is_misused = true;
    return read;
  }
  // A prison's code as the list of establishments has it; empty: none was given. A slip would stand
  // in the central list for good. `consequence` ends the message: "Nobody was invited."
  sync::Result<sync::Done> check_establishment(const std::string& code,
                                               std::string_view consequence) const;
  // What a program has to know too: to people like everything else, with --json on the error
  // stream, as it is no record.
  void say_apart(std::string_view text);
};

enum class Needs {
  no_folder,     // not even --data
  nothing,       // there may be no store yet
  closed_store,  // as `store`, and one that was restored and is closed yet: shows no record
  store,         // opened by a member of staff, the key file or the recovery sheet
  person,        // a member of staff, who is named in what is written
};

// Whether somebody who has yet to change the password that an administrator gave them may do this.
enum class GivenPassword { refused, enough };

class Program {
 public:
  using Run = std::function<sync::Result<sync::Done>(Command&)>;

  explicit Program(const Surroundings& at);
  CLI::App& app() { return app_; }
  void add(CLI::App* command, Needs needs, Run run, GivenPassword given = GivenPassword::refused);

  // 0 done, 1 refused or failed, 2 wrong usage. Results go to `out`, what went wrong to `err`.
  int run(const std::vector<std::string>& arguments);

 private:
  struct Chosen {
    Needs needs;
    Run run;
    GivenPassword given = GivenPassword::refused;
  };
  sync::Result<sync::Done> run_chosen(bool& is_misused);
  sync::Result<sync::Done> run_with_store(Command& command);
  sync::Result<sync::Actor> signed_in_as(OpenNode& node, Accounts& accounts);

  Surroundings at_;
  GlobalOptions options_;
  CLI::App app_;
  std::optional<Chosen> chosen_;
};

// The recovery key from a file with the sheet's 24 words; `denied` or `invalid` as it must be.
sync::Result<crypto::BoxKey> recovery_key_from_file(const std::string& path);

}  // namespace throughgate::node::cli
