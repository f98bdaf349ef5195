// One field that was changed in two places: the changes side by side, and the form of whoever may
// decide.
#include <algorithm>

#include "node/field_names.h"
#include "node/records/values.h"
#include "node/text/unicode.h"
#include "node/web/components/choices.h"
#include "node/web/components/messages.h"
#include "node/web/components/navigation.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/change_names.h"
#include "node/web/pages/conflicts/conflict_pages.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/question.h"
#include "node/web/pages/record_title.h"

namespace throughgate::node::web {

using sync::Error;
using sync::ErrorKind;
using sync::OpId;
using sync::store::OpView;

namespace {

constexpr char other_value[] = "other";

// What is wrong with a form that was sent, by question.
struct Faults {
  std::string choice, other, reason, asked;
  std::string whole;  // about none of them

  bool any() const {
    return !(choice.empty() && other.empty() && reason.empty() && asked.empty() && whole.empty());
  }
};

// A form on its way: as first opened, or as sent and to be shown again.
struct Decision {
  Standing standing;
  bool is_sent = false;
  std::vector<OpId> opened_with{};  // the changes that the form was opened with
  Faults faults{};

  const google::protobuf::FieldDescriptor* field() const {
    return field_of(standing.conflict.record.type, standing.conflict.field);
  }
  std::string address() const {
    return conflict_address(standing.conflict.record, standing.conflict.field);
  }
};

bool is_in(const std::vector<OpId>& changes, const OpId& change) {
  return std::find(changes.begin(), changes.end(), change) != changes.end();
}

std::vector<OpId> names_of(const std::vector<OpView>& changes) {
  std::vector<OpId> out;
  out.reserve(changes.size());
  for (const auto& each : changes) out.push_back(each.id);
  return out;
}

// ---- what the form asks

std::string other_id(const PageContext& context, const Decision& decision) {
  return decision.field() ? question_id(*decision.field(), context.codes) : std::string("value");
}

CompareField choice_of(const PageContext& context, const Decision& decision) {
  std::vector<OpId> new_since;
  for (const auto& change : decision.standing.conflict.siblings) {
    if (decision.is_sent && !is_in(decision.opened_with, change.id)) new_since.push_back(change.id);
  }
  CompareField out{.name = "value-kept",
                   .label = "Which one holds?",
                   .versions = versions_of(context, decision.standing, new_since),
                   .chosen = context.field("value-kept"),
                   .error = decision.faults.choice};
  if (decision.field() && how_asked(*decision.field(), context.codes) != Asked::never) {
    const auto* typed = decision.is_sent ? &context.visit.form.fields : nullptr;
    out.other = CompareOther{.value = other_value,
                             .question = question({.field = *decision.field(),
                                                   .codes = context.codes,
                                                   .typed = typed,
                                                   .error = decision.faults.other})};
  }
  return out;
}

Html asked_question(const PageContext& context, const Decision& decision) {
  return checkboxes({.name = "asked",
                     .legend = Legend{.text = "Who asked the central team?",
                                      .classes = "govuk-fieldset__legend--s"},
                     .error = decision.faults.asked,
                     .items = {{.value = "yes",
                                .text = decision.standing.keeper + " asked us to decide",
                                .checked = context.field("asked") == "yes"}}});
}

Html the_form(const PageContext& context, const Decision& decision) {
  Html more = h(R"(<input type="hidden" name="seen" value="{}">)",
                change_names(names_of(decision.standing.conflict.siblings)));
  if (decider_of(context, decision.standing) == Decider::here_if_asked) {
    more += asked_question(context, decision);
  }
  more += text_area({.field = {.name = "reason",
                               .label = {.text = "Why does it hold?", .classes = "govuk-label--s"},
                               .hint = "Everybody who shares this record can read it",
                               .error = decision.faults.reason},
                     .value = context.field("reason"),
                     .rows = 3,
                     .autocomplete = "off"});
  return compare_and_choose(
      {.form = {.action = Url(decision.address()), .csrf_token = context.visit.csrf_token},
       .fields = {choice_of(context, decision)},
       .more = more,
       .save_text = "Decide"});
}

// ---- the page

Html summary_of(const PageContext& context, const Decision& decision) {
  const Faults& faults = decision.faults;
  ErrorSummary summary;
  const auto add = [&](const std::string& text, const std::string& id) {
    if (!text.empty()) summary.items.push_back({text, id});
  };
  add(faults.whole, "");
  add(faults.choice, "value-kept");
  add(faults.other, other_id(context, decision));
  add(faults.asked, "asked");
  add(faults.reason, "reason");
  return summary.items.empty() ? Html{} : error_summary(summary);
}

Response compare_page(const PageContext& context, const Decision& decision) {
  const Standing& standing = decision.standing;
  const bool decides = decider_of(context, standing) != Decider::elsewhere;
  const auto record = page_address(standing.dossier.id, standing.dossier.root_type);
  const std::string title = standing.label + " was changed in two places";
  return show(
      context,
      {.title = title,
       .has_error = decision.faults.any(),
       .before_main = back_link(Url(conflicts_address), "Changed in two places"),
       .main =
           summary_of(context, decision) +
           h(R"(<span class="govuk-caption-l">{}</span><h1 class="govuk-heading-l">{}</h1>
<p class="govuk-body">{}</p><p class="govuk-body">{}</p>)",
             standing.title, title, who_decides(context, standing),
             shown_meanwhile(context, standing)) +
           (decides ? the_form(context, decision) : compare_only(versions_of(context, standing))) +
           (record ? h(R"(<p class="govuk-body"><a class="govuk-link" href="{}">{}</a></p>)",
                       Url(*record), standing.title)
                   : Html{})});
}

// ---- what was sent

// The value of a change that stands no more, as far as it is known here.
std::string words_of_gone(const PageContext& context, const Standing& standing,
                          const std::vector<OpId>& gone) {
  const auto changes =
      context.records.reader().history(standing.conflict.record, standing.conflict.field);
  std::string out;
  for (const auto& change : changes ? *changes : std::vector<OpView>{}) {
    if (!is_in(gone, change.id)) continue;
    out += (out.empty() ? "" : ", ") + std::string("\"") + value_words(context, standing, change) +
           "\"";
  }
  return out;
}

// Empty: what stands is what the form was opened with.
std::string changed_meanwhile(const PageContext& context, const Decision& decision) {
  const auto now = names_of(decision.standing.conflict.siblings);
  std::vector<OpId> gone;
  for (const auto& change : decision.opened_with) {
    if (!is_in(now, change)) gone.push_back(change);
  }
  std::string came;
  for (const auto& change : decision.standing.conflict.siblings) {
    if (is_in(decision.opened_with, change.id)) continue;
    came += (came.empty() ? "" : ", ") + std::string("\"") +
            value_words(context, decision.standing, change) + "\" from " +
            place_name(context.node, change.organisation);
  }
  if (gone.empty() && came.empty()) return {};
  std::string out = "This changed while you were deciding.";
  if (!came.empty()) out += " Came in: " + came + ".";
  if (!gone.empty()) {
    out += " No longer there: " + words_of_gone(context, decision.standing, gone) + ".";
  }
  return out + " Nothing was decided, and what you typed is still here. Look at it again.";
}

std::optional<OpId> kept_in(const PageContext& context, const Decision& decision) {
  const auto named = changes_named(context.field("value-kept"));
  const auto now = names_of(decision.standing.conflict.siblings);
  return named.size() == 1 && is_in(now, named.front()) ? std::optional(named.front())
                                                        : std::nullopt;
}

Resolution resolution_in(const PageContext& context, const Decision& decision) {
  Resolution out;
  out.keep = kept_in(context, decision);
  if (!out.keep && decision.field()) {
    out.instead = text_sent(*decision.field(), context.visit.form.fields, context.codes);
  }
  out.desk_was_asked = context.field("asked") == "yes";
  return out;
}

Faults faults_in(const PageContext& context, const Decision& decision,
                 const Resolution& resolution) {
  Faults out;
  const bool other = context.field("value-kept") == other_value && decision.field();
  if (!resolution.keep && !other) out.choice = "Select the one that holds";
  if (other && resolution.instead.empty()) out.other = "Enter the value that holds";
  if (other && !resolution.instead.empty()) {
    const auto value = value_of(*decision.field(), resolution.instead, context.codes);
    if (!value) out.other = value.error().message;
  }
  if (is_blank(context.field("reason"))) out.reason = "Enter why it holds";
  if (decider_of(context, decision.standing) == Decider::here_if_asked &&
      !resolution.desk_was_asked) {
    out.asked = decision.standing.keeper + " still has time to decide. Tick this if " +
                decision.standing.keeper + " has asked the central team";
  }
  return out;
}

// Somebody was quicker: their decision, and above it what this person was about to say.
Response decided_meanwhile(const PageContext& context, const FieldAddress& at) {
  const std::string& reason = context.field("reason");
  const Html typed = error_summary(
      {.title = "Somebody decided this while you were deciding",
       .description = h("Nothing of yours was saved.{}",
                        reason.empty() ? Html{} : h(" You had typed: \"{}\"", reason))});
  return decided_page(context, at.record, at.field, typed);
}

Response decide(const PageContext& context, Decision decision) {
  decision.faults.whole = changed_meanwhile(context, decision);
  if (decision.faults.any()) return compare_page(context, decision);
  const auto resolution = resolution_in(context, decision);
  decision.faults = faults_in(context, decision, resolution);
  if (decision.faults.any()) return compare_page(context, decision);
  const auto saved = Conflicts(context.records)
                         .resolve(decision.standing.conflict, resolution,
                                  context.by(std::string(trimmed(context.field("reason")))));
  if (saved) return done(decision.address(), "decided");
  decision.faults.whole = saved.error().message;
  return compare_page(context, decision);
}

// ---- the handlers

sync::Result<Standing> standing_at(const PageContext& context, const FieldAddress& at) {
  const auto conflict = Conflicts(context.records).show(at.record, at.field);
  if (!conflict) return conflict.error();
  return standing_of(context, *conflict);
}

Response opened(PageContext& context) {
  const auto at = field_in(context.visit.path);
  if (!at) return no_such_page(context);
  auto standing = standing_at(context, *at);
  if (standing) return compare_page(context, {.standing = std::move(*standing)});
  if (standing.error().kind != ErrorKind::not_found) return problem(context, standing.error());
  return decided_page(context, at->record, at->field, {});
}

Response sent(PageContext& context) {
  const auto at = field_in(context.visit.path);
  if (!at) return no_such_page(context);
  if (context.visit.form.fields.has("later")) return done(conflicts_address, "later");
  auto standing = standing_at(context, *at);
  if (!standing && standing.error().kind == ErrorKind::not_found) {
    return decided_meanwhile(context, *at);
  }
  if (!standing) return problem(context, standing.error());
  if (decider_of(context, *standing) == Decider::elsewhere) {
    return problem(context, {ErrorKind::denied, who_decides(context, *standing)});
  }
  return decide(context, {.standing = std::move(*standing),
                          .is_sent = true,
                          .opened_with = changes_named(context.field("seen"))});
}

}  // namespace

sync::Result<Standing> standing_of(const PageContext& context, Conflict conflict) {
  const auto dossier = context.records.reader().dossier(conflict.record.dossier);
  if (!dossier) return dossier.error();
  Standing out{std::move(conflict), *dossier, {}, {}, {}};
  out.title = record_title(context.records, *dossier);
  out.label = label_of(out.conflict.record.type, out.conflict.field);
  out.keeper = keeper_name(context.node, *dossier);
  return out;
}

void add_conflict_pages(SitePages& pages) {
  add_conflict_list(pages);
  add_conflict_decision(pages);
}

void add_conflict_decision(SitePages& pages) {
  const std::string pattern = std::string(conflicts_address) + "/:dossier/:record/:type/:field";
  pages.get(pattern, opened);
  pages.post(pattern, sent);
}

}  // namespace throughgate::node::web
