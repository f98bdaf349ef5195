// Every command that prints records, given by somebody of each role.
#include <catch_amalgamated.hpp>
#include <sstream>

#include "node/cli/commands.h"
#include "node/cli/program.h"
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
    const std::vector<std::string> first{"--data",          site_.prison.folder.path(),
                                         "--as",            site_.person(roles),
                                         "--password-file", password_,
                                         "--codes",         CODES_FOLDER};
    words.insert(words.begin(), first.begin(), first.end());
    const int code = program.run(words);
    return {code, out.str()};
  }

 private:
  FilledSite& site_;
  std::string password_;
};

std::vector<std::vector<std::string>> every_command(const FilledSite& site) {
  std::vector<std::vector<std::string>> out{{"search", "zq"},     {"search", "zq110f3z"},
                                            {"handover", "list"}, {"conflict", "list"},
                                            {"staff", "list"}};
  for (const auto& name : site.records) {
    const auto* type = record_type(name.type);
    const std::string number = type->root ? name.dossier.hex()
                                          : name.dossier.hex() + "/" + type->name + "/" +
                                                name.record.hex();
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
  const auto after =
      commands.run({"security"}, {"record", "show", notes, "--reason", "an appeal"});
  CHECK(after.text.find("zq80f2z") != std::string::npos);
}

TEST_CASE("each thing that the table gives to some is refused to others in words", "[permissions]") {
  FilledSite site;
  Commands commands(site);
  const auto handover = site.record("handover").dossier.hex();
  const std::string some = std::string(32, 'a');
  const std::vector<std::vector<std::string>> asked{
      {"handover", "share", handover, some},
      {"volunteer", "import", "volunteers.csv"},
      {"staff", "add", "Al Invented"},
      {"key-file", site.world.folder.path("key")},
      {"desk", "invite", "A Name", "--kind", "prison"}};
  for (const auto& words : asked) {
    const auto answer = commands.run({"governor"}, words);
    INFO(words[0] << ": " << answer.text);
    CHECK(answer.code == 1);
    CHECK(answer.text.find("Your roles at this site do not let you") != std::string::npos);
    CHECK(answer.text.find("Ask somebody who is") != std::string::npos);
  }
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
  must(replace_private_file(path, crypto::as_bytes("[volunteer]\npersonal = {}\nconfidential = {}\n")));
  const auto narrow = commands.run({"coordinator"}, {"record", "list", "volunteer"});
  CHECK(narrow.text.find("do not let you see volunteers") != std::string::npos);
}

}  // namespace throughgate::node::testing
