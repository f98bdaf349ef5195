// The handover code: made by the partner and read aloud, typed by the prison.
#include "node/handovers/handover_code.h"
#include "node/web/content_style.h"
#include "node/web/pages/handovers/handover_pages.h"
#include "node/web/pages/handovers/step_form.h"
#include "node/web/pages/handovers/step_links.h"

namespace throughgate::node::web {
namespace {

Html facts(const CaseFile& file) { return inset_text(code_facts_in_words(file)); }

// Nothing is saved by looking: a code is the same for a quarter of an hour.
Response code_page(PageContext& context, const CaseFile& file) {
  const auto made = HandoverCodes(context.records).make(file);
  if (!made) return problem(context, made.error());
  const std::string spoken = made->digits.substr(0, 3) + " " + made->digits.substr(3);
  const Html main = h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><span class="govuk-caption-l">{}, {}</span>
<h1 class="govuk-heading-l">Handover code</h1>
<p class="govuk-body">When the line is down, ring the prison and read this code to them. Their computer can tell from it that you have this handover, and that these are the same there:</p>{}
<p class="govuk-heading-xl">{}</p>
<p class="govuk-body">It is good until {}. If the code does not fit, read the release day, the place and the time to each other.</p>
<p class="govuk-body">A code does not accept the handover. If you have not accepted it yet, do that too: the prison sees it once it has arrived.</p></div></div>)",
      person_name(file), release_words(file), facts(file), spoken,
      date_time_text(static_cast<std::int64_t>(made->good_until_ms)));
  return show(context, {.title = "Handover code",
                        .before_main = back_link(Url(case_address(file)), "Back to the handover"),
                        .main = main});
}

StepPage confirm_page() {
  return {
      .step = Step::confirm_code,
      .title = "Enter the partner's code",
      .button = "Check the code",
      .before =
          [](const PageContext&, const CaseFile& file) {
            return h(R"(<p class="govuk-body">When the line is down, ring the partner on a number that you know and ask for their handover code. If it fits, their computer has this handover with:</p>)") +
                   facts(file);
          },
      .questions =
          [](const PageContext&, const CaseFile&) {
            return std::vector<StepQuestion>{
                {.name = "code",
                 .label = "Handover code",
                 .hint = "Six figures. There are five tries, and then none for an hour",
                 .needed = "Enter the code that the partner has read to you"}};
          },
      .take =
          [](PageContext& context, const CaseFile& file, const StepAnswers& typed) {
            return HandoverCodes(context.records).confirm(file, typed.text("code"), context.by());
          },
      .outcome = [](const StepAnswers&) { return std::string("confirmed-by-code"); }};
}

}  // namespace

void add_code_pages(SitePages& pages) {
  pages.get("/handovers/:id/code", on_case(code_page));
  add_step_page(pages, confirm_page());
}

}  // namespace throughgate::node::web
