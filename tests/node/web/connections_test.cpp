#include "node/web/connections.h"

#include <catch_amalgamated.hpp>
#include <condition_variable>
#include <optional>
#include <vector>

using throughgate::node::web::Connections;

namespace {

// A thread that does one thing after the other, each to its end before do_now() returns.
class Lane {
 public:
  Lane() : thread_([this] { run(); }) {}
  ~Lane() {
    do_now({});
    thread_.join();
  }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  void do_now(std::function<void()> work) {
    std::unique_lock lock(mutex_);
    work_ = std::move(work);
    changed_.notify_all();
    changed_.wait(lock, [this] { return !work_; });
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (bool more = true; more;) {
      changed_.wait(lock, [this] { return work_.has_value(); });
      more = static_cast<bool>(*work_);
      if (more) (*work_)();
      work_.reset();
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::function<void()>> work_;
  std::thread thread_;
};

// Three threads; connections are told apart by their sockets.
struct Crowd {
  std::vector<int> ended;
  Connections connections{3, [this](int socket) { ended.push_back(socket); }};
  Lane lanes[3];

  void comes() { connections.wait_for_thread(); }
  void begins(std::size_t lane, int socket) {
    lanes[lane].do_now([=, this] { connections.begin(socket); });
  }
  void fill() {
    for (int i = 0; i < 3; ++i) {
      comes();
      begins(static_cast<std::size_t>(i), 10 + i);
    }
  }
  void answering(std::size_t lane) {
    lanes[lane].do_now([this] { connections.answering(); });
  }
  void answered(std::size_t lane) {
    lanes[lane].do_now([this] { connections.answered(); });
  }
  void over(std::size_t lane) {
    lanes[lane].do_now([this] { connections.over(); });
  }
};

}  // namespace

TEST_CASE("while there is a thread for everybody nobody is ended", "[server]") {
  Crowd crowd;
  crowd.fill();
  crowd.over(1);
  crowd.comes();
  CHECK(crowd.ended.empty());
}

TEST_CASE("for each that waits the one goes that has been slow for longest", "[server]") {
  Crowd crowd;
  crowd.fill();
  crowd.answering(0);
  crowd.answered(0);  // its client begins anew
  crowd.comes();
  CHECK(crowd.ended == std::vector{11});
  crowd.over(1);
  crowd.begins(1, 20);
  CHECK(crowd.ended == std::vector{11});
  crowd.comes();
  CHECK(crowd.ended == std::vector{11, 12});
  crowd.comes();
  CHECK(crowd.ended == std::vector{11, 12, 10});
}

TEST_CASE("nobody is ended while being answered, and who waits is not forgotten", "[server]") {
  Crowd crowd;
  crowd.fill();
  for (const std::size_t lane : {0, 1, 2}) crowd.answering(lane);
  crowd.comes();
  CHECK(crowd.ended.empty());
  crowd.answered(1);
  CHECK(crowd.ended == std::vector{11});
  crowd.answered(2);  // one thread is enough for the one that waits
  CHECK(crowd.ended == std::vector{11});
}

TEST_CASE("who waits behind more slow ones than there are threads gets a turn too", "[server]") {
  Crowd crowd;
  crowd.fill();
  for (int i = 0; i < 5; ++i) crowd.comes();
  CHECK(crowd.ended.size() == 3);
  for (const std::size_t lane : {0, 1, 2}) {
    crowd.over(lane);
    crowd.begins(lane, 20 + static_cast<int>(lane));
  }
  CHECK(crowd.ended.size() == 3);
  crowd.connections.look_again();
  CHECK(std::vector(crowd.ended.begin() + 3, crowd.ended.end()) == std::vector{20, 21});
}

TEST_CASE("who was turned away waits no more", "[server]") {
  Crowd crowd;
  crowd.fill();
  for (const std::size_t lane : {0, 1, 2}) crowd.answering(lane);
  crowd.comes();
  crowd.connections.turned_away();
  crowd.answered(0);
  CHECK(crowd.ended.empty());
}
