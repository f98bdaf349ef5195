// Who is signed in, kept by the server: the browser's cookie holds only a random id.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "crypto/hash.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace throughgate::node::web {

struct Person {
  std::string id;            // of the account; never changes
  std::string sign_in_name;  // as typed to sign in
  std::string shown_name;
  crypto::Hash password_mark{};  // of the password that they signed in with
};

struct SessionLimits {
  std::int64_t idle_ms = 5 * 60'000;            // then the pages lock
  std::int64_t absolute_ms = 10 * 60 * 60'000;  // then the session ends: a long shift
  std::size_t sessions_max = 64;
  std::size_t sessions_per_person_max = 5;
};

enum class SessionState { none, locked, active };

struct Session {
  SessionState state = SessionState::none;
  Person person{};  // empty when none
};

// Times are of a monotonic clock, in milliseconds. Safe from any thread.
class SessionTable {
 public:
  // `random` must outlive the table, and is used by it alone or is safe from any thread.
  explicit SessionTable(crypto::Random& random, const SessionLimits& limits = {});

  // Signs in; always under a fresh id. Where there are too many, the longest idle one ends: of this
  // person first, then of all.
  std::string open(const Person& person, std::int64_t now_ms);
  // An active session counts this as use; a locked one stays locked until open().
  Session find(std::string_view id, std::int64_t now_ms);
  // The same without counting as use: for what the browser asks for by itself.
  Session look_at(std::string_view id, std::int64_t now_ms);
  void close(std::string_view id);
  void close_all_of(std::string_view person_id);  // a changed password, an account that was closed
  void lock_all();                                // the machine goes to sleep
  // Somebody is signed in whose pages are not locked. Does not count as use.
  bool is_anybody_active(std::int64_t now_ms);
  std::size_t size() const;
  const SessionLimits& limits() const { return limits_; }
  // Shared by those who are being signed in, from the look at their password until their session is
  // open. Held alone by whoever closes what they come for, as nobody else is there.
  std::shared_mutex& arriving() { return arriving_; }

  // An id of the same form for someone who has not signed in: the sign-in form needs a token too.
  std::string new_visitor_id();
  static bool is_well_formed(std::string_view id);  // 64 lower-case hexadecimal digits

  // What a form of this session must send back. Says nothing about whether the session still lives.
  std::string csrf_token(std::string_view id) const;
  bool csrf_token_fits(std::string_view id, std::string_view token) const;

 private:
  struct Entry {
    Person person;
    std::int64_t opened_ms = 0, used_ms = 0;
    bool locked = false;
  };
  using Key = crypto::Hash;  // ids are looked up by a hash, which takes the same time for all

  Key key_of(std::string_view id) const;
  Entry* entry_of(std::string_view id, std::int64_t now_ms);
  void remove_expired(std::int64_t now_ms);
  void make_room(const std::string& person_id);

  crypto::Random& random_;
  SessionLimits limits_;
  crypto::Secret<32> secret_;
  mutable std::mutex mutex_;
  std::map<Key, Entry> entries_;
  std::shared_mutex arriving_;
};

// Whole Set-Cookie values, and the name to look for. Over plain HTTP browsers take them from
// 127.0.0.1 and localhost only.
inline constexpr std::string_view session_cookie_name = "__Host-sid";
std::string session_cookie(const std::string& id);
std::string expired_session_cookie();

}  // namespace throughgate::node::web
