// Whatever is typed with whichever command there is.
#include <catch_amalgamated.hpp>
#include <functional>
#include <sstream>

#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "tests/node/never_share/sharing_world.h"

namespace throughgate::node::testing {
namespace {

using Words = std::vector<std::string>;

struct Nobody final : cli::Prompt {
  sync::Result<crypto::SecretText> secret(std::string_view, std::string_view) override {
    return sync::Error{sync::ErrorKind::invalid, "There is nobody to ask."};
  }
};

class Commands {
 public:
  explicit Commands(SharingWorld& world) : world_(world) {
    password_ = world.world.folder.path("password");
    must(replace_private_file(password_, crypto::as_bytes(good_password)));
  }
  int run(const Words& words, std::string* said = nullptr) {
    std::ostringstream out;
    auto program = made(out);
    Words all{"--data",
              world_.prison.folder.path(),
              "--as",
              "jo",
              "--password-file",
              password_,
              "--codes",
              CODES_FOLDER};
    all.insert(all.end(), words.begin(), words.end());
    const int code = program->run(all);
    if (said) *said = out.str();
    return code;
  }
  std::vector<std::string> all() {
    std::ostringstream out;
    auto program = made(out);
    std::vector<std::string> names;
    add_names(program->app(), "", names);
    return names;
  }

 private:
  std::unique_ptr<cli::Program> made(std::ostringstream& out) {
    auto program = std::make_unique<cli::Program>(
        cli::Surroundings{out, out, nobody_, world_.world.random, world_.world.clock, cheap()});
    cli::add_every_command(*program);
    return program;
  }
  static void add_names(CLI::App& app, const std::string& before, std::vector<std::string>& out) {
    for (auto* each : app.get_subcommands([](CLI::App*) { return true; })) {
      const std::string name = before + each->get_name();
      const bool is_last = each->get_subcommands([](CLI::App*) { return true; }).empty();
      is_last ? out.push_back(name) : add_names(*each, name + " ", out);
    }
  }

  SharingWorld& world_;
  Nobody nobody_;
  std::string password_;
};

// Commands that write what is typed, or what stands elsewhere, into a record that others may read;
// and each way of trying to get the code in. A command that is added stands here, or below.
std::map<std::string, std::vector<Words>> writing(const SharingWorld& world,
                                                  const std::string& code) {
  const auto handover = world.handover.hex();
  const auto flag = handover + "/flag/" + world.flag.record.hex();
  const auto value = "code=" + code;
  return {
      {"record new",
       {{"flag", value, "kind=DO_NOT", "instruction=x", "--in", handover},
        {"flag", value, "kind=DO_NOT", "instruction=x", "confirmed-by=Pat", "--in", handover},
        {"handover", "given-name=Alex", "family-name=Example", value}}},
      {"record set", {{flag, value}, {flag, "code+=" + code}, {flag, value, "confirmed-by=Pat"}}},
      {"handover new", {{"--from", world.person.hex()}, {"--from", world.person.hex(), value}}},
      {"record dispute", {{flag, "code", "--says", code}}},
      {"record correct", {{flag, "code", code, "--reason", "x"}}},
  };
}

// These write no code into a record of others: they read, move a record on by a step with its own
// fields, look after this computer, the list or the staff, or carry what was written elsewhere.
// What late and suspect changes, conflicts, copies and imports put in is tried in their own tests.
const std::set<std::string> writing_none{"init",
                                         "enrol",
                                         "key-file",
                                         "staff list",
                                         "staff add",
                                         "staff password",
                                         "staff roles",
                                         "staff reset",
                                         "staff leave",
                                         "sync",
                                         "status",
                                         "unlock",
                                         "bundle export",
                                         "bundle import",
                                         "bundle nightly",
                                         "bundle inspect",
                                         "bundle passed-on",
                                         "bundle brought-back",
                                         "bundle try-again",
                                         "bundle give-up",
                                         "bundle made",
                                         "bundle recall",
                                         "retire-check",
                                         "desk init",
                                         "desk hub",
                                         "desk key",
                                         "desk root",
                                         "desk invite",
                                         "desk requests",
                                         "desk approve",
                                         "desk take",
                                         "desk withdraw",
                                         "desk unlock",
                                         "desk agree",
                                         "desk require",
                                         "desk volunteers",
                                         "desk forks",
                                         "desk open",
                                         "desk snapshot",
                                         "desk directory",
                                         "desk erasures",
                                         "desk erase",
                                         "desk refuse",
                                         "desk computers",
                                         "desk revoke",
                                         "rotate",
                                         "subject-access",
                                         "root init",
                                         "root show",
                                         "root sign",
                                         "root key",
                                         "root rotate",
                                         "update check",
                                         "update install",
                                         "update back",
                                         "erase request",
                                         "erase list",
                                         "erase withdraw",
                                         "erase copies",
                                         "hold set",
                                         "hold lift",
                                         "hold list",
                                         "retention review",
                                         "retention confirm",
                                         "check",
                                         "rebuild",
                                         "backup",
                                         "restore",
                                         "audit list",
                                         "audit check",
                                         "audit export",
                                         "record types",
                                         "record fields",
                                         "record codes",
                                         "record list",
                                         "record show",
                                         "record history",
                                         "record settle",
                                         "record redact",
                                         "search",
                                         "handover list",
                                         "handover show",
                                         "handover read",
                                         "handover basis",
                                         "handover ready",
                                         "handover share",
                                         "handover accept",
                                         "handover decline",
                                         "handover more-info",
                                         "handover answer",
                                         "handover code",
                                         "handover confirm-code",
                                         "handover plan",
                                         "handover release",
                                         "handover gate",
                                         "handover found",
                                         "handover lost",
                                         "handover support",
                                         "handover close",
                                         "handover stop",
                                         "handover who",
                                         "handover remove-partner",
                                         "handover add-partner",
                                         "handover backup",
                                         "handover use-backup",
                                         "handover move-to",
                                         "conflict list",
                                         "conflict show",
                                         "conflict resolve",
                                         "suspect list",
                                         "suspect keep",
                                         "suspect undo",
                                         "suspect looked-at",
                                         "breach",
                                         "late list",
                                         "late take",
                                         "late close",
                                         "volunteer import",
                                         "serve"};

}  // namespace

TEST_CASE("no command puts a code that never leaves the prison into a shared record",
          "[never-share][cli]") {
  SharingWorld world;
  Commands commands(world);
  std::set<std::string> tried;
  for (const auto& code : never_shared_codes) {
    for (const auto& [command, attempts] : writing(world, code)) {
      tried.insert(command);
      for (const auto& attempt : attempts) {
        Words words{"--text-as-it-stands"};
        std::istringstream names(command);
        for (std::string name; names >> name;) words.push_back(name);
        words.insert(words.end(), attempt.begin(), attempt.end());
        commands.run(words);
      }
    }
  }
  const auto found = alerts_shared(world.prison, world.codes);
  for (const auto& each : found.never) FAIL_CHECK(each);
  CHECK(found.may_leave > 1);
  for (const auto& command : commands.all()) {
    INFO(command << ": try it above, or say that it writes no code into a record of others");
    CHECK((tried.contains(command) || writing_none.contains(command)));
  }
}

TEST_CASE("the same commands put in a code that may be shared", "[never-share][cli]") {
  SharingWorld world;
  Commands commands(world);
  const auto before = alerts_shared(world.prison, world.codes).may_leave;
  std::string said;
  CHECK(commands.run({"record", "new", "flag", "code=RSP", "kind=DO_NOT", "instruction=x", "--in",
                      world.handover.hex()},
                     &said) == 0);
  INFO(said);
  CHECK(alerts_shared(world.prison, world.codes).may_leave == before + 1);
}

TEST_CASE(
    "a command says what its text looks like and saves nothing, until it is told that it stands",
    "[free-text][cli]") {
  SharingWorld world;
  Commands commands(world);
  const Words words{"record",
                    "new",
                    "flag",
                    "kind=DO_NOT",
                    "instruction=A9876XY is his friend",
                    "--in",
                    world.handover.hex()};
  std::string said;
  CHECK(commands.run(words, &said) == 1);
  CHECK(said.find("What to do: this looks like a prison number of somebody else") !=
        std::string::npos);
  CHECK(said.find("--text-as-it-stands") != std::string::npos);
  CHECK(said.find("What is not found may still be too much") != std::string::npos);
  CHECK(said.find("A9876XY") == std::string::npos);  // screens are looked at, and logs kept
  Words sure{"--text-as-it-stands"};
  sure.insert(sure.end(), words.begin(), words.end());
  CHECK(commands.run(sure) == 0);
}

}  // namespace throughgate::node::testing
