#include "node/web/session.h"

#include <algorithm>

namespace throughgate::node::web {

SessionTable::SessionTable(crypto::Random& random, const SessionLimits& limits)
    : random_(random), limits_(limits), secret_(crypto::Secret<32>::random(random)) {}

std::string SessionTable::open(const Person& person, std::int64_t now_ms) {
  std::string id = new_visitor_id();
  const std::lock_guard lock(mutex_);
  remove_expired(now_ms);
  make_room(person.id);
  entries_[key_of(id)] = {person, now_ms, now_ms, false};
  return id;
}

Session SessionTable::find(std::string_view id, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Entry* entry = entry_of(id, now_ms);
  if (!entry) return {};
  if (entry->locked) return {SessionState::locked, entry->person};
  entry->used_ms = now_ms;
  return {SessionState::active, entry->person};
}

Session SessionTable::look_at(std::string_view id, std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const Entry* entry = entry_of(id, now_ms);
  if (!entry) return {};
  return {entry->locked ? SessionState::locked : SessionState::active, entry->person};
}

// With what its age has done to it meanwhile. Called with the lock held.
SessionTable::Entry* SessionTable::entry_of(std::string_view id, std::int64_t now_ms) {
  remove_expired(now_ms);
  const auto found = entries_.find(key_of(id));
  if (found == entries_.end()) return nullptr;
  Entry& entry = found->second;
  if (now_ms - entry.used_ms >= limits_.idle_ms) entry.locked = true;
  return &entry;
}

void SessionTable::close(std::string_view id) {
  const std::lock_guard lock(mutex_);
  entries_.erase(key_of(id));
}

void SessionTable::close_all_of(std::string_view person_id) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&](const auto& e) { return e.second.person.id == person_id; });
}

void SessionTable::lock_all() {
  const std::lock_guard lock(mutex_);
  for (auto& [key, entry] : entries_) entry.locked = true;
}

bool SessionTable::is_anybody_active(std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  remove_expired(now_ms);
  return std::any_of(entries_.begin(), entries_.end(), [&](const auto& each) {
    return !each.second.locked && now_ms - each.second.used_ms < limits_.idle_ms;
  });
}

std::size_t SessionTable::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::string SessionTable::new_visitor_id() {
  const std::lock_guard lock(mutex_);
  return crypto::to_hex(random_.bytes<32>());
}

bool SessionTable::is_well_formed(std::string_view id) {
  return id.size() == 64 && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string SessionTable::csrf_token(std::string_view id) const {
  return crypto::to_hex(
      crypto::keyed_hash(secret_.view(), "web form token", {crypto::as_bytes(id)}));
}

bool SessionTable::csrf_token_fits(std::string_view id, std::string_view token) const {
  if (!is_well_formed(id)) return false;
  return crypto::equal_in_constant_time(crypto::as_bytes(csrf_token(id)), crypto::as_bytes(token));
}

SessionTable::Key SessionTable::key_of(std::string_view id) const {
  return crypto::keyed_hash(secret_.view(), "web session", {crypto::as_bytes(id)});
}

void SessionTable::remove_expired(std::int64_t now_ms) {
  std::erase_if(entries_,
                [&](const auto& e) { return now_ms - e.second.opened_ms >= limits_.absolute_ms; });
}

void SessionTable::make_room(const std::string& person_id) {
  const auto end_longest_idle = [this](const auto& among) {
    auto oldest = entries_.end();
    for (auto each = entries_.begin(); each != entries_.end(); ++each) {
      const bool older = oldest == entries_.end() || each->second.used_ms < oldest->second.used_ms;
      if (among(each->second) && older) oldest = each;
    }
    if (oldest != entries_.end()) entries_.erase(oldest);
  };
  const auto is_theirs = [&](const Entry& entry) { return entry.person.id == person_id; };
  const auto theirs = static_cast<std::size_t>(std::count_if(
      entries_.begin(), entries_.end(), [&](const auto& e) { return is_theirs(e.second); }));
  if (theirs >= limits_.sessions_per_person_max) end_longest_idle(is_theirs);
  if (entries_.size() >= limits_.sessions_max) end_longest_idle([](const Entry&) { return true; });
}

std::string session_cookie(const std::string& id) {
  return std::string(session_cookie_name) + "=" + id +
         "; Path=/; HttpOnly; Secure; SameSite=Strict";
}

std::string expired_session_cookie() {
  return std::string(session_cookie_name) +
         "=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0";
}

}  // namespace throughgate::node::web
