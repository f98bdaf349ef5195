// The person says that a value is wrong: it is corrected, or it stays with a note beside it.
#include "node/disputes.h"
#include "node/field_names.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/question.h"
#include "node/web/pages/record_summary.h"
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using sync::ErrorKind;

constexpr char correct_address[] = "/said-to-be-wrong";

constexpr Outcome outcomes[] = {
    {"corrected", "It is corrected. What it was before stays in the history, with the reason."},
    {"noted", "The note stands beside the value, here and wherever the record goes."},
    {"settled", "The note has had its answer, and does not stand beside the value any more."},
};

struct Faults {
  std::string decision, value, reason;

  const std::string& first() const {
    if (!decision.empty()) return decision;
    return value.empty() ? reason : value;
  }
};

// A list, a stage or a number of another record is corrected where it is typed.
bool is_corrected_here(const PageContext& context, const FieldAddress& at) {
  const auto& field = *field_of(at.record.type, at.field);
  const auto asked = how_asked(field, context.codes);
  const auto policy = rule_of(field).policy();
  return asked != Asked::never && asked != Asked::note && policy != schema::FieldRule::APPEND &&
         policy != schema::FieldRule::SET;
}

Html value_question(const PageContext& context, const FieldAddress& at,
                    const sync::store::RecordView& record, const std::string& error) {
  const auto& field = *field_of(at.record.type, at.field);
  const auto* view = record.field(at.field);
  const bool sent = was_asked(field, context.visit.form.fields);
  return question({.field = field,
                   .codes = context.codes,
                   .values = view ? values_in_boxes(*view) : std::vector<crypto::Bytes>{},
                   .typed = sent ? &context.visit.form.fields : nullptr,
                   .error = error});
}

Choices choices_of(const PageContext& context, bool can_correct, bool is_disputed,
                   const std::string& error, const Html& value) {
  const auto& chosen = context.field("decision");
  Choices out{.name = "decision",
              .legend = Legend{.text = "What do you do?", .classes = "govuk-fieldset__legend--s"},
              .error = error};
  if (can_correct) {
    out.items.push_back({.value = "correct",
                         .text = "Correct it",
                         .checked = chosen == "correct",
                         .conditional = value});
  }
  out.items.push_back({.value = "note",
                       .text = "Keep it, with a note that the person says it is wrong",
                       .checked = chosen == "note"});
  if (is_disputed) {
    out.items.push_back({.value = "settle",
                         .text = "Take the note away: it has had its answer",
                         .checked = chosen == "settle"});
  }
  return out;
}

Response field_page(PageContext& context, const FieldAddress& at, const Faults& faults = {}) {
  const auto record = context.records.reader().read(at.record);
  if (!record) return problem(context, record.error());
  if (!context.records.viewer().sees(at.record.type, at.field)) return no_such_page(context);
  const auto disputed = disputed_in(context.records, at.record.dossier);
  if (!disputed) return problem(context, disputed.error());
  const auto title = title_of_record(context, at.record.dossier);
  if (!title) return problem(context, title.error());
  const auto& field = *field_of(at.record.type, at.field);
  const auto found = disputed->find({at.record, at.field});
  const bool is_disputed = found != disputed->end();
  const bool can_correct = is_corrected_here(context, at);
  const Html value = can_correct ? value_question(context, at, *record, faults.value) : Html{};
  return keeping_page(
      context,
      {.title = label_of(at.record.type, at.field),
       .caption = *title,
       .main = outcome_banner(context, outcomes) +
               h(R"(<p class="govuk-body">It says: <strong class="as-typed">{}</strong></p>)",
                 shown_field(*record, field, context.codes)) +
               when(is_disputed, [&] { return inset_text(in_words(found->second)); }) +
               reason_form(
                   context,
                   {.action = field_address(correct_address, at),
                    .question = "What does the person say?",
                    .hint = "With a note, this stands beside the value. Otherwise it is the reason "
                            "for the change",
                    .button = "Save",
                    .error = faults.reason,
                    .more = radios(
                        choices_of(context, can_correct, is_disputed, faults.decision, value))}),
       .error = faults.first(),
       .error_field = !faults.decision.empty() ? "decision"
                      : !faults.value.empty()  ? question_id(field, context.codes)
                                               : "reason",
       .back = address_of(correct_address, at.record.dossier),
       .back_words = "All details"});
}

Response show_field_page(PageContext& context) {
  const auto at = field_in(context.visit.path);
  if (!at || !field_of(at->record.type, at->field)) return no_such_page(context);
  return field_page(context, *at);
}

sync::Result<Saved> save(PageContext& context, const FieldAddress& at,
                         const std::string& decision) {
  Disputes disputes(context.records);
  const auto& said = context.field("reason");
  const auto by = context.by(said);
  if (decision == "note") return disputes.note(at.record, at.field, said, by);
  if (decision == "settle") return disputes.settle(at.record, at.field, by);
  const auto& field = *field_of(at.record.type, at.field);
  return disputes.correct(at.record, at.field,
                          text_sent(field, context.visit.form.fields, context.codes), by);
}

Response take(PageContext& context) {
  const auto at = field_in(context.visit.path);
  if (!at || !field_of(at->record.type, at->field)) return no_such_page(context);
  const auto& decision = context.field("decision");
  const bool can_correct = is_corrected_here(context, *at);
  const bool known =
      decision == "note" || decision == "settle" || (decision == "correct" && can_correct);
  if (!known) return field_page(context, *at, {"Select what you do", {}, {}});
  if (is_blank(context.field("reason"))) {
    return field_page(context, *at, {{}, {}, "Enter what the person says"});
  }
  const auto saved = save(context, *at, decision);
  if (!saved && saved.error().kind == ErrorKind::invalid) {
    const bool of_value = decision == "correct";
    return field_page(context, *at,
                      {{},
                       of_value ? saved.error().message : std::string(),
                       of_value ? std::string() : saved.error().message});
  }
  if (!saved) return problem(context, saved.error());
  const char* code = decision == "note" ? "noted" : decision == "settle" ? "settled" : "corrected";
  return done(field_address(correct_address, *at), code);
}

Response fields_page(PageContext& context) {
  const auto id = dossier_in(context);
  if (!id) return no_such_page(context);
  const auto lists = list_of_fields(context, *id, correct_address);
  if (!lists) return problem(context, lists.error());
  const auto title = title_of_record(context, *id);
  if (!title) return problem(context, title.error());
  return keeping_page(context, {.title = "Something in it is wrong, the person says",
                                .caption = *title,
                                .main = h(R"(<p class="govuk-body">Which detail?</p>{})", *lists),
                                .back = page_of_record(context, *id),
                                .back_words = "Back"});
}

}  // namespace

std::string correct_address_of(const sync::DossierId& record) {
  return address_of(correct_address, record);
}

void add_correct_pages(SitePages& pages) {
  pages.get(std::string(correct_address) + "/:id", fields_page);
  const std::string field = std::string(correct_address) + "/:dossier/:record/:type/:field";
  pages.get(field, show_field_page);
  pages.post(field, take);
}

}  // namespace throughgate::node::web
