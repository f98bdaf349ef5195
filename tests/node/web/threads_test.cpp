// Several browsers at once. Most is told by the thread sanitizer: tools/test --sanitizers.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <catch_amalgamated.hpp>
#include <chrono>
#include <functional>
#include <thread>

#include "node/web/server.h"
#include "node/web/sign_in.h"
#include "tests/node/web/gallery_pages.h"

using namespace throughgate;
using namespace throughgate::node::web;

namespace {

constexpr std::size_t browsers = 4;

void at_once(const std::function<void(std::size_t)>& work, std::size_t times = browsers) {
  std::vector<std::thread> threads;
  for (std::size_t which = 0; which < times; ++which) threads.emplace_back(work, which);
  for (auto& thread : threads) thread.join();
}

class Anybody final : public Authenticator {
 public:
  std::string canonical_name(std::string_view typed) const override { return std::string(typed); }
  SignInAnswer check(const std::string& name, const crypto::SecretText& password) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));  // as long as others need to come
    if (password.view() != "correct horse") return {};
    return {Person{name, name, "Alex " + name}, {}};
  }
};

std::string cookie_in(const std::string& answer) {
  const std::string mark = "__Host-sid=";
  const auto at = answer.find(mark);
  return at == std::string::npos ? "" : answer.substr(at + mark.size(), 64);
}

// Pages behind a real socket, on some free port below 32768.
class Served {
 public:
  Served() {
    for (port_ = 19'400; port_ < 19'600; ++port_) {
      Routes routes;
      sign_in_.add_to(routes);
      gallery::add_pages(routes);
      responder_ = std::make_unique<Responder>(std::move(routes), sessions, settings());
      server_ = std::make_unique<Server>(*responder_, ServerSettings{.port = port_});
      if (server_->bind()) break;
    }
    REQUIRE(port_ < 19'600);
    running_ = std::thread([this] { server_->run(); });
  }
  ~Served() {
    ask("GET /sign-in", "");  // it runs by now
    server_->stop();
    running_.join();
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  // The whole answer; empty where nobody answers.
  std::string ask(const std::string& what, const std::string& cookie,
                  const std::string& body = {}) {
    const int connection = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port_));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (connect(connection, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) {
      const std::string text = request(what, cookie, body);
      if (send(connection, text.data(), text.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(text.size())) {
        std::array<char, 4096> buffer{};
        for (ssize_t got = 1; got > 0;) {
          got = recv(connection, buffer.data(), buffer.size(), 0);
          if (got > 0) answer.append(buffer.data(), static_cast<std::size_t>(got));
        }
      }
    }
    close(connection);
    return answer;
  }

  // Alex's, on a page of its own: the status of the answer.
  int try_password(const std::string& password) {
    const auto visitor = cookie_in(ask("GET /sign-in", ""));
    const auto answer =
        ask("POST /sign-in", visitor,
            "name=alex&password=" + password + "&csrf=" + sessions.csrf_token(visitor));
    return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
  }

  crypto::SystemRandom random;
  SessionTable sessions{random};

 private:
  std::string request(const std::string& what, const std::string& cookie,
                      const std::string& body) const {
    std::string out = what + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                      "\r\nConnection: close\r\n";
    if (!cookie.empty()) out += "Cookie: __Host-sid=" + cookie + "\r\n";
    if (what.starts_with("POST")) {
      out += "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n";
    }
    return out + "\r\n" + body;
  }
  ResponderSettings settings() {
    return {.guards = {.hosts = {"127.0.0.1:" + std::to_string(port_)}},
            .frame = gallery::frame,
            .monotonic_ms = [this] { return now_ms_.load(); },
            .locked_page = [this](const Visit& visit) { return sign_in_.locked_page(visit); },
            .on_fault = [](const std::string&) {}};
  }

  std::atomic<std::int64_t> now_ms_ = 0;
  Anybody people_;
  SignInThrottle throttle_;
  SignIn sign_in_{people_, sessions, throttle_, {[this] { return now_ms_.load(); }, {}}};
  int port_ = 0;
  std::unique_ptr<Responder> responder_;
  std::unique_ptr<Server> server_;
  std::thread running_;
};

}  // namespace

TEST_CASE("several people sign in, look and sign out at once, each under their own name",
          "[server][threads]") {
  Served served;
  std::array<int, browsers> seen{};
  at_once([&](std::size_t which) {
    const std::string name = "person" + std::to_string(which);
    for (int i = 0; i < 5; ++i) {
      const auto visitor = cookie_in(served.ask("GET /sign-in", ""));
      const auto signed_in = cookie_in(served.ask(
          "POST /sign-in", visitor,
          "name=" + name + "&password=correct+horse&csrf=" + served.sessions.csrf_token(visitor)));
      const auto page = served.ask("GET /volunteers", signed_in);
      const auto person = served.sessions.find(signed_in, 0).person.sign_in_name;
      if (page.starts_with("HTTP/1.1 200") && person == name) ++seen[which];
      served.ask("POST /sign-out", signed_in, "csrf=" + served.sessions.csrf_token(signed_in));
    }
  });
  CHECK(seen == std::array<int, browsers>{5, 5, 5, 5});
  CHECK(served.sessions.size() == 0);
}

TEST_CASE("one person who signs in from many pages at once is let in by each",
          "[server][threads]") {
  const int wrong_before = GENERATE(0, 3);  // as many as nobody has to wait for
  Served served;
  for (int i = 0; i < wrong_before; ++i) CHECK(served.try_password("plum+otter") == 422);
  std::atomic<int> let_in = 0;
  at_once(
      [&](std::size_t) {
        if (served.try_password("correct+horse") == 303) ++let_in;
      },
      8);
  CHECK(let_in == 8);
}

TEST_CASE("guesses from many pages at once are worth no more than guesses in a row",
          "[server][threads]") {
  Served served;
  std::atomic<int> tried = 0;
  std::atomic<int> told_to_wait = 0;
  at_once(
      [&](std::size_t) {
        const int status = served.try_password("plum+otter");
        if (status == 422) ++tried;
        if (status == 429) ++told_to_wait;
      },
      12);
  CHECK(tried == 4);
  CHECK(told_to_wait == 8);
}

TEST_CASE("the session table keeps its limits whatever several threads do with it",
          "[session][threads]") {
  crypto::SystemRandom random;
  SessionTable table(random, {.sessions_max = 8, .sessions_per_person_max = 2});
  std::atomic<int> strangers = 0;
  at_once([&](std::size_t which) {
    const std::string name = std::to_string(which);
    for (std::int64_t now = 0; now < 300; ++now) {
      const auto id = table.open({name, name, name}, now);
      const auto found = table.find(id, now);
      if (found.state != SessionState::none && found.person.id != name) ++strangers;
      if (now % 3 == 0) table.close(id);
      if (now % 50 == 0) table.close_all_of(name);
      if (now % 70 == 0) table.lock_all();
      if (table.size() > 8) ++strangers;
    }
  });
  CHECK(strangers == 0);
  CHECK(table.size() <= 2 * browsers);
}
