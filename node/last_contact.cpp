#include "node/last_contact.h"

#include <algorithm>
#include <bit>

#include "node/days.h"
#include "sync/layout.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Result;
using sync::store::SettingsTable;
namespace setting = sync::store::setting;

constexpr std::uint64_t summer_time_ms = 3'600'000;
constexpr std::uint64_t minute_ms = 60'000;
constexpr std::uint64_t minutes_a_day = 24ull * 60;
constexpr std::uint64_t believed_ms = 60 * minutes_a_day * minute_ms;  // as long as a list is good

std::uint64_t number_in(const std::optional<sync::Bytes>& bytes) {
  if (!bytes) return 0;
  sync::LayoutReader in(*bytes);
  const auto number = in.u64();
  return in.failed() ? 0 : number;
}

std::uint64_t latest_ms(OpenNode& node) {
  const auto contact = last_contact(node);
  const std::int64_t behind_ms = contact ? std::max<std::int64_t>(contact->hub_ahead_ms, 0) : 0;
  return node.now_ms() + static_cast<std::uint64_t>(behind_ms) + summer_time_ms;
}

}  // namespace

Result<LastContact> last_contact(OpenNode& node) {
  sync::store::UnitOfWork work(node.database(), sync::store::Purpose::reading);
  SettingsTable settings(work);
  LastContact out;
  out.at_ms = number_in(settings.find(setting::last_contact_ms));
  out.hub_ahead_ms =
      std::bit_cast<std::int64_t>(number_in(settings.find(setting::clock_offset_ms)));
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<std::uint64_t> exchange_time_ms(OpenNode& node) {
  const auto contact = last_contact(node);
  if (!contact) return contact.error();
  const auto now_ms = node.now_ms();
  if (contact->at_ms == 0) return now_ms;
  const bool is_believed = now_ms >= contact->at_ms && now_ms - contact->at_ms <= believed_ms;
  const auto at_ms = is_believed ? now_ms : contact->at_ms;
  return at_ms + static_cast<std::uint64_t>(contact->hub_ahead_ms);  // two's complement
}

std::string latest_day(OpenNode& node) { return iso_day(latest_ms(node)); }

std::string latest_time(OpenNode& node) {
  const auto minute = latest_ms(node) / minute_ms % minutes_a_day;
  const auto two_digits = [](std::uint64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return two_digits(minute / 60) + ":" + two_digits(minute % 60);
}

}  // namespace throughgate::node
