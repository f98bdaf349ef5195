// One value out of a record and its history, for everybody; and facts copied from what was erased.
#include "node/erasure/removal.h"

#include "node/dossier_kinds.h"
#include "node/erasure/copies.h"
#include "node/field_names.h"
#include "node/shown_values.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/change_names.h"
#include "node/web/pages/record_title.h"
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::store::OpView;

constexpr char remove_address[] = "/remove-value";
constexpr char copies_address[] = "/copied-facts";
constexpr std::size_t changes_max = 100;

constexpr Outcome remove_outcomes[] = {
    {"removed", "It is noted. With the next exchange the value goes, here and for everybody."},
};
constexpr Outcome copies_outcomes[] = {
    {"removed", "It is noted. With the next exchange the copied facts go, here and for everybody."},
    {"waiting",
     "Some are not confirmed by the central exchange yet. Exchange what is new, then "
     "remove them.",
     false},
    {"held", "Some stand in records that a legal hold keeps, and stay until it is lifted.", false},
};

std::string address_of_field(const FieldAddress& at) { return field_address(remove_address, at); }

// ---- a value

bool may_go(const OpView& op) {
  return !op.removed && op.dsn && op.kind != sync::OpKind::transition &&
         op.kind != sync::OpKind::clear;
}

Choices changes_of(const PageContext& context, const FieldAddress& at,
                   const std::vector<OpView>& ops, const std::string& error) {
  Choices out{.name = "change",
              .legend = Legend{.text = "Which value?", .classes = "govuk-fieldset__legend--s"},
              .error = error};
  for (const auto& op : ops) {
    if (!may_go(op)) continue;
    const auto name = change_name(op.id);
    out.items.push_back({.value = name,
                         .text = h(R"(<span class="as-typed">{}</span>)",
                                   value_in_words(at.record, op, context.codes)),
                         .hint = (op.actor_name.empty() ? std::string("Somebody") : op.actor_name) +
                                 ", " + when_text(op.effective_ms),
                         .checked = context.field("change") == name});
  }
  return out;
}

struct Faults {
  std::string change, reason;
};

Response value_page(PageContext& context, const FieldAddress& at, const Faults& faults = {}) {
  const auto ops = context.records.reader().history(at.record, at.field, 0, changes_max);
  if (!ops) return problem(context, ops.error());
  const auto title = title_of_record(context, at.record.dossier);
  if (!title) return problem(context, title.error());
  const auto choices = changes_of(context, at, *ops, faults.change);
  const Html asking =
      choices.items.empty()
          ? h(R"(<p class="govuk-body">Nothing that stands here can be removed. What has not been sent yet can be once it has; a level of risk or a stage is corrected by a new one.</p>)")
          : reason_form(context, {.action = address_of_field(at),
                                  .question = "Why is it removed?",
                                  .hint = "Do not repeat what is removed",
                                  .button = "Remove it for everybody",
                                  .is_warning = true,
                                  .error = faults.reason,
                                  .more = radios(choices)});
  const std::string error = faults.change.empty() ? faults.reason : faults.change;
  return keeping_page(
      context,
      {.title = "Remove a value: " + label_of(at.record.type, at.field),
       .caption = *title,
       .main =
           outcome_banner(context, remove_outcomes) +
           h(R"(<p class="govuk-body">The value goes from the record and from its history, at every organisation that has it. Who wrote it, and when, stays.</p>)") +
           asking,
       .error = error,
       .error_field = faults.change.empty() ? "reason" : "change",
       .back = page_of_record(context, at.record.dossier),
       .back_words = "Back"});
}

Response show_value(PageContext& context) {
  const auto at = field_in(context.visit.path);
  if (!at || !field_of(at->record.type, at->field)) return no_such_page(context);
  return value_page(context, *at);
}

Response remove(PageContext& context) {
  const auto at = field_in(context.visit.path);
  if (!at || !field_of(at->record.type, at->field)) return no_such_page(context);
  const auto change = change_named(context.field("change"));
  if (!change) return value_page(context, *at, {"Select which value", {}});
  const auto& reason = context.field("reason");
  if (is_blank(reason)) return value_page(context, *at, {{}, "Enter why it is removed"});
  const auto ops = context.records.reader().history(at->record, at->field, 0, changes_max);
  if (!ops) return problem(context, ops.error());
  for (const auto& op : *ops) {
    if (op.id != *change) continue;
    const auto saved = remove_value(context.records, at->record, op, context.by(reason));
    if (is_to_be_changed(saved)) return value_page(context, *at, {{}, saved.error().message});
    return saved ? done(address_of_field(*at), "removed") : problem(context, saved.error());
  }
  return value_page(context, *at, {"Select which value", {}});
}

// Which field: those in which something stands.
Response fields_page(PageContext& context, const sync::DossierId& id) {
  const auto lists = list_of_fields(context, id, remove_address);
  if (!lists) return problem(context, lists.error());
  const auto title = title_of_record(context, id);
  if (!title) return problem(context, title.error());
  return keeping_page(context,
                      {.title = "Remove a value for everybody",
                       .caption = *title,
                       .main = h(R"(<p class="govuk-body">Which detail is it in?</p>{})", *lists),
                       .back = page_of_record(context, id),
                       .back_words = "Back"});
}

// ---- copied facts

Html copies_part(const PageContext& context, const std::vector<CopiedFacts>& copies, bool ours) {
  Html items;
  for (const auto& facts : copies) {
    if (facts.ours != ours) continue;
    const auto held = context.records.whole().dossier(facts.record.dossier);
    const auto page = held ? page_address(facts.record.dossier, held->root_type) : std::nullopt;
    const std::string words = facts.what + ": " + std::to_string(facts.values.size()) +
                              (facts.values.size() == 1 ? " value" : " values") +
                              (facts.is_held ? ", kept by a legal hold" : "");
    items += page
                 ? h(R"(<li><a class="govuk-link" href="{}">{}</a>{}</li>)", Url(*page), words,
                     ours ? std::string() : ", at " + organisation_name(context.node, facts.keeper))
                 : h("<li>{}</li>", words);
  }
  return items.empty() ? items : h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)", items);
}

Response copies_page(PageContext& context) {
  const auto copies = copies_of_erased(context.records);
  if (!copies) return problem(context, copies.error());
  const Html ours = copies_part(context, *copies, true);
  const Html theirs = copies_part(context, *copies, false);
  Html main =
      outcome_banner(context, copies_outcomes) +
      h(R"(<p class="govuk-body">When a record is erased, facts that were copied from it may stand in others, such as a volunteer's name in a handover.</p>)");
  if (copies->empty()) {
    main += h(R"(<p class="govuk-body">No copied facts are left of what was erased.</p>)");
  }
  if (!ours.empty()) {
    main += h(R"(<h2 class="govuk-heading-m">In your records</h2>{}{})", ours,
              form({.action = Url(copies_address), .csrf_token = context.visit.csrf_token},
                   button({.text = "Remove all of these",
                           .classes = "govuk-button--warning",
                           .prevent_double_click = true})));
  }
  if (!theirs.empty()) {
    main +=
        h(R"(<h2 class="govuk-heading-m">In records of others, who remove them</h2>{})", theirs);
  }
  return keeping_page(context, {.title = "Copied from what was erased", .main = main});
}

Response remove_all(PageContext& context) {
  const auto copies = copies_of_erased(context.records);
  if (!copies) return problem(context, copies.error());
  bool waiting = false;
  bool held = false;
  for (const auto& facts : *copies) {
    if (!facts.ours) continue;
    if (facts.is_held) {
      held = true;
      continue;
    }
    if (facts.not_confirmed > 0) {
      waiting = true;
      continue;
    }
    const auto removed =
        remove_copies(context.records, facts, context.by("the record it came from was erased"));
    if (!removed) return problem(context, removed.error());
  }
  return done(copies_address, held ? "held" : waiting ? "waiting" : "removed");
}

}  // namespace

std::string removal_address_of(const sync::DossierId& id) { return address_of(remove_address, id); }

void add_removal_pages(SitePages& pages) {
  pages.get(copies_address, for_act(Act::erase, copies_page));
  pages.post(copies_address, for_act(Act::erase, remove_all));
  pages.get(std::string(remove_address) + "/:id", of_record(Act::erase, fields_page));
  const std::string field = std::string(remove_address) + "/:dossier/:record/:type/:field";
  pages.get(field, for_act(Act::erase, show_value));
  pages.post(field, for_act(Act::erase, remove));
}

}  // namespace throughgate::node::web
