// Work for the exchange that goes there by way of somebody who has nothing to do with it.
#include <algorithm>
#include <catch_amalgamated.hpp>

#include "node/bundles/import.h"
#include "node/bundles/passing_on.h"
#include "schema/bundle.pb.h"
#include "schema/directory.pb.h"
#include "tests/node/flows/bundle_stick.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;
using sync::store::Fate;
using sync::store::UnitOfWork;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

bool has_it(Site& site, const sync::DossierId& id) {
  UnitOfWork work(site.node->database(), sync::store::Purpose::reading);
  const bool out = sync::store::StoredDossier::exists(work, id) &&
                   sync::store::StoredDossier(work, id).length() > 0;
  must(work.commit());
  return out;
}

sync::Result<ToPassOn> give(Site& site, crypto::ByteView file) {
  auto read = sync::read_bundle(file);
  if (!read.bundle) return sync::error_of(read.fault);
  return keep_to_pass_on(*site.node, *read.bundle, file);
}

std::size_t visit(World& world, Site& site) {
  SyncRound round(*site.node, world.hub());
  must(round.run());
  return must(pass_on(*site.node, round));
}

PassedOn only_one(Site& site) {
  const auto all = must(passed_on_files(*site.node));
  REQUIRE(all.size() == 1);
  return all.front();
}

std::vector<crypto::Bytes> answers_at(Site& site) {
  std::vector<crypto::Bytes> out;
  for (const auto& each : must(passed_on_files(*site.node))) {
    for (const auto& answer : each.answers) {
      out.push_back(must(carried_answer(*site.node, answer.number)));
    }
  }
  return out;
}

std::vector<std::string> rows_of_hub(World& world) {
  auto database = must(world.open_hub_store());
  UnitOfWork work(database, sync::store::Purpose::reading);
  std::vector<std::string> tables, out;
  work.each("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
            sync::store::bound(), [&](const auto& row) { tables.emplace_back(row.text(0)); });
  for (const auto& table : tables) {
    work.each("SELECT count(*) FROM " + table, sync::store::bound(), [&](const auto& row) {
      out.push_back(table + ": " + std::to_string(row.unsigned_integer(0)));
    });
  }
  must(work.commit());
  return out;
}

crypto::Bytes file_with(World& world, Site& site, const schema::Bundle& content,
                        crypto::Random& random) {
  sync::BundleLabel label;
  label.meant_for = sync::BundleFor::hub;
  label.maker = site.node->identity().node.bytes;
  label.set = sync::BundleSet::random(random);
  return must(sync::seal_bundle(label, {*sync::hub_as_reader(world.hub_key().verify_key())},
                                content, site.node->identity().signing_key, random));
}

// A file for the exchange of about so many bytes that do not pack, by a site.
crypto::Bytes heavy_file(World& world, Site& site, std::size_t bytes, std::uint64_t seed) {
  sync::testing::SeededRandom random(seed);
  schema::Bundle content;
  crypto::Bytes noise(bytes);
  random.fill(noise);
  content.add_erasure_receipts()->set_bytes(std::string(noise.begin(), noise.end()));
  return file_with(world, site, content, random);
}

// So many changes of a handover that do not pack: some 4 KB each.
void write_much(World& world, const sync::DossierId& id, int changes) {
  sync::testing::SeededRandom random(5);
  const auto& handover = *record_type(*schema::Handover::descriptor());
  for (int i = 0; i < changes; ++i) {
    crypto::Bytes noise(3'900);
    random.fill(noise);
    const auto open = must(world.prison.records->open({id, {}, handover.number}));
    By by = world.prison.by;
    by.reason.clear();
    for (const auto each : noise) by.reason += static_cast<char>('0' + each % 64);
    must(world.prison.records->set_fields(open, {{"sender-name", "Sam " + std::to_string(i)}}, by));
  }
}

// Handed on from what is no hub of ours but stands before it: refuses some files, and counts all.
class BeforeHub final : public HubClient {
 public:
  explicit BeforeHub(HubClient& hub) : hub_(hub) {}
  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override {
    if (endpoint != Endpoint::carry) return hub_.call(endpoint, request);
    schema::CarryRequest read;
    REQUIRE(read.ParseFromArray(request.data(), static_cast<int>(request.size())));
    tried.push_back(read.file());
    if (read.file() == refused) return sync::Error{as, "No."};
    return hub_.call(endpoint, request);
  }
  std::vector<std::string> tried;
  std::string refused;
  ErrorKind as = ErrorKind::invalid;

 private:
  HubClient& hub_;
};

void withdraw_prison_at_hub(World& world) {
  schema::DirectoryBody body;
  body.add_revoked_nodes(sync::to_wire(world.prison.node->identity().node.view()));
  world.publish_at_hub(body);
}

}  // namespace

TEST_CASE("what a site without a network wrote arrives by way of anybody, and so does the answer",
          "[bundle][pass-on]") {
  World world;
  const auto id = shared_handover(world);
  CHECK(must(unsent_of(*world.prison.node)) > 0);
  for (const auto& file : for_hub(world.prison)) {
    CHECK(must(give(world.stranger, file)).waiting == 1);
  }
  CHECK(only_one(world.stranger).fate == Fate::waits);
  CHECK(only_one(world.stranger).made_by == "HMP Example, Office");
  CHECK(visit(world, world.stranger) == 1);
  CHECK(only_one(world.stranger).fate == Fate::taken);
  CHECK(only_one(world.stranger).bytes == 0);  // its work here is done
  world.sync(world.partner);
  CHECK(has_it(world.partner, id));

  const auto answers = answers_at(world.stranger);
  REQUIRE(answers.size() == 1);
  CHECK(take_all(world.prison, answers).own_placed > 0);
  CHECK(must(unsent_of(*world.prison.node)) == 0);
  // And once there is a network nothing is left to do.
  const auto counts = world.sync(world.prison).counts;
  CHECK(counts.received + counts.own_placed + counts.refused + counts.unsound == 0);
}

TEST_CASE("who has no answer yet hears by any other way that its work has arrived",
          "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  must(give(world.stranger, for_hub(world.prison).at(0)));
  visit(world, world.stranger);
  CHECK(must(unsent_of(*world.prison.node)) > 0);  // kept until it is seen in its place
  world.sync(world.prison);
  CHECK(must(unsent_of(*world.prison.node)) == 0);
}

TEST_CASE("whoever passes a file on can open neither it nor the answer, and learns nothing",
          "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  const auto file = for_hub(world.prison).at(0);
  const auto own = [&] {
    auto rows = everything_in(world.stranger);
    std::erase_if(rows, [](const std::string& row) {
      return row.starts_with("passed_on:") || row.starts_with("carried_answer:") ||
             row.starts_with("setting: 'cursor'");  // which counts what anybody brought
    });
    std::sort(rows.begin(), rows.end());
    return rows;
  };
  for (int i = 0; i < 2; ++i) visit(world, world.stranger);  // all that it is told is here
  const auto before = own();
  must(give(world.stranger, file));
  visit(world, world.stranger);
  std::vector<std::string> learned;
  const auto after = own();
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(learned));
  CHECK(learned == std::vector<std::string>());
  CHECK(after.size() == before.size());
  auto sealed = answers_at(world.stranger);
  REQUIRE(sealed.size() == 1);
  sealed.push_back(file);
  const auto& self = world.stranger.node->identity();
  for (const auto& each : sealed) {
    const auto read = sync::read_bundle(each);
    REQUIRE(read.bundle);
    CHECK_FALSE(read.bundle->is_for(self.node.bytes));
    schema::Bundle content;
    CHECK(sync::open_bundle(*read.bundle, self.node.bytes, self.box_key, content) ==
          sync::BundleFault::not_for_us);
  }
}

TEST_CASE("the answer holds what became of that file, and nothing else", "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  world.sync_all();  // of this one nothing is left to say
  const auto other = ready_handover(world);
  must(give(world.stranger, for_hub(world.prison).at(0)));
  visit(world, world.stranger);
  const auto read = sync::read_bundle(answers_at(world.stranger).at(0));
  REQUIRE(read.bundle);
  const auto& self = world.prison.node->identity();
  schema::Bundle content;
  REQUIRE_FALSE(sync::open_bundle(*read.bundle, self.node.bytes, self.box_key, content));
  std::set<std::string> named;
  for (const auto& each : content.dossiers()) named.insert(each.entries().dossier());
  CHECK(named == std::set{sync::to_wire(other.view())});
}

TEST_CASE("to pass on the same file a hundred times changes nothing", "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  const auto file = for_hub(world.prison).at(0);
  must(give(world.stranger, file));
  for (int i = 0; i < 100; ++i) CHECK(must(give(world.stranger, file)).waiting == 1);
  visit(world, world.stranger);
  visit(world, world.stranger);
  const auto at_stranger = everything_in(world.stranger);
  const auto at_hub = rows_of_hub(world);
  SyncRound round(*world.stranger.node, world.hub());
  must(round.run());
  for (int i = 0; i < 100; ++i) {
    CHECK(must(give(world.stranger, file)).was_passed_on);
    CHECK(visit(world, world.stranger) == 0);
    CHECK(must(round.carry(file)).fate() == schema::CarryReply::TAKEN);
  }
  CHECK(everything_in(world.stranger) == at_stranger);
  CHECK(rows_of_hub(world) == at_hub);
}

TEST_CASE("what cannot be passed on is refused in words, and nothing of it is kept",
          "[bundle][pass-on]") {
  World world, elsewhere;
  shared_handover(world);
  shared_handover(elsewhere);
  const auto refused = [&](const crypto::Bytes& file, ErrorKind kind, const char* words) {
    const auto error = refusal(give(world.stranger, file));
    INFO(error.message);
    CHECK(error.kind == kind);
    CHECK(error.message.find(words) != std::string::npos);
    CHECK(must(passed_on_files(*world.stranger.node)).empty());
  };
  const auto file = for_hub(world.prison).at(0);
  refused({file.begin(), file.end() - 1}, ErrorKind::invalid, "copied only in part");
  auto changed = file;
  changed[changed.size() / 2] ^= 1;
  refused(changed, ErrorKind::rejected, "changed or damaged");
  sync::testing::SeededRandom random(8);
  sync::BundleLabel label;
  label.meant_for = sync::BundleFor::hub;
  label.maker = world.prison.node->identity().node.bytes;
  const auto key = crypto::SigningKey::generate(random);
  refused(must(sync::seal_bundle(label, {*sync::hub_as_reader(key.verify_key())}, {},
                                 world.prison.node->identity().signing_key, random)),
          ErrorKind::denied, "another exchange");
  const auto hub = *sync::hub_as_reader(world.hub_key().verify_key());
  refused(must(sync::seal_bundle(label, {hub}, {}, key, random)), ErrorKind::rejected,
          "not made by the computer that it names");
  label.maker.fill(7);
  refused(must(sync::seal_bundle(label, {hub}, {}, key, random)), ErrorKind::stale,
          "no central list");
  refused(heavy_file(world, world.prison, 3 << 20, 1), ErrorKind::invalid, "too large");
  schema::DirectoryBody body;
  body.add_revoked_nodes(sync::to_wire(world.prison.node->identity().node.view()));
  world.publish(body);
  refused(file, ErrorKind::denied, "withdrawn");
}

TEST_CASE("what the exchange refuses is said to whoever passed it on, and kept no longer",
          "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  must(give(world.stranger, for_hub(world.prison).at(0)));
  withdraw_prison_at_hub(world);
  CHECK(visit(world, world.stranger) == 1);
  const auto file = only_one(world.stranger);
  CHECK(file.fate == Fate::refused);
  CHECK(file.said.find("withdrawn by the central team") != std::string::npos);
  CHECK(file.bytes == 0);
  CHECK(file.answers.empty());
}

TEST_CASE("where the exchange does not answer, a file waits and goes with the next visit",
          "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  must(give(world.stranger, for_hub(world.prison).at(0)));
  bool cut = true;
  world.listener = [&](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
    if (cut && endpoint == HubClient::Endpoint::carry) answer.assign(3, 0xFF);
  };
  CHECK(visit(world, world.stranger) == 0);
  CHECK(only_one(world.stranger).fate == Fate::waits);
  CHECK(only_one(world.stranger).bytes > 0);
  cut = false;
  CHECK(visit(world, world.stranger) == 1);
}

TEST_CASE("a file that gets an error does not keep those behind it from being passed on",
          "[bundle][pass-on]") {
  World world;
  sync::testing::SeededRandom random(6);
  std::vector<crypto::Bytes> files;
  for (int i = 0; i < 3; ++i) {
    files.push_back(file_with(world, world.prison, {}, random));
    must(give(world.stranger, files.back()));
  }
  BeforeHub hub(world.hub());
  hub.refused = sync::to_wire(files[0]);
  const auto pass = [&] {
    hub.tried.clear();
    world.pass(1000);
    SyncRound round(*world.stranger.node, hub);
    must(round.run());
    return must(pass_on(*world.stranger.node, round));
  };
  SECTION("one that cannot be sent is stepped over") {
    CHECK(pass() == 2);
    CHECK(hub.tried.size() == 3);
    CHECK(pass() == 0);
    CHECK(hub.tried == std::vector{hub.refused});  // and offered again
  }
  SECTION("where nobody answers the rest waits, and the next visit begins with them") {
    hub.as = ErrorKind::unavailable;
    CHECK(pass() == 0);
    CHECK(hub.tried == std::vector{hub.refused});
    CHECK(pass() == 2);
    CHECK(hub.tried.back() == hub.refused);
  }
}

TEST_CASE("a file that holds more than one request may is refused whole, if a site passes it on",
          "[bundle][pass-on]") {
  World world;
  sync::testing::SeededRandom random(7);
  schema::Bundle content;
  const auto a_dossier = [&]() -> schema::CarriedDossier& {
    auto& out = *content.add_dossiers();
    out.mutable_entries()->set_dossier(sync::to_wire(sync::DossierId::random(random).view()));
    return out;
  };
  SECTION("dossiers") {
    for (int i = 0; i < 16'001; ++i) content.add_dossiers();
  }
  SECTION("entries") {
    auto& group = *a_dossier().mutable_entries();
    for (int i = 0; i < 40'001; ++i) group.add_entries();
  }
  SECTION("bytes of entries") {
    a_dossier().mutable_entries()->add_entries()->set_sealed(std::string(8 << 20, 'x'));
  }
  SECTION("envelope lists") {
    for (int i = 0; i < 3; ++i) {
      auto& each = a_dossier();
      for (int k = 0; k < 6'000; ++k) each.add_envelopes();
    }
  }
  SECTION("digests") {
    auto& each = a_dossier();
    for (int i = 0; i < 16'001; ++i) each.add_digests();
  }
  SECTION("receipts of erasures") {
    for (int i = 0; i < 16'001; ++i) content.add_erasure_receipts();
  }
  SECTION("receipts of what is no longer shared") {
    for (int i = 0; i < 16'001; ++i) content.add_purge_receipts();
  }
  SECTION("versions of the list") {
    for (int i = 0; i < 16'001; ++i) content.add_directory();
  }
  const auto file = file_with(world, world.prison, content, random);
  REQUIRE(file.size() <= sync::bundle_passed_on_max);
  world.sync(world.stranger);
  const auto before = rows_of_hub(world);
  SyncRound round(*world.stranger.node, world.hub());
  must(round.run());
  const auto reply = must(round.carry(file));
  CHECK(reply.fate() == schema::CarryReply::REFUSED);
  CHECK(reply.said().find("more than a site can pass on") != std::string::npos);
  CHECK(rows_of_hub(world) == before);
}

TEST_CASE("a file too large to be passed on is refused before it is looked at",
          "[bundle][pass-on]") {
  World world;
  SyncRound round(*world.stranger.node, world.hub());
  must(round.run());
  const auto reply = must(round.carry(crypto::Bytes(sync::bundle_passed_on_max + 1, 'x')));
  CHECK(reply.fate() == schema::CarryReply::REFUSED);
  CHECK(reply.said().find("more than a site can pass on") != std::string::npos);
}

TEST_CASE("a dossier that stands twice in one file is judged once", "[bundle][pass-on]") {
  World world;
  sync::testing::SeededRandom random(8);
  schema::Bundle content;
  auto& dossier = *content.add_dossiers();
  dossier.mutable_entries()->set_dossier(sync::to_wire(sync::DossierId::random(random).view()));
  dossier.mutable_entries()->add_entries();  // no entry that anybody signed
  const schema::CarriedDossier again = dossier;
  for (int i = 0; i < 9; ++i) *content.add_dossiers() = again;
  CHECK(must(world.bring_to_hub(file_with(world, world.prison, content, random))).bad == 1);
}

TEST_CASE("an answer is no longer made than goes with one reply", "[bundle][pass-on]") {
  World world;
  const auto id = shared_handover(world);
  write_much(world, id, 900);
  const auto files = for_hub(world.prison);
  CHECK(files.size() > 2);
  for (const auto& each : files) must(give(world.stranger, each));
  visit(world, world.stranger);
  const auto answers = answers_at(world.stranger);
  REQUIRE_FALSE(answers.empty());
  const auto last = sync::read_bundle(answers.back());
  REQUIRE(last.bundle);
  CHECK(last.bundle->label().parts == 3);  // and says so: the rest was not even made
  CHECK(last.bundle->label().part == 3);
}

TEST_CASE("an answer that is not the exchange's is not kept for anybody", "[bundle][pass-on]") {
  World world;
  shared_handover(world);
  must(give(world.stranger, for_hub(world.prison).at(0)));
  world.listener = [&](HubClient::Endpoint endpoint, crypto::ByteView, crypto::Bytes& answer) {
    if (endpoint != HubClient::Endpoint::carry) return;
    schema::CarryReply reply;
    REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
    reply.add_answer("anything");
    reply.add_answer(sync::to_wire(heavy_file(world, world.prison, 100, 2)));
    answer = crypto::Bytes(reply.ByteSizeLong());
    reply.SerializeToArray(answer.data(), static_cast<int>(answer.size()));
  };
  CHECK(visit(world, world.stranger) == 1);
  CHECK(answers_at(world.stranger).size() == 1);
}

TEST_CASE("files of others are kept up to so many bytes, and for so many days",
          "[bundle][pass-on]") {
  World world;
  std::uint64_t seed = 100;
  std::size_t kept = 0;
  for (; kept < 100; ++kept) {
    const auto file = heavy_file(world, world.prison, 1'000'000, ++seed);
    const auto given = give(world.stranger, file);
    if (given) continue;
    CHECK(given.error().kind == ErrorKind::unavailable);
    CHECK(given.error().message.find("64 MB") != std::string::npos);
    break;
  }
  CHECK(kept == 63);
  world.pass((passed_on_days - 1) * day_ms);
  CHECK_FALSE(give(world.stranger, heavy_file(world, world.prison, 1'000'000, ++seed)));
  world.pass(2 * day_ms);
  CHECK(must(give(world.stranger, heavy_file(world, world.prison, 1'000'000, ++seed))).waiting ==
        1);
}

TEST_CASE("a file for the exchange takes along what others gave to be passed on",
          "[bundle][pass-on]") {
  World world;
  const auto id = shared_handover(world);
  const auto given = for_hub(world.prison).at(0);
  must(give(world.stranger, given));
  const auto files = for_hub(world.stranger);
  REQUIRE(files.size() == 2);
  CHECK(files.back() == given);
  for (const auto& each : files) must(world.bring_to_hub(each));
  world.sync(world.partner);
  CHECK(has_it(world.partner, id));
  visit(world, world.stranger);  // and when there is a network again it is known there
  CHECK(only_one(world.stranger).fate == Fate::taken);
}

TEST_CASE("however much waits, its files for the exchange can be passed on by a site",
          "[bundle][pass-on]") {
  World world;
  write_much(world, shared_handover(world), 420);
  const auto files = for_hub(world.prison);
  CHECK(files.size() > 1);
  for (const auto& each : files) must(give(world.stranger, each));
  CHECK(visit(world, world.stranger) == files.size());
  take_all(world.prison, answers_at(world.stranger));
  CHECK(must(unsent_of(*world.prison.node)) == 0);
}

}  // namespace throughgate::node::testing
