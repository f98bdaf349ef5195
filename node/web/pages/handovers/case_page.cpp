#include "node/web/pages/handovers/case_page.h"

#include <algorithm>
#include <array>

#include "node/dossier_kinds.h"
#include "node/handovers/offered_steps.h"
#include "node/out_of_contact.h"
#include "node/records/formats.h"
#include "node/stages.h"
#include "node/web/components/messages.h"
#include "node/web/pages/handovers/outcomes.h"
#include "node/web/pages/handovers/step_links.h"

namespace throughgate::node::web {
namespace {

using schema::Handover;
using sync::Error;
using sync::ErrorKind;

// Told apart from "not here": the record has come, the key to it has not.
Error why_not_here(const PageContext& context, const sync::DossierId& id, const Error& error) {
  if (error.kind != ErrorKind::not_found) return error;
  const auto dossier = context.records.reader().dossier(id);
  if (!dossier || !dossier->waiting_for_key) {
    return {ErrorKind::not_found,
            "This handover is not on this computer. It may not have arrived yet, or your "
            "organisation may no longer take part in it."};
  }
  const auto* owner = dossier->member(sync::Role::owner);
  return {ErrorKind::not_found, "This handover is waiting for access from " +
                                    (owner ? organisation_name(context.node, owner->organisation)
                                           : std::string("its owner")) +
                                    ". It opens by itself once access has arrived."};
}

TagColour colour_of(Handover::State state) {
  switch (state) {
    case Handover::DRAFT:
    case Handover::READY:
      return TagColour::grey;
    case Handover::SENT:
    case Handover::MORE_INFO:
      return TagColour::yellow;
    case Handover::GATE_MISSED:
    case Handover::LOST:
    case Handover::DECLINED:
      return TagColour::red;
    case Handover::GATE_MET:
    case Handover::CONTACT_RECOVERED:
    case Handover::ACTIVE_SUPPORT:
      return TagColour::green;
    case Handover::HELD:
      return TagColour::orange;
    default:
      return is_over(state) ? TagColour::grey : TagColour::blue;
  }
}

// The steps that can be recorded unread: what happened at the gate and afterwards.
constexpr std::array recorded_unread{Step::release, Step::gate,  Step::found, Step::lost,
                                     Step::support, Step::close, Step::stop};

// Nothing else of a file that is closed to reading may come to stand in a form.
void keep_what_steps_go_by(CaseFile& file) {
  std::erase_if(file.root.fields, [](const sync::store::FieldView& each) {
    return each.field != Handover::kGivenNameFieldNumber &&
           each.field != Handover::kFamilyNameFieldNumber &&
           each.field != Handover::kStateFieldNumber;
  });
  file.is_closed = true;
  file.disclosures.clear();
  file.needs.clear();
  file.flags.clear();
}

Response closed_case_page(PageContext& context, const sync::DossierId& id) {
  const auto title = title_of_case(context.records, id);
  auto file = read_case(context.records, id, Look::recording);
  if (!title) return problem(context, title.error());
  if (!file) return problem(context, file.error());
  keep_what_steps_go_by(*file);
  Html steps;
  for (const auto step : recorded_unread) {
    if (!is_offered(step, *file, context.node)) continue;
    const auto& link = link_of(step);
    steps += h(R"(<li><a class="govuk-link" href="{}">{}</a></li>)",
               Url(case_address(*file, link.page)), link.words);
  }
  const Html main = h(
      R"({}<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><h1 class="govuk-heading-l">{}</h1>{}
<p class="govuk-body"><a class="govuk-link" href="/sync">Sending and receiving</a> says how it is opened.</p>{}</div></div>)",
      outcome_banner(context, handover_outcomes()), person_name(*title),
      warning_text(closed_to_reading().message), when(!steps.empty(), [&] {
        return h(
            R"(<h2 class="govuk-heading-m">What can be recorded meanwhile</h2><ul class="govuk-list govuk-list--bullet">{}</ul>)",
            steps);
      }));
  Response response = show(context, {.title = person_name(*title) + ", closed to reading",
                                     .before_main = back_link(Url("/handovers"), "All handovers"),
                                     .main = main});
  response.status = 423;
  return response;
}

}  // namespace

SitePages::Handler on_case(CaseHandler handler) {
  return [handler = std::move(handler)](PageContext& context) {
    const auto id = dossier_in(context);
    if (!id) return no_such_page(context);
    if (context.records.reader().is_closed(*id)) return closed_case_page(context, *id);
    const auto file = read_case(context.records, *id);
    if (!file) return problem(context, why_not_here(context, *id, file.error()));
    return handler(context, *file);
  };
}

SitePages::Handler on_case_to_record(CaseHandler handler) {
  return [handler = std::move(handler)](PageContext& context) {
    const auto id = dossier_in(context);
    if (!id) return no_such_page(context);
    const bool is_closed = context.records.reader().is_closed(*id);
    auto file = read_case(context.records, *id, is_closed ? Look::recording : Look::shown);
    if (!file) return problem(context, why_not_here(context, *id, file.error()));
    if (is_closed) keep_what_steps_go_by(*file);
    return handler(context, *file);
  };
}

std::string case_address(const CaseFile& file) { return address_of("/handovers", file.id()); }

std::string case_address(const CaseFile& file, std::string_view page) {
  return case_address(file) + "/" + std::string(page);
}

std::string person_name(const CaseFile& file) {
  const std::string given = file.text(Handover::kGivenNameFieldNumber);
  const std::string family = file.text(Handover::kFamilyNameFieldNumber);
  if (given.empty() && family.empty()) return "Name not recorded";
  return given.empty() ? family : family.empty() ? given : given + " " + family;
}

std::string stage_words(Handover::State state) {
  const auto& field = *Handover::descriptor()->FindFieldByNumber(Handover::kStateFieldNumber);
  return stage_label(field, static_cast<std::uint32_t>(state));
}

Html stage_tag(Handover::State state) { return tag(stage_words(state), colour_of(state)); }

bool was_released(const CaseFile& file) {
  switch (file.state) {
    case Handover::RELEASED:
    case Handover::GATE_MET:
    case Handover::GATE_MISSED:
    case Handover::CONTACT_RECOVERED:
    case Handover::LOST:
    case Handover::ACTIVE_SUPPORT:
    case Handover::CLOSED:
      return !file.text(Handover::kReleasedOnFieldNumber).empty();
    default:
      return false;
  }
}

std::string release_words(const CaseFile& file) {
  if (file.is_closed) return "closed to reading";
  if (was_released(file)) {
    return "released " + day_words(file.text(Handover::kReleasedOnFieldNumber));
  }
  const std::string date = file.text(Handover::kReleaseDateFieldNumber);
  return date.empty() ? "release date not known" : "release " + day_words(date);
}

std::string day_words(const std::string& iso) { return shown_text(schema::FieldRule::DATE, iso); }

std::string organisation_words(const PageContext& context, const sync::OrganisationId& id) {
  if (id == context.node.identity().organisation) return "your organisation";
  return organisation_name(context.node, id);
}

}  // namespace throughgate::node::web
