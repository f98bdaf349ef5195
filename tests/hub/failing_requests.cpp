// Where THROUGHGATE_DISK_FAULTS is set (tools/disk_faults), each kind of request that these tests
// send is sent under a disk that fails, at one change after the other, before it is sent for good.
// A kind: which parts a request has, and in which tables it leaves something.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <cstdlib>
#include <iostream>
#include <set>

#include "hub/routes.h"
#include "tests/disk_faults/moments.h"
#include "tests/disk_faults/plain_words.h"
#include "tests/disk_faults/store_content.h"
#include "tests/hub/made_up.h"

namespace throughgate::hub::testing {
namespace {

using throughgate::testing::Changes;
using throughgate::testing::Content;
using throughgate::testing::Fault;
using throughgate::testing::Moments;

constexpr std::uint64_t moments_a_day = 6;

// The marks of requests are drawn anew each time, by the store itself.
Content held_by(World& world) {
  auto out = throughgate::testing::content_of(hub_file, hub_file_key(), world.disk.vfs_name());
  out.erase("mark");
  return out;
}

std::set<std::string> parts_of(const google::protobuf::Message& request) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  request.GetReflection()->ListFields(request, &fields);
  std::set<std::string> out;
  for (const auto* field : fields) out.insert(field->name());
  return out;
}

std::string changed_in(const Content& before, const Content& after) {
  std::string out;
  for (const auto& [table, mark] : after) {
    const auto was = before.find(table);
    if (was == before.end() || was->second != mark) out += " " + table;
  }
  return out;
}

// Where `held` is not as `wanted`, it is so in these tables alone, and there as `other`.
bool differs_only_in(const std::set<std::string>& tables, const Content& held,
                     const Content& wanted, const Content& other) {
  return std::all_of(held.begin(), held.end(), [&](const auto& part) {
    const auto& [table, mark] = part;
    return mark == wanted.at(table) || (tables.contains(table) && mark == other.at(table));
  });
}

// That nothing is left of what was erased is found out beside a request, and said once it is so.
bool waits(const google::protobuf::Message& request, const Content& before, const Content& after,
           const Content& held) {
  return held != after && !parts_of(request).contains("erasure_receipt") &&
         differs_only_in({"erasure_receipt", "hub"}, held, after, before);
}

// Of the central list each version is taken by itself, before all else, and stays taken.
bool has_left_nothing(const google::protobuf::Message& request, const Content& before,
                      const Content& held) {
  if (!parts_of(request).contains("directory")) return held == before;
  auto as_before = before;
  as_before["directory_step"] = held.at("directory_step");
  return held == as_before;
}

class FailingRequests {
 public:
  Answer send(World& world, Endpoint endpoint, const google::protobuf::Message& request) {
    const auto go = [&] {
      return world.api().handle(endpoint, crypto::as_bytes(request.SerializeAsString()),
                                world.now_ms);
    };
    if (world.disk.armed() || !world.disk.powered()) return go();  // the test fails it by itself
    const auto image = world.copy();
    const auto chance = world.random;
    const auto before = held_by(world);
    const auto counted_before = Changes{world.disk.changes(), world.disk.needing_room()};
    auto answer = go();
    const Changes counted{world.disk.changes() - counted_before.all,
                          world.disk.needing_room() - counted_before.needing_room};
    if (counted.all == 0 || !answer.is_done()) return answer;
    const auto after = held_by(world);
    std::string kind = name_of(endpoint);
    for (const auto& part : parts_of(request)) {
      sent_.insert(part);
      kind += " " + part;
    }
    kind += ":" + changed_in(before, after);
    if (!kinds_.insert(kind).second) return answer;
    moments_.each(kind, counted, [&](Fault fault, std::uint64_t n) {
      world.go_back_to(image, chance);
      fault == Fault::full ? world.disk.fill_up_at(n)
                           : world.disk.fail_at(n, simulation::Fault::io_error);
      const auto failed = go();
      const bool struck = !world.disk.armed();
      world.disk.disarm();
      const auto held = held_by(world);
      const auto seen = std::to_string(failed.status) + " " + failed.error +
                        "\nagainst before:" + changed_in(before, held) +
                        "\nagainst after:" + changed_in(after, held);
      if (failed.is_done() && waits(request, before, after, held)) {
        world.now_ms += minute_ms;  // a disk that failed is left in peace for so long
        CHECK(go().is_done());
        world.now_ms -= minute_ms;
        moments_.must_hold(held_by(world).at("erasure_receipt") != before.at("erasure_receipt"),
                           "what waits is done with a later request", seen);
        return struck;
      }
      if (failed.is_done()) {
        moments_.must_hold(held == after, "what is answered as done is done", seen);
        return struck;
      }
      moments_.must_hold(failed.status == 503, "whoever asks is told to try again later", seen);
      const auto wrong = throughgate::testing::fault_in_words(failed.error, fault);
      moments_.must_hold(wrong.empty(), "a message " + wrong, seen);
      moments_.must_hold(has_left_nothing(request, before, held),
                         "what is answered as failed has left nothing", seen);
      world.random = chance;
      const auto again = go();  // the same hub, once its disk is well
      moments_.must_hold(again.is_done() && held_by(world) == after,
                         "sent again it comes to the same",
                         seen + "\nagain: " + again.error + changed_in(after, held_by(world)));
      return struck;
    });
    world.go_back_to(image, chance);
    return go();
  }

  void print() const {
    moments_.print("requests to a hub");
    std::cout << "disk faults, parts of requests:";
    for (const auto& part : sent_) std::cout << " " << part;
    std::cout << "\n";
  }

 private:
  Moments moments_{moments_a_day};
  std::set<std::string> kinds_, sent_;
};

class Listener final : public Catch::EventListenerBase {
 public:
  using Catch::EventListenerBase::EventListenerBase;
  void testRunStarting(const Catch::TestRunInfo& /*run*/) override {
    if (std::getenv("THROUGHGATE_DISK_FAULTS") == nullptr) return;
    requests_.emplace();
    World::between = [this](World& world, Endpoint endpoint, const auto& request) {
      return requests_->send(world, endpoint, request);
    };
  }
  void testRunEnded(const Catch::TestRunStats& /*run*/) override {
    if (requests_) requests_->print();
  }

 private:
  std::optional<FailingRequests> requests_;
};

CATCH_REGISTER_LISTENER(Listener)

}  // namespace
}  // namespace throughgate::hub::testing
