// The program in this process: commands that change who may open the store, of which what is
// refused leaves nothing behind, and what it says to words that are no text.
#include <google/protobuf/stubs/logging.h>

#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "schema/directory.pb.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

struct Nobody final : cli::Prompt {
  sync::Result<crypto::SecretText> secret(std::string_view, std::string_view) override {
    return sync::Error{sync::ErrorKind::invalid, "There is nobody to ask."};
  }
};

// A prison's computer, and the program on it.
struct Computer {
  World world;
  TestSite prison{world, "HMP Made Up", sync::OrganisationKind::prison, "LEI"};
  std::ostringstream out, err;

  std::string private_file(const std::string& name, const std::string& text) {
    const auto path = world.folder.path(name);
    REQUIRE(replace_private_file(path, crypto::as_bytes(text)));
    return path;
  }
  int run(const TestSite& site, std::vector<std::string> arguments) {
    Nobody nobody;
    out.str("");
    err.str("");
    cli::Program program({out, err, nobody, world.random, world.clock, cheap()});
    cli::add_setup_commands(program);
    cli::add_staff_commands(program);
    const std::vector<std::string> as_jo{
        "--data",  site.folder.path(), "--as",
        "jo",      "--password-file",  private_file("jo", good_password),
        "--codes", EXAMPLE_CODES};
    arguments.insert(arguments.begin(), as_jo.begin(), as_jo.end());
    return program.run(arguments);
  }
  int add_al(const TestSite& site) {
    return run(site, {"staff", "add", "Al Invented", "--roles", "gate_meeter", "--sign-in", "al",
                      "--new-password-file", private_file("al", "river teapot quarrel 5")});
  }
  // Al's names and sign-in names in the list, and whether there is a password.
  std::size_t traces_of_al(const TestSite& site) {
    Staff staff(*site.node);
    const auto members = staff.list();
    const auto accounts = staff.accounts();
    REQUIRE((members && accounts));
    std::size_t traces = 0;
    for (const auto& member : *members) traces += member.name == "Al Invented" ? 1 : 0;
    for (const auto& account : *accounts) traces += account.sign_in_name == "al" ? 1 : 0;
    return traces + (*site.accounts.has_password("al") ? 1 : 0);
  }
  void use_every_slot() {
    for (std::size_t i = 0; i < crypto::key_slots_max - 2; ++i) {  // Jo's and the sheet's are there
      REQUIRE(prison.accounts.set_password("person" + std::to_string(i), good_password, key));
    }
  }
  crypto::DatabaseKey key = *prison.accounts.sign_in("jo", good_password, world.clock);
};

}  // namespace

TEST_CASE("somebody new who can get no password is not listed either", "[accounts][cli]") {
  Computer at;
  at.use_every_slot();
  CHECK(at.add_al(at.prison) == 1);
  CHECK(at.err.str().find("Nothing was changed.") != std::string::npos);
  CHECK(at.traces_of_al(at.prison) == 0);
}

TEST_CASE("somebody new whose record cannot be written can sign in no more", "[accounts][cli]") {
  Computer at;
  const TestSite second(at.world, "second", at.prison);  // without the site's records yet
  CHECK(at.add_al(second) == 1);
  CHECK(at.traces_of_al(second) == 0);
}

TEST_CASE("somebody new whose adding was cut off is there once when they are added again",
          "[accounts][cli]") {
  Computer at;
  REQUIRE(at.prison.accounts.set_password("al", "anvil marmalade 77 drift", at.key));
  CHECK(at.add_al(at.prison) == 0);
  CHECK(at.traces_of_al(at.prison) == 3);
  CHECK(at.prison.accounts.sign_in("al", "river teapot quarrel 5", at.world.clock));
  CHECK_FALSE(at.prison.accounts.sign_in("al", "anvil marmalade 77 drift", at.world.clock));
  CHECK(at.add_al(at.prison) == 1);  // now there is one
  CHECK(at.traces_of_al(at.prison) == 3);
}

TEST_CASE("a key file that gets no slot is not left behind", "[accounts][cli]") {
  Computer at;
  at.use_every_slot();
  const auto path = at.world.folder.path("unattended.key");
  CHECK(at.run(at.prison, {"key-file", path}) == 1);
  CHECK(at.err.str().find("Nothing was changed.") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a word that is not text is refused before anything is read, and no library speaks of it",
          "[cli]") {
  static int told = 0;
  google::protobuf::SetLogHandler([](auto, auto*, int, const std::string&) { ++told; });
  Computer at;
  CHECK(at.run(at.prison, {"staff", "add", "Al \xFF Invented"}) == 2);
  CHECK(at.err.str().starts_with("A word of this command holds signs that are not text"));
  CHECK(at.traces_of_al(at.prison) == 0);
  schema::DirectoryNode sent;
  CHECK_FALSE(sent.ParseFromString(std::string("\x2A\x01\xFF", 3)));  // a label that is no text
  CHECK(told == 0);
}
