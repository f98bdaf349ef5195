// The program in this process: commands that change who may open the store, of which what is
// refused leaves nothing behind, and what it says to words that are no text.
#include <google/protobuf/stubs/logging.h>

#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "crypto/recovery_key.h"
#include "node/audit.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/records/catalogue.h"
#include "records/site.pb.h"
#include "schema/directory.pb.h"
#include "sync/store/record_reader.h"
#include "tests/node/test_sites.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

using Words = std::vector<std::string>;

struct Nobody final : cli::Prompt {
  sync::Result<crypto::SecretText> secret(std::string_view, std::string_view) override {
    return sync::Error{sync::ErrorKind::invalid, "There is nobody to ask."};
  }
};

// Types the password, after what happens meanwhile.
struct Typist final : cli::Prompt {
  explicit Typist(std::function<void()> first) : meanwhile(std::move(first)) {}
  sync::Result<crypto::SecretText> secret(std::string_view, std::string_view) override {
    if (meanwhile) meanwhile();
    meanwhile = {};
    return crypto::SecretText("saddle fountain ember 3");
  }
  std::function<void()> meanwhile;
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
    const std::vector<std::string> as_jo{"--as", "jo", "--password-file",
                                         private_file("jo", good_password)};
    arguments.insert(arguments.begin(), as_jo.begin(), as_jo.end());
    return run_unsigned(site, std::move(arguments));
  }
  int run_unsigned(const TestSite& site, std::vector<std::string> arguments) {
    Nobody nobody;
    return run_with(nobody, site, std::move(arguments));
  }
  int run_with(cli::Prompt& prompt, const TestSite& site, std::vector<std::string> arguments) {
    out.str("");
    err.str("");
    cli::Program program({out, err, prompt, world.random, world.clock, cheap()});
    cli::add_setup_commands(program);
    cli::add_staff_commands(program);
    const std::vector<std::string> begin{"--data", site.folder.path(), "--codes", EXAMPLE_CODES};
    arguments.insert(arguments.begin(), begin.begin(), begin.end());
    return program.run(arguments);
  }
  std::string sheet_of(const TestSite& site) {
    return private_file("sheet", std::string(crypto::recovery_words(*site.sheet).view()));
  }
  // By the prison's own sheet, with nobody signed in.
  int add_by_sheet(std::vector<std::string> arguments) {
    const std::vector<std::string> begin{"--recovery-sheet", sheet_of(prison), "staff", "add"};
    arguments.insert(arguments.begin(), begin.begin(), begin.end());
    arguments.insert(arguments.end(),
                     {"--new-password-file", private_file("new", "river teapot quarrel 5")});
    return run_unsigned(prison, std::move(arguments));
  }
  // As another computer of the site has written it down.
  sync::ActorId listed(const std::string& name, const std::vector<std::string>& roles) {
    const auto id = Staff(*prison.node).add(name, roles, prison.actor());
    REQUIRE(id);
    return *id;
  }
  void jo_has_left() { REQUIRE(Staff(*prison.node).set_left(prison.actor().id, prison.actor())); }
  std::vector<AuditRow> rows() {
    const auto rows = Audit(*prison.node).list({}, 10);
    REQUIRE(rows);
    return *rows;
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

TEST_CASE("whoever adds somebody knows their password, so they must choose their own",
          "[accounts][cli]") {
  Computer at;
  REQUIRE(at.add_al(at.prison) == 0);
  const auto account = Staff(*at.prison.node).account("al");
  REQUIRE((account && *account));
  CHECK((*account)->must_change_password);
  const auto al = at.private_file("al", "river teapot quarrel 5");
  CHECK(at.run_unsigned(at.prison, {"--as", "al", "--password-file", al, "staff", "list"}) == 1);
  CHECK(at.err.str().find("Choose your own first: \"staff password al\".") != std::string::npos);
  const auto own = at.private_file("own", "anvil marmalade 77 drift");
  CHECK(at.run_unsigned(at.prison, {"--as", "al", "--password-file", al, "staff", "password", "al",
                                    "--new-password-file", own}) == 0);
  CHECK(at.run_unsigned(at.prison, {"--as", "al", "--password-file", own, "staff", "list"}) == 0);
}

TEST_CASE(
    "the recovery sheet lets somebody of the staff list into a computer that nobody signs in "
    "to any more",
    "[accounts][cli]") {
  Computer at;
  const auto kim = at.listed("Kim Made-Up", {"coordinator"});
  at.jo_has_left();
  CHECK(at.run(at.prison, {"staff", "list"}) == 1);
  CHECK(at.add_by_sheet({"Kim Made-Up", "--existing", "--sign-in", "Kim"}) == 0);
  CHECK(at.err.str().empty());
  CHECK_FALSE(*at.prison.accounts.has_password("jo"));
  CHECK(at.prison.accounts.sign_in("kim", "river teapot quarrel 5", at.world.clock));
  CHECK(Staff(*at.prison.node).actor_for("kim")->id == kim);
  CHECK_FALSE((*Staff(*at.prison.node).account("kim"))->must_change_password);
  CHECK(Staff(*at.prison.node).list()->size() == 2);
  REQUIRE(at.rows().size() == 1);
  const auto row = at.rows().front();
  CHECK(row.act == AuditAct::let_in);
  CHECK(row.actor == kim);
  CHECK(row.record.record == sync::RecordId{kim.bytes});
  CHECK(row.reason == "Let in with the recovery sheet");
  CHECK(Audit(*at.prison.node).check());
}

TEST_CASE(
    "the recovery sheet lets in somebody new who looks after the staff list, and both lists "
    "say so",
    "[accounts][cli]") {
  Computer at;
  at.jo_has_left();
  CHECK(at.add_by_sheet({"Ada New", "--roles", "coordinator", "--sign-in", "ada"}) == 0);
  const auto ada = Staff(*at.prison.node).actor_for("ada");
  REQUIRE(ada);
  CHECK(ada->role.find("administrator") != std::string::npos);
  CHECK(ada->role.find("coordinator") != std::string::npos);
  REQUIRE(at.rows().size() == 1);
  CHECK(at.rows().front().act == AuditAct::let_in);
  CHECK(at.rows().front().actor == ada->id);
  const auto site = Staff(*at.prison.node).site();
  REQUIRE((site && *site));
  const auto type = rule_of(*schema::StaffMember::descriptor()).type();
  const auto history =
      sync::store::RecordReader(at.prison.node->database(), at.prison.node->context())
          .history({**site, sync::RecordId{ada->id.bytes}, type}, {});
  REQUIRE(history);
  REQUIRE_FALSE(history->empty());
  for (const auto& change : *history) CHECK(change.reason == "Let in with the recovery sheet");
}

TEST_CASE("what the recovery sheet does not open changes nothing, and is not written down as done",
          "[accounts][cli]") {
  Computer at;
  const auto kim = at.listed("Kim Made-Up", {"coordinator"});
  TestSite other(at.world, "Made-Up Partner", sync::OrganisationKind::partner);
  const auto fresh = at.private_file("new", "river teapot quarrel 5");
  const Words kim_by{"staff", "add", "Kim Made-Up", "--existing", "--sign-in", "kim"};
  const auto refused = [&](const Words& words, int code, const char* why) {
    CHECK(at.run_unsigned(at.prison, words) == code);
    INFO(at.err.str());
    CHECK(at.err.str().find(why) != std::string::npos);
    CHECK(at.rows().empty());
    CHECK_FALSE(*at.prison.accounts.has_password("kim"));
  };
  const auto with = [](Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  refused(with(kim_by, {"--recovery-sheet", at.sheet_of(other), "--new-password-file", fresh}), 1,
          "not the one of this store");
  const auto sheet = at.sheet_of(at.prison);
  const Words by_sheet{"--recovery-sheet", sheet, "--new-password-file", fresh};
  refused(with(kim_by, {"--recovery-sheet", sheet, "--new-password-file",
                        at.private_file("weak", "password1234")}),
          1, "assword");
  refused(with({"staff", "add", "Kim Made-Up", "--existing"}, by_sheet), 2, "--sign-in NAME");
  refused(with({"staff", "add", "Ada New"}, by_sheet), 2, "--sign-in NAME");
  refused(with({"staff", "add", "Jo Made-Up", "--existing", "--sign-in", "jo.two"}, by_sheet), 1,
          "sign in on this computer already, as jo");
  refused(with({"staff", "add", "Kim Made-Up", "--existing", "--sign-in", "jo"}, by_sheet), 1,
          "Somebody signs in by this name already");
  refused(with({"staff", "add", "Nobody", "--existing", "--sign-in", "no"}, by_sheet), 1, "");
  REQUIRE(Staff(*at.prison.node).set_left(kim, at.prison.actor()));
  refused(with(kim_by, by_sheet), 1, "has left");
}

TEST_CASE("a password that was set with the recovery sheet is written down", "[accounts][cli]") {
  Computer at;
  CHECK(at.run_unsigned(at.prison, {"--recovery-sheet", at.sheet_of(at.prison), "staff", "password",
                                    "jo", "--new-password-file",
                                    at.private_file("new", "river teapot quarrel 5")}) == 0);
  REQUIRE(at.rows().size() == 1);
  CHECK(at.rows().front().act == AuditAct::let_in);
  CHECK(at.rows().front().actor == at.prison.actor().id);
}

TEST_CASE("a way in that another program takes away in the middle of a command ends it in words",
          "[accounts][cli]") {
  Computer at;
  {
    sync::store::UnitOfWork work(at.prison.node->database());
    work.run(
        "CREATE TRIGGER meanwhile AFTER UPDATE OF last_sign_in_ms ON account BEGIN DELETE FROM "
        "account WHERE sign_in_name = NEW.sign_in_name; END");
    REQUIRE(work.commit());
  }
  CHECK(at.run(at.prison, {"staff", "list"}) == 1);
  CHECK(at.err.str().find("This sign-in name has just been taken away") != std::string::npos);
  CHECK(at.out.str().empty());
}

TEST_CASE("whoever signed in before a reset changes the password no more", "[accounts][cli]") {
  Computer at;
  auto& accounts = at.prison.accounts;
  const bool is_reset = GENERATE(true, false);
  Typist typist([&] {
    if (is_reset) REQUIRE(accounts.set_password("jo", "otter parcel window 8", at.key));
  });
  const std::vector<std::string> own{
      "--as",     "jo", "--password-file", at.private_file("jo", good_password), "staff",
      "password", "jo"};
  CHECK(at.run_with(typist, at.prison, own) == (is_reset ? 1 : 0));
  CHECK(accounts.sign_in("jo", "otter parcel window 8", at.world.clock).has_value() == is_reset);
  if (is_reset) CHECK(at.err.str().find("was changed meanwhile") != std::string::npos);
  at.world.now_ms += 3'600'000;
  CHECK(accounts.sign_in("jo", "saddle fountain ember 3", at.world.clock).has_value() != is_reset);
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
