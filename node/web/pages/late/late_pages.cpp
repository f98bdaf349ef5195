// What was written after sharing had ended: taken over in one step, or put aside with a reason.
#include <algorithm>

#include "node/sharing/late.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/record_title.h"

namespace throughgate::node::web {
namespace {

constexpr char address[] = "/late";

constexpr std::array<Outcome, 3> outcomes = {
    {{"taken", "Taken over, with the name and the time of whoever wrote it."},
     {"taken-in-part",
      "Taken over but for what only its author's organisation may write: that stays in the "
      "history."},
     {"aside", "Put aside. It stays in the history, marked as not added."}}};

std::string item_address(const LateEntry& item, const char* what) {
  return std::string(address) + "/" + crypto::to_hex(sync::ByteView(item.entry)) + "/" + what;
}

std::string when_words(const LateEntry& item) {
  return item.at_ms == 0 ? "" : date_time_text(static_cast<std::int64_t>(item.at_ms));
}

Html change_line(const LateChange& change) {
  return h(R"(<li><strong>{}:</strong> <span class="as-typed">{}</span>{}</li>)", change.label,
           change.value, when(!change.why_not.empty(), [&] {
             return h(R"(<br><span class="govuk-hint">{}</span>)", change.why_not);
           }));
}

Html record_words(const PageContext& context, const LateEntry& item) {
  const auto dossier = context.records.reader().dossier(item.dossier);
  const auto page = dossier ? page_address(item.dossier, dossier->root_type) : std::nullopt;
  if (!dossier || !page || dossier->root_type == 0) return {};
  return h(R"(<p class="govuk-body"><a class="govuk-link" href="{}">{}</a></p>)", Url(*page),
           record_title(context.records, *dossier));
}

Html buttons(const PageContext& context, const LateEntry& item) {
  if (item.ours) {
    return h(
        R"(<p class="govuk-body">Whoever keeps the record decides. If it still matters, ring them.</p>)");
  }
  const bool any = std::any_of(item.changes.begin(), item.changes.end(),
                               [](const LateChange& each) { return each.why_not.empty(); });
  const std::string of =
      ": what " + item.organisation + " wrote" + (item.at_ms ? " on " + when_words(item) : "");
  const Html hidden = h(R"(<span class="govuk-visually-hidden">{}</span>)", of);
  const Html take = when(any, [&] {
    return form({.action = Url(item_address(item, "take")), .csrf_token = context.visit.csrf_token},
                button({.text = h("Take it over{}", hidden), .prevent_double_click = true}));
  });
  return h("{}{}", take,
           button({.text = h("Put it aside{}", hidden),
                   .classes = "govuk-button--secondary",
                   .href = Url(item_address(item, "aside"))}));
}

Html one(const PageContext& context, const LateEntry& item) {
  const std::string who =
      item.actor.empty() ? item.organisation : item.actor + ", " + item.organisation;
  const std::string title = item.ours
                                ? "This could not be added: " + item.why
                                : item.organisation + " wrote this, and it could not be added";
  return h(
      R"(<section class="notice"><h2 class="govuk-heading-m">{}</h2><p class="govuk-hint">{}, {}</p>{}{}<ul class="govuk-list govuk-list--bullet">{}</ul>{}{}</section>)",
      title, who, when_words(item), record_words(context, item),
      when(!item.ours, [&] { return h(R"(<p class="govuk-body">Why: {}</p>)", item.why); }),
      each(item.changes, change_line),
      when(!item.reason.empty(),
           [&] { return h(R"(<p class="govuk-body">Their reason: {}</p>)", item.reason); }),
      buttons(context, item));
}

Response list_page(PageContext& context) {
  const auto items = Late(context.records).list();
  if (!items) return problem(context, items.error());
  const std::string title = "Written too late";
  const Html list = items->empty()
                        ? h(R"(<p class="govuk-body">Nothing waits.</p>)")
                        : each(*items, [&](const LateEntry& item) { return one(context, item); });
  return show(context,
              {.title = title,
               .main = outcome_banner(context, outcomes) +
                       h(R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">What was written after a record was no longer shared with its author, or on a computer that was withdrawn. Nothing of it is lost, and nothing of it counts until somebody takes it over.</p>{}</div></div>)",
                         title, list)});
}

std::optional<sync::Hash> entry_in(const PageContext& context) {
  const auto bytes = crypto::from_hex(context.visit.path.get("entry"));
  return bytes ? crypto::to_array<32>(*bytes) : std::nullopt;
}

Response take(PageContext& context) {
  const auto entry = entry_in(context);
  if (!entry) return no_such_page(context);
  const auto saved = Late(context.records).take(*entry, context.by());
  if (!saved) return problem(context, saved.error());
  return done(address, saved->notes.empty() ? "taken" : "taken-in-part");
}

Response aside_form(PageContext& context, const sync::Hash& entry, const std::string& error) {
  const auto items = Late(context.records).list();
  if (!items) return problem(context, items.error());
  const auto item = std::find_if(items->begin(), items->end(),
                                 [&](const LateEntry& each) { return each.entry == entry; });
  if (item == items->end() || item->ours) {
    return problem(context, {sync::ErrorKind::not_found,
                             "This does not wait any more: somebody has taken it over or put it "
                             "aside."});
  }
  const std::string title = "Put it aside";
  const Html summary = error.empty() ? Html{} : error_summary({.items = {{error, "reason"}}});
  const Html inside =
      text_area({.field = {.name = "reason",
                           .label = {.text = "Why", .classes = "govuk-label--s"},
                           .hint = Content("Everybody who takes part can read this"),
                           .error = error.empty() ? Content() : Content(error)},
                 .value = context.field("reason")}) +
      button({.text = "Put it aside", .prevent_double_click = true});
  return show(
      context,
      {.title = title,
       .has_error = !error.empty(),
       .before_main = back_link(Url(address), "Written too late"),
       .main = h(
           R"({}<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><h1 class="govuk-heading-l">{}</h1><ul class="govuk-list govuk-list--bullet">{}</ul>{}</div></div>)",
           summary, title, each(item->changes, change_line),
           form({.action = Url(item_address(*item, "aside")),
                 .csrf_token = context.visit.csrf_token},
                inside))});
}

Response open_aside(PageContext& context) {
  const auto entry = entry_in(context);
  return entry ? aside_form(context, *entry, {}) : no_such_page(context);
}

Response put_aside(PageContext& context) {
  const auto entry = entry_in(context);
  if (!entry) return no_such_page(context);
  const auto& reason = context.field("reason");
  if (is_blank(reason)) return aside_form(context, *entry, "Enter why it is put aside");
  const auto saved = Late(context.records).put_aside(*entry, context.by(reason));
  if (saved) return done(address, "aside");
  if (saved.error().kind != sync::ErrorKind::invalid) return problem(context, saved.error());
  return aside_form(context, *entry, saved.error().message);
}

}  // namespace

void add_late_pages(SitePages& pages) {
  pages.get(address, list_page);
  pages.post("/late/:entry/take", take);
  pages.get("/late/:entry/aside", open_aside);
  pages.post("/late/:entry/aside", put_aside);
}

}  // namespace throughgate::node::web
