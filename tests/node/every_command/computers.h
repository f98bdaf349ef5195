// Computers of a made-up prison, partner and central team, on which the program is run word for
// word as people do, in this process; and an exchange that answers over HTTP.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "hub/routes.h"
#include "hub/store/sqlite_store.h"
#include "tests/node/test_sites.h"

namespace throughgate::node::testing {

using Words = std::vector<std::string>;

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

// Whose releases these computers take.
const crypto::SigningKey& releases_key();
// Runs the program once, as main() does. `now_ms` is its clock.
Ran run_program(const Words& words, std::uint64_t now_ms);
// The same of throughgate-hub, whose clock is the system's.
Ran run_hub(const Words& words);
// Every command there is, in full: "handover list", "throughgate-hub init". Of groups, what is in
// them.
std::vector<std::string> all_commands();

class Exchange {
 public:
  // What `settings` says has been made by "init".
  Exchange(const std::string& settings, const std::atomic<std::uint64_t>& now_ms);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string key() const;
  std::string instance() const;
  void trust(const std::string& directory_key);  // as 64 digits
  // As if the desk had never answered who asked with this code.
  void forget_answer(const std::string& code);

 private:
  const std::atomic<std::uint64_t>& now_ms_;
  crypto::SystemRandom random_;
  std::unique_ptr<hub::SqliteStore> store_;
  std::unique_ptr<hub::Sequencer> sequencer_;
  std::unique_ptr<hub::SyncApi> api_;
  std::unique_ptr<hub::HttpServer> server_;
  std::thread answering_;
  int port_ = 0;
};

}  // namespace throughgate::node::testing
