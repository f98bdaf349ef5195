// The partner's answers, the release, the gate, and the end of a handover.
#include "node/handovers/question.h"
#include "node/web/components/messages.h"
#include "node/web/pages/handovers/handover_pages.h"
#include "node/web/pages/handovers/step_form.h"
#include "node/web/pages/handovers/step_links.h"

namespace throughgate::node::web {
namespace {

using schema::Handover;
using sync::Result;
using Kind = StepQuestion::Kind;

Html paragraph(const std::string& words) { return h(R"(<p class="govuk-body">{}</p>)", words); }

auto always(const char* code) {
  return [code](const StepAnswers&) { return std::string(code); };
}
auto says(const char* words) {
  return [words](const PageContext&, const CaseFile&) { return paragraph(words); };
}

// ---- the partner's answers

// What the partner asked before, and what the prison has said to it.
Html asked_before(const CaseFile& file) {
  const auto question = question_of(file);
  if (!question || question->words.empty()) return {};
  const Html answer =
      question->answer.empty()
          ? paragraph("The prison has not answered yet.")
          : h(R"(<p class="govuk-body govuk-!-font-weight-bold">The prison says</p><p class="govuk-body as-typed">{}</p>)",
              question->answer);
  return inset_text(h(
      R"(<p class="govuk-body govuk-!-font-weight-bold">You asked</p><p class="govuk-body as-typed">{}</p>{})",
      question->words, answer));
}

// `words`, below what was asked before.
auto asked_before_and(const char* words) {
  return [words](const PageContext&, const CaseFile& file) {
    return asked_before(file) + paragraph(words);
  };
}

StepPage accept_page() {
  return {.step = Step::accept,
          .title = "Accept this handover",
          .button = "Accept",
          .before = asked_before_and(
              "The prison sees that you have accepted once it has arrived there. From then on both "
              "of you plan the release."),
          .questions =
              [](const PageContext&, const CaseFile&) {
                return std::vector<StepQuestion>{
                    {.name = "contact",
                     .label = "Who takes it at your organisation",
                     .hint = "Name and telephone, so that the prison knows whom to ring",
                     .needed = "Enter who takes it"}};
              },
          .take =
              [](PageContext& context, const CaseFile& file, const StepAnswers& typed) {
                return Handovers(context.records)
                    .accept(file.id(), typed.text("contact"), context.by());
              },
          .outcome = always("accepted")};
}

StepPage decline_page() {
  return {.step = Step::decline,
          .title = "Decline this handover",
          .button = "Decline",
          .is_warning = true,
          .before = asked_before_and(
              "The prison then has to find another partner. This cannot be undone."),
          .questions =
              [](const PageContext& context, const CaseFile&) {
                return std::vector<StepQuestion>{
                    {.name = "reason",
                     .label = "Why it was declined",
                     .kind = Kind::one_of,
                     .needed = "Select why you decline",
                     .choices = choices_of(context.codes, "decline-reasons")},
                    {.name = "note", .label = "More about that", .kind = Kind::long_text}};
              },
          .take =
              [](PageContext& context, const CaseFile& file, const StepAnswers& typed) {
                return Handovers(context.records)
                    .decline(file.id(), typed.text("reason"), typed.text("note"), context.by());
              },
          .outcome = always("declined")};
}

StepPage more_info_page() {
  return {.step = Step::more_info,
          .title = "Ask the prison for more",
          .button = "Send the question",
          .before = [](const PageContext&, const CaseFile& file) { return asked_before(file); },
          .questions =
              [](const PageContext&, const CaseFile&) {
                return std::vector<StepQuestion>{{.name = "what",
                                                  .label = "What else is needed",
                                                  .kind = Kind::long_text,
                                                  .hint = "Everybody who takes part can read this",
                                                  .needed = "Enter what else you need to know"}};
              },
          .take =
              [](PageContext& context, const CaseFile& file, const StepAnswers& typed) {
                return Handovers(context.records)
                    .more_info(file.id(), typed.text("what"), context.by());
              },
          .outcome = always("asked")};
}

// ---- the release and the gate

// Asked once more where the day is before the one that was expected: a slip here has no way back.
std::vector<StepQuestion> release_questions(const PageContext& context, const CaseFile& file) {
  std::vector<StepQuestion> out{{.name = "on",
                                 .label = "Released on",
                                 .kind = Kind::date,
                                 .hint = "Leave it empty if it was today"},
                                {.name = "at", .label = "Released at", .kind = Kind::time}};
  const StepAnswers typed(context.visit.form.fields, out);
  const bool was_sent = context.visit.request.head.method == Method::post;
  if (was_sent && is_before_expected(file, typed.text("on"), context.now_ms())) {
    out.push_back({.name = "early",
                   .label = "The release was expected on " +
                            day_words(file.text(Handover::kReleaseDateFieldNumber)),
                   .kind = Kind::some_of,
                   .needed = "Say that the release was earlier than expected, or give another day",
                   .choices = {{"Yes", "It was earlier than expected"}}});
  }
  return out;
}

Html before_release(const PageContext& context, const CaseFile& file) {
  const bool early = is_before_expected(file, "", context.now_ms());
  return paragraph(early ? "The release is expected on " +
                               day_words(file.text(Handover::kReleaseDateFieldNumber)) +
                               ". Save it only once the person has left the prison."
                         : "Save it once the person has left the prison.");
}

StepPage release_page() {
  return {.step = Step::release,
          .title = "Confirm the release",
          .button = "Save the release",
          .before = before_release,
          .questions = release_questions,
          .take =
              [](PageContext& context, const CaseFile& file, const StepAnswers& typed) {
                return Handovers(context.records)
                    .release(file.id(), typed.text("on"), typed.text("at"), context.by(),
                             typed.text("early") == "Yes");
              },
          .outcome = always("released")};
}

std::vector<StepQuestion> gate_questions(const PageContext& context, const CaseFile&) {
  return {
      {.name = "result",
       .label = "Was the person met?",
       .kind = Kind::one_of,
       .needed = "Select whether the person was met",
       .choices = {{"met", "Yes, at the gate"},
                   {"met-elsewhere", "Not at the gate, but elsewhere the same day"},
                   {"missed", "No"}}},
      {.name = "because",
       .label = "Why they were not met",
       .kind = Kind::one_of,
       .hint = "Only if they were not met at the gate",
       .choices = choices_of(context.codes, "gate-missed-reasons")},
      {.name = "reported-by",
       .label = "Reported by",
       .hint = "Who saw it, and how they told you, for example \"by telephone\"",
       .needed = "Enter who saw it"},
      {.name = "on", .label = "Date", .kind = Kind::date, .hint = "Leave it empty if it was today"},
      {.name = "at", .label = "Time", .kind = Kind::time},
      {.name = "notes", .label = "Notes", .kind = Kind::long_text}};
}

void ask_why_missed(StepQuestions& gate) {
  const std::string& result = gate.answers.text("result");
  const bool missed = !result.empty() && result != "met";
  if (missed && gate.answers.text("because").empty()) {
    gate.errors["because"] = "Select why they were not met";
  }
}

Result<Saved> report_gate(PageContext& context, const CaseFile& file, const StepAnswers& typed) {
  using Met = GateReport::Result;
  const std::string& result = typed.text("result");
  const Met met = result == "met"      ? Met::met
                  : result == "missed" ? Met::missed
                                       : Met::met_elsewhere;
  return Handovers(context.records)
      .gate(file.id(),
            {met, met == Met::met ? std::string() : typed.text("because"),
             typed.text("reported-by"), typed.text("on"), typed.text("at"), typed.text("notes")},
            context.by());
}

StepPage gate_page() {
  return {.step = Step::gate,
          .title = "Say how it went at the gate",
          .button = "Save the gate result",
          .questions = gate_questions,
          .check = ask_why_missed,
          .take = report_gate,
          .outcome = always("gate")};
}

// ---- after it

using Simple = Result<Saved> (Handovers::*)(const sync::DossierId&, const By&);

StepPage simple_page(Step step, const char* explained, const char* button_words, Simple flow,
                     const char* outcome) {
  return {.step = step,
          .title = link_of(step).words,
          .button = button_words,
          .before = says(explained),
          .take =
              [flow](PageContext& context, const CaseFile& file, const StepAnswers&) {
                Handovers handovers(context.records);
                return (handovers.*flow)(file.id(), context.by());
              },
          .outcome = always(outcome)};
}

StepPage close_page() {
  return {
      .step = Step::close,
      .title = "Close this handover",
      .button = "Close the handover",
      .is_warning = true,
      .before = says("Nothing more can be done with it then. This cannot be undone."),
      .questions =
          [](const PageContext& context, const CaseFile&) {
            return std::vector<StepQuestion>{
                {.name = "reason",
                 .label = "Why it was closed",
                 .kind = Kind::one_of,
                 .needed = "Select why it is closed",
                 .choices = choices_of(context.codes, "close-reasons")}};
          },
      .take =
          [](PageContext& context, const CaseFile& file, const StepAnswers& typed) {
            return Handovers(context.records).close(file.id(), typed.text("reason"), context.by());
          },
      .outcome = always("closed")};
}

std::vector<StepQuestion> stop_questions(const PageContext& context, const CaseFile& file) {
  StepQuestion stage{.name = "state",
                     .label = "What has happened",
                     .kind = Kind::one_of,
                     .needed = "Select what has happened"};
  for (const auto state : stages_to_stop(file, context.node.policies())) {
    stage.choices.emplace_back(Handover::State_Name(state), stage_words(state));
  }
  stage.choice_hints = {
      {"HELD",
       "Nothing more is done with it for now. It cannot be taken up again: when it goes on, begin "
       "another one, which copies the facts"},
      {"SUPERSEDED", "Another handover of the same person takes its place"}};
  return {stage,
          {.name = "note",
           .label = "Why",
           .kind = Kind::long_text,
           .hint = "Everybody who takes part can read this",
           .needed = "Enter why"}};
}

StepPage stop_page() {
  return {.step = Step::stop,
          .title = "Hold or stop this handover",
          .button = "Save",
          .is_warning = true,
          .before = says("This cannot be undone. If it goes on later, the prison begins another "
                         "one, which copies the facts, "
                         "needs, and do's and don'ts of this one."),
          .questions = stop_questions,
          .take =
              [](PageContext& context, const CaseFile& file, const StepAnswers& typed) {
                return Handovers(context.records)
                    .stop(file.id(), typed.text("state"), typed.text("note"), context.by());
              },
          .outcome =
              [](const StepAnswers& typed) {
                return std::string(typed.text("state") == "HELD" ? "held" : "stopped");
              }};
}

}  // namespace

void add_step_pages(SitePages& pages) {
  for (const auto& page :
       {accept_page(), decline_page(), more_info_page(), release_page(), gate_page(),
        simple_page(Step::found, "Say this when somebody has spoken to the person.",
                    "The person was found", &Handovers::found, "found"),
        simple_page(Step::lost,
                    "Say this when everybody who may know where they are has been asked.",
                    "The person was not found", &Handovers::lost, "lost"),
        simple_page(Step::support, "Say this once you have met the person in the community.",
                    "Support has begun", &Handovers::support, "support"),
        close_page(), stop_page()}) {
    add_step_page(pages, page);
  }
}

}  // namespace throughgate::node::web
