// The program around the hub: settings, the key file, commands.
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <google/protobuf/stubs/logging.h>

#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/words.h"
#include "hub/commands.h"
#include "hub/key_file.h"
#include "hub/routes.h"
#include "hub/settings.h"
#include "hub/wire.h"
#include "tests/hub/made_up.h"

namespace {

using namespace throughgate;
using namespace throughgate::hub;
using namespace throughgate::hub::testing;

// ---- settings

TEST_CASE("the example settings are the defaults, and none is left out", "[settings]") {
  const auto example = read_settings(std::string(THROUGHGATE_SOURCE) + "/config/hub.example.toml");
  REQUIRE(example);
  const Settings defaults;
  CHECK(example->store_file == defaults.store_file);
  CHECK(example->key_file == defaults.key_file);
  CHECK(example->server.address == defaults.server.address);
  CHECK(example->server.port == defaults.server.port);
  CHECK(example->server.hosts == defaults.server.hosts);
  CHECK(example->server.threads == defaults.server.threads);
  CHECK(example->limits.bytes_per_day_max == defaults.limits.bytes_per_day_max);
  CHECK(example->limits.dossiers_max == defaults.limits.dossiers_max);
  CHECK(example->limits.late_bytes_max == defaults.limits.late_bytes_max);
}

TEST_CASE("the example proxy lets through what the hub answers, and nothing else", "[settings]") {
  std::ifstream file(std::string(THROUGHGATE_SOURCE) + "/config/nginx/throughgate-hub.conf");
  const std::string conf{std::istreambuf_iterator<char>(file), {}};
  std::string names;
  for (const auto endpoint : endpoints) {
    names += (names.empty() ? "" : "|") + std::string(name_of(endpoint));
  }
  CHECK(conf.find("location ~ ^/v1/(" + names + ")$ {") != std::string::npos);
  CHECK(conf.find("location / { return 404; }") != std::string::npos);
  CHECK(conf.find("client_max_body_size  " + std::to_string(request_bytes_max >> 20) + "m;") !=
        std::string::npos);
}

TEST_CASE("settings that are misspelt or out of range are refused by name", "[settings]") {
  for (const auto& [text, named] : std::vector<std::pair<std::string, std::string>>{
           {"[server]\nprot = 1", "server.prot"},
           {"[server]\nport = 70000", "server.port"},
           {"[server]\nport = \"80\"", "server.port"},
           {"[server]\nhosts = [1]", "server.hosts"},
           {"[store]\nfile = \"\"", "store.file"},
           {"[limits]\ndossiers = -1", "limits.dossiers"},
           {"port = 1", "port"},
           {"[server\n", "line 1"},
           {"[(server)]", "line 1"},
           {"[[[server]]]", "line 1"},
           {"Ѿ = 1", "line 1"}}) {
    const auto settings = parse_settings(text);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().kind == ErrorKind::invalid);
    CHECK(settings.error().message.find(named) != std::string::npos);
  }
  const auto changed = parse_settings("[limits]\nlate_box_mib = 3\n[server]\nhosts = [\"a:1\"]");
  REQUIRE(changed);
  CHECK(changed->limits.late_bytes_max == 3u << 20);
  CHECK(changed->server.hosts == std::vector<std::string>{"a:1"});
}

// ---- files and commands

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/throughgate-hub-XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    path_ = name;
    write("hub.toml",
          "[store]\nfile = \"" + path("hub.db") + "\"\nkey_file = \"" + path("hub.key") + "\"\n");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path(const std::string& name) const { return path_ + "/" + name; }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(path(name), std::ios::binary) << text;
  }

 private:
  std::string path_;
};

struct Said {
  int code = 0;
  std::string out;
  std::string err;
};

Said run(const Folder& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"--settings", folder.path("hub.toml")});
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_command(arguments, out, err);
  return {code, out.str(), err.str()};
}

std::string value_of(const std::string& said, const std::string& name) {
  const auto at = said.find(name + ":");
  REQUIRE(at != std::string::npos);
  std::istringstream in(said.substr(at + name.size() + 1));
  std::string value;
  in >> value;
  return value;
}

TEST_CASE("the program keeps what a library thinks of others' bytes out of its log", "[logs]") {
  static int told = 0;
  google::protobuf::SetLogHandler([](auto, auto*, int, const std::string&) { ++told; });
  schema::DirectoryNode sent;
  CHECK_FALSE(sent.ParseFromString(std::string("\x2A\x01\xFF", 3)));  // a label that is no text
  REQUIRE(told == 1);
  Folder folder;
  CHECK(run(folder, {"status"}).code == 1);
  CHECK_FALSE(sent.ParseFromString(std::string("\x2A\x01\xFF", 3)));
  CHECK(told == 1);
}

TEST_CASE("a key file that others may read is refused", "[files]") {
  Folder folder;
  SeededRandom random(3);
  REQUIRE(create_key_file(folder.path("k"), random));
  CHECK(read_key_file(folder.path("k")));
  CHECK(create_key_file(folder.path("k"), random).error().kind == ErrorKind::invalid);
  for (const mode_t mode : {0640u, 0604u, 0620u}) {
    REQUIRE(chmod(folder.path("k").c_str(), mode) == 0);
    CHECK(read_key_file(folder.path("k")).error().kind == ErrorKind::denied);
  }
  folder.write("short", "123");
  REQUIRE(chmod(folder.path("short").c_str(), 0600) == 0);
  CHECK(read_key_file(folder.path("short")).error().kind == ErrorKind::invalid);
  CHECK(read_key_file(folder.path("none")).error().kind == ErrorKind::not_found);
  const auto nowhere = create_key_file(folder.path("no/such/folder"), random);
  CHECK(nowhere.error().kind == ErrorKind::unavailable);
  CHECK(nowhere.error().message.find(folder.path("no/such/folder")) != std::string::npos);
}

TEST_CASE("wrong usage ends with 2, a refusal with 1 and words on stderr", "[commands]") {
  Folder folder;
  CHECK(run(folder, {}).code == 2);
  CHECK(run(folder, {"nonsense"}).code == 2);
  CHECK(run(folder, {"open"}).code == 2);
  CHECK(run(folder, {"open", "--all", "--dossier", "00"}).code == 2);
  CHECK(run(folder, {"--help"}).code == 0);
  for (const auto& command : std::vector<std::vector<std::string>>{{"status"},
                                                                   {"serve"},
                                                                   {"trust", std::string(64, '0')},
                                                                   {"new-instance"},
                                                                   {"open", "--all"},
                                                                   {"backup", folder.path("b")}}) {
    const Said said = run(folder, command);
    CHECK(said.code == 1);
    CHECK(said.err.find("Run init first") != std::string::npos);
  }
}

TEST_CASE("a hub is made, trusts one key, and takes the list that names it", "[commands]") {
  Folder folder;
  const Said made = run(folder, {"init"});
  REQUIRE(made.code == 0);
  CHECK(run(folder, {"init"}).code == 1);
  CHECK(value_of(run(folder, {"status"}).out, "key") == value_of(made.out, "key"));
  CHECK(value_of(run(folder, {"status"}).out, "may serve") == "no.");

  SeededRandom random(5);
  const auto desk = crypto::SigningKey::generate(random);
  schema::DirectoryBody body;
  const auto put_hub = [&](const std::string& said) {
    body.mutable_hub()->set_verify_key(wire::text(*crypto::from_hex(value_of(said, "key"))));
    body.mutable_hub()->set_instance(wire::text(*crypto::from_hex(value_of(said, "instance"))));
  };
  put_hub(made.out);
  sync::Directory directory;
  schema::SyncRequest list;
  const auto sign = [&] {
    const auto step = directory.sign_next(body, 1, 2, desk);
    REQUIRE(directory.apply(step, desk.verify_key()));
    wire::set(step, *list.add_directory());
    folder.write("list", list.SerializeAsString());
  };
  sign();
  const auto key = crypto::to_hex(desk.verify_key());
  CHECK(run(folder, {"trust", "xyz"}).code == 1);
  REQUIRE(run(folder, {"trust", key}).code == 0);
  CHECK(run(folder, {"trust", std::string(64, '0')}).code == 1);
  CHECK(run(folder, {"trust", key, "--list", folder.path("none")}).code == 1);
  CHECK(run(folder, {"trust", key, "--list", folder.path("hub.toml")}).code == 1);
  REQUIRE(run(folder, {"trust", key, "--list", folder.path("list")}).code == 0);
  CHECK(value_of(run(folder, {"status"}).out, "may serve") == "yes");

  const Said anew = run(folder, {"new-instance"});
  CHECK(anew.code == 0);
  CHECK(value_of(anew.out, "key") == value_of(made.out, "key"));
  CHECK(value_of(anew.out, "instance") != value_of(made.out, "instance"));
  CHECK(value_of(run(folder, {"status"}).out, "may serve") == "no.");
  CHECK(run(folder, {"open", "--all"}).code == 1);
  put_hub(anew.out);
  sign();
  REQUIRE(run(folder, {"trust", key, "--list", folder.path("list")}).code == 0);
  CHECK(run(folder, {"open", "--all"}).code == 0);
  CHECK(run(folder, {"open", "--dossier", "12"}).code == 1);

  CHECK(run(folder, {"backup", folder.path("copy.db")}).code == 0);
  CHECK(run(folder, {"backup", folder.path("copy.db")}).code == 1);
  std::filesystem::rename(folder.path("copy.db"), folder.path("hub.db"));
  std::filesystem::remove(folder.path("hub.db-wal"));
  CHECK(value_of(run(folder, {"status"}).out, "key") == value_of(made.out, "key"));
}

TEST_CASE("a key that the list does not match is not trusted", "[commands]") {
  Folder folder;
  const Said made = run(folder, {"init"});
  REQUIRE(made.code == 0);
  CHECK(value_of(run(folder, {"status"}).out, "trusted key") == "none");

  SeededRandom random(5);
  const auto desk = crypto::SigningKey::generate(random);
  schema::DirectoryBody body;
  body.mutable_hub()->set_verify_key(wire::text(*crypto::from_hex(value_of(made.out, "key"))));
  body.mutable_hub()->set_instance(wire::text(*crypto::from_hex(value_of(made.out, "instance"))));
  schema::SyncRequest list;
  wire::set(sync::Directory().sign_next(body, 1, 2, desk), *list.add_directory());
  folder.write("list", list.SerializeAsString());
  folder.write("empty", "");

  const auto key = crypto::to_hex(desk.verify_key());
  auto slip = key;
  slip.back() = slip.back() == '0' ? '1' : '0';
  for (const auto& [typed, file] : {std::pair(slip, "list"), {key, "empty"}, {key, "none"}}) {
    const Said said = run(folder, {"trust", typed, "--list", folder.path(file)});
    CHECK(said.code == 1);
    CHECK(said.out.empty());
    CHECK(said.err.find("Nothing was changed.") != std::string::npos);
    CHECK(value_of(run(folder, {"status"}).out, "trusted key") == "none");
  }
  auto other_hub = body;
  other_hub.mutable_hub()->set_verify_key(wire::text(desk.verify_key()));
  schema::SyncRequest other_list;
  wire::set(sync::Directory().sign_next(other_hub, 1, 2, desk), *other_list.add_directory());
  folder.write("other", other_list.SerializeAsString());
  const Said other = run(folder, {"trust", key, "--list", folder.path("other")});
  CHECK(other.code == 1);
  CHECK(other.out.empty());
  CHECK(other.err.find("names another exchange") != std::string::npos);
  CHECK(value_of(run(folder, {"status"}).out, "trusted key") == "none");

  const auto words = crypto::fingerprint_words(desk.verify_key());
  for (const auto& heard :
       {std::string("able acid"), words + " more", "able" + words.substr(words.find(' '))}) {
    const Said said = run(folder, {"trust", key, "--list", folder.path("list"), "--words", heard});
    CHECK(said.code == 1);
    CHECK(said.err.find("Nothing was changed.") != std::string::npos);
    CHECK(value_of(run(folder, {"status"}).out, "trusted key") == "none");
  }
  const Said kept =
      run(folder, {"trust", key, "--list", folder.path("list"), "--words", "  " + words + "."});
  REQUIRE(kept.code == 0);
  CHECK(kept.out.find("compare") == std::string::npos);  // that is done
  CHECK(run(folder, {"status"})
            .out.find("trusted key: " + crypto::fingerprint_words(desk.verify_key()) + "\n") !=
        std::string::npos);
}

TEST_CASE("files that the hub makes are its user's alone", "[commands]") {
  Folder folder;
  REQUIRE(run(folder, {"init"}).code == 0);
  for (const auto* name : {"hub.db", "hub.key"}) {
    struct stat status {};
    REQUIRE(stat(folder.path(name).c_str(), &status) == 0);
    CHECK((status.st_mode & 077) == 0);
  }
}

TEST_CASE("serve stops at SIGTERM and at SIGINT, with 0", "[commands]") {
  const int signal = GENERATE(SIGTERM, SIGINT);
  Folder folder;
  REQUIRE(run(folder, {"init"}).code == 0);
  folder.write("hub.toml", "[store]\nfile = \"" + folder.path("hub.db") + "\"\nkey_file = \"" +
                               folder.path("hub.key") + "\"\n[server]\nport = 0\n");
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    const auto settings = folder.path("hub.toml");
    execl(THROUGHGATE_HUB, THROUGHGATE_HUB, "--settings", settings.c_str(), "serve", nullptr);
    _exit(99);
  }
  close(ends[1]);
  char first[10];
  REQUIRE(read(ends[0], first, sizeof first) > 0);  // it listens
  REQUIRE(kill(child, signal) == 0);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  close(ends[0]);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

}  // namespace
