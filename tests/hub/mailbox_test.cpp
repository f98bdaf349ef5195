#include "hub/mailbox.h"

#include <catch_amalgamated.hpp>

#include "schema/enrolment.pb.h"
#include "tests/hub/made_up.h"

using namespace throughgate;
using namespace throughgate::hub;
using namespace throughgate::hub::testing;
using schema::MailboxRequest;

namespace {

const sync::MailboxId somewhere{{1, 2, 3}};

Answer ask(World& world, const sync::MailboxId& mailbox, MailboxRequest::Slot slot,
           const std::string& put = {}) {
  MailboxRequest request;
  request.set_mailbox(std::string(crypto::as_text(mailbox.view())));
  request.set_slot(slot);
  request.set_put(put);
  return world.call(Endpoint::mailbox, request);
}

std::string content(const Answer& answer) {
  schema::MailboxReply reply;
  REQUIRE(answer.status == 200);
  REQUIRE(reply.ParseFromArray(answer.bytes.data(), static_cast<int>(answer.bytes.size())));
  return reply.content();
}

}  // namespace

TEST_CASE("what was put into a mailbox first stays, and both sides find it", "[mailbox]") {
  World world;
  CHECK(content(ask(world, somewhere, MailboxRequest::REQUEST)).empty());
  CHECK(content(ask(world, somewhere, MailboxRequest::REQUEST, "first")) == "first");
  CHECK(content(ask(world, somewhere, MailboxRequest::REQUEST, "first")) == "first");
  CHECK(content(ask(world, somewhere, MailboxRequest::REQUEST, "second")) == "first");
  CHECK(content(ask(world, somewhere, MailboxRequest::REPLY)).empty());
  CHECK(content(ask(world, somewhere, MailboxRequest::REPLY, "yes")) == "yes");
  world.start();
  CHECK(content(ask(world, somewhere, MailboxRequest::REQUEST)) == "first");
  CHECK(content(ask(world, somewhere, MailboxRequest::REPLY)) == "yes");
  CHECK(content(ask(world, {{4}}, MailboxRequest::REQUEST)).empty());
}

TEST_CASE("letters have a size, a kind, and answer something", "[mailbox]") {
  World world;
  const std::string largest(letter_bytes_max, 'x');
  CHECK(ask(world, somewhere, MailboxRequest::REPLY, "answer to nothing").status == 400);
  CHECK(ask(world, somewhere, MailboxRequest::REQUEST, largest + "x").status == 400);
  CHECK(ask(world, somewhere, MailboxRequest::SLOT_UNSPECIFIED).status == 400);
  CHECK(ask(world, somewhere, static_cast<MailboxRequest::Slot>(3)).status == 400);
  MailboxRequest nameless;
  nameless.set_slot(MailboxRequest::REQUEST);
  CHECK(world.call(Endpoint::mailbox, nameless).status == 400);
  CHECK(ask(world, somewhere, MailboxRequest::REQUEST, largest).status == 200);
}

TEST_CASE("a letter is gone after fourteen days", "[mailbox]") {
  World world;
  REQUIRE(content(ask(world, somewhere, MailboxRequest::REQUEST, "old")) == "old");
  world.now_ms += letter_ms_max;
  CHECK(content(ask(world, somewhere, MailboxRequest::REQUEST)) == "old");
  world.now_ms += 1;
  CHECK(content(ask(world, somewhere, MailboxRequest::REQUEST)).empty());
  CHECK(content(ask(world, somewhere, MailboxRequest::REQUEST, "new")) == "new");
}

namespace {

sync::MailboxId numbered(std::uint64_t number) {
  sync::MailboxId mailbox;
  for (std::size_t i = 0; i < 8; ++i) {
    mailbox.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return mailbox;
}

}  // namespace

TEST_CASE("strangers cannot fill the disk with letters", "[mailbox]") {
  World world;
  std::uint64_t taken = 0;
  const auto put = [&](std::uint64_t number) {
    return ask(world, numbered(number), MailboxRequest::REQUEST, "x").status;
  };
  while (put(taken) == 200) ++taken;
  CHECK(taken == letters_per_hour_max);
  CHECK(put(taken) == 503);
  CHECK(content(ask(world, {}, MailboxRequest::REQUEST)) == "x");  // reading goes on
  world.now_ms += 60 * 60 * 1000 + 1;
  CHECK(put(taken) == 200);
}

TEST_CASE("patient strangers cannot either: only so many letters are kept at a time", "[mailbox]") {
  World world;
  {
    auto transaction = StoreTransaction::begin(world.store());
    REQUIRE(transaction);
    for (std::uint64_t i = 0; i + 1 < letters_max; ++i) {
      world.store().keep_letter(numbered(i), MailboxRequest::REQUEST, Bytes{1}, world.now_ms);
    }
    REQUIRE(transaction->commit());
  }
  world.now_ms += 2 * 60 * minute_ms;
  CHECK(ask(world, numbered(letters_max), MailboxRequest::REQUEST, "x").status == 200);
  CHECK(ask(world, numbered(letters_max + 1), MailboxRequest::REQUEST, "x").status == 503);
  CHECK(content(ask(world, numbered(letters_max), MailboxRequest::REQUEST)) == "x");
  world.now_ms += letter_ms_max;  // most are gone
  CHECK(ask(world, numbered(letters_max + 1), MailboxRequest::REQUEST, "x").status == 200);
}
