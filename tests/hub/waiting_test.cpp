#include "hub/waiting.h"

#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>

#include "hub/settings.h"

using namespace throughgate;
using namespace throughgate::hub;
using sync::Done;
using sync::ErrorKind;
using sync::OrganisationId;

namespace {

constexpr std::uint64_t hour_ms = 3'600'000;
constexpr std::uint64_t day_ms = 24 * hour_ms;

struct Post {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("throughgate-mail-" + std::to_string(getpid()));
  OrganisationId prison{{1}}, partner{{2}};
  MailSettings settings;
  std::map<OrganisationId, std::uint64_t> told, newest;
  std::vector<std::string> sent;
  bool fails = false;
  std::uint64_t now_ms = 1'800'000'000'000;
  std::unique_ptr<Waiting> waiting;

  Post() {
    std::filesystem::create_directory(folder);
    settings.to = {{prison, "prison@example.org"}, {partner, "partner@example.org"}};
    restart();
  }
  ~Post() { std::filesystem::remove_all(folder); }

  void restart() {
    told.clear();
    waiting = std::make_unique<Waiting>(
        settings, (folder / "mail").string(),
        Waiting::Hub{[this](const OrganisationId& id) { return told[id]; },
                     [this](const OrganisationId& id, std::uint64_t to) -> sync::Result<bool> {
                       return newest[id] > to;
                     }});
  }
  Waiting::Counts look() {
    const auto counts = waiting->look(now_ms, [this](const std::string& to) -> sync::Result<Done> {
      if (fails) return {ErrorKind::unavailable, "no answer"};
      sent.push_back(to);
      return Done{};
    });
    REQUIRE(counts);
    return *counts;
  }
  void pass(std::uint64_t ms) {
    now_ms += ms;
    look();
  }
};

}  // namespace

TEST_CASE("whoever something has waited for too long is sent one e-mail a day, and nobody else",
          "[mail]") {
  Post at;
  at.newest[at.partner] = 5;
  at.look();
  at.pass(day_ms - 1);
  CHECK(at.sent.empty());
  at.pass(1);
  CHECK(at.sent == std::vector<std::string>{"partner@example.org"});
  at.newest[at.partner] = 9;  // more of it is no reason for another
  for (int i = 0; i < 23; ++i) at.pass(hour_ms);
  CHECK(at.sent.size() == 1);
  at.pass(hour_ms);
  CHECK(at.sent.size() == 2);
}

TEST_CASE("who has been here has nothing waiting", "[mail]") {
  Post at;
  at.newest[at.partner] = 5;
  at.pass(0);
  at.pass(day_ms - hour_ms);
  at.told[at.partner] = 5;
  at.pass(hour_ms);
  CHECK(at.sent.empty());
  at.newest[at.partner] = 6;  // counts from when it came
  at.pass(hour_ms);
  at.pass(day_ms - hour_ms);
  CHECK(at.sent.empty());
  at.pass(hour_ms);
  CHECK(at.sent.size() == 1);
}

TEST_CASE("who was here while more came has waited since then only", "[mail]") {
  Post at;
  at.newest[at.partner] = 9;
  at.look();
  at.pass(day_ms - hour_ms);
  at.told[at.partner] = 5;  // as far as one visit went
  at.pass(hour_ms);
  at.pass(day_ms - hour_ms);
  CHECK(at.sent.empty());
  at.pass(hour_ms);
  CHECK(at.sent.size() == 1);
}

TEST_CASE("a program that ends while an e-mail leaves sends no second one when it is started again",
          "[mail]") {
  Post at;
  at.newest[at.partner] = 5;
  at.look();
  at.now_ms += day_ms;
  std::unique_ptr<Waiting> cut_off;
  std::size_t again = 0;
  const auto send = [&](const std::string&) -> sync::Result<Done> {
    cut_off = std::move(at.waiting);  // it goes no further than this
    at.restart();
    again = at.look().sent;
    return Done{};
  };
  REQUIRE(at.waiting->look(at.now_ms, send));
  CHECK(again == 0);
}

TEST_CASE("a restart forgets neither who was sent an e-mail nor since when something waits",
          "[mail]") {
  Post at;
  at.newest[at.partner] = 5;
  at.told[at.prison] = at.newest[at.prison] = 7;
  at.look();
  at.now_ms += day_ms;
  at.restart();
  at.look();
  CHECK(at.sent == std::vector<std::string>{"partner@example.org"});
  at.restart();
  at.look();
  CHECK(at.sent.size() == 1);
  std::ofstream(at.folder / "mail") << "no such thing\n\n1 2 3";  // damaged: as if it were new
  at.restart();
  at.look();
  CHECK(at.sent.size() == 1);
}

TEST_CASE("a mail server that fails is tried again, less and less often", "[mail]") {
  Post at;
  at.newest[at.partner] = 5;
  at.look();
  at.now_ms += day_ms;
  at.fails = true;
  std::uint64_t failed = 0;
  for (int minute = 0; minute < 24 * 60; ++minute) {
    at.now_ms += 60'000;
    failed += at.look().failed;
  }
  CHECK(failed >= 6);
  CHECK(failed <= 8);
  at.fails = false;
  at.pass(day_ms);
  CHECK(at.sent.size() == 1);
}

TEST_CASE("a clock that is put back sends no flood and keeps nobody waiting for years", "[mail]") {
  Post at;
  at.newest[at.partner] = 5;
  at.look();
  at.now_ms += day_ms;
  at.look();
  REQUIRE(at.sent.size() == 1);
  at.now_ms -= 3650 * day_ms;
  at.pass(0);
  at.pass(day_ms);
  at.pass(1);
  CHECK(at.sent.size() <= 3);
  CHECK(at.sent.size() >= 2);
}

TEST_CASE("settings of the mail that cannot be meant are refused", "[mail][settings]") {
  const std::string good =
      "[mail]\nhost = \"mail.example.org\"\nfrom = \"throughgate@example.org\"\n[mail.to]\n"
      "0123456789abcdef0123456789abcdef = \"office@example.org\"\n";
  const auto read = parse_settings(good);
  REQUIRE(read);
  CHECK(read->mail.is_on());
  CHECK(read->mail.tls);
  CHECK_FALSE(Settings{}.mail.is_on());
  for (const char* bad :
       {"[mail]\nhost = \"mail.example.org\"\n", "[mail]\nfrom = \"nobody\"\n",
        "[mail]\nfrom = \"a@example.org\\nBcc: b@example.org\"\n",
        "[mail]\nhost = \"mail.example.org\"\nfrom = \"a@example.org\"\ntls = false\n",
        "[mail]\nhost = \"mail.example.org\"\nfrom = \"a@example.org\"\nuser = \"a\"\n",
        "[mail.to]\n0123 = \"a@example.org\"\n",
        "[mail.to]\n0123456789abcdef0123456789abcdef = \"a@b@c\"\n", "[mail]\nport = 0\n"}) {
    INFO(bad);
    CHECK_FALSE(parse_settings(bad));
  }
}
