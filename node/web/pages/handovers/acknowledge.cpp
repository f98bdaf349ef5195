// "I have read this": the changes that wait for it, a button by each and one for all. Opening the
// page says nothing.
#include "node/conflicts.h"
#include "node/handovers/change_words.h"
#include "node/handovers/stop.h"
#include "node/web/components/button.h"
#include "node/web/components/summary_list.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/change_names.h"
#include "node/web/pages/handovers/case_page.h"
#include "node/web/pages/handovers/handover_pages.h"
#include "node/web/pages/record_title.h"

namespace throughgate::node::web {
namespace {

using sync::OpId;

std::string who_and_when(const PageContext& context, const sync::store::OpView& change) {
  return change.actor_name + ", " + organisation_words(context, change.organisation) + ", " +
         date_time_text(static_cast<std::int64_t>(change.effective_ms));
}

// The way to both values, for whoever decides and for whoever only looks.
Html way_to_both(const PageContext& context, const Unread& unread) {
  Conflicts conflicts(context.records);
  const auto conflict = conflicts.show(unread.record, unread.change.field);
  if (!conflict) return {};
  const bool decides = conflicts.may_resolve(*conflict, false).has_value();
  return h(R"( <a class="govuk-link" href="{}">{}</a>)",
           Url(conflict_address(unread.record, unread.change.field)),
           decides ? "Decide which holds" : "See both");
}

// What else stands, where that is not this change's own value, and what is shown meanwhile.
Html beside_words(const PageContext& context, const Unread& unread, const InTwoPlaces& two) {
  std::string words;
  for (const auto& other : two.others) {
    if (other.value == two.shown && !two.is_shown) continue;
    words += place_name_first(context.node, other.organisation) + " says " + other.value + ". ";
  }
  words += shown_meanwhile_in_words(two) + ".";
  return two.is_open ? h("{}{}", words, way_to_both(context, unread)) : h("{}", words);
}

std::vector<SummaryRow> change_rows(const PageContext& context, const Unread& unread,
                                    const ChangeWords& words) {
  const auto& two = words.in_two_places;
  const std::string now = two && !two->is_shown
                              ? place_name_first(context.node, unread.change.organisation) + " says"
                              : "Now says";
  std::vector<SummaryRow> rows;
  if (!words.before.empty()) rows.push_back({"It said", words.before, {}});
  rows.push_back({now, words.value, {}});
  rows.push_back({"Changed by", who_and_when(context, unread.change), {}});
  if (two) rows.push_back({"Changed in two places", beside_words(context, unread, *two), {}});
  return rows;
}

// With what it had come to, why, and what of ours came too late for it.
std::vector<SummaryRow> stop_rows(const PageContext& context, const CaseFile& file,
                                  const Unread& unread, const ChangeWords& words) {
  const std::string note = file.text(schema::Handover::kStopNoteFieldNumber);
  const auto late = steps_cut_off(file, context.node.identity().organisation);
  std::vector<SummaryRow> rows;
  if (!words.before.empty()) rows.push_back({"It stood at", words.before, {}});
  rows.push_back({"Now stands at", words.value, {}});
  if (!note.empty()) rows.push_back({"More about why it stopped", note, {}});
  if (!late.empty()) rows.push_back({"Your steps that did not apply", late, {}});
  rows.push_back({"Stopped by", who_and_when(context, unread.change), {}});
  rows.push_back({"What to do", to_do_on_stop(file), {}});
  return rows;
}

Html change_card(const PageContext& context, const CaseFile& file, const Unread& unread,
                 const ChangeWords& words) {
  const bool is_stop = unread.change.kind == sync::OpKind::transition;
  const std::string title = is_stop ? "Stopped" : words.label;
  const std::string name = change_name(unread.change.id);
  auto rows =
      is_stop ? stop_rows(context, file, unread, words) : change_rows(context, unread, words);
  return summary_list({.rows = std::move(rows), .card = SummaryCard{.title = title}}) +
         h(R"(<input type="hidden" name="shown" value="{}">)", name) +
         h(R"(<div><button type="submit" name="change" value="{}" class="govuk-button govuk-button--secondary" data-module="govuk-button">I have read this<span class="govuk-visually-hidden">: {}</span></button></div>)",
           name, title);
}

Response read_page(const PageContext& context, const CaseFile& file,
                   const std::vector<Unread>& unread, const std::string& problem_words) {
  const Html summary = when(!problem_words.empty(), [&] {
    return error_summary({.items = {{problem_words, ""}}});
  });
  const std::string title = "Read what has changed";
  Html body = h(R"(<p class="govuk-body">Nothing waits for you here.</p>)");
  Html cards;
  for (const auto& one : unread) {
    const auto words = words_of_unread(context.records, file, one);
    if (!words) return problem(context, words.error());
    cards += change_card(context, file, one, *words);
  }
  if (!unread.empty()) {
    const Html all = when(unread.size() > 1, [] {
      return button({.text = "I have read all of these", .name = "all", .value = "1"});
    });
    body = form({.action = Url(case_address(file, "read")), .csrf_token = context.visit.csrf_token},
                cards + all);
  }
  const Html main = h(
      R"({}<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><span class="govuk-caption-l">{}</span>
<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">The others who take part see that somebody at your organisation has read a change once you say so here.</p>{}</div></div>)",
      summary, person_name(file), title, body);
  return show(context, {.title = title,
                        .has_error = !summary.empty(),
                        .before_main = back_link(Url(case_address(file)), "Back to the handover"),
                        .main = main});
}

Response show_unread(const PageContext& context, const CaseFile& file,
                     const std::string& problem_words) {
  const auto unread = Acknowledgements(context.records).unread(file);
  if (!unread) return problem(context, unread.error());
  return read_page(context, file, *unread, problem_words);
}

// With "all", those that the page showed: what came in after that still waits.
Response acknowledge(PageContext& context, const CaseFile& file) {
  const auto& fields = context.visit.form.fields;
  const bool all = !context.field("all").empty();
  std::vector<OpId> changes;
  for (const auto& value : fields.all(all ? "shown" : "change")) {
    if (const auto change = change_named(value)) changes.push_back(*change);
  }
  if (changes.empty()) {
    return show_unread(context, file, "Select which change you have read. Nothing was saved.");
  }
  Acknowledgements acknowledgements(context.records);
  const auto saved = acknowledgements.acknowledge(file.id(), changes, context.by());
  if (!saved) return show_unread(context, file, saved.error().message);
  return done(case_address(file), "read");
}

}  // namespace

void add_acknowledge_page(SitePages& pages) {
  pages.get("/handovers/:id/read", on_case([](PageContext& context, const CaseFile& file) {
              return show_unread(context, file, "");
            }));
  pages.post("/handovers/:id/read", on_case(acknowledge));
}

}  // namespace throughgate::node::web
