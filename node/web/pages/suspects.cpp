// Changes made on a stolen computer, until somebody of today says whether they hold.
#include "node/suspects.h"

#include "node/field_names.h"
#include "node/shown_values.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/record_title.h"

namespace throughgate::node::web {
namespace {

constexpr char address[] = "/stolen-computer";
constexpr std::size_t shown_max = 100;  // the oldest; the others follow once these are settled

constexpr std::array<Outcome, 3> outcomes = {
    {{"kept", "Kept. Everybody who shares the record sees that somebody here stands by it."},
     {"undone", "Undone. What stood there before stands again, where that could be."},
     {"looked-at", "Marked as looked at. The record stays as it is."}}};

std::string title_of(const PageContext& context, const Suspect& suspect) {
  const auto dossier = context.records.reader().dossier(suspect.change.dossier);
  return dossier ? record_title(context.records, *dossier)
                 : std::string("A record that your roles do not show");
}

std::string value_of(const PageContext& context, const SuspectField& field) {
  if (field.is_hidden) return "Your roles do not show you this";
  const auto* descriptor = field_of(field.record.type, field.op.field);
  if (!descriptor) return "Written by a newer version of this program";
  if (field.op.kind == sync::OpKind::clear) return "Emptied";
  const std::string value = text_of(*descriptor, field.op.value, context.codes);
  return field.op.kind == sync::OpKind::remove ? "Taken out: " + value : value;
}

Html facts(const PageContext& context, const Suspect& suspect) {
  SummaryList list;
  if (const auto other = what_else(suspect); !other.empty()) {
    list.rows.push_back({"What was done", other, {}});
  }
  for (const auto& field : suspect.fields) {
    list.rows.push_back(
        {label_of(field.record.type, field.op.field), value_of(context, field), {}});
  }
  list.rows.push_back({"Computer", computer_name(context.node, suspect.change.node), {}});
  list.rows.push_back({"When the exchange took it",
                       date_time_text(static_cast<std::int64_t>(suspect.change.accepted_at_ms)),
                       {}});
  return summary_list(list);
}

Html choice(const char* verdict, const char* text, const std::string& what, bool secondary) {
  return button({.text = h(R"({}<span class="govuk-visually-hidden">: {}</span>)", text, what),
                 .classes = secondary ? "govuk-button--secondary" : "",
                 .name = "verdict",
                 .value = verdict,
                 .prevent_double_click = true});
}

Html reason_box(const PageContext& context, const std::string& change, const std::string& error) {
  const bool is_this_one = context.field("change") == change;
  return text_input(
      {.field = {.name = "reason-" + change.substr(0, 12),
                 .label = {.text = "Why?", .classes = "govuk-label--s"},
                 .hint = "Everybody who shares the record can read it",
                 .error = is_this_one ? error : std::string()},
       .value = is_this_one ? context.field("reason-" + change.substr(0, 12)) : std::string(),
       .autocomplete = "off"});
}

Html one(const PageContext& context, const Suspect& suspect, const std::string& error) {
  const std::string change = crypto::to_hex(suspect.change.entry);
  const std::string title = title_of(context, suspect);
  const auto page = page_address(suspect.change.dossier, suspect.root_type);
  const Html heading =
      page ? h(R"(<a class="govuk-link" href="{}">{}</a>)", Url(*page), title) : h("{}", title);
  const Html buttons = choice("keep", "It holds", title, false) +
                       choice("undo", "Undo it", title, true) +
                       choice("looked-at", "I have looked at it", title, true);
  return h(R"(<section class="notice"><h2 class="govuk-heading-m">{}</h2>{}{}</section>)", heading,
           facts(context, suspect),
           form({.action = Url(address), .csrf_token = context.visit.csrf_token},
                h(R"(<input type="hidden" name="change" value="{}">)", change) +
                    reason_box(context, change, error) + button_group(buttons)));
}

Html all_at_once(const PageContext& context, std::uint64_t count, const std::string& error) {
  if (count < 2) return {};
  return h(R"(<h2 class="govuk-heading-m">All of these</h2>
<p class="govuk-body">Where you know that nobody but your own people used the computer, keep all {} at once, with one reason.</p>{})",
           count,
           form({.action = Url(address), .csrf_token = context.visit.csrf_token},
                h(R"(<input type="hidden" name="change" value="all">)") +
                    reason_box(context, "all", error) +
                    button({.text = "Keep all of these",
                            .classes = "govuk-button--secondary",
                            .prevent_double_click = true})));
}

Response page(PageContext& context, const std::string& error = {}) {
  const Suspects suspects(context.records);
  const auto listed = suspects.list(shown_max);
  if (!listed) return problem(context, listed.error());
  const auto count = suspects.count();
  if (!count) return problem(context, count.error());
  Html list;
  for (const auto& suspect : *listed) list += one(context, suspect, error);
  if (listed->empty()) {
    list = h(R"(<p class="govuk-body">Nothing waits to be looked at.</p>)");
  }
  const std::string title = "Changes made on a stolen computer";
  const Html trouble = error.empty() ? Html{} : error_summary({.items = {{error, ""}}});
  return show(context,
              {.title = title,
               .has_error = !error.empty(),
               .main = trouble + outcome_banner(context, outcomes) +
                       h(R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">They reached the exchange after the computer was stolen and before it was withdrawn, so somebody else may have made them. They stand until somebody here says whether they hold. Nothing that keeps people safe is made less strict by it.</p>{}{}</div></div>)",
                         title, list, all_at_once(context, *count, error))});
}

std::optional<Verdict> verdict_in(const PageContext& context) {
  const std::string& sent = context.field("verdict");
  if (sent == "keep") return Verdict::keep;
  if (sent == "undo") return Verdict::undo;
  if (sent == "looked-at") return Verdict::looked_at;
  return std::nullopt;
}

const char* outcome_of(Verdict verdict) {
  if (verdict == Verdict::keep) return "kept";
  return verdict == Verdict::undo ? "undone" : "looked-at";
}

Response settle(PageContext& context) {
  const std::string& change = context.field("change");
  const std::string& reason = context.field("reason-" + change.substr(0, 12));
  if (is_blank(reason)) return page(context, "Enter why");
  Suspects suspects(context.records);
  if (change == "all") {
    const auto kept = suspects.keep_all(context.by(reason));
    if (kept) return done(address, "kept");
    if (kept.error().kind == sync::ErrorKind::invalid) return page(context, kept.error().message);
    return problem(context, kept.error());
  }
  const auto verdict = verdict_in(context);
  const auto bytes = crypto::from_hex(change);
  const auto entry = bytes ? crypto::to_array<32>(*bytes) : std::nullopt;
  if (!verdict || !entry) return no_such_page(context);
  const auto saved = suspects.settle(*entry, *verdict, context.by(reason));
  if (saved) return done(address, outcome_of(*verdict));
  if (saved.error().kind == sync::ErrorKind::invalid) return page(context, saved.error().message);
  return problem(context, saved.error());
}

}  // namespace

void add_suspect_pages(SitePages& pages) {
  pages.get(address, [](PageContext& context) { return page(context); });
  pages.post(address, settle);
}

}  // namespace throughgate::node::web
