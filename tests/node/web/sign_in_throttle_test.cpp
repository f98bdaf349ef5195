#include "node/web/sign_in_throttle.h"

#include <catch_amalgamated.hpp>

using namespace throughgate::node::web;

namespace {

constexpr std::int64_t second = 1'000;
constexpr std::int64_t hour = 3'600 * second;

// Guesses as fast as it is let, as a program would; returns how many passed within `for_ms`.
int guesses_let_through(SignInThrottle& throttle, std::int64_t for_ms, bool many_names) {
  int passed = 0;
  for (std::int64_t now = 0; now < for_ms; now += second / 2) {
    const std::string name = many_names ? "name" + std::to_string(passed) : "alex";
    if (throttle.wait_ms(name, now) > 0) continue;
    throttle.note_attempt(name, now);
    ++passed;
  }
  return passed;
}

}  // namespace

TEST_CASE("three wrong passwords cost nothing, and then the wait doubles", "[throttle]") {
  SignInThrottle throttle;
  for (int i = 0; i < 3; ++i) throttle.note_attempt("alex", 0);
  CHECK(throttle.wait_ms("alex", 0) == 0);
  throttle.note_attempt("alex", 0);
  CHECK(throttle.wait_ms("alex", 0) == second);
  throttle.note_attempt("alex", 0);
  CHECK(throttle.wait_ms("alex", 0) == 2 * second);
  CHECK(throttle.wait_ms("alex", second) == second);
  CHECK(throttle.wait_ms("alex", 2 * second) == 0);
  CHECK(throttle.wait_ms("sam", 0) == 0);
}

TEST_CASE("at most a hundred guesses an hour pass, for one name or for many", "[throttle]") {
  SignInThrottle one, many;
  CHECK(guesses_let_through(one, hour, false) <= 20);
  CHECK(guesses_let_through(many, hour, true) <= 100);
}

TEST_CASE("the wait is never longer than a quarter of an hour, and a day forgives", "[throttle]") {
  SignInThrottle throttle({.overall = {.free = 1'000'000}});
  for (int i = 0; i < 5'000; ++i) throttle.note_attempt("alex", 0);
  CHECK(throttle.wait_ms("alex", 0) == 900 * second);
  CHECK(throttle.wait_ms("alex", 900 * second) == 0);
  throttle.note_attempt("alex", 25 * hour);
  CHECK(throttle.wait_ms("alex", 25 * hour) == 0);
}

TEST_CASE("the right password clears its own account, not what counts overall", "[throttle]") {
  SignInThrottle throttle;
  for (int i = 0; i < 21; ++i) throttle.note_attempt(i < 5 ? "alex" : std::to_string(i), 0);
  CHECK(throttle.wait_ms("sam", 0) == second);
  throttle.note_attempt("alex", second);
  throttle.note_success("alex");
  CHECK(throttle.wait_ms("sam", second) > 0);
  CHECK(throttle.wait_ms("alex", 61 * second) == 0);
}

TEST_CASE("a restart does not forget, and being switched off is not waiting", "[throttle]") {
  SignInThrottle before, after;
  for (int i = 0; i < 8; ++i) before.note_attempt("alex", 10 * hour);
  const auto wait = before.wait_ms("alex", 10 * hour + second);
  CHECK(wait == 15 * second);
  after.read(before.save(10 * hour + second), 7);
  CHECK(after.wait_ms("alex", 7) == wait);
  CHECK(after.wait_ms("sam", 7) == 0);
}

TEST_CASE("what is kept names nobody", "[throttle]") {
  SignInThrottle throttle;
  throttle.note_attempt("bronwen", 0);
  CHECK(throttle.save(0).find("bronwen") == std::string::npos);
}

TEST_CASE("a kept state that was emptied or tampered with does not open the gate", "[throttle]") {
  for (const char* text : {"", "x", "all 1", "all -1 0\n", "all 1 0\nzz 1 0\n",
                           "all 99999999999 0\n", "all 1 0\n00 1 0\n"}) {
    SignInThrottle throttle;
    throttle.read(text, 0);
    INFO(text);
    CHECK(throttle.wait_ms("alex", 0) > 0);
  }
}

TEST_CASE("made-up names take no more than their share of memory, and do not hide the guessed one",
          "[throttle]") {
  SignInThrottle throttle({.overall = {.free = 1'000'000}, .accounts_max = 10});
  for (int i = 0; i < 6; ++i) throttle.note_attempt("alex", 0);
  for (int i = 0; i < 1'000; ++i) throttle.note_attempt(std::to_string(i), 1);
  CHECK(throttle.wait_ms("alex", 1) > 0);
  const auto saved = throttle.save(1);
  CHECK(std::count(saved.begin(), saved.end(), '\n') == 11);
}
