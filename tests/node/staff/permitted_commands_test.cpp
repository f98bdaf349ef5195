// Every command that prints records, given by somebody of each role.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <sstream>

#include "node/audit.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/staff/staff_changes.h"
#include "tests/node/staff/filled_site.h"

namespace throughgate::node::testing {
namespace {

struct Nobody final : cli::Prompt {
  sync::Result<crypto::SecretText> secret(std::string_view, std::string_view) override {
    return sync::Error{sync::ErrorKind::invalid, "There is nobody to ask."};
  }
};

struct Answer {
  int code = 0;
  std::string text;
};

class Commands {
 public:
  explicit Commands(FilledSite& site) : site_(site) {
    password_ = site.world.folder.path("password");
    must(replace_private_file(password_, crypto::as_bytes(good_password)));
  }

  Answer run(const RoleSet& roles, std::vector<std::string> words) {
    Nobody nobody;
    std::ostringstream out;
    cli::Program program({out, out, nobody, site_.world.random, site_.world.clock, cheap()});
    cli::add_record_commands(program);
    cli::add_search_commands(program);
    cli::add_handover_commands(program);
    cli::add_conflict_commands(program);
    cli::add_volunteer_commands(program);
    cli::add_staff_commands(program);
    cli::add_desk_commands(program);
    cli::add_setup_commands(program);
    cli::add_audit_commands(program);
    cli::add_check_commands(program);
    const std::vector<std::string> first{"--data",
                                         site_.prison.folder.path(),
                                         "--as",
                                         site_.person(roles),
                                         "--password-file",
                                         password_,
                                         "--codes",
                                         CODES_FOLDER};
    words.insert(words.begin(), first.begin(), first.end());
    const int code = program.run(words);
    return {code, out.str()};
  }

 private:
  FilledSite& site_;
  std::string password_;
};

std::vector<std::vector<std::string>> every_command(const FilledSite& site) {
  std::vector<std::vector<std::string>> out{{"search", "zq"},
                                            {"search", "zq110f3z"},
                                            {"handover", "list"},
                                            {"conflict", "list"},
                                            {"staff", "list"}};
  for (const auto& name : site.records) {
    const auto* type = record_type(name.type);
    const std::string number =
        type->root ? name.dossier.hex()
                   : name.dossier.hex() + "/" + type->name + "/" + name.record.hex();
    out.push_back({"record", "list", type->name});
    out.push_back({"record", "show", number});
    out.push_back({"record", "history", number});
  }
  const auto handover = site.record("handover").dossier.hex();
  out.push_back({"handover", "show", handover});
  return out;
}

}  // namespace

TEST_CASE("what the table bars is printed by no command, for any role", "[permissions]") {
  FilledSite site;
  Commands commands(site);
  for (const RoleSet& roles :
       {RoleSet{}, RoleSet{"coordinator"}, RoleSet{"gate_meeter"}, RoleSet{"security"}}) {
    for (auto words : every_command(site)) {
      for (const bool json : {false, true}) {
        if (json) words.emplace_back("--json");
        const auto answer = commands.run(roles, words);
        const auto leaks = site.leaks(answer.text, roles);
        INFO(joined(roles) << ": " << words[0] << " " << words[1] << " "
                           << (leaks.empty() ? "" : leaks.front()));
        CHECK(leaks.empty());
      }
    }
  }
}

TEST_CASE("a reason given with the command shows what asks for one", "[permissions]") {
  FilledSite site;
  Commands commands(site);
  const auto notes = site.record("vetting-notes").dossier.hex();
  const auto before = commands.run({"security"}, {"record", "show", notes});
  CHECK(before.text.find("shown with --reason WHY") != std::string::npos);
  CHECK(before.text.find("zq80f2z") == std::string::npos);
  const auto after = commands.run({"security"}, {"record", "show", notes, "--reason", "an appeal"});
  CHECK(after.text.find("zq80f2z") != std::string::npos);
}

TEST_CASE("each thing that the table gives to some is refused to others in words",
          "[permissions]") {
  FilledSite site;
  Commands commands(site);
  const std::vector<std::vector<std::string>> asked{
      {"handover", "new", "family-name=Example"},
      {"volunteer", "import", "volunteers.csv"},
      {"staff", "add", "Al Invented"},
      {"key-file", site.world.folder.path("key")},
      {"desk", "invite", "A Name", "--kind", "prison"}};
  for (const auto& words : asked) {
    const auto answer = commands.run({"governor"}, words);
    INFO(words[0] << ": " << answer.text);
    CHECK(answer.code == 1);
    CHECK(answer.text.find("Your roles at this site do not let you") != std::string::npos);
    CHECK(answer.text.find(" Ask ") != std::string::npos);
  }
}

TEST_CASE("a command that shows something noted has its row, and without a row it shows nothing",
          "[audit]") {
  FilledSite site;
  Commands commands(site);
  const auto handover = site.record("handover").dossier.hex();
  const auto shown = commands.run({"handover_worker"}, {"handover", "show", handover});
  CHECK(shown.text.find("zq110f40z") != std::string::npos);
  const auto rows = must(Audit(*site.prison.node).list({}, 100));
  const auto of_root = std::find_if(rows.begin(), rows.end(), [&](const AuditRow& row) {
    return row.record == site.record("handover");
  });
  REQUIRE(of_root != rows.end());
  CHECK(std::count(of_root->fields.begin(), of_root->fields.end(), 40u) == 1);
  sync::store::UnitOfWork work(site.prison.node->database());
  work.run("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
  must(work.commit());
  const auto silent = commands.run({"handover_worker"}, {"handover", "show", handover});
  CHECK(silent.code == 1);
  CHECK(silent.text.find("zq") == std::string::npos);
  CHECK(silent.text.find("Who looks at this is written down") != std::string::npos);
}

TEST_CASE("who looked at what is listed, checked and taken out by those who may", "[audit]") {
  FilledSite site;
  Commands commands(site);
  commands.run({"security"}, {"record", "show", site.record("person").dossier.hex()});
  const auto listed = commands.run({"governor"}, {"audit", "list"});
  CHECK(listed.code == 0);
  CHECK(listed.text.find("Person in prison") != std::string::npos);
  const auto by_others = commands.run({"governor"}, {"audit", "list", "--person", "jo"});
  CHECK(by_others.text.find("Nothing is written down here yet.") != std::string::npos);
  CHECK(commands.run({"coordinator"}, {"audit", "list"}).code == 1);
  const auto checked = commands.run({"security"}, {"audit", "check"});
  CHECK(checked.code == 0);
  CHECK(checked.text.find("Every row is as it was written.") != std::string::npos);
  CHECK(commands.run({"security"}, {"audit", "check", "--known", "1-9f3c28aa01d4be57"}).code == 1);
  CHECK(commands.run({"security"}, {"audit", "check", "--known", "one"}).code == 2);
  const auto file = site.world.folder.path("looks.csv");
  CHECK(commands.run({"security"}, {"audit", "export", file}).text.find("Say why") !=
        std::string::npos);
  CHECK(commands.run({"administrator"}, {"audit", "export", file, "--reason", "a try"}).code == 1);
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK(commands.run({"security"}, {"audit", "export", file, "--reason", "the year"}).code == 0);
  CHECK(std::filesystem::exists(file));
  CHECK(must(Audit(*site.prison.node).list({}, 1)).front().act == AuditAct::file_taken);
}

TEST_CASE("check names the row of who looked at what that was altered", "[audit]") {
  FilledSite site;
  Commands commands(site);
  commands.run({"security"}, {"record", "show", site.record("person").dossier.hex()});
  sync::store::UnitOfWork work(site.prison.node->database());
  work.run("UPDATE audit SET at_ms = 1 WHERE number = 1");
  must(work.commit());
  const auto checked = commands.run({"administrator"}, {"check"});
  CHECK(checked.code == 1);
  CHECK(checked.text.find("row 1 is not as it was written") != std::string::npos);
}

TEST_CASE("whose password was given to them chooses another before anything else", "[staff]") {
  FilledSite site;
  Commands commands(site);
  const auto name = site.person({"coordinator"});
  must(Staff(*site.prison.node).set_must_change(name, true));
  const auto refused = commands.run({"coordinator"}, {"record", "list", "volunteer"});
  CHECK(refused.code == 1);
  CHECK(refused.text.find("staff password " + name) != std::string::npos);
  const auto fresh = site.world.folder.path("fresh");
  must(replace_private_file(fresh, crypto::as_bytes(good_password)));
  CHECK(commands.run({"coordinator"}, {"staff", "password", "jo", "--new-password-file", fresh})
            .code == 1);
  CHECK(commands.run({"coordinator"}, {"staff", "password", name, "--new-password-file", fresh})
            .code == 0);
  CHECK(commands.run({"coordinator"}, {"record", "list", "volunteer"}).code == 0);
}

TEST_CASE("roles, a reset and leaving are done by commands", "[staff]") {
  FilledSite site;
  Commands commands(site);
  const auto worker = site.person({"handover_worker"});
  const RoleSet jo{"administrator"};
  CHECK(commands.run(jo, {"staff", "roles", worker}).code == 2);
  CHECK(commands.run(jo, {"staff", "roles", worker, "--add", "chaplain"}).code == 1);
  CHECK(commands.run(jo, {"staff", "roles", worker, "--add", "gate_meeter"})
            .text.find("gate_meeter") != std::string::npos);
  const auto reset = commands.run(jo, {"staff", "reset", worker});
  CHECK(reset.code == 0);
  CHECK(reset.text.find("They must choose their own") != std::string::npos);
  CHECK(commands.run(jo, {"staff", "leave", worker, "--to", worker}).code == 1);
  const auto left = commands.run(jo, {"staff", "leave", worker, "--to", "jo"});
  CHECK(left.code == 0);
  CHECK(left.text.find("has left") != std::string::npos);
  CHECK_FALSE(must(site.prison.accounts.has_password(worker)));
  CHECK(commands.run({"coordinator"}, {"staff", "reset", "jo"}).code == 1);
}

TEST_CASE("a password that somebody else set is changed before anything else is done", "[staff]") {
  FilledSite site;
  Commands commands(site);
  const auto worker = site.person({"handover_worker"});
  const auto fresh = site.world.folder.path("fresh");
  must(replace_private_file(fresh, crypto::as_bytes(good_password)));
  const std::vector<std::string> set{"staff", "password", worker, "--new-password-file", fresh};
  const auto by_other = commands.run({"administrator"}, set);
  CHECK(by_other.code == 0);
  CHECK(by_other.text.find("they must choose their own") != std::string::npos);
  const auto newest = [&] {
    const auto rows = must(Audit(*site.prison.node).list({}, 1));
    REQUIRE(rows.size() == 1);
    return rows.front();
  };
  CHECK(newest().act == AuditAct::way_given);
  const auto number = newest().number;
  const auto refused = commands.run({"handover_worker"}, {"record", "list", "handover"});
  CHECK(refused.code == 1);
  CHECK(refused.text.find("Your password was given to you by somebody else") != std::string::npos);
  CHECK(commands.run({"handover_worker"}, set).code == 0);
  CHECK(newest().number == number);  // one's own
  CHECK(commands.run({"handover_worker"}, {"record", "list", "handover"}).code == 0);
}

TEST_CASE("whoever has left at another computer has no way in after the next command", "[staff]") {
  FilledSite site;
  Commands commands(site);
  const auto worker = site.person({"handover_worker"});
  const auto member = must(staff_meant(*site.prison.node, worker));
  must(Staff(*site.prison.node).set_left(member.id, site.prison.actor()));
  const auto refused = commands.run({"handover_worker"}, {"record", "list", "handover"});
  CHECK(refused.code == 1);
  CHECK(refused.text.find("has left") != std::string::npos);
  CHECK_FALSE(must(site.prison.accounts.has_password(worker)));
}

TEST_CASE("a permissions file that cannot be read lets nothing run", "[permissions]") {
  FilledSite site;
  Commands commands(site);
  site.person({"coordinator"});
  const auto path = site.prison.folder.permissions();
  must(replace_private_file(path, crypto::as_bytes("[acts]\nshare = [\"everyone\"]\n")));
  const auto wider = commands.run({"coordinator"}, {"record", "list", "volunteer"});
  CHECK(wider.code == 1);
  CHECK(wider.text.find("permissions.toml") != std::string::npos);
  CHECK(wider.text.find("line 2") != std::string::npos);
  must(replace_private_file(path,
                            crypto::as_bytes("[volunteer]\npersonal = {}\nconfidential = {}\n")));
  const auto narrow = commands.run({"coordinator"}, {"record", "list", "volunteer"});
  CHECK(narrow.text.find("do not let you see volunteers") != std::string::npos);
}

}  // namespace throughgate::node::testing
