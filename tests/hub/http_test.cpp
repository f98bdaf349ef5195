// HTTP with real sockets on this machine: guards, counts, threads, stopping.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <catch_amalgamated.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "hub/http_guard.h"
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
  explicit Served(World& world) : Served(world, [&world] { return world.now_ms; }) {}
  Served(World& world, const HttpServer::Clock& clock) {
    ServerSettings settings;
    for (int port = 18'600; port < 18'900 && port_ == 0; ++port) {
      settings.port = port;
      server_ = std::make_unique<HttpServer>(world.api(), settings, clock);
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

TEST_CASE("nothing but a length of 0 goes with a request that has no body", "[http]") {
  const HttpGuard guard({"hub.example.org"}, 100);
  const auto refused = [&](const char* method, std::vector<std::string> lengths) {
    RequestHead head{method, "/healthz", {{"host", "hub.example.org"}}};
    for (auto& length : lengths) head.headers.emplace("content-length", std::move(length));
    const auto refusal = guard.refuse(head);
    return refusal && refusal->status == 400;
  };
  for (const char* method : {"GET", "HEAD"}) {
    CHECK_FALSE(refused(method, {}));
    CHECK_FALSE(refused(method, {"0"}));
    for (const char* length :
         {"5", "+43", "43 x", "-1", "+0", "00", "0x0", "", "99999999999999999999999"}) {
      INFO(method << ' ' << length);
      CHECK(refused(method, {length}));
    }
    CHECK(refused(method, {"0", "0"}));
    CHECK(refused(method, {"0", "43"}));
  }
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

TEST_CASE("what follows a request that the library refuses is never taken for another", "[http]") {
  World world;
  Served served(world);
  std::string too_many;
  for (int i = 0; i < 200; ++i) too_many += "A" + std::to_string(i) + ": b\r\n";
  const std::string next =
      "GET /healthz HTTP/1.1\r\nHost: " + served.host() + "\r\nConnection: close\r\n\r\n";
  const auto answers = [&](const std::string& first) {
    Socket socket(served.port());
    socket.write(first);
    std::string all = socket.read_until("\r\n\r\n");
    socket.write(next);
    all += socket.read_to_end();
    std::size_t count = 0;
    for (auto at = all.find("HTTP/1.1 "); at != std::string::npos;
         at = all.find("HTTP/1.1 ", at + 1)) {
      ++count;
    }
    return count;
  };
  const std::string host = " HTTP/1.1\r\nHost: " + served.host() + "\r\n";
  CHECK(answers("GET /healthz" + host + too_many + "\r\n") == 1);
  CHECK(answers("nonsense\r\n\r\n") == 1);
  CHECK(answers("GET /" + std::string(9000, 'a') + host + "\r\n") == 1);
  CHECK(answers("GET /nobody" + host + "\r\n") == 1);
  CHECK(answers("HEAD /healthz" + host + too_many + "\r\n") == 0);
  CHECK(answers("HEAD /v1/sync" + host + "Content-Length: 5\r\n\r\n") == 0);
  for (const char* length : {"+43", "43 x", "00", "43\r\nContent-Length: 43"}) {
    INFO(length);
    CHECK(answers("GET /healthz" + host + "Content-Length: " + length + "\r\n\r\n") == 1);
  }
  CHECK(answers("GET /healthz" + host + "\r\n") == 2);  // nothing is wrong with this one
}

TEST_CASE("every answer is sent whole, whatever range of it is asked for", "[http]") {
  World world;
  Served served(world, []() -> std::uint64_t { throw std::runtime_error("no clock"); });
  const std::string host = " HTTP/1.1\r\nHost: " + served.host() + "\r\nConnection: close\r\n";
  std::string too_many;
  for (int i = 0; i < 200; ++i) too_many += "A" + std::to_string(i) + ": b\r\n";
  const auto [first_line, fields, status] = GENERATE_REF(table<std::string, std::string, int>({
      {"GET /healthz", "", 200},
      {"HEAD /healthz", "", 200},
      {"GET /nobody", "", 404},
      {"HEAD /nobody", "", 0},
      {"PUT /", "", 405},
      {"DELETE /v1/sync", "", 405},
      {"GET /healthz", "Origin: http://x\r\n", 403},
      {"HEAD /healthz", "Origin: http://x\r\n", 0},
      {"GET /healthz", "Host: evil.example\r\n", 421},
      {"GET /healthz", "Content-Length: 5\r\n", 400},
      {"GET /healthz", too_many, 400},
      {"GET /" + std::string(9000, 'a'), "", 414},
      {"POST /v1/sync", "", 415},
      {"POST /v1/sync", served.binary, 411},
      {"POST /v1/sync", served.binary + "Content-Length: 3000000\r\n", 413},
      {"POST /v1/sync", served.binary + "Content-Length: 0\r\n", 500},  // its clock fails
  }));
  INFO(first_line << ' ' << fields.substr(0, 60));
  const auto whole = served.ask(first_line + host + fields + "\r\n");
  CHECK(status_of(whole) == status);
  for (const char* range : {"0-", "100-300", "-3", "-999", "0-1,3-4"}) {
    INFO(range);
    CHECK(served.ask(first_line + host + "Range: bytes=" + range + "\r\n" + fields + "\r\n") ==
          whole);
  }
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

}  // namespace
