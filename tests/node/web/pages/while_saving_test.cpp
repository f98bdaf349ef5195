// Reading waits for nobody: an import or a long exchange holds the store's one writing lock for
// seconds.
#include <atomic>
#include <catch_amalgamated.hpp>
#include <chrono>
#include <deque>
#include <set>
#include <thread>

#include "node/hub_visit.h"
#include "node/status.h"
#include "node/web/pages/pages.h"
#include "tests/node/web/pages/page_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

constexpr std::size_t pages_max = 150;

std::vector<std::string> links_in(const std::string& body) {
  std::vector<std::string> out;
  const std::string before = "href=\"/";
  for (auto at = body.find(before); at != std::string::npos; at = body.find(before, at + 1)) {
    const auto start = at + before.size() - 1;
    out.push_back(body.substr(start, body.find('"', start) - start));
  }
  return out;
}

}  // namespace

// Saves one after the other until it ends. Each takes longer than most do.
class Saving {
 public:
  explicit Saving(OpenNode& node) : thread_([this, &node] { go_on(node); }) {}
  Saving(const Saving&) = delete;
  Saving& operator=(const Saving&) = delete;
  ~Saving() {
    ended_ = true;
    thread_.join();
  }

 private:
  void go_on(OpenNode& node) {
    while (!ended_) {
      {
        const sync::store::UnitOfWork work(node.database());
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }

  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

// A page with something noted waits for the save under way to write down who looked.
TEST_CASE("every page can be read while something is being saved", "[pages]") {
  PageWorld at;
  crypto::SystemRandom random;
  StorePool stores(at.prison.folder.store(), random, at.world.clock);
  SyncLoop loop(
      stores,
      [](OpenNode&) -> sync::Result<std::unique_ptr<HubClient>> {
        return sync::Error{sync::ErrorKind::unavailable, "Made up: no line today."};
      },
      at.prison.folder, std::chrono::seconds(0));
  Visitor visitor(
      at.prison, at.codes,
      {web::add_home_page, [&](web::SitePages& pages) { web::add_sync_pages(pages, loop); },
       web::add_volunteer_pages, web::add_handover_pages, web::add_conflict_pages,
       web::add_notice_pages});
  const auto handover = at.shared_handover();
  at.set(at.prison, handover, "release-date", "2099-12-01");
  at.set(at.partner, handover, "release-date", "2099-12-03");
  at.sync_all();

  const Saving saving(*at.prison.node);
  std::deque<std::string> to_visit{"/"};
  std::set<std::string> known(to_visit.begin(), to_visit.end());
  std::size_t read = 0;
  for (; !to_visit.empty() && read < pages_max; ++read) {
    const std::string target = to_visit.front();
    to_visit.pop_front();
    const auto page = visitor.get(target);
    CAPTURE(target);
    REQUIRE((page.status == 200 || page.status == 404));  // 404: pages that these tests do not add
    for (const auto& link : links_in(page.body)) {
      if (known.insert(link).second) to_visit.push_back(link);
    }
  }
  CHECK(read >= 20);

  // What stands at the head of each page.
  const auto reader =
      must(OpenNode::open(at.prison.folder.store(),
                          must(at.prison.accounts.sign_in("jo", good_password, at.world.clock)),
                          sync::store::Access::existing, random, at.world.clock));
  CHECK(own_name(*reader));
  CHECK(unsent_of(*reader));
  CHECK(last_contact(*reader));
}
