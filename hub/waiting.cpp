#include "hub/waiting.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace throughgate::hub {
namespace {

using sync::Done;
using sync::ErrorKind;
using sync::OrganisationId;
using sync::Result;

constexpr std::uint64_t minute_ms = 60'000;
constexpr std::uint64_t day_ms = 24 * (60 * minute_ms);
constexpr std::uint64_t first_wait_ms = 15 * minute_ms;

// The old bytes or the new ones, whole, whenever the lights go out.
bool replace(const std::string& path, const std::string& text) {
  const std::string next = path + ".new";
  const int file = open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const bool durable = fsync(file) == 0;
  close(file);
  return written && durable && std::rename(next.c_str(), path.c_str()) == 0;
}

// A clock that was put back makes nobody wait for years.
bool has_passed(std::uint64_t since_ms, std::uint64_t span_ms, std::uint64_t now_ms) {
  return now_ms < since_ms || now_ms - since_ms >= span_ms;
}

}  // namespace

// A line for each: organisation, told to, waiting since, last mail.
Waiting::Waiting(const MailSettings& settings, std::string file, Hub hub)
    : settings_(settings), file_(std::move(file)), hub_(std::move(hub)) {
  std::ifstream in(file_);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string id;
    Standing standing;
    words >> id >> standing.told_to >> standing.since_ms >> standing.mailed_ms;
    const auto bytes = crypto::from_hex(id);
    const auto organisation = bytes ? OrganisationId::from(*bytes) : std::nullopt;
    if (organisation && !words.fail()) standings_[*organisation] = standing;
  }
}

Result<Done> Waiting::keep() const {
  std::ostringstream out;
  for (const auto& [id, standing] : standings_) {
    out << id.hex() << ' ' << standing.told_to << ' ' << standing.since_ms << ' '
        << standing.mailed_ms << '\n';
  }
  if (replace(file_, out.str())) return Done{};
  return {ErrorKind::unavailable, "The note of who was sent an e-mail could not be kept."};
}

Result<bool> Waiting::is_due(const OrganisationId& organisation, std::uint64_t now_ms) {
  auto& standing = standings_[organisation];
  const auto told_to = std::max(standing.told_to, hub_.told_to(organisation));
  const auto more = hub_.has_more(organisation, told_to);
  if (!more) return more.error();
  if (!*more || told_to > standing.told_to) standing.since_ms = 0;  // they were here since
  standing.told_to = told_to;
  if (!*more) return false;
  if (standing.since_ms == 0 || now_ms < standing.since_ms) standing.since_ms = now_ms;
  const auto failed = failures_.find(organisation);
  return has_passed(standing.since_ms, settings_.after_minutes * minute_ms, now_ms) &&
         (standing.mailed_ms == 0 || has_passed(standing.mailed_ms, day_ms, now_ms)) &&
         (failed == failures_.end() || now_ms >= failed->second.next_ms ||
          failed->second.next_ms - now_ms > day_ms);
}

Result<Waiting::Counts> Waiting::look(std::uint64_t now_ms, const Send& send) {
  Counts counts;
  for (const auto& [organisation, address] : settings_.to) {
    const auto due = is_due(organisation, now_ms);
    if (!due) return due.error();
    if (!*due) continue;
    auto& standing = standings_[organisation];
    const auto before = standing.mailed_ms;
    standing.mailed_ms = now_ms;
    if (auto kept = keep(); !kept) {
      standing.mailed_ms = before;
      return kept.error();
    }
    if (send(address)) {
      ++counts.sent;
      failures_.erase(organisation);
      continue;
    }
    ++counts.failed;
    standing.mailed_ms = before;
    auto& failure = failures_[organisation];
    failure.wait_ms = std::min(failure.wait_ms == 0 ? first_wait_ms : 2 * failure.wait_ms, day_ms);
    failure.next_ms = now_ms + failure.wait_ms;
  }
  if (auto kept = keep(); !kept) return kept.error();
  return counts;
}

}  // namespace throughgate::hub
