// A new handover: a draft, however little is known, alone or from a person's own record here.
#include "node/dossier_kinds.h"
#include "node/handovers/handovers.h"
#include "node/handovers/same_name.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/pages/handovers/case_page.h"
#include "node/web/pages/handovers/handover_pages.h"
#include "node/web/pages/handovers/step_questions.h"
#include "records/person.pb.h"

namespace throughgate::node::web {
namespace {

using schema::Person;
using sync::Result;
using Kind = StepQuestion::Kind;
using How = FieldInput::How;

constexpr std::size_t people_max = 200;  // more than anybody reads through in a list

// The people whose own records are here, by family name.
Result<AnswerChoices> people_here(const PageContext& context) {
  sync::store::ListQuery query;
  query.type = record_type(*Person::descriptor())->number;
  query.sort_by = Person::kFamilyNameFieldNumber;
  query.fields = {Person::kGivenNameFieldNumber, Person::kFamilyNameFieldNumber,
                  Person::kPrisonNumberFieldNumber};
  query.limit = people_max;
  const auto page = context.records.reader().list(query);
  if (!page) return page.error();
  AnswerChoices out;
  for (const auto& row : page->rows) {
    const std::string number = text_in(row, Person::kPrisonNumberFieldNumber);
    out.emplace_back(row.name.dossier.hex(), text_in(row, Person::kFamilyNameFieldNumber) + ", " +
                                                 text_in(row, Person::kGivenNameFieldNumber) +
                                                 (number.empty() ? "" : ", " + number));
  }
  return out;
}

std::vector<StepQuestion> begin_questions(AnswerChoices people) {
  std::vector<StepQuestion> out;
  if (!people.empty()) {
    out.push_back({.name = "person",
                   .label = "From a person's own record",
                   .kind = Kind::list,
                   .hint = "Copies what a partner may need. Leave it empty to type the name.",
                   .choices = std::move(people)});
  }
  out.push_back({.name = "given-name", .label = "First names"});
  out.push_back({.name = "family-name", .label = "Family name", .hint = "A single name goes here"});
  out.push_back({.name = "release-date",
                 .label = "Expected release date",
                 .kind = Kind::date,
                 .hint = "The earliest day, if it is not certain; leave it empty if not known"});
  out.push_back({.name = "same-day",
                 .label = "Same-day release",
                 .kind = Kind::some_of,
                 .choices = {{"Yes", "Nobody could plan: the short form is enough"}}});
  return out;
}

Response begin_page(const PageContext& context, const StepQuestions& shown) {
  const std::string title = "Begin a handover";
  const Html summary = shown.summary();
  const Html buttons =
      button_group(button({.text = "Save the draft", .prevent_double_click = true}) +
                   h(R"(<a class="govuk-link" href="/handovers">Cancel</a>)"));
  const Html main = h(
      R"({}<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><h1 class="govuk-heading-l">{}</h1>
<p class="govuk-body">A draft stays in your organisation and with the central team until you share it with a partner.</p>{}</div></div>)",
      summary, title,
      form({.action = Url("/handovers/new"), .csrf_token = context.visit.csrf_token},
           shown.html() + buttons));
  return show(context, {.title = title,
                        .has_error = shown.has_errors(),
                        .before_main = back_link(Url("/handovers"), "All handovers"),
                        .main = main});
}

Result<StepQuestions> empty_form(const PageContext& context) {
  if (const auto may = members_of_new(schema::CASE, context.node); !may) return may.error();
  auto people = people_here(context);
  if (!people) return people.error();
  return StepQuestions{begin_questions(std::move(*people)), {}};
}

Response open_form(PageContext& context) {
  auto form = empty_form(context);
  if (!form) return problem(context, form.error());
  form->answers.put("person", context.query("person"));
  return begin_page(context, *form);
}

std::vector<FieldInput> typed_inputs(const StepAnswers& typed) {
  std::vector<FieldInput> out;
  for (const char* field : {"given-name", "family-name", "release-date", "same-day"}) {
    const std::string& text = typed.text(field);
    if (!is_blank(text)) {
      out.push_back({field, text, How::set});
    }
  }
  return out;
}

std::optional<sync::DossierId> person_in(const StepAnswers& typed) {
  const auto bytes = crypto::from_hex(typed.text("person"));
  return bytes ? sync::DossierId::from(*bytes) : std::nullopt;
}

Result<Saved> begin(PageContext& context, const StepAnswers& typed) {
  Handovers handovers(context.records);
  const auto person = person_in(typed);
  if (!person) return handovers.begin(typed_inputs(typed), context.by());
  return handovers.begin_from(*person, typed_inputs(typed), context.by());
}

// Asked once more where somebody of this name is being handed over already: two handovers of one
// person go to two partners, and each takes the other for whoever waits at the gate.
Result<std::optional<StepQuestion>> doubt_about(PageContext& context, const StepAnswers& typed) {
  const auto person = person_in(typed);
  const auto others = person ? under_way_of_person(context.records, *person)
                             : under_way_of_name(context.records, typed.text("given-name"),
                                                 typed.text("family-name"));
  if (!others) return others.error();
  if (others->empty()) return std::optional<StepQuestion>();
  const CaseFile& other = others->front();
  return std::optional<StepQuestion>(
      StepQuestion{.name = "another",
                   .label = "There is a handover of this name already",
                   .kind = Kind::some_of,
                   .hint = person_name(other) + ", " + release_words(other) + ": " +
                           stage_words(other.state) + ". It is under \"All handovers\".",
                   .needed = "Say that another handover is meant, or cancel",
                   .choices = {{"Yes", "Begin another one all the same"}}});
}

Response take_form(PageContext& context) {
  auto form = empty_form(context);
  if (!form) return problem(context, form.error());
  form->answers = StepAnswers(context.visit.form.fields, form->questions);
  const bool from_person = !form->answers.text("person").empty();
  if (!from_person && form->answers.text("family-name").empty()) {
    form->errors["family-name"] = "Enter at least the family name";
  }
  form->check();
  if (form->has_errors()) return begin_page(context, *form);
  auto doubt = doubt_about(context, form->answers);
  if (!doubt) return problem(context, doubt.error());
  if (*doubt) {
    form->questions.push_back(**doubt);
    form->answers = StepAnswers(context.visit.form.fields, form->questions);
    form->check();
    if (form->has_errors()) return begin_page(context, *form);
  }
  const auto saved = begin(context, form->answers);
  if (saved) {
    return done(address_of("/handovers", saved->record.dossier),
                saved->notes.empty() ? "begun" : "begun-in-part");
  }
  form->place(saved.error().message);
  return begin_page(context, *form);
}

// ---- another one in the place of one that stopped

sync::Error not_again(const CaseFile& file) {
  return {sync::ErrorKind::denied, file.role() == sync::Role::owner
                                       ? "This handover is still going on. Hold or stop it first."
                                       : "Only the prison whose handover it was begins another."};
}

Response again_page(const PageContext& context, const CaseFile& file, const std::string& error) {
  const std::string title = "Begin another handover";
  const Html buttons =
      button_group(button({.text = "Begin the draft", .prevent_double_click = true}) +
                   h(R"(<a class="govuk-link" href="{}">Cancel</a>)", Url(case_address(file))));
  const Html summary =
      when(!error.empty(), [&] { return error_summary({.items = {{.text = error}}}); });
  const Html main = h(
      R"({}<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><span class="govuk-caption-l">{}, {}</span>
<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">The new draft copies from this handover: the person, the release if it is still to come, risks, licence, needs, and do's and don'ts. It names this one as the one it replaces.</p>
<p class="govuk-body">It does not copy the consent, the ground for sharing, the partner, the handover code, and the plan. This handover stays as it is.</p>{}</div></div>)",
      summary, person_name(file), release_words(file), title,
      form({.action = Url(case_address(file, "again")), .csrf_token = context.visit.csrf_token},
           buttons));
  return show(context, {.title = title,
                        .has_error = !error.empty(),
                        .before_main = back_link(Url(case_address(file)), "Back to the handover"),
                        .main = main});
}

Response open_again(PageContext& context, const CaseFile& file) {
  if (!may_begin_again(file)) return problem(context, not_again(file));
  return again_page(context, file, {});
}

Response take_again(PageContext& context, const CaseFile& file) {
  if (!may_begin_again(file)) return problem(context, not_again(file));
  const auto saved = Handovers(context.records).begin_again(file.id(), context.by());
  if (!saved) return again_page(context, file, saved.error().message);
  return done(address_of("/handovers", saved->record.dossier), "begun-again");
}

}  // namespace

bool may_begin_again(const CaseFile& file) {
  const bool stopped = is_over(file.state) || file.state == schema::Handover::DECLINED ||
                       file.state == schema::Handover::HELD;
  return stopped && file.role() == sync::Role::owner;
}

void add_begin_page(SitePages& pages) {
  pages.get("/handovers/new", open_form);
  pages.post("/handovers/new", take_form);
  pages.get("/handovers/:id/again", on_case(open_again));
  pages.post("/handovers/:id/again", on_case(take_again));
}

}  // namespace throughgate::node::web
