// One computer of tools/bench, told what to do line by line. Answers each line with one of JSON.
//
// usage: bench_node FOLDER KEY-FILE SIGN-IN-NAME CODES HUB-URL IDS-FILE
//   create COUNT BATCH | edit A|B ROUND FIRST STEP COUNT | sync | digest | get I | scan
#include <chrono>
#include <ctime>
#include <iostream>
#include <sstream>

#include "crypto/init.h"
#include "node/accounts/accounts.h"
#include "node/staff/staff.h"
#include "tests/bench/bench_site.h"

namespace throughgate::bench {
namespace {

std::uint64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

double cpu_ms() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Values here are made up and plain ASCII; the messages of errors hold no quotes that break it.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "\"";
}

template <class Value, class Print>
std::string answer(const sync::Result<Value>& result, Print print) {
  if (!result) return "\"error\": " + quoted(result.error().message);
  return print(*result);
}

std::string done(const sync::Result<sync::Done>& result) {
  return answer(result, [](const auto&) { return std::string("\"done\": true"); });
}

std::string number(const char* name, std::size_t value) {
  return quoted(name) + ": " + std::to_string(value);
}

std::string edited(BenchSite& site, std::istream& in) {
  std::string author;
  EditRound round;
  in >> author >> round.number >> round.first >> round.step >> round.count;
  return done(site.edit(round, author == "B" ? Author::second : Author::first));
}

std::string created(BenchSite& site, std::istream& in) {
  std::size_t count = 0;
  std::size_t batch = 0;
  in >> count >> batch;
  return done(site.create(count, batch));
}

std::string got(BenchSite& site, std::istream& in) {
  std::size_t i = 0;
  in >> i;
  return answer(site.get(i), [](const auto& fields) {
    std::string out;
    for (const auto& field : fields) out += (out.empty() ? "" : ", ") + quoted(field);
    return "\"fields\": [" + out + "]";
  });
}

std::string run(BenchSite& site, std::istream& in) {
  std::string command;
  in >> command;
  if (command == "create") return created(site, in);
  if (command == "edit") return edited(site, in);
  if (command == "get") return got(site, in);
  if (command == "scan") {
    return answer(site.scan(), [](std::size_t count) { return number("count", count); });
  }
  if (command == "sync") {
    return answer(site.sync(), [](const auto& report) {
      return number("sent", report.counts.sent) + ", " +
             number("received", report.counts.received) + ", " +
             number("requests", report.requests);
    });
  }
  if (command == "digest") {
    return answer(site.digest(), [](const auto& digest) {
      return number("count", digest.count) + ", \"hash\": " + quoted(digest.hash);
    });
  }
  return "\"error\": \"There is no such command.\"";
}

void serve(BenchSite& site) {
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    const auto start = std::chrono::steady_clock::now();
    const double cpu = cpu_ms();
    const std::string said = run(site, in);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    std::cout << "{" << said << ", \"ms\": " << took.count() << ", \"cpu_ms\": " << cpu_ms() - cpu
              << "}" << std::endl;
  }
}

int fail(const sync::Error& error) {
  std::cerr << error.message << '\n';
  return 1;
}

int main_of(const std::vector<std::string>& given) {
  crypto::SystemRandom random;
  const node::DataFolder folder(given[0]);
  const auto key = node::Accounts(folder, random).open_with_key_file(given[1]);
  if (!key) return fail(key.error());
  const auto codes = node::CodeLists::load(given[3]);
  if (!codes) return fail(codes.error());
  const auto open =
      node::OpenNode::open(folder.store(), *key, sync::store::Access::existing, random, now_ms);
  if (!open) return fail(open.error());
  const auto actor = node::Staff(**open).actor_for(given[2]);
  if (!actor) return fail(actor.error());
  BenchSite site(**open, *codes, {*actor, {}}, given[4], given[5]);
  serve(site);
  return 0;
}

}  // namespace
}  // namespace throughgate::bench

int main(int argc, char** argv) {
  if (argc != 7 || !throughgate::crypto::start()) {
    std::cerr << "usage: bench_node FOLDER KEY-FILE SIGN-IN-NAME CODES HUB-URL IDS-FILE\n";
    return 2;
  }
  throughgate::crypto::protect_process_memory();
  throughgate::node::keep_new_files_private();
  return throughgate::bench::main_of({argv + 1, argv + argc});
}
