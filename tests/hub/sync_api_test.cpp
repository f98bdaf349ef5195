// The door: who is let in, what is too much, and that nothing malformed does harm.
#include "hub/sync_api.h"

#include <catch_amalgamated.hpp>

#include "hub/outgoing.h"
#include "hub/wire.h"
#include "sync/contexts.h"
#include "tests/hub/made_up.h"
#include "tests/sync/every_bit.h"

namespace {

using namespace throughgate;
using namespace throughgate::hub;
using namespace throughgate::hub::testing;

int status_of(World& world, const schema::Credential& credential) {
  schema::SyncRequest request;
  *request.mutable_credential() = credential;
  return world.call(Endpoint::sync, request).status;
}

TEST_CASE("a signed challenge lets a node in for five minutes", "[api]") {
  World world;
  const auto credential = world.credential(world.prison_a);
  CHECK(status_of(world, credential) == 200);
  world.now_ms += 5 * minute_ms;
  CHECK(status_of(world, credential) == 200);
  ++world.now_ms;
  CHECK(status_of(world, credential) == 401);
}

TEST_CASE("every bit of an answered challenge, and of a token, is checked", "[api]") {
  World world;
  auto credential = world.credential(world.prison_a);
  const auto is_let_in = [&] { return status_of(world, credential) == 200; };
  sync::testing::check_every_bit(*credential.mutable_challenge(), is_let_in);
  sync::testing::check_every_bit(*credential.mutable_signature(), is_let_in);
  sync::testing::check_every_bit(*credential.mutable_node(), is_let_in);
  world.sync(world.prison_a);
  credential = world.credential(world.prison_a);
  sync::testing::check_every_bit(*credential.mutable_token(), is_let_in);
}

TEST_CASE("the token it earns is good for fifteen minutes, this node and this instance", "[api]") {
  World world;
  world.sync(world.prison_a);
  auto credential = world.credential(world.prison_a);
  REQUIRE_FALSE(credential.token().empty());
  world.now_ms += 15 * minute_ms;
  CHECK(status_of(world, credential) == 200);
  SECTION("no longer") {
    ++world.now_ms;
    CHECK(status_of(world, credential) == 401);
  }
  SECTION("no other node") {
    credential.set_node(wire::text(world.prison_b.id.bytes));
    CHECK(status_of(world, credential) == 401);
  }
  SECTION("no other instance") {
    world.declare_restore();
    CHECK(status_of(world, credential) == 401);
  }
  SECTION("not with a bit flipped") {
    (*credential.mutable_token())[20] ^= 1;
    CHECK(status_of(world, credential) == 401);
  }
  SECTION("and it earns no other") {
    schema::SyncRequest request;
    CHECK(world.sync(world.prison_a, request).token().empty());
  }
}

TEST_CASE("a challenge answered by the wrong key, or made for another node, lets nobody in",
          "[api]") {
  World world;
  auto credential = world.credential(world.prison_a);
  SECTION("another node's") {
    const auto others = world.credential(world.prison_b);
    credential.set_challenge(others.challenge());
    credential.set_signature(others.signature());
  }
  // What a node could make by itself: only the hub's own check is in its way.
  const auto sign_anew = [&](const std::string& challenge) {
    const Bytes message = sync::LayoutWriter()
                              .bytes(crypto::as_bytes(challenge))
                              .bytes(world.sequencer().state().instance.bytes)
                              .bytes(world.prison_a.id.bytes)
                              .take();
    credential.set_challenge(challenge);
    credential.set_signature(
        wire::text(world.prison_a.key.sign(sync::contexts::challenge_answer, message)));
  };
  SECTION("made for another node, signed by this one") {
    sign_anew(world.credential(world.prison_b).challenge());
  }
  SECTION("made younger, signed by this one") {
    std::string challenge = credential.challenge();
    challenge[8] ^= 1;  // a millisecond
    sign_anew(challenge);
    world.now_ms += 1;
  }
  SECTION("a bit flipped in the signature") { (*credential.mutable_signature())[5] ^= 1; }
  SECTION("a bit flipped in the challenge") { (*credential.mutable_challenge())[5] ^= 1; }
  SECTION("nothing") {
    credential.clear_challenge();
    credential.clear_signature();
  }
  CHECK(status_of(world, credential) == 401);
}

TEST_CASE("a node that is unknown or revoked is refused, and told which", "[api]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  Node unknown = world.make_node(world.prison);
  const Answer stranger = world.try_sync(unknown, {});
  CHECK(stranger.status == 403);
  world.sync(world.prison_b);
  world.revoke(world.prison_b);
  world.hand_over();
  const Answer revoked = world.try_sync(world.prison_b, {});
  CHECK(revoked.status == 403);
  CHECK(revoked.error != stranger.error);
  CHECK(revoked.bytes.empty());
  schema::FetchRequest fetch;
  *fetch.mutable_credential() = world.credential(world.prison_b);
  CHECK(world.call(Endpoint::fetch, fetch).status == 403);
}

TEST_CASE("a node that brings the version that revokes it is refused at once", "[api]") {
  World world;
  world.revoke(world.prison_b);
  schema::SyncRequest request;
  wire::set(world.steps.back(), *request.add_directory());
  CHECK(world.try_sync(world.prison_b, request).status == 403);
}

TEST_CASE("what is too large or too many is refused, and changes nothing", "[api]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto entry = dossier.write(world.prison_a, stream);
  world.sync(world.prison_a);
  const auto before = world.disk.changes();
  schema::SyncRequest request = with({entry});
  int expected = 400;
  std::string words;
  SECTION("a request") {
    request.mutable_envelopes()->Add()->set_bytes(std::string(request_bytes_max, 'x'));
    expected = 413;
  }
  SECTION("a batch of entries") {
    request.add_entries()->set_dossier(wire::text(dossier.id.bytes));
    request.mutable_entries(1)->add_entries()->set_sealed(std::string(batch_bytes_max, 'x'));
  }
  SECTION("the number of entries") {
    for (int i = 0; i < entries_per_request_max; ++i) request.mutable_entries(0)->add_entries();
  }
  SECTION("the number of lists") {
    for (int i = 0; i <= other_items_per_request_max; ++i) request.add_envelopes();
  }
  SECTION("the number of digests") {
    for (int i = 0; i <= other_items_per_request_max; ++i) request.add_digests();
  }
  SECTION("the number of versions of the list") {
    for (int i = 0; i <= other_items_per_request_max; ++i) request.add_directory();
    words = "too many items";  // and not that one of them cannot be read
  }
  SECTION("the number of heads") {
    for (int i = 0; i <= other_items_per_request_max; ++i) request.add_presented();
  }
  SECTION("the number of replays") {
    for (int i = 0; i <= replays_per_request_max; ++i) request.add_replays();
  }
  SECTION("a group without a dossier") { request.add_entries(); }
  const Answer answer = world.try_sync(world.prison_a, request);
  CHECK(answer.status == expected);
  CHECK_FALSE(answer.error.empty());
  CHECK_THAT(answer.error, Catch::Matchers::ContainsSubstring(words));
  CHECK(world.disk.changes() == before);
}

TEST_CASE("as many as a request may hold are taken", "[api]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  schema::SyncRequest request;
  for (int i = 0; i < other_items_per_request_max; ++i) {
    request.add_envelopes();
    request.add_digests();
    request.add_presented();
  }
  CHECK(world.try_sync(world.prison_a, request).status == 200);
}

TEST_CASE("a fetch names so many dossiers and no more", "[api]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  schema::FetchRequest request;
  *request.mutable_credential() = world.credential(world.partner_a);
  request.set_bytes_max(1 << 20);
  wire::set(world.place(dossier.id, 0), *request.add_after());
  for (int i = 1; i < other_items_per_request_max; ++i) request.add_after();
  const Answer most = world.call(Endpoint::fetch, request);
  REQUIRE(most.status == 200);
  schema::FetchReply reply;
  REQUIRE(reply.ParseFromArray(most.bytes.data(), static_cast<int>(most.bytes.size())));
  CHECK(reply.pages_size() == 1);

  request.add_after();
  const Answer more = world.call(Endpoint::fetch, request);
  CHECK(more.status == 400);
  CHECK(more.error.find("too many") != std::string::npos);
}

TEST_CASE("a page is a mebibyte at most, whatever is asked for", "[api]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  for (int request = 0; request < 3; ++request) {
    std::vector<sync::VerifiedEntry> entries;
    for (int i = 0; i < 200; ++i) {
      Bytes noise(2000);  // which does not pack
      world.random.fill(noise);
      Draft large;
      large.reason = crypto::to_hex(noise);
      entries.push_back(dossier.write(world.prison_a, stream, large));
    }
    world.sync(world.prison_a, with(entries));
  }
  REQUIRE(world.length(dossier.id) == 601);
  const auto bytes = [](const schema::FetchReply& reply) { return reply.ByteSizeLong(); };
  const auto most = world.fetch(world.partner_a, dossier.id, 0, 0xffffffff);
  CHECK(most.more());
  CHECK(bytes(most) <= page_bytes_max);
  CHECK(bytes(most) == bytes(world.fetch(world.partner_a, dossier.id, 0, page_bytes_max)));
}

TEST_CASE("an entry over the limit of its kind is bad", "[api]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  auto request = with({dossier.write(world.prison_a, stream)});
  auto& wire = *request.mutable_entries(0)->mutable_entries(0);
  wire.set_sealed(std::string(sync::entry_bytes_max, 'x'));
  CHECK(world.sync(world.prison_a, request).answers(0).plain() == schema::EntryAnswer::BAD);
}

TEST_CASE("bytes that are no request are refused", "[api]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  const auto before = world.disk.changes();
  for (const auto endpoint : {Endpoint::hello, Endpoint::sync, Endpoint::fetch}) {
    for (const std::size_t size : {1u, 7u, 100u, 5000u}) {
      Bytes noise(size);
      world.random.fill(noise);
      noise[0] = 0x0a;  // a first field of some length
      CHECK(world.api().handle(endpoint, noise, world.now_ms).status >= 400);
    }
    const Bytes deep(100'000, 0x0b);  // groups in groups
    CHECK(world.api().handle(endpoint, deep, world.now_ms).status == 400);
    Bytes nested(20, 0x7b);  // twenty deep, and closed again: deeper than any message of ours
    nested.insert(nested.end(), 20, 0x7c);
    CHECK(world.api().handle(endpoint, nested, world.now_ms).error.find("read") !=
          std::string::npos);
  }
  CHECK(world.api().handle(Endpoint::sync, Bytes{}, world.now_ms).status == 403);  // nobody asks
  CHECK(world.disk.changes() == before);
}

TEST_CASE("a request with any byte altered crashes nothing, and the hub goes on", "[api]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  world.sync(world.partner_a);
  const auto heads = heads_of([&] {
    world.prison_a.cursor.clear();
    return world.sync(world.prison_a);
  }());
  world.declare_restore();
  auto request = with({dossier.write(world.prison_a, stream)}, sync::WireForm::brief);
  add(request, dossier.envelopes(world.prison_a, dossier.first.epoch(),
                                 {{sync::RecipientKind::node, world.desk.id.bytes}}));
  add(request, heads[0], {world.place(dossier.id, 0)});
  auto& digest = *request.add_digests();
  digest.set_dossier(wire::text(dossier.id.bytes));
  digest.set_dsn(1);
  digest.set_policy_version(std::string(16, 'p'));
  digest.set_digest(std::string(16, 'd'));
  put(heads[0], *request.add_replays()->mutable_proof());
  world.sync(world.prison_a);
  *request.mutable_credential() = world.credential(world.prison_a);
  const auto good = request.SerializeAsString();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char change : {'\x01', '\x40', '\xff'}) {
      auto bytes = good;
      bytes[at] = static_cast<char>(bytes[at] ^ change);
      const auto answer = world.api().handle(Endpoint::sync, crypto::as_bytes(bytes), world.now_ms);
      CHECK(answer.status < 500);
    }
    const auto cut = world.api().handle(
        Endpoint::sync, crypto::as_bytes(std::string_view(good).substr(0, at)), world.now_ms);
    CHECK(cut.status < 500);
  }
  CHECK(world.length(dossier.id) == 1);
  world.sync(world.prison_a);
}

TEST_CASE("a failing disk answers 503, and the request can be sent again", "[api]") {
  World world;
  TestDossier dossier(world);
  Stream stream = dossier.begin();
  const auto entry = dossier.write(world.prison_a, stream);
  world.sync(world.prison_a);
  int failures = 0;
  for (std::uint64_t n = 1;; ++n) {
    world.disk.fail_at(n, simulation::Fault::full);
    const Answer answer = world.try_sync(world.prison_a, with({entry}));
    const bool struck = !world.disk.armed();
    world.disk.disarm();
    if (!struck || answer.status == 200) break;
    CHECK(answer.status == 503);
    CHECK(world.length(dossier.id) == 1);
    ++failures;
  }
  CHECK(failures > 0);
  world.sync(world.prison_a, with({entry}));
  CHECK(world.length(dossier.id) == 2);
}

TEST_CASE("a hub killed at any moment of a request opens again and goes on", "[api]") {
  for (std::uint64_t n = 1;; ++n) {
    CAPTURE(n);
    World world;
    TestDossier dossier(world);
    Stream stream = dossier.begin();
    const auto entry = dossier.write(world.prison_a, stream);
    world.sync(world.prison_a);
    world.disk.cut_power_at(n);
    const Answer answer = world.try_sync(world.prison_a, with({entry}));
    if (world.disk.armed()) break;
    world.disk.power_on();
    world.start();
    if (answer.status == 200) CHECK(world.length(dossier.id) == 2);
    CHECK(ruling_of(world, world.sync(world.prison_a, with({entry}))).outcome ==
          sync::Outcome::accepted);
    CHECK(world.length(dossier.id) == 2);
  }
}

TEST_CASE("another version of the protocol is told to update", "[api]") {
  World world;
  schema::HelloRequest hello;
  hello.set_node(wire::text(world.prison_a.id.bytes));
  hello.set_protocol(2);
  CHECK(world.call(Endpoint::hello, hello).status == 400);
  hello.set_protocol(1);
  CHECK(world.call(Endpoint::hello, hello).status == 200);
  hello.set_node("short");
  CHECK(world.call(Endpoint::hello, hello).status == 400);
}

TEST_CASE("health says whether the hub serves, and counts what it holds", "[api]") {
  World world;
  TestDossier dossier(world);
  dossier.begin();
  auto health = world.api().health();
  REQUIRE(health);
  CHECK(health->serving);
  CHECK(health->counts.dossiers == 1);
  CHECK(health->counts.entries == 1);
  CHECK(health->counts.recovering == 0);
  world.declare_restore();
  CHECK(world.api().health()->counts.recovering == 1);
  REQUIRE(world.sequencer().begin_new_instance());
  CHECK_FALSE(world.api().health()->serving);
}

}  // namespace
