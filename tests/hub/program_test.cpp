// The program around it: HTTP with real sockets on this machine, settings, the key file, commands.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "crypto/words.h"
#include "hub/commands.h"
#include "hub/http_guard.h"
#include "hub/key_file.h"
#include "hub/routes.h"
#include "hub/settings.h"
#include "hub/wire.h"
#include "tests/hub/made_up.h"

namespace {

using namespace throughgate;
using namespace throughgate::hub;
using namespace throughgate::hub::testing;

// ---- a client that sends exactly these bytes

class Socket {
 public:
  explicit Socket(int port) : number_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(number_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { close(number_); }

  bool is_connected() const { return connected_; }
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void end_writing() { shutdown(number_, SHUT_WR); }
  // Everything until the other side closes.
  std::string read_to_end() { return read_until(""); }
  // Until what has come holds `mark`; empty: to the end.
  std::string read_until(const std::string& mark) {
    std::string out;
    char buffer[4096];
    while (mark.empty() || out.find(mark) == std::string::npos) {
      const auto got = recv(number_, buffer, sizeof buffer, 0);
      if (got <= 0) return out;
      out.append(buffer, static_cast<std::size_t>(got));
    }
    return out;
  }

 private:
  int number_;
  bool connected_ = false;
};

int status_of(const std::string& answer) {
  if (answer.rfind("HTTP/1.1 ", 0) != 0) return 0;
  return std::stoi(answer.substr(9, 3));
}

std::string body_of(const std::string& answer) {
  const auto at = answer.find("\r\n\r\n");
  return at == std::string::npos ? "" : answer.substr(at + 4);
}

class Served {
 public:
  explicit Served(World& world) : world_(world) {
    ServerSettings settings;
    for (int port = 18'600; port < 18'900 && port_ == 0; ++port) {
      settings.port = port;
      server_ =
          std::make_unique<HttpServer>(world.api(), settings, [this] { return world_.now_ms; });
      if (server_->bind()) port_ = port;
    }
    REQUIRE(port_ != 0);
    thread_ = std::thread([this] { server_->run(); });
  }
  ~Served() { stop(); }
  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }
  int port() const { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string ask(const std::string& text) {
    Socket socket(port_);
    socket.write(text);
    return socket.read_to_end();
  }
  std::string post(const std::string& path, const std::string& headers, const std::string& body) {
    return ask("POST " + path + " HTTP/1.1\r\nHost: " + host() + "\r\nConnection: close\r\n" +
               headers + "\r\n" + body);
  }
  std::string post(const std::string& path, const std::string& body) {
    return post(path, binary + "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
  }

  const std::string binary = "Content-Type: application/octet-stream\r\n";

 private:
  World& world_;
  int port_ = 0;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

// What the hub logs meanwhile.
class Log {
 public:
  Log() : before_(spdlog::default_logger()) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_, true)));
  }
  ~Log() { spdlog::set_default_logger(before_); }
  // To be asked once nobody writes any more.
  std::size_t count(const std::string& words) const {
    const std::string all = text_.str();
    std::size_t found = 0;
    for (auto at = all.find(words); at != std::string::npos; at = all.find(words, at + 1)) ++found;
    return found;
  }

 private:
  std::ostringstream text_;
  std::shared_ptr<spdlog::logger> before_;
};

TEST_CASE("a node signs in and syncs over HTTP", "[http]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  Served served(world);
  schema::SyncRequest request;
  *request.mutable_credential() = world.credential(world.partner_a);
  const auto answer = served.post("/v1/sync", request.SerializeAsString());
  REQUIRE(status_of(answer) == 200);
  schema::SyncReply reply;
  REQUIRE(reply.ParseFromString(body_of(answer)));
  CHECK(reply.heads().heads_size() == 1);

  request.mutable_credential()->set_signature("no");
  const auto refused = served.post("/v1/sync", request.SerializeAsString());
  CHECK(status_of(refused) == 401);
  CHECK(body_of(refused).find("sign in") != std::string::npos);
}

TEST_CASE("guards refuse before a body is read", "[http]") {
  World world;
  Served served(world);
  const std::string length = "Content-Length: 3\r\n";
  CHECK(status_of(served.post("/v1/sync", served.binary + "Transfer-Encoding: chunked\r\n",
                              "3\r\nabc\r\n0\r\n\r\n")) == 411);
  CHECK(status_of(served.post("/v1/sync", served.binary, "")) == 411);
  CHECK(status_of(served.post("/v1/sync", served.binary + length + "Content-Encoding: gzip\r\n",
                              "abc")) == 415);
  CHECK(status_of(served.post("/v1/sync", "Content-Type: text/plain\r\n" + length, "abc")) == 415);
  CHECK(status_of(served.post(
            "/v1/sync", served.binary + length + "Origin: https://example.org\r\n", "abc")) == 403);
  CHECK(status_of(served.post("/v1/sync", served.binary + length + "Sec-Fetch-Site: cross-site\r\n",
                              "abc")) == 403);
  CHECK(status_of(served.post("/v1/sync", served.binary + "Content-Length: 3000000\r\n", "abc")) ==
        413);
  CHECK(status_of(served.ask("PUT /v1/sync HTTP/1.1\r\nHost: " + served.host() +
                             "\r\nContent-Length: 0\r\n\r\n")) == 405);
  CHECK(status_of(served.ask("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n")) == 421);
  CHECK(status_of(served.ask("GET /healthz HTTP/1.1\r\nHost: " + served.host() +
                             "\r\nConnection: close\r\n\r\n")) == 200);
  CHECK(status_of(served.ask("GET /etc/passwd HTTP/1.1\r\nHost: " + served.host() +
                             "\r\nConnection: close\r\n\r\n")) == 404);
}

TEST_CASE("the guard stands by itself, whatever the library refuses too", "[http]") {
  const HttpGuard guard({"hub.example.org"}, 100);
  const RequestHead good{"POST",
                         "/v1/sync",
                         {{"host", "hub.example.org"},
                          {"content-type", "application/octet-stream"},
                          {"content-length", "100"}}};
  const auto status = [&](const char* name, const char* value) {
    RequestHead head = good;
    head.headers.erase(name);
    if (value) head.headers.emplace(name, value);
    const auto refusal = guard.refuse(head);
    return refusal ? refusal->status : 200;
  };
  CHECK_FALSE(guard.refuse(good));
  CHECK(status("transfer-encoding", "chunked") == 411);
  CHECK(status("content-encoding", "gzip") == 415);
  CHECK(status("content-length", nullptr) == 411);
  CHECK(status("content-length", "101") == 413);
  CHECK(status("content-length", "99999999999999999999999") == 413);
  CHECK(status("content-length", "-1") == 411);
  CHECK(status("content-length", "1x") == 411);
  CHECK(status("host", nullptr) == 421);
  CHECK(status("host", "hub.example.org.") == 421);
  RequestHead twice = good;
  twice.headers.emplace("content-length", "3");
  CHECK(guard.refuse(twice)->status == 411);
}

TEST_CASE("the body of a refused request is never taken for another request", "[http]") {
  World world;
  Served served(world);
  Socket socket(served.port());
  socket.write("POST /v1/sync HTTP/1.1\r\nHost: " + served.host() + "\r\n" +
               "Content-Encoding: gzip\r\n" + served.binary + "Content-Length: 60\r\n\r\n");
  CHECK(status_of(socket.read_until("compressed.")) == 415);
  socket.write("GET /healthz HTTP/1.1\r\nHost: " + served.host() + "\r\nConnection: close\r\n\r\n");
  CHECK(socket.read_to_end().find("HTTP/1.1") == std::string::npos);
}

TEST_CASE("metrics count requests and entries, and name nobody", "[http]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  Served served(world);
  auto request = with({dossier.write(world.prison_a, stream)});
  *request.mutable_credential() = world.credential(world.prison_a);
  CHECK(status_of(served.post("/v1/sync", request.SerializeAsString())) == 200);
  served.post("/v1/sync", served.binary, "");
  const auto text = body_of(served.ask("GET /metrics HTTP/1.1\r\nHost: " + served.host() +
                                       "\r\nConnection: close\r\n\r\n"));
  CHECK(text.find("entries_total{outcome=\"accepted\"} 1\n") != std::string::npos);
  CHECK(text.find("requests_total{endpoint=\"sync\",status=\"200\"} 1\n") != std::string::npos);
  CHECK(text.find("refused_total{status=\"411\"} 1\n") != std::string::npos);
  CHECK(text.find("throughgate_hub_entries 2\n") != std::string::npos);
  CHECK(text.find(world.prison_a.id.hex()) == std::string::npos);
  CHECK(text.find(dossier.id.hex()) == std::string::npos);
}

TEST_CASE("what the HTTP library refuses is logged and counted too, without a stranger's words",
          "[http]") {
  World world;
  const Log log;
  Served served(world);
  const std::string end = " HTTP/1.1\r\nHost: " + served.host() + "\r\nConnection: close\r\n\r\n";
  CHECK(status_of(served.ask("GET /Alex-Example" + end)) == 404);
  CHECK(status_of(served.ask("Alex Example was here\r\n\r\n")) == 400);
  CHECK(status_of(served.ask("GET /" + std::string(9000, 'a') + end)) == 414);
  {
    Socket socket(served.port());
    socket.write("POST /v1/sync HTTP/1.1\r\nHost: " + served.host() + "\r\n" + served.binary +
                 "Content-Length: 60\r\n\r\nAlex Example");
    socket.end_writing();
    socket.read_to_end();  // nobody is thought to be there any more
  }
  served.post("/v1/sync", served.binary, "");             // refused by a guard
  CHECK(status_of(served.post("/v1/sync", "?")) == 400);  // answered by the endpoint
  const auto text = body_of(served.ask("GET /metrics" + end));
  served.stop();

  CHECK(text.find("refused_total{status=\"404\"} 1\n") != std::string::npos);
  CHECK(text.find("refused_total{status=\"400\"} 2\n") != std::string::npos);
  CHECK(text.find("refused_total{status=\"414\"} 1\n") != std::string::npos);
  CHECK(text.find("refused_total{status=\"411\"} 1\n") != std::string::npos);
  CHECK(log.count("\n") == 6);
  CHECK(log.count("refused status=404 path=other\n") == 1);
  CHECK(log.count("refused status=400 path=other\n") == 1);
  CHECK(log.count("refused status=414 path=other\n") == 1);
  CHECK(log.count("refused status=400 path=/v1/sync\n") == 1);
  CHECK(log.count("refused status=411 path=/v1/sync\n") == 1);
  CHECK(log.count("sync status=400") == 1);
  CHECK(log.count(" need_full=0 ") == 1);
  CHECK(log.count("Alex") == 0);
  CHECK(log.count("aaa") == 0);
}

TEST_CASE("several nodes come at once: each entry gets one place, and the counts add up",
          "[http][threads]") {
  constexpr std::size_t clients = 4;
  constexpr std::size_t entries_each = 5;
  World world;
  TestDossier dossier(world);
  dossier.begin();
  std::array<std::vector<std::string>, clients> bodies;
  for (auto& body : bodies) {
    Stream stream = dossier.new_stream();
    for (std::size_t i = 0; i < entries_each; ++i) {
      auto request = with({dossier.write(world.prison_a, stream)});
      *request.mutable_credential() = world.credential(world.prison_a);
      body.push_back(request.SerializeAsString());
    }
  }
  Served served(world);
  const std::string look = " HTTP/1.1\r\nHost: " + served.host() + "\r\nConnection: close\r\n\r\n";
  std::atomic<std::size_t> answered = 0;
  std::vector<std::thread> threads;
  threads.reserve(bodies.size());
  for (const auto& body : bodies) {
    threads.emplace_back([&] {
      for (const auto& request : body) {
        if (status_of(served.post("/v1/sync", request)) == 200) ++answered;
        served.ask("GET /metrics" + look);
        served.ask("GET /healthz" + look);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(answered == clients * entries_each);
  const auto text = body_of(served.ask("GET /metrics" + look));
  const auto count = std::to_string(clients * entries_each);
  CHECK(text.find("entries_total{outcome=\"accepted\"} " + count + "\n") != std::string::npos);
  CHECK(text.find("requests_total{endpoint=\"sync\",status=\"200\"} " + count + "\n") !=
        std::string::npos);
  served.stop();
  CHECK(world.length(dossier.id) == 1 + clients * entries_each);
}

TEST_CASE("a stopped server finishes the request under way and takes no other", "[http][threads]") {
  World world;
  Served served(world);
  schema::SyncRequest request;
  *request.mutable_credential() = world.credential(world.prison_a);
  const auto body = request.SerializeAsString();
  Socket under_way(served.port());
  under_way.write("POST /v1/sync HTTP/1.1\r\nHost: " + served.host() + "\r\n" + served.binary +
                  "Connection: close\r\nContent-Length: " + std::to_string(body.size()) +
                  "\r\n\r\n" + body.substr(0, 10));
  // Once this is answered, the one before has been taken up.
  served.ask("GET /healthz HTTP/1.1\r\nHost: " + served.host() + "\r\nConnection: close\r\n\r\n");
  std::thread stopping([&] { served.stop(); });
  while (Socket(served.port()).is_connected()) std::this_thread::yield();
  under_way.write(body.substr(10));
  CHECK(status_of(under_way.read_to_end()) == 200);
  stopping.join();
}

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
           {"[server\n", "line 1"}}) {
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
