// What a function returns that can fail for the world's reasons: its value, or an Error that says
// what the caller does next. Broken promises of our own are asserted instead.
#pragma once

#include <cassert>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace throughgate::sync {

enum class ErrorKind {
  not_found,    // tell the user
  stale,        // our view is behind: reload, try again
  rejected,     // signature, chain or membership check failed: never try again
  unavailable,  // the hub or the disk cannot answer now: try again later
  corrupt,      // stored data fails its own checks: stop, restore from the hub
  invalid,      // the caller's input is wrong: tell the person what to change
  denied,       // this person or node may not do that
  newer,        // made by a newer program: keep it, and update this one
};

struct Error {
  ErrorKind kind;
  std::string message;  // plain English for a person to read; never personal data

  friend bool operator==(const Error&, const Error&) = default;
};

struct Done {  // the value of a success that has nothing more to say
  friend bool operator==(const Done&, const Done&) = default;
};

template <typename T>
class [[nodiscard]] Result {
  static_assert(!std::is_same_v<T, Error> && !std::is_reference_v<T>);

 public:
  // Implicit, so that `return value;` and `return answer.error();` both read as they should.
  Result(T value) : outcome_(std::in_place_index<0>, std::move(value)) {}      // NOLINT
  Result(Error error) : outcome_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
  Result(ErrorKind kind, std::string message) : Result(Error{kind, std::move(message)}) {}

  [[nodiscard]] bool has_value() const { return outcome_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  // Only after a success: asserted.
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Only after a failure: asserted.
  [[nodiscard]] const Error& error() const {
    assert(!has_value());
    return *std::get_if<1>(&outcome_);
  }

 private:
  T& value() {
    assert(has_value());
    return *std::get_if<0>(&outcome_);
  }
  const T& value() const {
    assert(has_value());
    return *std::get_if<0>(&outcome_);
  }

  std::variant<T, Error> outcome_;
};

}  // namespace throughgate::sync
