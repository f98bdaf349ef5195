// The facts of a handover in sections, its do's and don'ts, its needs, and who can see it.
#include <algorithm>

#include "node/days.h"
#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/handovers/data_classes.h"
#include "node/handovers/earlier_partner.h"
#include "node/handovers/offered_steps.h"
#include "node/records/values.h"
#include "node/sharing/shared_with.h"
#include "node/web/components/table.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/handovers/case_view.h"
#include "node/web/pages/handovers/sections.h"
#include "node/web/pages/handovers/step_links.h"
#include "node/web/pages/record_summary.h"

namespace throughgate::node::web {
namespace {

using schema::Flag;
using schema::Handover;
using schema::Need;
using sync::store::RecordName;
using sync::store::RecordRow;

std::uint32_t handover_number() { return record_type(*Handover::descriptor())->number; }

// ---- one value with its marks

Html marks(const RecordName& record, std::uint32_t field, bool in_review, bool provisional) {
  Html out;
  if (in_review) {
    out += h(R"( <a class="govuk-link" href="{}">{}</a>)", Url(conflict_address(record, field)),
             tag("Changed in two places", TagColour::red));
  }
  if (provisional) out += h(" {}", tag("Not sent yet", TagColour::yellow));
  return out;
}

// ---- sections

bool may_change(const PageContext& context, const CaseFile& file, const Section& section) {
  if (!section.is_changed_here || is_over(file.state)) return false;
  return std::any_of(section.fields.begin(), section.fields.end(), [&](int field) {
    return may_write(file, handover_number(), field, context.node.policies());
  });
}

bool has_something(const CaseFile& file, const Section& section) {
  return std::any_of(section.fields.begin(), section.fields.end(), [&](int field) {
    const auto* view = file.root.field(static_cast<std::uint32_t>(field));
    return view && !view->ops.empty();
  });
}

Html section_card(const PageContext& context, const CaseFile& file, const Section& section,
                  const DisputedFields& disputed) {
  RecordCard card{.title = std::string(section.title), .fields = {}, .disputed = &disputed};
  for (const int field : section.fields) {
    if (is_of_an_earlier_partner(file, static_cast<std::uint32_t>(field))) continue;
    card.fields.push_back(Handover::descriptor()->FindFieldByNumber(field)->name());
  }
  if (may_change(context, file, section)) {
    card.actions.push_back({.href = Url(case_address(file, "change/" + std::string(section.key)))});
  } else if (!has_something(file, section)) {
    return {};
  }
  return h(R"(<div class="section--{}">{}</div>)", section.key,
           record_card(file.root, card, context.codes));
}

// ---- records beside the handover

std::string words_in(const RecordRow& row, int field, const CodeLists& codes) {
  const auto found = row.fields.find(static_cast<std::uint32_t>(field));
  const auto* descriptor = field_of(row.name.type, static_cast<std::uint32_t>(field));
  if (found == row.fields.end() || !descriptor) return {};
  return found->second.removed ? "removed" : text_of(*descriptor, found->second.value, codes);
}

Html marks_of(const RecordRow& row) {
  Html out;
  bool provisional = false;
  for (const auto& [field, shown] : row.fields) {
    provisional = provisional || shown.provisional;
    if (shown.in_review) out += marks(row.name, field, true, false);
  }
  return out + marks(row.name, 0, false, provisional);
}

Html change_link(const PageContext& context, const CaseFile& file, const RecordRow& row,
                 const char* page, int field, const std::string& what) {
  if (is_over(file.state) || !may_write(file, row.name.type, field, context.node.policies())) {
    return {};
  }
  return h(
      R"(<a class="govuk-link" href="{}">Change<span class="govuk-visually-hidden"> {}</span></a>)",
      Url(case_address(file, std::string(page) + "/" + row.name.record.hex())), what);
}

Html add_link(const CaseFile& file, const char* page, const char* words) {
  if (is_over(file.state) || !file.is_acted_on || !file.role() ||
      !sync::may_write_entries(*file.role()))
    return {};
  return h(R"(<p class="govuk-body no-print"><a class="govuk-link" href="{}">{}</a></p>)",
           Url(case_address(file, page)), words);
}

Html flag_row(const PageContext& context, const CaseFile& file, const RecordRow& row) {
  const auto kind = number_in(row, Flag::kKindFieldNumber);
  const TagColour colour = kind == Flag::DO_NOT ? TagColour::red
                           : kind == Flag::DO   ? TagColour::green
                                                : TagColour::blue;
  const std::string ring = text_in(row, Flag::kRingFieldNumber);
  const std::string instruction = text_in(row, Flag::kInstructionFieldNumber);
  const auto standing = number_in(row, Flag::kStandingFieldNumber);
  return h(
      R"(<li class="flag"><span class="flag__kind">{}</span> <span class="flag__text"><strong>{}</strong>{}{}{}</span> <span class="flag__change no-print">{}</span></li>)",
      tag(words_in(row, Flag::kKindFieldNumber, context.codes), colour), instruction,
      when(!ring.empty(), [&] { return h(" (ring {})", ring); }),
      when(standing != Flag::IN_FORCE,
           [&] { return h(" ({})", words_in(row, Flag::kStandingFieldNumber, context.codes)); }),
      marks_of(row),
      change_link(context, file, row, "flags", Flag::kInstructionFieldNumber, instruction));
}

std::vector<Cell> need_row(const PageContext& context, const CaseFile& file, const RecordRow& row) {
  const std::string pathway = words_in(row, Need::kPathwayFieldNumber, context.codes);
  return {{.content = h("{}{}", pathway, marks_of(row))},
          {.content = text_in(row, Need::kNeedFieldNumber)},
          {.content = words_in(row, Need::kStatusFieldNumber, context.codes)},
          {.content = words_in(row, Need::kResponsibleFieldNumber, context.codes)},
          {.content = change_link(context, file, row, "needs", Need::kNeedFieldNumber, pathway),
           .classes = "no-print"}};
}

}  // namespace

Html facts_part(const PageContext& context, const CaseFile& file, const DisputedFields& disputed) {
  return h(R"(<div class="handover-facts">{}</div>)",
           each(handover_sections(), [&](const Section& section) {
             return section_card(context, file, section, disputed);
           }));
}

// Of the whole handover, so that nobody at the gate misses one.
Html disputes_part(const DisputedFields& disputed) {
  return each(disputed, [](const auto& each) {
    const auto& [about, said] = each;
    return inset_text(
        h("<strong>{}</strong>: {}", label_of(about.first.type, about.second), in_words(said)));
  });
}

Html flags_part(const PageContext& context, const CaseFile& file) {
  const Html rows = each(file.flags, [&](const RecordRow& row) {
    const bool ended = number_in(row, Flag::kStandingFieldNumber) == Flag::ENDED;
    return ended ? Html{} : flag_row(context, file, row);
  });
  const Html ended = each(file.flags, [&](const RecordRow& row) {
    const bool over = number_in(row, Flag::kStandingFieldNumber) == Flag::ENDED;
    return over ? flag_row(context, file, row) : Html{};
  });
  const Html body = rows.empty() ? h(R"(<p class="govuk-body">None recorded.</p>)")
                                 : h(R"(<ul class="govuk-list flags">{}</ul>)", rows);
  return h(
      R"(<section class="handover-flags"><h2 class="govuk-heading-m">Do's and don'ts</h2>{}{}{}</section>)",
      body,
      when(!ended.empty(),
           [&] {
             return h(R"(<div class="no-print">{}</div>)",
                      details({.summary = "Those that have ended",
                               .text = h(R"(<ul class="govuk-list flags">{}</ul>)", ended)}));
           }),
      add_link(file, "flags/new", "Add a do or don't"));
}

Html needs_part(const PageContext& context, const CaseFile& file) {
  if (!context.records.viewer().sees_any(record_type(*Need::descriptor())->number)) return {};
  Html body;
  if (file.needs.empty()) {
    body = h(R"(<p class="govuk-body">None recorded.</p>)");
  } else {
    Table rows{.head = {{.content = "Kind of support"},
                        {.content = "What is needed"},
                        {.content = "Status"},
                        {.content = "Who sees to it"},
                        {.content = h(R"(<span class="govuk-visually-hidden">Change</span>)"),
                         .classes = "no-print"}},
               .first_cell_is_header = true};
    for (const auto& row : file.needs) rows.rows.push_back(need_row(context, file, row));
    body = scroll_region("Needs table", table(rows));
  }
  return h(
      R"(<section class="handover-needs"><h2 class="govuk-heading-m">Needs</h2>{}{}</section>)",
      body, add_link(file, "needs/new", "Add a need"));
}

Html grounds_part(const PageContext& context, const CaseFile& file) {
  using schema::Disclosure;
  if (file.disclosures.empty()) return {};
  const std::string today = iso_day(context.now_ms());
  const auto row = [&](const RecordRow& ground) {
    const auto words = [&](int field) { return words_in(ground, field, context.codes); };
    const std::string last_day = text_in(ground, Disclosure::kExpiresOnFieldNumber);
    const bool in_force =
        number_in(ground, Disclosure::kStandingFieldNumber) == Disclosure::IN_FORCE;
    const bool has_run_out = in_force && !last_day.empty() && last_day < today;
    const auto covers = texts_in(ground, Disclosure::kClassesFieldNumber);
    return h("<li>{}: {}, {}{}. {}.{} {}{}</li>", words(Disclosure::kToNameFieldNumber),
             words(Disclosure::kBasisFieldNumber), words(Disclosure::kPurposeFieldNumber),
             last_day.empty() ? std::string() : ", until " + day_words(last_day),
             has_run_out ? std::string("Has run out") : words(Disclosure::kStandingFieldNumber),
             marks_of(ground),
             change_link(context, file, ground, "grounds", Disclosure::kStandingFieldNumber,
                         "this ground"),
             when(!covers.empty(), [&] {
               return h(R"(<br><span class="govuk-hint">Covers: {}</span>)",
                        classes_in_words(covers, context.codes));
             }));
  };
  return h(
      R"(<section class="no-print"><h2 class="govuk-heading-m">Grounds for sharing</h2><ul class="govuk-list govuk-list--bullet">{}</ul></section>)",
      each(file.disclosures, row));
}

namespace {

Html member_links(const PageContext& context, const CaseFile& file) {
  const auto offered = offered_with_members(file, context.node);
  return when(!offered.empty(), [&] {
    return h(R"(<ul class="govuk-list no-print">{}</ul>)", each(offered, [&](Step step) {
               const StepLink& link = link_of(step);
               return h(R"(<li><a class="govuk-link" href="{}">{}</a></li>)",
                        Url(case_address(file, link.page)), link.words);
             }));
  });
}

}  // namespace

sync::Result<Html> members_part(const PageContext& context, const CaseFile& file) {
  const auto spans = shared_with(context.records, file.id());
  if (!spans) return spans.error();
  const auto now = [&](const sync::Member& member) {
    const bool own = member.organisation == context.node.identity().organisation;
    return h("<li>{}{}, {}</li>", organisation_name(context.node, member.organisation),
             own ? " (your organisation)" : "", role_in_words(member.role));
  };
  std::vector<std::pair<SharedSpan, std::string>> left;  // and what had reached them
  for (const auto& span : *spans) {
    if (!span.until_ms) continue;
    const auto classes = classes_written_by(context.records, file.id(), span.until_dsn);
    if (!classes) return classes.error();
    left.emplace_back(span, classes_in_words(*classes, context.codes));
  }
  const auto before = [&](const std::pair<SharedSpan, std::string>& each_left) {
    const auto& [span, classes] = each_left;
    const std::string by = span.ended_by.empty() ? "" : " Ended by " + span.ended_by + ".";
    return h(
        R"(<li>{}{}{}{}{}</li>)", in_words(span), by,
        when(!each_left.first.reason.empty(), [&] { return h(" {}", each_left.first.reason); }),
        when(!each_left.second.empty(),
             [&] { return h("<br>What could reach them by then: {}.", each_left.second); }),
        each(span.copies, [](const DeletedCopy& copy) { return h("<br>{}", in_words(copy)); }));
  };
  return h(
      R"(<section class="handover-members"><h2 class="govuk-heading-m">Who can see this</h2><ul class="govuk-list govuk-list--bullet">{}</ul>{}{}</section>)",
      each(file.root.dossier.members, now),
      when(file.root.dossier.members_provisional,
           [&] {
             // Who takes part no longer wrote none of it: a file brought it.
             const char* words = file.role() ? "Not sent yet" : "Not confirmed yet";
             return h(R"(<p class="govuk-body">{}</p>)", tag(words, TagColour::yellow));
           }),
      when(!left.empty(), [&] {
        return h(
            R"(<h3 class="govuk-heading-s">Who could see this before</h3><ul class="govuk-list govuk-list--bullet">{}</ul>)",
            each(left, before));
      }) + member_links(context, file));
}

}  // namespace throughgate::node::web
