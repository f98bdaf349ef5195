// Answers of the hub altered on their way: each is found, changes nothing that stands, and once the
// line is sound again everything arrives.
#include "schema/wire.pb.h"
#include "sync/store/checker.h"
#include "tests/simulation/scene.h"

namespace throughgate::simulation {
namespace {

using Endpoint = node::HubClient::Endpoint;

template <class Message>
void alter(crypto::Bytes& bytes, const std::function<void(Message&)>& change) {
  Message message;
  REQUIRE(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  change(message);
  bytes.resize(message.ByteSizeLong());
  message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size()));
}

struct AlteredScene : Scene {
  // While it is played, the line to this machine alters every page.
  void sync_with_altered_pages(NodeMachine& machine,
                               const std::function<void(schema::Page&)>& change) {
    machine.link().set_alteration([&](Endpoint endpoint, crypto::Bytes& bytes) {
      if (endpoint != Endpoint::fetch) return;
      alter<schema::FetchReply>(bytes, [&](schema::FetchReply& reply) {
        for (auto& page : *reply.mutable_pages()) change(page);
      });
    });
    ++time_.tick;
    last = machine.sync();
    machine.link().set_alteration({});
  }
  void sync_with_altered_reply(NodeMachine& machine,
                               const std::function<void(schema::SyncReply&)>& change) {
    machine.link().set_alteration([&](Endpoint endpoint, crypto::Bytes& bytes) {
      if (endpoint == Endpoint::sync) alter<schema::SyncReply>(bytes, change);
    });
    ++time_.tick;
    last = machine.sync();
    machine.link().set_alteration({});
  }
  // Orders, keys and how far the hub has been heard.
  std::string standing(NodeMachine& machine) {
    UnitOfWork work(machine.node().database());
    std::string out;
    const auto add = [&](const sync::store::Statement& row) { out += row.text(0) + ';'; };
    work.each("SELECT hex(dossier) || hex(chain) || proven || ',' || heard FROM dossier",
              sync::store::bound(), add);
    work.each("SELECT count(*) FROM dossier_key", sync::store::bound(), add);
    work.each("SELECT count(*) FROM envelope_list", sync::store::bound(), add);
    work.each("SELECT hex(value) FROM setting WHERE name = 'cursor'", sync::store::bound(), add);
    return out;
  }
  std::uint64_t notices(NodeMachine& machine) {
    UnitOfWork work(machine.node().database());
    return work
        .first("SELECT count(*) FROM notice", sync::store::bound(), sync::store::unsigned_column)
        .value_or(0);
  }

  sync::Result<node::SyncReport> last = node::SyncReport{};
};

}  // namespace

TEST_CASE("an order record altered on its way changes nothing", "[simulation]") {
  AlteredScene scene;
  auto& a1 = scene.machine("A1");
  auto& a2 = scene.machine("A2");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  const bool knows_it = GENERATE(false, true);
  if (knows_it) scene.sync(a2);
  scene.add_note(a1, id, "one");
  scene.add_note(a1, id, "two");
  scene.sync(a1);

  const int bit = GENERATE(0, 1, 20, 40, 62, 63);
  const int which = GENERATE(0, 1);
  CAPTURE(knows_it, bit, which);
  scene.sync_with_altered_pages(a2, [&](schema::Page& page) {
    auto& record = *page.mutable_records(which);
    record.set_accepted_at_ms(record.accepted_at_ms() ^ (1ull << bit));
  });
  CHECK((!scene.last || scene.last->counts.unsound == 1));
  CHECK(scene.notices(a2) == 0);
  scene.sync(a2);
  CHECK(scene.notes(a2, id) == std::vector<std::string>{"one", "two"});
  CHECK(scene.notices(a2) == 0);
}

TEST_CASE("a reply with a head or a list of envelopes altered changes nothing", "[simulation]") {
  AlteredScene scene;
  auto& a1 = scene.machine("A1");
  auto& a2 = scene.machine("A2");
  const auto id = scene.new_case(a1);
  scene.add_note(a1, id, "one");
  scene.sync(a1);

  const auto part = GENERATE(0, 1, 2, 3, 4, 5, 6);
  const int bit = GENERATE(0, 3, 7);
  CAPTURE(part, bit);
  const auto flip = [bit](std::string& bytes) {
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ (1 << bit));
  };
  const auto before = scene.standing(a2);
  int altered = 0;
  scene.sync_with_altered_reply(a2, [&](schema::SyncReply& reply) {
    if (reply.heads().heads_size() == 0 || reply.envelopes_size() == 0) return;
    auto& head = *reply.mutable_heads()->mutable_heads(0);
    auto& root = *reply.mutable_heads()->mutable_root();
    auto& list = *reply.mutable_envelopes(0);
    std::string* const parts[] = {head.mutable_dossier(), head.mutable_chain(),
                                  root.mutable_bytes(),   root.mutable_signature(),
                                  list.mutable_bytes(),   list.mutable_signature()};
    part < 6 ? flip(*parts[part]) : head.set_dsn(head.dsn() ^ (1ull << bit));
    ++altered;
  });
  CHECK(altered == 1);
  CHECK_FALSE(scene.last);
  CHECK(scene.standing(a2) == before);
  CHECK(scene.notices(a2) == 0);
  scene.sync(a2);
  CHECK(scene.notes(a2, id) == std::vector<std::string>{"one"});
}

TEST_CASE("a digest altered on its way is told, and changes no record", "[simulation]") {
  AlteredScene scene;
  auto& a1 = scene.machine("A1");
  const auto id = scene.new_case(a1);
  scene.add_note(a1, id, "one");
  scene.sync(a1);
  scene.sync(scene.machine("B1"));
  scene.sync(scene.machine("B1"));  // says what it has come to
  int altered = 0;
  scene.sync_with_altered_reply(a1, [&](schema::SyncReply& reply) {
    for (auto& each : *reply.mutable_digests()) {
      auto& digest = *each.mutable_digest();
      digest[3] = static_cast<char>(digest[3] ^ 1);
      ++altered;
    }
  });
  CHECK(altered == 1);
  REQUIRE(scene.last);
  CHECK(scene.notices(a1) == 1);
  CHECK(scene.notes(a1, id) == std::vector<std::string>{"one"});
}

TEST_CASE("a record of which nothing is left leaves a sound store", "[simulation]") {
  AlteredScene scene;
  auto& a1 = scene.machine("A1");
  auto& c1 = scene.machine("C1");
  const auto id = scene.new_case(a1);
  scene.sync(a1);
  const auto hub_before = scene.hub_->copy();
  const MemberChange let_in{MemberChange::Kind::set_role, scene.organisations_["C"],
                            Role::contributor};
  REQUIRE(a1.node().admission().change_members(id, let_in, scene.by(a1)));
  scene.sync(a1);
  // Only the beginning arrives, which C1 can open and in which it is no member yet.
  scene.sync_with_altered_pages(c1, [&](schema::Page& page) {
    page.mutable_records()->DeleteSubrange(1, page.records_size() - 1);
    auto& entries = *page.mutable_entries()->mutable_entries();
    entries.DeleteSubrange(1, entries.size() - 1);
    LinkWeather dead;
    dead.lose_request = 1;
    c1.link().set_weather(dead);
  });
  c1.link().set_weather({});
  scene.put_hub_back_at_once(hub_before);
  scene.sync(c1);
  const auto report = sync::store::check_store(c1.node().database(), c1.node().context());
  REQUIRE(report);
  for (const auto& fault : report->faults) CHECK(fault.what == "");
}

}  // namespace throughgate::simulation
