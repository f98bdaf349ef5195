// "I have read this": the changes that wait for it, a button by each and one for all. Opening the
// page says nothing.
#include "node/handovers/change_words.h"
#include "node/web/components/button.h"
#include "node/web/components/summary_list.h"
#include "node/web/content_style.h"
#include "node/web/pages/change_names.h"
#include "node/web/pages/handovers/case_page.h"
#include "node/web/pages/handovers/handover_pages.h"

namespace throughgate::node::web {
namespace {

using sync::OpId;

Html change_card(const PageContext& context, const Unread& unread, const ChangeWords& words) {
  const auto& change = unread.change;
  const std::string who = change.actor_name + ", " +
                          organisation_words(context, change.organisation) + ", " +
                          date_time_text(static_cast<std::int64_t>(change.effective_ms));
  std::vector<SummaryRow> rows;
  if (!words.before.empty()) rows.push_back({"It said", words.before, {}});
  rows.push_back({"Now says", words.value, {}});
  rows.push_back({"Changed by", who, {}});
  return summary_list({.rows = std::move(rows), .card = SummaryCard{.title = words.label}}) +
         h(R"(<input type="hidden" name="shown" value="{}">)", change_name(change.id)) +
         h(R"(<button type="submit" name="change" value="{}" class="govuk-button govuk-button--secondary" data-module="govuk-button">I have read this<span class="govuk-visually-hidden">: {}</span></button>)",
           change_name(change.id), words.label);
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
    cards += change_card(context, one, *words);
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
