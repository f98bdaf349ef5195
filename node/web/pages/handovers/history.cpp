// What happened to a handover: how its page tells it.
#include "node/days.h"
#include "node/web/components/timeline.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/handovers/case_view.h"

namespace throughgate::node::web {
namespace {

constexpr std::size_t printed_max = 3;  // the sheet for the gate has one page

std::string on_day(std::uint64_t ms) { return day_words(iso_day(ms)); }

Html fact(const std::string& words) {
  return h(R"(<span class="govuk-hint change__fact">{}</span>)", words);
}

Html read_line(const Reading& reading) {
  return fact("Read by " + reading.actor_name + ", " + reading.organisation_name + ", on " +
              on_day(reading.at_ms));
}

// Of one that is not what is shown, what is shown in its place.
Html shown_instead(const HandoverEvent::Change& change) {
  if (!change.in_two_places || change.in_two_places->is_shown) return {};
  const std::string words = shown_meanwhile_in_words(*change.in_two_places);
  if (!change.in_two_places->is_open) return fact(words);
  return h(
      R"(<span class="govuk-hint change__fact">Changed in two places: {} <a class="govuk-link no-print" href="{}">See both</a></span>)",
      words, Url(conflict_address(change.record, change.field)));
}

Html change_lines(const HandoverEvent::Change& change) {
  return h(R"(<li class="change"><span class="change__words">{}</span>{}{}{}</li>)", change.words,
           each(change.read_by, read_line), shown_instead(change),
           when(!change.stands, [] { return fact("Replaced since"); }));
}

// How far an event has come, a line each; that it has no place yet stands beside its title.
Html travel_lines(const ChangeFacts& facts) {
  Html out;
  if (facts.sent_at_ms) out += fact("Sent on " + on_day(*facts.sent_at_ms));
  if (facts.reached_us_ms > 0) {
    out += fact("Reached us on " + date_time_text(static_cast<std::int64_t>(facts.reached_us_ms)));
  }
  for (const auto& arrival : facts.arrived_at) out += fact("Arrived at " + arrival.name);
  return out;
}

Html body_of(const HandoverEvent& event) {
  Html out = each(event.lines, [](const std::string& line) {
    return h(R"(<p class="govuk-body-s as-typed">{}</p>)", line);
  });
  if (!event.changes.empty()) {
    out += h(R"(<ul class="govuk-list govuk-!-font-size-16 changes">{}</ul>)",
             each(event.changes, change_lines));
  }
  if (event.travel) {
    out += h(R"(<p class="travel">{}{}</p>)", travel_lines(*event.travel),
             each(event.read_by, read_line));
  }
  return out;
}

Content title_of(const HandoverEvent& event) {
  Html out = h("{}", event.title);
  if (event.did_not_apply) out += h(" {}", tag("Did not apply", TagColour::orange));
  if (event.is_provisional && event.travel) {
    out += h(" {}", tag(without_place_in_words(*event.travel), TagColour::yellow));
  }
  return out;
}

TimelineEvent shown(const HandoverEvent& event) {
  const std::string who = event.actor_name.empty()
                              ? event.organisation_name
                              : event.actor_name + ", " + event.organisation_name;
  return {title_of(event), who, static_cast<std::int64_t>(event.at_ms), body_of(event)};
}

}  // namespace

Html history_part(const std::vector<HandoverEvent>& events) {
  std::vector<TimelineEvent> printed;
  std::vector<TimelineEvent> more;
  for (const auto& event : events) {
    (printed.size() < printed_max ? printed : more).push_back(shown(event));
  }
  return h(
      R"(<h2 class="govuk-heading-m">What happened</h2>{}{})", timeline(printed),
      when(!more.empty(), [&] { return h(R"(<div class="no-print">{}</div>)", timeline(more)); }));
}

}  // namespace throughgate::node::web
