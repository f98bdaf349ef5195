// One handover: where it stands, what to do next, its facts, and what happened to it. Prints as the
// one sheet that somebody takes to the gate.
#include <algorithm>
#include <array>

#include "node/handovers/acknowledgement.h"
#include "node/web/components/button.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/handovers/case_view.h"
#include "node/web/pages/handovers/handover_pages.h"
#include "node/web/pages/handovers/outcomes.h"
#include "node/web/pages/handovers/sections.h"
#include "node/web/pages/handovers/step_links.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using schema::Handover;

Html heading(const PageContext& context, const CaseFile& file) {
  const std::string partner = file.text(Handover::kReceiverNameFieldNumber);
  const bool ours = file.role() == sync::Role::receiver;
  const auto* owner = file.root.dossier.member(sync::Role::owner);
  const std::string with = ours && owner
                               ? "From " + organisation_words(context, owner->organisation)
                               : (partner.empty() ? std::string() : "With " + partner);
  return h(
      R"(<span class="govuk-caption-l">Handover</span><h1 class="govuk-heading-l">{}, {}</h1><p class="govuk-body">{} {}</p>)",
      person_name(file), release_words(file), stage_tag(file.state), with);
}

// What tells this person from another of the name; empty: nothing is recorded that does.
std::string reference(const CaseFile& file) {
  for (const int number : {Handover::kPrisonNumberFieldNumber, Handover::kCrnFieldNumber}) {
    if (const auto text = file.text(number); !text.empty()) return ", " + text;
  }
  const auto born = file.text(Handover::kDateOfBirthFieldNumber);
  return born.empty() ? born : ", born " + day_words(born);
}

// Only on paper, at the head of each page: whose sheet it is, and what it says of itself.
Html sheet_head(const PageContext& context, const CaseFile& file) {
  return h(
      R"(<div class="sheet__head print-only"><p class="govuk-body"><strong>{}{}</strong>. Printed by {} on {}. Not to be left lying about; shred it after use.</p></div>)",
      person_name(file), reference(file), context.actor.name,
      date_time_text(static_cast<std::int64_t>(context.now_ms())));
}

Html notices(const CaseFile& file) {
  Html out;
  if (!file.role()) {
    out += warning_text("Your organisation no longer takes part in this handover.");
    if (file.root.dossier.members_provisional) {
      out += inset_text(
          "A file says so, and the exchange has not confirmed it yet. Nothing can be changed here. "
          "When this computer next syncs, it deletes its copy. Ring the prison if you did not "
          "expect this.");
    }
  }
  const auto same_day = file.number(Handover::kSameDayFieldNumber) != 0;
  if (same_day && !is_over(file.state)) out += warning_text("Same-day release.");
  const auto replaced = sync::DossierId::from(file.value(Handover::kReplacesFieldNumber));
  if (replaced && file.role() == sync::Role::owner) {
    out += h(
        R"(<p class="govuk-body no-print">This handover replaces <a class="govuk-link" href="{}">an earlier one</a>.</p>)",
        Url(address_of("/handovers", *replaced)));
  }
  if (is_over(file.state) && file.is_acted_on && may_begin_again(file)) {
    out += h(
        R"(<p class="govuk-body no-print">If it goes on after all, <a class="govuk-link" href="{}">begin another handover</a>: it copies the facts of this one.</p>)",
        Url(case_address(file, "again")));
  }
  if (!file.root.dossier.complete) {
    out += inset_text("More changes to this handover exist and have not all arrived here yet.");
  }
  return out;
}

// For whoever is not asked to read them: that there are changes, and the way to them.
sync::Result<Html> news(const PageContext& context, const CaseFile& file) {
  const auto role = file.role();
  if (!role || is_asked_to_read(*role)) return Html{};
  const auto unread = Acknowledgements(context.records).unread(file);
  if (!unread) return unread.error();
  if (unread->empty()) return Html{};
  return h(
      R"(<p class="govuk-body no-print"><a class="govuk-link" href="{}">See what has changed</a>: {} that nobody at your organisation has marked as read. You are not asked to.</p>)",
      Url(case_address(file, "read")),
      count_text(static_cast<std::int64_t>(unread->size()), "change", "changes"));
}

Html next_step(const CaseFile& file, const NextStep& step) {
  const auto way = way_to(step, file);
  const Html words =
      way ? h(R"(<a class="govuk-link" href="{}">{}</a>)", *way, step.words) : h("{}", step.words);
  const std::string by = step.due_on.empty() ? "" : ", by " + day_words(step.due_on);
  return h("<li>{}{}{}</li>", words, by,
           when(step.is_late, [] { return h(" {}", tag("Late", TagColour::red)); }));
}

// Where what is missing is typed in; nullopt: not here, the organisation may only read it.
std::optional<std::string> page_to_add(const PageContext& context, const CaseFile& file,
                                       const Lack& lack) {
  const auto may = [&](const RecordType& type, int field) {
    return may_write(file, type.number, field, context.node.policies());
  };
  const auto& handover = *record_type(*Handover::descriptor());
  const auto* field = lack.field.empty() ? nullptr : field_named(handover, lack.field);
  const auto* section = field ? section_of(field->number()) : nullptr;
  if (section && may(handover, field->number())) return "change/" + std::string(section->key);
  const bool needs = may(*record_type(*schema::Need::descriptor()), schema::Need::kNeedFieldNumber);
  return !section && needs ? std::optional<std::string>("needs/new") : std::nullopt;
}

Response handover_page(PageContext& context, const CaseFile& file) {
  const auto unread = Acknowledgements(context.records).awaiting(file);
  if (!unread) return problem(context, unread.error());
  const auto changed = news(context, file);
  if (!changed) return problem(context, changed.error());
  const auto two_places = two_places_part(context, file);
  if (!two_places) return problem(context, two_places.error());
  const auto events = events_of(context.records, file);
  if (!events) return problem(context, events.error());
  const auto members = members_part(context, file);
  if (!members) return problem(context, members.error());
  const auto disputed = disputed_in(context.records, file.id());
  if (!disputed) return problem(context, disputed.error());
  const auto steps = next_steps(file, context.codes, *unread, context.now_ms());
  const auto complete = completeness_of(file, context.codes);
  const bool before_sending = file.state == Handover::DRAFT || file.state == Handover::READY;
  const Html main = h(
      R"({}<div class="sheet">{}<div class="sheet__body govuk-grid-row handover"><div class="govuk-grid-column-two-thirds">{}{}{}{}{}{}{}</div>
<div class="govuk-grid-column-one-third handover-beside">{}{}</div></div></div>)",
      outcome_banner(context, handover_outcomes()), sheet_head(context, file),
      heading(context, file), *two_places + notices(file) + *changed + disputes_part(*disputed),
      next_steps_part(context, file, steps),
      when(before_sending && file.is_acted_on,
           [&] { return missing_part(context, file, complete); }),
      flags_part(context, file), facts_part(context, file, *disputed), needs_part(context, file),
      grounds_part(context, file) + *members,
      history_part(*events) + ways_for_record(context, file.id()));
  return show(context, {.title = person_name(file) + ", " + release_words(file),
                        .before_main = back_link(Url("/handovers"), "All handovers"),
                        .main = main});
}

}  // namespace

Html next_steps_part(const PageContext& context, const CaseFile& file,
                     const std::vector<NextStep>& steps) {
  const auto offered = offered_steps(file, context.node);
  if (steps.empty() && offered.empty()) return {};
  const Html next = when(!steps.empty(), [&] {
    return h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)",
             each(steps, [&](const NextStep& step) { return next_step(file, step); }));
  });
  const Html buttons = each(offered, [&](Step step) {
    const StepLink& link = link_of(step);
    const bool primary = step != Step::stop &&
                         std::any_of(steps.begin(), steps.end(), [&](const NextStep& next_one) {
                           return next_one.action == link.page;
                         });
    return button({.text = link.words,
                   .classes = primary ? "" : "govuk-button--secondary",
                   .href = Url(case_address(file, link.page))});
  });
  return h(
      R"(<section class="no-print"><h2 class="govuk-heading-m">What to do next</h2>{}{}</section>)",
      next, when(!offered.empty(), [&] { return button_group(buttons); }));
}

Html missing_part(const PageContext& context, const CaseFile& file, const Completeness& complete) {
  const auto item = [&](const Lack& lack) {
    const auto page = page_to_add(context, file, lack);
    return page ? h(R"(<li><a class="govuk-link" href="{}">{}</a></li>)",
                    Url(case_address(file, *page)), lack.words)
                : h("<li>{}</li>", lack.words);
  };
  const auto list = [&](const std::vector<Lack>& lacks) {
    return h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)", each(lacks, item));
  };
  Html out;
  if (!complete.missing.empty()) {
    out += h(R"(<h2 class="govuk-heading-m" id="missing">Still missing</h2>{})",
             list(complete.missing));
  }
  if (!complete.worth_adding.empty()) {
    out += details({.summary = "Worth adding", .text = list(complete.worth_adding)});
  }
  return out.empty() ? out : h(R"(<section class="no-print">{}</section>)", out);
}

void add_handover_page(SitePages& pages) { pages.get("/handovers/:id", on_case(handover_page)); }

}  // namespace throughgate::node::web
