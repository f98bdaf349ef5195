// What a sync carries and does, beyond that it arrives.
#include <sqlite3.h>

#include <algorithm>
#include <catch_amalgamated.hpp>
#include <functional>
#include <map>
#include <set>

#include "node/dossier_kinds.h"
#include "records/volunteer.pb.h"
#include "schema/directory.pb.h"
#include "schema/wire.pb.h"
#include "sync/store/connection.h"
#include "sync/store/late_box.h"
#include "tests/node/in_process_hub.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

constexpr std::size_t volunteers = 700;  // more than fit into one request

// What went by, counted.
struct Traffic {
  std::map<std::string, int> lists_brought;  // envelope lists in requests, by their bytes
  int lists_told = 0;                        // in answers

  void hear(HubClient::Endpoint endpoint, crypto::ByteView request, crypto::ByteView answer) {
    schema::SyncRequest asked;
    schema::SyncReply told;
    if (endpoint != HubClient::Endpoint::sync) return;
    REQUIRE(asked.ParseFromArray(request.data(), static_cast<int>(request.size())));
    REQUIRE(told.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    for (const auto& list : asked.envelopes()) ++lists_brought[list.bytes()];
    lists_told += told.envelopes_size();
  }
};

struct FreshImport {
  World world;
  Traffic traffic;

  FreshImport() {
    world.sync_all();
    create();
    world.listener = [this](auto endpoint, auto request, auto& answer) {
      traffic.hear(endpoint, request, answer);
    };
  }

  // As an import does.
  void create() {
    const auto& type = *record_type(*schema::Volunteer::descriptor());
    auto& node = *world.prison.node;
    const auto context = node.context();
    const auto members = must(members_of_new(type.dossier, node));
    sync::store::Batch batch(node.database(), context);
    for (std::size_t i = 0; i < volunteers; ++i) {
      const auto plan = must(plan_new({type, {}, sync::Role::owner, node.policies(), world.codes},
                                      {{"given-name", "Alex", FieldInput::How::set},
                                       {"family-name", std::to_string(i), FieldInput::How::set}}));
      must(batch.create(members, world.prison.records->authorship(world.prison.by), plan.ops));
    }
    must(batch.commit());
  }

  std::size_t held_by(const Site& site) const {
    sync::store::ListQuery query;
    query.type = record_type(*schema::Volunteer::descriptor())->number;
    query.limit = 500;
    std::size_t count = 0;
    do {
      const auto page = must(site.reader().list(query));
      count += page.rows.size();
      query.after = page.next;
    } while (!query.after.empty());
    return count;
  }
};

}  // namespace

TEST_CASE("the keys of new records are sent once, beside their records, and not sent back",
          "[sync][cost]") {
  FreshImport at;
  const auto counts = at.world.sync(at.world.prison).counts;
  CHECK(counts.sent == volunteers);
  CHECK(counts.received == 0);  // its own come back with their place, and are nobody else's
  CHECK(counts.own_placed == volunteers);
  CHECK(at.traffic.lists_brought.size() == volunteers);
  CHECK(at.traffic.lists_told == 0);
  at.world.sync(at.world.prison);
  for (const auto& [list, times] : at.traffic.lists_brought) REQUIRE(times == 1);

  at.world.sync(at.world.desk);
  CHECK(at.traffic.lists_told == volunteers);
  CHECK(at.held_by(at.world.desk) == volunteers);
}

namespace {

// Spoils the pages of some dossiers on their way.
struct Spoiler {
  std::set<std::string> spoilt;  // dossiers
  std::size_t dossiers_max = 1;
  int passed_by_first = 0;                      // pages of the first answer that stay whole
  std::vector<std::vector<std::string>> asked;  // dossiers of each fetch

  void hear(HubClient::Endpoint endpoint, crypto::ByteView request, crypto::Bytes& answer) {
    if (endpoint != HubClient::Endpoint::fetch) return;
    schema::FetchRequest fetch;
    schema::FetchReply reply;
    REQUIRE(fetch.ParseFromArray(request.data(), static_cast<int>(request.size())));
    REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    asked.emplace_back();
    for (const auto& each : fetch.after()) asked.back().push_back(each.dossier());
    for (int i = 0; i < reply.pages_size(); ++i) {
      auto& entries = *reply.mutable_pages(i)->mutable_entries();
      const bool more = spoilt.size() < dossiers_max && i >= passed_by_first;
      if (!more && !spoilt.contains(entries.dossier())) continue;
      spoilt.insert(entries.dossier());
      (*entries.mutable_entries(0)->mutable_signature())[0] ^= 1;
    }
    answer.resize(reply.ByteSizeLong());
    REQUIRE(reply.SerializeToArray(answer.data(), static_cast<int>(answer.size())));
  }
};

}  // namespace

TEST_CASE("a record that does not hold costs none of the others, before it or after",
          "[sync][cost]") {
  FreshImport at;
  at.world.sync(at.world.prison);
  Spoiler spoiler;
  spoiler.passed_by_first =
      20;  // neither the first of an answer nor alone in what is kept together
  at.world.listener = [&](auto endpoint, auto request, auto& answer) {
    spoiler.hear(endpoint, request, answer);
  };
  const auto report = at.world.sync(at.world.desk);
  REQUIRE(spoiler.spoilt.size() == 1);
  CHECK(report.counts.unsound == 1);
  CHECK(report.counts.received == volunteers - 1);
  CHECK(at.held_by(at.world.desk) == volunteers - 1);

  at.world.listener = {};
  CHECK(at.world.sync(at.world.desk).counts.unsound == 0);
  CHECK(at.held_by(at.world.desk) == volunteers);
}

TEST_CASE("records that do not move are asked for once a round, and last in the next",
          "[sync][cost]") {
  FreshImport at;
  at.world.sync(at.world.prison);
  Spoiler spoiler;
  spoiler.dossiers_max = 350;  // more than one fetch asks for
  at.world.listener = [&](auto endpoint, auto request, auto& answer) {
    spoiler.hear(endpoint, request, answer);
  };
  const auto report = at.world.sync(at.world.desk);
  REQUIRE(spoiler.spoilt.size() == 350);
  CHECK(report.counts.unsound == 350);
  CHECK(at.held_by(at.world.desk) == volunteers - 350);

  std::string last;  // to be set aside
  for (const auto& fetch : spoiler.asked) {
    for (const auto& dossier : fetch) {
      if (spoiler.spoilt.contains(dossier)) last = dossier;
    }
  }
  spoiler.asked.clear();
  at.world.sync(at.world.desk);
  std::map<std::string, int> times;
  for (const auto& fetch : spoiler.asked) {
    for (const auto& dossier : fetch) ++times[dossier];
  }
  CHECK(times.size() == 350);
  CHECK(spoiler.asked.back().back() == last);
}

TEST_CASE("a token that becomes too old while pages come is renewed, and nothing is left out",
          "[sync][cost]") {
  FreshImport at;
  at.world.sync(at.world.prison);
  int fetches = 0;
  at.world.listener = [&](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes&) {
    if (endpoint != HubClient::Endpoint::fetch) return;
    if (++fetches % 2 == 1) at.world.pass(16ull * 60 * 1000);
  };
  at.world.sync(at.world.desk);
  CHECK(fetches > 2);
  CHECK(at.held_by(at.world.desk) == volunteers);
}

TEST_CASE(
    "a link that is cut again and again gets everything through, and what it carries is remembered",
    "[sync][cost]") {
  // Cuts whatever is larger.
  class NarrowLink final : public HubClient {
   public:
    explicit NarrowLink(HubClient& hub) : hub_(hub) {}
    sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
      sizes.push_back(request.size());
      if (request.size() <= 100'000) return hub_.call(endpoint, request);
      return sync::Error{sync::ErrorKind::unavailable, "cut"};
    }
    std::vector<std::size_t> sizes;

   private:
    HubClient& hub_;
  };
  FreshImport at;
  NarrowLink narrow(at.world.hub());
  LinkMemory link;
  REQUIRE_FALSE(SyncRound(*at.world.prison.node, narrow, link).run());
  CHECK(narrow.sizes.back() > 100'000);
  CHECK(link.batch_bytes == 64 << 10);
  narrow.sizes.clear();
  while (!SyncRound(*at.world.prison.node, narrow, link).run()) REQUIRE(narrow.sizes.size() < 100);
  // Hello, what was accepted before, and at once as much as went through last time.
  const auto first_batch = std::find_if(narrow.sizes.begin(), narrow.sizes.end(),
                                        [](auto size) { return size > 20'000; });
  REQUIRE(first_batch != narrow.sizes.end());
  CHECK(*first_batch > 48 << 10);
  at.world.sync(at.world.desk);
  CHECK(at.held_by(at.world.desk) == volunteers);
}

TEST_CASE("a page of a record that nobody asked for is not kept", "[sync][cost]") {
  FreshImport at;
  at.world.sync(at.world.prison);
  schema::Page other;
  at.world.listener = [&](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
    schema::FetchReply reply;
    if (endpoint != HubClient::Endpoint::fetch) return;
    REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    if (other.records_size() == 0) {
      other = reply.pages(0);
      other.mutable_entries()->set_dossier(std::string(16, 'x'));
    }
    *reply.add_pages() = other;
    answer.resize(reply.ByteSizeLong());
    REQUIRE(reply.SerializeToArray(answer.data(), static_cast<int>(answer.size())));
  };
  const auto report = at.world.sync(at.world.desk);
  CHECK(report.counts.unsound == 1);
  CHECK(at.held_by(at.world.desk) == volunteers);
}

TEST_CASE("no request is larger than the hub takes, whatever the size and form of its entries",
          "[sync][cost]") {
  const bool in_full = GENERATE(false, true);
  World world;
  world.sync_all();
  const auto& type = *record_type(*schema::Volunteer::descriptor());
  const auto context = world.prison.node->context();
  const auto members = must(members_of_new(type.dossier, *world.prison.node));
  const auto plan = must(plan_new({type, {}, sync::Role::owner, context.policies, world.codes},
                                  {{"given-name", "Alex", FieldInput::How::set},
                                   {"family-name", "Large", FieldInput::How::set}}));
  constexpr std::size_t large = 60;
  sync::store::Batch batch(world.prison.node->database(), context);
  for (std::size_t i = 0; i < large; ++i) {
    auto ops = plan.ops;
    ops[0].value.resize(30'000);  // does not shrink when packed
    world.prison.node->random().fill(ops[0].value);
    for (auto& byte : ops[0].value) byte = static_cast<std::uint8_t>('!' + byte % 90);
    must(batch.create(members, world.prison.records->authorship(world.prison.by), ops));
  }
  must(batch.commit());

  std::size_t largest = 0;
  std::set<std::string> asked_again;
  world.listener = [&](HubClient::Endpoint endpoint, crypto::ByteView request, auto& answer) {
    schema::SyncRequest asked;
    schema::SyncReply told;
    if (endpoint != HubClient::Endpoint::sync) return;
    REQUIRE(asked.ParseFromArray(request.data(), static_cast<int>(request.size())));
    REQUIRE(told.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    std::size_t bytes = 0;
    for (const auto& group : asked.entries()) bytes += group.ByteSizeLong();
    largest = std::max(largest, bytes);
    if (!in_full) return;
    int index = 0;
    for (const auto& group : asked.entries()) {
      for (const auto& entry : group.entries()) {
        auto& said = *told.mutable_answers(index++);
        if (!asked_again.insert(entry.signature()).second) continue;
        said.Clear();
        said.set_plain(schema::EntryAnswer::NEED_FULL);
      }
    }
    answer.resize(told.ByteSizeLong());
    REQUIRE(told.SerializeToArray(answer.data(), static_cast<int>(answer.size())));
  };
  LinkMemory link;
  link.batch_bytes = sync::batch_bytes_max;
  const auto report = must(SyncRound(*world.prison.node, world.hub(), link).run());
  CHECK(report.counts.sent == large);
  CHECK(largest <= sync::batch_bytes_max);
  CHECK(largest > sync::batch_bytes_max - 70'000);  // and none much smaller than it need be
}

TEST_CASE("whoever was removed from a record has no digest of it waiting for ever",
          "[sync][cost]") {
  World world;
  world.sync_all();
  auto& node = *world.prison.node;
  const auto& type = *record_type(*schema::Volunteer::descriptor());
  const auto context = node.context();
  const auto by = world.prison.records->authorship(world.prison.by);
  const auto plan = must(plan_new({type, {}, sync::Role::owner, context.policies, world.codes},
                                  {{"given-name", "Alex", FieldInput::How::set},
                                   {"family-name", "Moved", FieldInput::How::set}}));
  const auto dossier =
      must(node.admission().create(must(members_of_new(type.dossier, node)), by, plan.ops));
  world.sync_all();
  must(node.admission().change_members(
      dossier, {sync::store::MemberChange::Kind::remove, world.desk.organisation}, by));
  world.sync_all();
  sync::store::UnitOfWork work(world.desk.node->database(), sync::store::Purpose::reading);
  CHECK(work.first("SELECT count(*) FROM dossier WHERE digest_sent != length", sync::store::bound(),
                   sync::store::unsigned_column) == 0);
  CHECK(work.first("SELECT count(*) FROM dossier WHERE length = 2", sync::store::bound(),
                   sync::store::unsigned_column) == 1);
}

TEST_CASE("what a newcomer does with many redactions follows their number", "[sync][cost]") {
  const auto rows_written = [](int redactions) {
    World world;
    world.sync_all();
    auto& prison = *world.prison.records;
    const auto made = must(prison.new_record(
        *record_type(*schema::Volunteer::descriptor()),
        {{"given-name", "Ann"}, {"family-name", "Example"}, {"date-of-birth", "1981-04-03"}},
        world.prison.by));
    std::vector<sync::Hash> entries;
    for (int i = 0; i < redactions; ++i) {
      const auto form = must(prison.open(made.record));
      const auto saved =
          must(prison.set_fields(form, {{"known-as", std::to_string(i)}}, world.prison.by));
      entries.push_back(*saved.entry);
    }
    world.sync(world.prison);
    for (const auto& entry : entries) {
      must(world.prison.node->admission().redact(made.record.dossier, {{entry, 0}},
                                                 prison.authorship(world.prison.by)));
    }
    world.sync(world.prison);
    const auto written = [&] {
      sync::store::UnitOfWork work(world.desk.node->database());
      return *work.first("SELECT total_changes()", sync::store::bound(),
                         [](const sync::store::Statement& row) { return row.integer(0); });
    };
    const auto before = written();
    world.sync(world.desk);
    return static_cast<double>(written() - before);
  };
  const double few = rows_written(20);
  CHECK(rows_written(80) < 6 * few);
}

TEST_CASE("nobody goes on wanting a key for a computer that was withdrawn", "[sync][cost]") {
  FreshImport at;
  at.world.sync_all();
  auto& database = at.world.prison.node->database();
  const auto& withdrawn = at.world.stranger.node->identity().node;
  {
    sync::store::UnitOfWork work(database);
    work.run(
        "INSERT INTO wanted (dossier, epoch, kind, recipient) "
        "SELECT dossier, zeroblob(16), 1, ? FROM dossier",
        withdrawn.view());
    must(work.commit());
  }
  schema::DirectoryBody body;
  auto& revoked = *body.add_revoked_nodes();
  revoked = std::string(crypto::as_text(withdrawn.view()));
  at.world.publish_at_hub(body);
  at.world.sync(at.world.prison);
  sync::store::UnitOfWork work(database, sync::store::Purpose::reading);
  CHECK(work.first("SELECT count(*) FROM wanted", sync::store::bound(),
                   sync::store::unsigned_column) == 0);
}

// As after a year in which the central team has let in many and a site has been away.
TEST_CASE("a site far behind the central list gets all of it, and what is new, in one visit",
          "[sync][cost]") {
  FreshImport at;
  at.world.sync_all();
  const auto before = at.world.desk.node->directory().version();
  constexpr int steps = 30, organisations = 500;  // three answers' worth
  std::size_t bytes = 0;
  for (int step = 0; step < steps; ++step) {
    schema::DirectoryBody body;
    for (int i = 0; i < organisations; ++i) {
      auto& organisation = *body.add_organisations();
      const std::string number = std::to_string(100'000 + step * organisations + i);
      organisation.set_id("made up: " + number + ".");
      organisation.set_name("Made-Up Partner " + number);
      organisation.set_kind(schema::DirectoryOrganisation::PARTNER);
      organisation.set_recovery_key(
          std::string(crypto::as_text(at.world.prison.recovery.public_key())));
    }
    bytes += body.ByteSizeLong();
    at.world.publish_at_hub(body);
  }
  REQUIRE(bytes > std::size_t{1} << 20);
  at.create();
  at.world.sync(at.world.prison);
  at.world.sync(at.world.desk);
  CHECK(at.world.desk.node->directory().version() == before + steps);
  CHECK(at.held_by(at.world.desk) == 2 * volunteers);
}

namespace {

// Pages of its store that were looked at meanwhile, in memory or not.
int pages_looked_at(OpenNode& node, const std::function<void()>& meanwhile) {
  const auto count = [&](bool begin_anew) {
    int out = 0;
    for (const int kind : {SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS}) {
      int now = 0;
      int most = 0;
      sqlite3_db_status(node.database().connection().handle(), kind, &now, &most, begin_anew);
      out += now;
    }
    return out;
  };
  count(true);
  meanwhile();
  return count(false);
}

}  // namespace

TEST_CASE("where nothing has happened nothing is looked at, however much is held", "[sync][cost]") {
  FreshImport at;
  Site& prison = at.world.prison;
  at.world.sync_all(4);  // until all have said what they hold
  const auto idle_sync = [&] {
    return pages_looked_at(*prison.node, [&] { at.world.sync(prison); });
  };
  const auto look_for_late_changes = [&] {
    return pages_looked_at(*prison.node, [&] {
      CHECK(must(sync::store::late_items(prison.node->database(), prison.node->context())).empty());
    });
  };
  const int sync_before = idle_sync();
  const int look_before = look_for_late_changes();
  at.create();
  at.world.sync_all(4);
  CHECK(idle_sync() == sync_before);
  CHECK(look_for_late_changes() == look_before);
}
