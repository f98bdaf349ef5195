// Legal holds: set on a record, listed, lifted.
#include "node/dossier_kinds.h"
#include "node/erasure/erasure_plan.h"
#include "node/text/unicode.h"
#include "node/web/components/summary_list.h"
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using sync::DossierId;
using sync::ErrorKind;
using sync::Result;

constexpr char holds_address[] = "/holds";

constexpr Outcome outcomes[] = {
    {"set", "The hold is set. Nothing of it is erased until it is lifted."},
    {"lifted", "The hold is lifted."},
};

Response set_page(PageContext& context, const DossierId& id, const std::string& error) {
  const auto title = title_of_record(context, id);
  if (!title) return problem(context, title.error());
  const auto others = holds_on(context.records, {id});
  if (!others) return problem(context, others.error());
  const Html known = each(*others, [&](const Hold& hold) {
    return inset_text("In force already: " + in_words(hold, context.node));
  });
  return keeping_page(
      context,
      {.title = "Set a legal hold",
       .caption = *title,
       .main =
           h(R"(<p class="govuk-body">While it is in force nothing of this record, nor of what belongs to it, is erased, whoever asks. The central team sees it.</p>)") +
           known +
           reason_form(context, {.action = std::string(holds_address) + "/on/" + id.hex(),
                                 .question = "Why must it be kept?",
                                 .button = "Set the hold",
                                 .error = error}),
       .error = error,
       .back = page_of_record(context, id),
       .back_words = "Back"});
}

Response ask_set(PageContext& context, const DossierId& id) { return set_page(context, id, {}); }

Response set(PageContext& context, const DossierId& id) {
  const auto& reason = context.field("reason");
  if (is_blank(reason)) return set_page(context, id, "Enter why it must be kept");
  const auto held = held_together(context.records, id);
  if (!held) return problem(context, held.error());
  const auto saved = Holds(context.records).set(*held, reason, context.by(reason));
  if (is_to_be_changed(saved)) return set_page(context, id, saved.error().message);
  return saved ? done(holds_address, "set") : problem(context, saved.error());
}

// ---- those that there are

Result<Html> card_of(const PageContext& context, const Hold& hold) {
  std::string records;
  for (const auto& id : hold.records) {
    const auto title = title_of_record(context, id);
    if (!title && title.error().kind != ErrorKind::not_found) return title.error();
    records += (records.empty() ? "" : ", ") + (title ? *title : std::string("not held here"));
  }
  SummaryCard card{.title = hold.in_force ? "In force" : "Lifted"};
  if (hold.in_force && hold.ours) {
    card.actions.push_back(
        {.href = Url(address_of(holds_address, hold.id) + "/lift"), .text = "Lift"});
  }
  return summary_list({.rows = {{"Keeps", records, {}},
                                {"Why", hold.reason, {}},
                                {"Set by",
                                 organisation_name(context.node, hold.set_by) + ", " +
                                     hold.set_by_name + ", " + when_text(hold.set_at_ms),
                                 {}}},
                       .card = card});
}

Response list_page(PageContext& context) {
  const auto known = all_holds(context.records);
  if (!known) return problem(context, known.error());
  Html cards;
  for (const bool in_force : {true, false}) {
    for (const auto& hold : *known) {
      if (hold.in_force != in_force) continue;
      const auto card = card_of(context, hold);
      if (!card) return problem(context, card.error());
      cards += *card;
    }
  }
  if (cards.empty())
    cards = h(
        R"(<p class="govuk-body">No hold was ever set here. One is set from the page of a volunteer or a handover.</p>)");
  return keeping_page(context,
                      {.title = "Legal holds", .main = outcome_banner(context, outcomes) + cards});
}

Response lift_page(PageContext& context, const DossierId& id, const std::string& error) {
  const auto known = all_holds(context.records);
  if (!known) return problem(context, known.error());
  for (const auto& hold : *known) {
    if (hold.id != id) continue;
    return keeping_page(
        context, {.title = "Lift the hold",
                  .main = inset_text(in_words(hold, context.node)) +
                          reason_form(context, {.action = address_of(holds_address, id) + "/lift",
                                                .question = "Why is it lifted?",
                                                .button = "Lift the hold",
                                                .error = error}),
                  .error = error,
                  .back = holds_address,
                  .back_words = "Legal holds"});
  }
  return no_such_page(context);
}

Response ask_lift(PageContext& context, const DossierId& id) { return lift_page(context, id, {}); }

Response lift(PageContext& context, const DossierId& id) {
  const auto& reason = context.field("reason");
  if (is_blank(reason)) return lift_page(context, id, "Enter why it is lifted");
  const auto saved = Holds(context.records).lift(id, reason, context.by(reason));
  if (is_to_be_changed(saved)) return lift_page(context, id, saved.error().message);
  return saved ? done(holds_address, "lifted") : problem(context, saved.error());
}

}  // namespace

std::string hold_address_of(const DossierId& id) {
  return std::string(holds_address) + "/on/" + id.hex();
}

void add_hold_pages(SitePages& pages) {
  pages.get(holds_address, for_act(Act::erase, list_page));
  const std::string on = std::string(holds_address) + "/on/:id";
  pages.get(on, of_record(Act::erase, ask_set));
  pages.post(on, of_record(Act::erase, set));
  const std::string one = std::string(holds_address) + "/:id/lift";
  pages.get(one, of_record(Act::erase, ask_lift));
  pages.post(one, of_record(Act::erase, lift));
}

}  // namespace throughgate::node::web
