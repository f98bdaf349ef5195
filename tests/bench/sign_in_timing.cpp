// Does a sign-in tell by its time whether a name is known? Tries a known name with a wrong password
// and an unknown one in turn, at the cost that sites use, and prints the medians, how far they are
// apart, and Welch's t. usage: sign_in_timing [TRIES, 200 unless given]. Below 5 % and 4.5 nothing
// can be told. It asserts nothing: a busy machine says more of itself than of us.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <vector>

#include "crypto/init.h"
#include "node/accounts/accounts.h"

using namespace throughgate;
using namespace throughgate::node;

namespace {

constexpr std::uint64_t hour_ms = 60 * 60 * 1000;
constexpr std::size_t tries_max = 10'000;

struct Folder {
  std::string path;
  Folder() {
    path = (std::filesystem::temp_directory_path() / "throughgate-XXXXXX").string();
    if (!mkdtemp(path.data())) std::exit(1);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

double milliseconds_of(Accounts& accounts, const char* name, const Clock& clock) {
  const auto begin = std::chrono::steady_clock::now();
  if (accounts.sign_in(name, "not the password 7", clock)) std::exit(1);
  const auto took = std::chrono::steady_clock::now() - begin;
  return std::chrono::duration<double, std::milli>(took).count();
}

double median(std::vector<double> some) {
  std::sort(some.begin(), some.end());
  return some[some.size() / 2];
}

double mean(const std::vector<double>& some) {
  double sum = 0;
  for (const double each : some) sum += each;
  return sum / static_cast<double>(some.size());
}

double variance(const std::vector<double>& some) {
  double sum = 0;
  for (const double each : some) sum += (each - mean(some)) * (each - mean(some));
  return sum / static_cast<double>(some.size() - 1);
}

double welch_t(const std::vector<double>& a, const std::vector<double>& b) {
  return (mean(a) - mean(b)) / std::sqrt(variance(a) / static_cast<double>(a.size()) +
                                         variance(b) / static_cast<double>(b.size()));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t tries = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 200;
  if (!crypto::start() || tries < 2 || tries > tries_max) {
    std::cerr << "usage: sign_in_timing [TRIES], from 2 to 10000\n";
    return 2;
  }
  const Folder folder;
  crypto::SystemRandom random;
  Accounts accounts(DataFolder(folder.path), random);
  const auto key = crypto::DatabaseKey::random(random);
  const auto recovery = crypto::BoxKey::generate(random);
  if (!accounts.create(key, recovery.public_key(), "known", "plum lantern otter 9")) return 1;
  std::uint64_t now_ms = 1'800'000'000'000;
  const Clock clock = [&now_ms] { return now_ms; };  // nobody waits after wrong ones
  std::vector<double> known;
  std::vector<double> unknown;
  for (std::size_t i = 0; i < tries; ++i) {
    now_ms += 24 * hour_ms;
    known.push_back(milliseconds_of(accounts, "known", clock));
    now_ms += 24 * hour_ms;
    unknown.push_back(milliseconds_of(accounts, "unknown", clock));
  }
  const double apart = 100 * (median(known) - median(unknown)) / median(unknown);
  std::cout << "known name:   median " << median(known) << " ms\n"
            << "unknown name: median " << median(unknown) << " ms\n"
            << "apart: " << apart << " %, Welch's t " << welch_t(known, unknown) << " over "
            << tries << " tries each\n";
  return 0;
}
