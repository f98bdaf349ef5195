#include "node/erasure/schedule.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "node/days.h"
#include "records/case.pb.h"
#include "records/handover.pb.h"
#include "records/incident.pb.h"
#include "records/person.pb.h"
#include "records/vetting_notes.pb.h"
#include "records/volunteer.pb.h"
#include "records/volunteer_file.pb.h"

namespace throughgate::node {
namespace {

struct Known {
  std::string_view name;
  KeptFrom from;
  Goes goes;
};
constexpr Known all_known[] = {{"not-appointed", KeptFrom::not_appointed, Goes::everywhere},
                               {"left", KeptFrom::left, Goes::everywhere},
                               {"vetting-decided", KeptFrom::vetting_decided, Goes::everywhere},
                               {"handover-over", KeptFrom::handover_over, Goes::everywhere},
                               {"incident-closed", KeptFrom::incident_closed, Goes::everywhere},
                               {"no-handover", KeptFrom::no_handover, Goes::everywhere},
                               {"gate-result", KeptFrom::gate_result, Goes::own_copy},
                               {"partner-copy", KeptFrom::partner_copy, Goes::own_copy},
                               {"risk-at-close", KeptFrom::risk_at_close, Goes::values},
                               {"tax-year", KeptFrom::tax_year, Goes::values},
                               {"looked", KeptFrom::looked, Goes::rows}};

const Known& known(KeptFrom from) {
  return *std::find_if(std::begin(all_known), std::end(all_known),
                       [&](const Known& each) { return each.from == from; });
}

struct ParsedDay {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

std::optional<std::chrono::year_month_day> day_in(std::string_view iso) {
  const auto same = day_after(iso, 0);  // which also checks it
  if (!same) return std::nullopt;
  ParsedDay day;
  if (std::sscanf(same->c_str(), "%d-%u-%u", &day.year, &day.month, &day.day) != 3) {
    return std::nullopt;
  }
  return std::chrono::year_month_day{std::chrono::year{day.year}, std::chrono::month{day.month},
                                     std::chrono::day{day.day}};
}

std::string text_of(const std::chrono::year_month_day& day) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text.data();
}

}  // namespace

std::string_view name_of(KeptFrom from) { return known(from).name; }

std::optional<KeptFrom> kept_from(std::string_view name) {
  for (const auto& each : all_known) {
    if (each.name == name) return each.from;
  }
  return std::nullopt;
}

Goes how_it_goes(KeptFrom from) { return known(from).goes; }

const RecordType* kind_kept(KeptFrom from) {
  switch (from) {
    case KeptFrom::not_appointed:
    case KeptFrom::left:
      return record_type(*schema::Volunteer::descriptor());
    case KeptFrom::vetting_decided:
      return record_type(*schema::VettingNotes::descriptor());
    case KeptFrom::handover_over:
    case KeptFrom::gate_result:
    case KeptFrom::partner_copy:
      return record_type(*schema::Handover::descriptor());
    case KeptFrom::incident_closed:
      return record_type(*schema::Incident::descriptor());
    case KeptFrom::no_handover:
      return record_type(*schema::Person::descriptor());
    case KeptFrom::risk_at_close:
      return record_type(*schema::Flag::descriptor());
    case KeptFrom::tax_year:
      return record_type(*schema::ExpenseClaim::descriptor());
    case KeptFrom::looked:
      break;
  }
  return nullptr;
}

std::optional<std::string> RetentionRule::kept_until(std::string_view since) const {
  const auto later = months_after(since, months);
  return later ? day_after(*later, days) : std::nullopt;
}

bool RetentionRule::is_over(const std::string& until, const std::string& today) const {
  const bool at_once = months == 0 && days == 0;
  return at_once ? until <= today : until < today;
}

const RetentionRule* RetentionSchedule::rule(std::string_view name) const {
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&](const RetentionRule& each) { return each.name == name; });
  return found == rules.end() ? nullptr : &*found;
}

std::vector<std::string> RetentionSchedule::silent_on() const {
  std::vector<std::string> out;
  for (const auto& type : record_types()) {
    const bool has_rule = std::any_of(rules.begin(), rules.end(), [&](const RetentionRule& rule) {
      const auto* kept = kind_kept(rule.from);
      return kept && kept->number == type.number;
    });
    if (!has_rule && !goes_with.contains(type.name)) out.push_back(type.name);
  }
  return out;
}

std::optional<std::string> months_after(std::string_view iso, int months) {
  const auto day = day_in(iso);
  if (!day) return std::nullopt;
  auto later = *day + std::chrono::months{months};
  if (!later.ok()) later = later.year() / later.month() / std::chrono::last;
  return text_of(later);
}

std::optional<std::string> tax_year_end(std::string_view iso) {
  const auto day = day_in(iso);
  if (!day) return std::nullopt;
  const auto end = day->year() / std::chrono::April / 5;
  return text_of(*day <= end ? end : end + std::chrono::years{1});
}

}  // namespace throughgate::node
