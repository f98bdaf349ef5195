#include "schema/change_set.pb.h"
#include "schema/directory.pb.h"
#include "sync/directory.h"
#include "tests/sync/seeded_random.h"
#include "tests/vectors/make_vectors.h"

namespace throughgate::vectors {
namespace {

using namespace sync;
using sync::testing::SeededRandom;

constexpr auto list_not_next = "stale: This is not the next version of the central list.";
constexpr auto list_unsigned =
    "rejected: The central list was refused: it is not signed by the central team.";
constexpr auto out_of_bounds = "rejected: The change holds a value out of its bounds.";

struct Steps {
  SeededRandom random{78};
  crypto::SigningKey key = crypto::SigningKey::generate(random);
  DirectoryStep first;
  DirectoryStep second;
  DirectoryStep forged;
  DirectoryStep two_central_teams;

  Steps() {
    schema::DirectoryBody body;
    auto& organisation = *body.add_organisations();
    organisation.set_id("made-up-prison-1");
    organisation.set_name("HMP Made Up");
    organisation.set_kind(schema::DirectoryOrganisation::PRISON);
    organisation.set_recovery_key(std::string(32, 'r'));
    Directory directory;
    first = directory.sign_next(body, 1'800'000'000'000, 1'810'000'000'000, key);
    forged = directory.sign_next(body, 1, 2, crypto::SigningKey::generate(random));
    schema::DirectoryBody central = body;
    for (const char* id : {"made-up-team-one", "made-up-team-two"}) {
      auto& team = *central.add_organisations();
      team = organisation;
      team.set_id(id);
      team.set_kind(schema::DirectoryOrganisation::CENTRAL);
    }
    two_central_teams = directory.sign_next(central, 1'800'000'000'000, 1'810'000'000'000, key);
    if (!directory.apply(first, key.verify_key())) return;
    second = directory.sign_next({}, 1'800'000'000'001, 1'810'000'000'000, key);
  }
};

void add_directories(Vectors& out) {
  const Steps s;
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const std::vector<DirectoryStep>& steps) {
    VectorFile vector("directory", about, expect);
    vector.add("directory_key", s.key.verify_key());
    for (const auto& step : steps) {
      vector.add("step", hex_or_dash(step.header) + " " + hex_or_dash(step.body) + " " +
                             crypto::to_hex(step.signature));
    }
    out["directory_" + name] = std::move(vector);
  };
  add("two", "Two steps; the result is the version.", "accept 2", {s.first, s.second});
  add("replayed", "The first step again after the second.", list_not_next,
      {s.first, s.second, s.first});
  add("ahead", "The second step without the first.", list_not_next, {s.second});
  add("two_central_teams", "A step that lists two central organisations.",
      "rejected: The central list was refused: it lists a second central team.",
      {s.two_central_teams});
  add("forged", "A step signed by another key.", list_unsigned, {s.forged});
  DirectoryStep body = s.first;
  body.body[5] ^= 1;
  add("body_bit", "One bit of the body flipped.",
      "rejected: The central list was refused: its content is damaged.", {body});
  DirectoryStep header = s.first;
  header.header[50] ^= 1;
  add("header_bit", "One bit of the header flipped.", list_unsigned, {header});
  DirectoryStep shorter = s.first;
  shorter.header.pop_back();
  add("header_short", "A header cut short.",
      "rejected: The central list was refused: it is not in a form this program reads.", {shorter});
}

void add_change_sets(Vectors& out) {
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const schema::ChangeSet& message) {
    VectorFile vector("change_set", about, expect);
    const std::string bytes = message.SerializeAsString();
    out["change_set_" + name] = std::move(vector.add("bytes", crypto::as_bytes(bytes)));
  };
  schema::ChangeSet good;
  good.mutable_actor()->set_id("actor-01");
  good.set_clock_ms(1'800'000'000'000);
  good.add_ops()->set_value("x");
  add("good", "One op.", "accept", good);
  schema::ChangeSet bad = good;
  bad.clear_actor();
  add("no_actor", "Nobody named.", out_of_bounds, bad);
  bad = good;
  bad.mutable_ops(0)->set_record("short");
  add("record", "A record id of five bytes.", out_of_bounds, bad);
  bad = good;
  bad.mutable_ops(0)->set_value_removed(true);
  add("removed", "A removed value outside a copy.", out_of_bounds, bad);
  bad = good;
  bad.mutable_ops(0)->add_supersedes()->set_dep(1);
  schema::ChangeSet late = good;
  late.set_clock_ms((std::uint64_t{1} << 62) + 1);
  add("clock", "A clock beyond 2 to the 62nd.", out_of_bounds, late);
  add("name", "A name by a dependency, without a seq.", out_of_bounds, bad);
}

}  // namespace

void add_directory_vectors(Vectors& out) {
  add_directories(out);
  add_change_sets(out);
}

}  // namespace throughgate::vectors
