#include "node/out_of_contact.h"

#include <algorithm>

#include "crypto/words.h"
#include "node/last_contact.h"
#include "node/tries.h"
#include "sync/layout.h"
#include "sync/store/settings_table.h"
#include "sync/unlock_words.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::SettingsTable;
using sync::store::UnitOfWork;
namespace setting = sync::store::setting;

constexpr std::uint64_t hour_ms = 60ull * 60 * 1000;
constexpr std::uint64_t list_life_ms = 60 * contact_day_ms;  // as the desk signs it
constexpr std::uint64_t believed_ms = believed_days * contact_day_ms;
constexpr std::uint32_t states = 100'000'000;  // eight digits
constexpr std::size_t unlock_tries_max = 5;
constexpr Tries::What this_computer{};

// As kept: passed u64 · seen u64 · open_until u64 · state u32 · jumped u8.
struct Tally {
  std::uint64_t passed_ms = 0;
  std::uint64_t seen_ms = 0;     // this computer's clock when it was added to
  std::uint64_t open_until = 0;  // while no more has passed than this
  std::uint32_t state = 0;
  bool jumped = false;

  bool jumps(std::uint64_t now_ms) const {
    return now_ms > seen_ms && now_ms - seen_ms > believed_ms;
  }
  std::uint64_t passed_at(std::uint64_t now_ms) const {
    return passed_ms + (now_ms > seen_ms && !jumps(now_ms) ? now_ms - seen_ms : 0);
  }
};

std::optional<Tally> decode(const std::optional<sync::Bytes>& kept) {
  if (!kept) return std::nullopt;
  sync::LayoutReader in(*kept);
  Tally out{in.u64(), in.u64(), in.u64(), in.u32(), in.u8() != 0};
  return in.finished() ? std::optional(out) : std::nullopt;
}

sync::Bytes encode(const Tally& in) {
  sync::LayoutWriter out;
  out.u64(in.passed_ms).u64(in.seen_ms).u64(in.open_until).u32(in.state).u8(in.jumped ? 1 : 0);
  return out.take();
}

std::uint32_t new_state(OpenNode& node) {
  const auto bytes = node.random().bytes<4>();
  return sync::LayoutReader(bytes).u32() % states;
}

bool counts(const OpenNode& node) {
  const auto& directory = node.directory();
  return directory.version() > 0 && directory.central() != node.identity().organisation;
}

// Where an earlier program kept none, what it noted of its last visit stands in for it.
Result<Tally> tally_of(OpenNode& node) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const auto kept = decode(SettingsTable(work).find(setting::contact_tally));
  if (auto done = work.commit(); !done) return done.error();
  if (kept) return *kept;
  const auto contact = last_contact(node);
  if (!contact) return contact.error();
  return Tally{0, contact->at_ms != 0 ? contact->at_ms : node.now_ms(), 0, 0, false};
}

Result<Done> keep(OpenNode& node, const Tally& tally) {
  UnitOfWork work(node.database());
  SettingsTable(work).set(setting::contact_tally, encode(tally));
  return work.commit();
}

std::uint64_t days_in(std::uint64_t ms) { return ms / contact_day_ms; }

// By the greatest time that others have told of: the list's, and the hub's at the last visit.
Result<std::uint64_t> behind_ms(OpenNode& node) {
  const auto contact = last_contact(node);
  if (!contact) return contact.error();
  const auto at = static_cast<std::int64_t>(contact->at_ms) + contact->hub_ahead_ms;
  const auto good_until = node.directory().expires_at_ms();
  const auto signed_at = good_until > list_life_ms ? good_until - list_life_ms : 0;
  const auto told = std::max(signed_at, contact->at_ms == 0 ? 0 : static_cast<std::uint64_t>(at));
  const auto now_ms = node.now_ms();
  return told > now_ms + contact_day_ms ? told - now_ms : 0;
}

Tries tries(OpenNode& node) {
  return {node,
          {setting::unlock_tries, unlock_tries_max, hour_ms,
           "There were five times words that did not fit. Wait an hour, then try again; or "
           "exchange, or bring in a file. Nothing was changed."}};
}

// The days for which these are the words, whichever of the central team's computers made them.
std::optional<std::uint16_t> days_of_words(const OpenNode& node, std::uint32_t state,
                                           const std::string& typed) {
  const auto central = node.directory().central();
  if (!central) return std::nullopt;
  for (const auto* desk : node.directory().active_nodes(*central)) {
    for (std::uint16_t days = 1; days <= sync::unlock_days_max; ++days) {
      const auto words = sync::unlock_words(node.identity().box_key, desk->box_key,
                                            {node.identity().node, desk->id, state, days});
      if (words && crypto::compare_words(*words, typed).differ.empty()) return days;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<OutOfContact> out_of_contact(OpenNode& node) {
  if (!counts(node)) return OutOfContact{};
  const auto tally = tally_of(node);
  if (!tally) return tally.error();
  const auto behind = behind_ms(node);
  if (!behind) return behind.error();
  const auto passed_ms = tally->passed_at(node.now_ms());
  OutOfContact out;
  out.passed_ms = passed_ms;
  out.days = days_in(passed_ms);
  if (tally->open_until > passed_ms) {
    out.open_days = days_in(tally->open_until - passed_ms + contact_day_ms - 1);
  }
  out.state = tally->state;
  out.is_closed = out.days >= contact_closing_days && out.open_days == 0;
  out.clock_jumped = tally->jumped || tally->jumps(node.now_ms());
  out.clock_behind_ms = *behind;
  return out;
}

Result<Done> note_time_passed(OpenNode& node, std::uint64_t at_least_ms) {
  if (!counts(node)) return Done{};
  auto tally = tally_of(node);
  if (!tally) return tally.error();
  const auto now_ms = node.now_ms();
  const auto passed_ms = std::max(tally->passed_at(now_ms), at_least_ms);
  const bool is_set = now_ms < tally->seen_ms || tally->jumps(now_ms);
  if (tally->state != 0 && !is_set && passed_ms < tally->passed_ms + hour_ms) return Done{};
  tally->jumped = tally->jumped || tally->jumps(now_ms);
  tally->passed_ms = passed_ms;
  tally->seen_ms = now_ms;
  if (tally->state == 0) tally->state = new_state(node);
  return keep(node, *tally);
}

Result<Done> note_heard(OpenNode& node, std::uint64_t ago_ms) {
  if (!counts(node)) return Done{};
  const auto tally = tally_of(node);
  if (!tally) return tally.error();
  const auto now_ms = node.now_ms();
  const bool is_newer = ago_ms < tally->passed_at(now_ms) && days_in(ago_ms) < contact_closing_days;
  if (ago_ms > 0 && !is_newer) return Done{};
  return keep(node, {ago_ms, now_ms, 0, new_state(node), false});
}

Result<std::uint64_t> open_by_words(OpenNode& node, const std::string& typed) {
  if (auto noted = note_time_passed(node); !noted) return noted.error();
  const auto contact = out_of_contact(node);
  if (!contact) return contact.error();
  if (contact->days < contact_warning_days) {
    return Error{ErrorKind::invalid, "Nothing is closed here. Nothing was changed."};
  }
  if (crypto::compare_words({}, typed).typed != crypto::fingerprint_word_count) {
    return Error{ErrorKind::invalid,
                 "Type all eight words that the central team read to you. Nothing was changed."};
  }
  if (auto counted = tries(node).count(this_computer); !counted) return counted.error();
  auto tally = tally_of(node);
  if (!tally) return tally.error();
  const auto days = days_of_words(node, tally->state, typed);
  if (!days) {
    return Error{ErrorKind::denied,
                 "These are not the words for this computer as it is now. Check each word, and "
                 "that the central team has the number " +
                     shown_state(tally->state) + ". Words are good once. Nothing was changed."};
  }
  if (auto right = tries(node).forget(this_computer); !right) return right.error();
  tally->open_until = tally->passed_at(node.now_ms()) + *days * contact_day_ms;
  tally->state = new_state(node);
  if (auto kept = keep(node, *tally); !kept) return kept.error();
  return std::uint64_t{*days};
}

Result<std::string> words_to_open(OpenNode& node, const sync::NodeId& computer, std::uint32_t state,
                                  std::uint64_t days) {
  if (days == 0 || days > sync::unlock_days_max) {
    return Error{ErrorKind::invalid, "Say for how many days, at most " +
                                         std::to_string(sync::unlock_days_max) +
                                         ". No words were made."};
  }
  const auto* listed = node.directory().node(computer);
  if (!listed || listed->revoked_in) {
    return Error{ErrorKind::not_found,
                 "There is no such computer in the central list, or it was withdrawn. \"desk "
                 "directory\" shows them. No words were made."};
  }
  const auto words =
      sync::unlock_words(node.identity().box_key, listed->box_key,
                         {computer, node.identity().node, state, static_cast<std::uint16_t>(days)});
  if (words) return *words;
  return Error{ErrorKind::corrupt, "That computer's key in the central list is none."};
}

std::string shown_state(std::uint32_t state) {
  std::string digits = std::to_string(state);
  digits.insert(0, digits.size() < 8 ? 8 - digits.size() : 0, '0');
  return digits.substr(0, 4) + " " + digits.substr(4);
}

std::optional<std::uint32_t> typed_state(const std::string& typed) {
  std::uint32_t out = 0;
  std::size_t digits = 0;
  for (const char c : typed) {
    if (c < '0' || c > '9') continue;
    if (++digits > 8) return std::nullopt;
    out = out * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return digits == 8 ? std::optional(out) : std::nullopt;
}

std::string contact_warning(const OutOfContact& contact) {
  if (contact.days < contact_warning_days) return {};
  const std::string heard = "This computer has heard nothing of other sites for " +
                            std::to_string(contact.days) + " days. ";
  if (contact.is_closed) {
    return heard +
           "What is shared with other organisations is closed to reading until it does, as it may "
           "have been erased or changed since. Recording goes on. Exchange, or bring in a file; if "
           "neither can be done, ring the central team, tell them the number " +
           shown_state(contact.state) + ", and type the words that they read to you.";
  }
  if (contact.open_days > 0) {
    return heard + "The central team's words keep it open for " +
           std::to_string(contact.open_days) + (contact.open_days == 1 ? " day" : " days") +
           " more. Exchange, or bring in a file.";
  }
  const auto closing = contact_closing_days - contact.days;
  return heard + "In " + std::to_string(closing) + (closing == 1 ? " day" : " days") +
         " what is shared with other organisations closes to reading. Exchange, or bring in a "
         "file.";
}

std::string clock_warning(const OutOfContact& contact) {
  if (contact.clock_behind_ms > 0) {
    const auto days = days_in(contact.clock_behind_ms);
    return "This computer's clock is at least " + std::to_string(days) +
           (days == 1 ? " day" : " days") +
           " behind: others have told of a later time. Set it. What is recorded shows wrong times "
           "until then, and nothing is lost.";
  }
  if (contact.clock_jumped) {
    return "This computer's clock has jumped by more than a year since it last heard of other "
           "sites. Check that it is right, and exchange.";
  }
  return {};
}

Error closed_to_reading() {
  return {ErrorKind::denied,
          "This record is shared with other organisations, and this computer has heard nothing of "
          "them for more than 120 days, so it is closed to reading: it may have been erased or "
          "changed since. Nothing is lost, and recording goes on. Exchange, or bring in a file; "
          "\"status\" says how else it is opened."};
}

}  // namespace throughgate::node
