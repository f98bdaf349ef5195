// The ground for sharing, and sharing itself.
#include <algorithm>

#include "node/handovers/basis.h"
#include "node/handovers/completeness.h"
#include "node/handovers/data_classes.h"
#include "node/web/pages/handovers/case_view.h"
#include "node/web/pages/handovers/handover_pages.h"
#include "node/web/pages/handovers/partners.h"
#include "node/web/pages/handovers/step_form.h"

namespace throughgate::node::web {
namespace {

using schema::Disclosure;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using Kind = StepQuestion::Kind;

AnswerChoices partner_choices(const std::vector<Partner>& partners) {
  AnswerChoices out;
  out.reserve(partners.size());
  for (const auto& partner : partners) out.emplace_back(partner.id.hex(), partner.name);
  return out;
}

// ---- the ground

std::vector<StepQuestion> basis_questions(const PageContext& context, const CaseFile& file) {
  return {{.name = "partner",
           .label = "Shared with",
           .kind = Kind::one_of,
           .hint = "Partners with a current sharing agreement",
           .needed = "Select the partner",
           .choices = partner_choices(partners_for(context, file))},
          {.name = "law",
           .label = "Law that applies",
           .kind = Kind::one_of,
           .needed = "Select the law that applies",
           .choices = choices_of(*Disclosure::Regime_descriptor())},
          {.name = "ground",
           .label = "Ground",
           .kind = Kind::one_of,
           .needed = "Select the ground",
           .choices = choices_of(*Disclosure::Basis_descriptor())},
          {.name = "purpose",
           .label = "Purpose",
           .hint = "In a line, for example \"support after release\"",
           .needed = "Enter the purpose"},
          {.name = "classes",
           .label = "What will be shared",
           .kind = Kind::some_of,
           .hint = "Everything in this handover goes to the partner. It holds: " +
                   classes_in_words(classes_held(file), context.codes) + ". Select all of these.",
           .needed = "Select what is shared",
           .choices = choices_of(context.codes, "data-classes")},
          {.name = "until",
           .label = "Expires on",
           .kind = Kind::date,
           .hint = "The last day it holds; leave it empty if there is none"},
          {.name = "paper", .label = "Where the paper is kept"},
          {.name = "override",
           .label = "Reason for sharing without consent",
           .kind = Kind::long_text,
           .hint = "Only if the person has said no"},
          {.name = "second",
           .label = "Second person who agreed",
           .hint = "Only if the person has said no"}};
}

Result<sync::OrganisationId> partner_in(const StepAnswers& typed) {
  const auto bytes = crypto::from_hex(typed.text("partner"));
  const auto id = bytes ? sync::OrganisationId::from(*bytes) : std::nullopt;
  if (id) return *id;
  return Error{ErrorKind::invalid, "Select one of the partners that are offered."};
}

Result<Saved> record_basis(PageContext& context, const CaseFile& file, const StepAnswers& typed) {
  const auto partner = partner_in(typed);
  if (!partner) return partner.error();
  return Handovers(context.records)
      .record_basis(file.id(),
                    {*partner, typed.text("law"), typed.text("ground"), typed.text("purpose"),
                     typed.several("classes"), typed.text("until"), typed.text("paper"),
                     typed.text("override"), typed.text("second")},
                    context.by());
}

Html no_partners(const PageContext& context, const CaseFile& file) {
  const auto without = partners_without_agreement(context);
  std::string names;
  for (const auto& name : without) names += (names.empty() ? "" : ", ") + name;
  Html out;
  if (partners_for(context, file).empty()) {
    out += inset_text(
        "There is no partner with a current sharing agreement. The central team makes agreements: "
        "ask them.");
  }
  if (!names.empty()) {
    out += h(
        R"(<p class="govuk-body">No current agreement here: {}. Sync first; if it still says so, ask the central team.</p>)",
        names);
  }
  return out;
}

// ---- sharing

Html before_sharing(const PageContext& context, const CaseFile& file) {
  const auto complete = completeness_of(file, context.codes);
  const Html lacks = when(!complete.is_ready(), [&] {
    return warning_text("This handover is not complete yet.") +
           missing_part(context, file, complete);
  });
  const auto partners = partners_for(context, file);
  const bool no_ground = std::any_of(partners.begin(), partners.end(),
                                     [](const Partner& each) { return !each.lacks.empty(); });
  const Html ground = when(no_ground, [&] {
    return h(
        R"(<p class="govuk-body"><a class="govuk-link" href="{}">Record the ground for sharing</a></p>)",
        Url(case_address(file, "basis")));
  });
  return h(R"(<p class="govuk-body">The partner gets all that stands in this handover, and you both see what the other changes. What has been shared cannot be called back.</p>)") +
         lacks + no_partners(context, file) + ground;
}

std::vector<StepQuestion> share_questions(const PageContext& context, const CaseFile& file) {
  const auto partners = partners_for(context, file);
  StepQuestion partner{.name = "partner",
                       .label = "Partner",
                       .kind = Kind::one_of,
                       .needed = "Select the partner",
                       .choices = partner_choices(partners)};
  for (const auto& each : partners) {
    partner.choice_hints[each.id.hex()] =
        each.lacks.empty() ? "The ground for sharing is recorded." : each.lacks;
  }
  return {partner};
}

Result<Saved> share(PageContext& context, const CaseFile& file, const StepAnswers& typed) {
  const auto partner = partner_in(typed);
  if (!partner) return partner.error();
  return Handovers(context.records).share(file.id(), *partner, context.by());
}

}  // namespace

std::vector<Partner> partners_for(const PageContext& context, const CaseFile& file) {
  std::vector<Partner> out;
  const auto& directory = context.node.directory();
  const auto& own = context.node.identity().organisation;
  for (const auto& [id, organisation] : directory.organisations()) {
    if (organisation.kind != sync::OrganisationKind::partner || id == own) continue;
    if (!directory.may_share(own, id, schema::CASE, context.now_ms())) continue;
    const auto may = check_basis(file, id, context.node, context.codes);
    out.push_back({id, organisation.name, may ? std::string() : may.error().message});
  }
  std::sort(out.begin(), out.end(),
            [](const Partner& a, const Partner& b) { return a.name < b.name; });
  return out;
}

std::vector<std::string> partners_without_agreement(const PageContext& context) {
  std::vector<std::string> out;
  const auto& directory = context.node.directory();
  const auto& own = context.node.identity().organisation;
  for (const auto& [id, organisation] : directory.organisations()) {
    if (organisation.kind != sync::OrganisationKind::partner || id == own) continue;
    if (!directory.may_share(own, id, schema::CASE, context.now_ms())) {
      out.push_back(organisation.name);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

void add_basis_page(SitePages& pages) {
  add_step_page(pages, {.step = Step::basis,
                        .title = "Record the ground for sharing",
                        .button = "Save the ground",
                        .before = no_partners,
                        .questions = basis_questions,
                        .take = record_basis,
                        .outcome = [](const StepAnswers&) { return std::string("basis"); }});
}

void add_share_page(SitePages& pages) {
  add_step_page(pages, {.step = Step::share,
                        .title = "Share with a partner",
                        .button = "Share this handover",
                        .before = before_sharing,
                        .questions = share_questions,
                        .take = share,
                        .outcome = [](const StepAnswers&) { return std::string("shared"); }});
}

}  // namespace throughgate::node::web
