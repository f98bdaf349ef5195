// Who may share which records with whom: listed, made and ended.
#include <algorithm>

#include "node/desk/agreements.h"
#include "node/dossier_kinds.h"
#include "node/last_contact.h"
#include "node/text/unicode.h"
#include "node/typed_words.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/date_input.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/table.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/desk/agreements_part.h"
#include "node/web/pages/desk/typed_day.h"

namespace throughgate::node::web {
namespace {

using sync::Agreement;
using sync::ErrorKind;
using sync::OrganisationId;
using sync::Result;

constexpr std::size_t reference_bytes_max = 200;

constexpr Outcome outcomes[] = {
    {"made", "The agreement is in the central list. Sites hear of it once they have exchanged."},
    {"ended",
     "The agreement has ended. Nothing new is shared under it once sites have exchanged; what was "
     "shared already stays until the owner ends it."},
};

// The kinds of record that one organisation shares with another.
struct SharedKind {
  schema::DossierKind kind;
  const char* value;
  const char* text;
};
constexpr SharedKind shared_kinds[] = {
    {schema::CASE, "handovers", "Handovers"},
    {schema::VOLUNTEER, "volunteers", "Volunteers: the part that travels with them"},
};

// ---- all of them

std::string last_day_text(const Agreement& agreement) {
  const auto end = agreement.expires_at_ms;
  return date_text(in_uk_time(static_cast<std::int64_t>(end == 0 ? 0 : end - 1)).date);
}

std::string end_address(const Agreement& agreement) {
  return std::string(agreements_address) + "/" + crypto::to_hex(agreement.id) + "/end";
}

std::string with_commas(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::vector<Cell> row_of(const PageContext& context, const Agreement& agreement, bool in_force) {
  const auto name = [&](const OrganisationId& id) { return organisation_name(context.node, id); };
  const Html end = when(in_force, [&] {
    return h(
        R"(<a class="govuk-link" href="{}">End<span class="govuk-visually-hidden">: {} with {}</span></a>)",
        Url(end_address(agreement)), name(agreement.from), name(agreement.to));
  });
  return {{.content = name(agreement.from)},
          {.content = name(agreement.to)},
          {.content = with_commas(kinds_in_words(agreement.dossier_kinds))},
          {.content = (in_force ? "To the end of " : "Over since ") + last_day_text(agreement)},
          {.content = agreement.reference},
          {.content = end, .classes = "no-print"}};
}

}  // namespace

Result<Html> agreements_part(const PageContext& context, const std::optional<OrganisationId>& of) {
  const auto now_ms = exchange_time_ms(context.node);
  if (!now_ms) return now_ms.error();
  Table all{.head = {{.content = "Shares"},
                     {.content = "With"},
                     {.content = "Records"},
                     {.content = "Until"},
                     {.content = "Where the paper lies"},
                     {.content = "End", .classes = "no-print"}}};
  for (const bool in_force : {true, false}) {
    for (const auto& [id, agreement] : context.node.directory().agreements()) {
      if ((agreement.expires_at_ms > *now_ms) != in_force) continue;
      if (of && agreement.from != *of && agreement.to != *of) continue;
      all.rows.push_back(row_of(context, agreement, in_force));
    }
  }
  if (all.rows.empty()) return h(R"(<p class="govuk-body">There is no agreement yet.</p>)");
  return scroll_region("Agreements table", table(all));
}

namespace {

Response list_page(PageContext& context) {
  const auto all = agreements_part(context, std::nullopt);
  if (!all) return problem(context, all.error());
  return desk_page(
      context,
      {.title = "Who may share with whom",
       .main =
           outcome_banner(context, outcomes) +
           h(R"(<p class="govuk-body">The first may share such records with the second. Each record still needs its own ground.</p>)") +
           *all + button({.text = "Make an agreement", .href = Url(new_agreement_address)})});
}

// ---- making one

struct Faults {
  std::string from{}, to{}, kinds{}, until{}, reference{};

  // What is wrong, each with the field that it is about, in the order of the questions.
  std::vector<std::pair<std::string, std::string>> listed() const {
    std::vector<std::pair<std::string, std::string>> out{{from, "from"},
                                                         {to, "to"},
                                                         {kinds, "kinds"},
                                                         {until, "until-day"},
                                                         {reference, "reference"}};
    std::erase_if(out, [](const auto& each) { return each.first.empty(); });
    return out;
  }
  bool any() const { return !listed().empty(); }
};

Html organisation_question(const PageContext& context, const std::string& name,
                           const std::string& words, const std::string& error) {
  Select out{.field = {.name = name, .label = {.text = words}, .error = error},
             .options = {{.value = "", .text = "Select an organisation"}},
             .value = context.field(name)};
  for (const auto& [id, organisation] : context.node.directory().organisations()) {
    if (organisation.kind == sync::OrganisationKind::central) continue;  // needs none
    out.options.push_back({.value = id.hex(), .text = organisation.name});
  }
  std::sort(out.options.begin() + 1, out.options.end(),
            [](const Option& a, const Option& b) { return a.text < b.text; });
  return select(out);
}

Html new_questions(const PageContext& context, const Faults& faults) {
  Choices kinds{.name = "kinds", .legend = Legend{.text = "Which records?"}, .error = faults.kinds};
  const auto ticked = context.visit.form.fields.all("kinds");
  for (const auto& each : shared_kinds) {
    kinds.items.push_back(
        {.value = each.value,
         .text = each.text,
         .checked = std::find(ticked.begin(), ticked.end(), each.value) != ticked.end()});
  }
  return organisation_question(context, "from", "Who shares?", faults.from) +
         organisation_question(context, "to", "With whom?", faults.to) + checkboxes(kinds) +
         date_input({.id = "until",
                     .name_prefix = "until",
                     .legend = Legend{.text = "What is the last day?"},
                     .hint = "As the paper that both have signed says, such as 4 12 2027",
                     .error = faults.until,
                     .day = context.field("until-day"),
                     .month = context.field("until-month"),
                     .year = context.field("until-year")}) +
         text_input({.field = {.name = "reference",
                               .label = {.text = "Where does the signed paper lie?"},
                               .hint = "Everybody who has the central list reads this. Name no "
                                       "person. You can leave it empty",
                               .error = faults.reference},
                     .value = context.field("reference"),
                     .autocomplete = "off"});
}

Response new_page(PageContext& context, const Faults& faults = {}) {
  auto errors = faults.listed();
  std::pair<std::string, std::string> first;
  if (!errors.empty()) {
    first = errors.front();
    errors.erase(errors.begin());
  }
  return desk_page(
      context,
      {.title = "Make an agreement",
       .main =
           h(R"(<p class="govuk-body">One for the same two organisations replaces the one that there is.</p>)") +
           form({.action = Url(new_agreement_address), .csrf_token = context.visit.csrf_token},
                new_questions(context, faults) +
                    button({.text = "Put it into the list", .prevent_double_click = true})),
       .error = first.first,
       .error_field = first.second,
       .more_errors = std::move(errors),
       .back = agreements_address,
       .back_words = "Who may share with whom"});
}

std::set<std::uint32_t> kinds_sent(const PageContext& context) {
  std::set<std::uint32_t> out;
  for (const auto& sent : context.visit.form.fields.all("kinds")) {
    for (const auto& each : shared_kinds) {
      if (sent == each.value) out.insert(static_cast<std::uint32_t>(each.kind));
    }
  }
  return out;
}

Response make(PageContext& context) {
  const auto& directory = context.node.directory();
  const auto sent = [&](const char* name) {
    const auto id = id_from<OrganisationId>(context.field(name));
    return id && directory.organisation(*id) ? id : std::nullopt;
  };
  const auto from = sent("from");
  const auto to = sent("to");
  const auto kinds = kinds_sent(context);
  const auto day = day_sent(context, "until");
  const auto until = day.empty() ? Result(std::uint64_t{0}) : end_of_day_ms(day);
  const auto reference = visible_line(context.field("reference"));
  const auto now_ms = exchange_time_ms(context.node);
  if (!now_ms) return problem(context, now_ms.error());
  Faults faults;
  if (!from) faults.from = "Select who shares";
  if (!to) faults.to = "Select with whom";
  if (from && from == to) faults.to = "Select another organisation than the one that shares";
  if (kinds.empty()) faults.kinds = "Select which records";
  if (!until) faults.until = until.error().message;
  if (until && *until <= *now_ms) faults.until = "Enter a last day that has not passed";
  if (reference.size() > reference_bytes_max) faults.reference = "Enter 200 letters at most";
  if (faults.any()) return new_page(context, faults);
  const auto made = Desk(context.node).agree({*from, *to, kinds, *until, reference});
  if (is_to_be_changed(made)) return new_page(context, {.until = made.error().message});
  return made ? done(agreements_address, "made") : problem(context, made.error());
}

// ---- ending one

const Agreement* agreement_of(const PageContext& context) {
  const auto bytes = crypto::from_hex(context.visit.path.get("id"));
  const auto id = bytes ? crypto::to_array<16>(*bytes) : std::nullopt;
  const auto& all = context.node.directory().agreements();
  const auto found = id ? all.find(*id) : all.end();
  return found == all.end() ? nullptr : &found->second;
}

Response ask_end(PageContext& context) {
  const auto* agreement = agreement_of(context);
  if (!agreement) return no_such_page(context);
  const auto in_force = agreement_in_force(context.node, agreement->from, agreement->to);
  if (!in_force) return problem(context, in_force.error());
  const auto meaning = meaning_of_ending(context.node, *agreement);
  if (!meaning) return problem(context, meaning.error());
  return desk_page(
      context,
      {.title = "End the agreement",
       .main =
           summary_list(
               {.rows = {{"Shares", organisation_name(context.node, agreement->from), {}},
                         {"With", organisation_name(context.node, agreement->to), {}},
                         {"Records", with_commas(kinds_in_words(agreement->dossier_kinds)), {}},
                         {"Last day", last_day_text(*agreement), {}}}}) +
           bullets(*meaning) +
           form({.action = Url(end_address(*agreement)), .csrf_token = context.visit.csrf_token},
                button({.text = "End it",
                        .classes = "govuk-button--warning",
                        .prevent_double_click = true})),
       .back = agreements_address,
       .back_words = "Who may share with whom"});
}

Response end(PageContext& context) {
  const auto* agreement = agreement_of(context);
  if (!agreement) return no_such_page(context);
  const auto ended = Desk(context.node).end_agreement(agreement->from, agreement->to);
  return ended ? done(agreements_address, "ended") : problem(context, ended.error());
}

}  // namespace

void add_agreement_pages(SitePages& pages) {
  pages.get(agreements_address, for_desk(list_page));
  pages.get(new_agreement_address,
            for_desk([](PageContext& context) { return new_page(context); }));
  pages.post(new_agreement_address, for_desk(make));
  const std::string end_one = std::string(agreements_address) + "/:id/end";
  pages.get(end_one, for_desk(ask_end));
  pages.post(end_one, for_desk(end));
}

}  // namespace throughgate::node::web
