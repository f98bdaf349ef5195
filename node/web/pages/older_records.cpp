// What this computer holds and cannot open yet, what that waits for, and opening it at once with
// the words of the recovery sheet. Those stand in no page, address or log.
#include "node/web/pages/older_records.h"

#include "node/older_records.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/pages.h"

namespace throughgate::node::web {
namespace {

using sync::ErrorKind;

constexpr char words_field[] = "sheet-words";  // is_secret_field()
constexpr int words_rows = 8;

constexpr Outcome outcomes[] = {
    {"opened", "The recovery sheet has opened older records. Put it back into the safe."},
    {"none",
     "The recovery sheet is the right one, and opened nothing more. Put it back into the safe.",
     false},
};

std::string records(std::uint64_t count) {
  return count_text(static_cast<std::int64_t>(count), "record", "records");
}

Html standing_part(const OlderRecords& now) {
  if (now.closed == 0) {
    return h(
        R"(<p class="govuk-body">Everything that has reached this computer can be read: {}. What comes with later exchanges may still have to wait; the start page then says so.</p>)",
        records(now.held));
  }
  return h(
      R"(<p class="govuk-body"><strong>{} of {} that have reached this computer are open. {}.</strong> Nothing of them is lost.</p>
<p class="govuk-body">Everything that is sent is locked with keys. This computer has not been given those of what was written before it joined.</p>)",
      number_text(static_cast<std::int64_t>(now.held - now.closed)), records(now.held),
      cannot_be_opened(now.closed));
}

Html awaited_part(const OlderRecords& now) {
  if (now.awaited.empty()) return {};
  return h(
      R"(<h2 class="govuk-heading-m">What has to wait</h2><ul class="govuk-list govuk-list--bullet">{}</ul>
<p class="govuk-body"><a class="govuk-link" href="/sync">Go to sending and receiving</a></p>)",
      each(now.awaited, [](const std::string& line) { return h("<li>{}</li>", line); }));
}

Html words_form(const PageContext& context, const std::string& error) {
  return warning_text(
             "Whoever has these words can read everything your organisation has recorded. Type "
             "them where nobody looks on. They are kept nowhere.") +
         form({.action = Url(older_records_address), .csrf_token = context.visit.csrf_token},
              text_area({.field = {.name = words_field,
                                   .label = {.text = "The 24 words of the recovery sheet"},
                                   .hint = error.empty()
                                               ? "In the sheet's order, with spaces or on new "
                                                 "lines. The first four letters of each are enough"
                                               : "Type all of them once more: they are not shown "
                                                 "again, as nobody else may read them",
                                   .error = error},
                         .rows = words_rows,
                         .spellcheck = false,
                         .autocomplete = "off"}) +
                  button({.text = "Open older records now with the recovery sheet",
                          .prevent_double_click = true}));
}

// To whoever may do it; to the others who can.
Html sheet_part(const PageContext& context, const OlderRecords& now, const std::string& error) {
  if (now.for_sheet == 0) {
    return when(now.closed > 0, [] {
      return h(R"(<p class="govuk-body">The recovery sheet opens none of them.</p>)");
    });
  }
  const auto may = context.records.viewer().check(Act::connect);
  return h(
             R"(<h2 class="govuk-heading-m">What the recovery sheet opens</h2>
<p class="govuk-body">Your organisation's recovery sheet, which lies in its safe, opens {} at once. {}</p>)",
             records(now.for_sheet), now.or_from) +
         (may ? words_form(context, error)
              : h(R"(<p class="govuk-body">{}</p>)", may.error().message));
}

Response show_page(const PageContext& context, const std::string& error = {}) {
  const auto now = older_records(context.node);
  if (!now) return problem(context, now.error());
  // An error is about the words, whatever has become of the records meanwhile.
  const bool is_asked = now->for_sheet > 0;
  const std::string title =
      now->closed > 0 ? "Records that cannot be opened yet" : "Every record here is open";
  const Html summary = when(!error.empty(), [&] {
    return error_summary({.items = {{error, is_asked ? words_field : ""}}});
  });
  return show(
      context,
      {.title = title,
       .has_error = !error.empty(),
       .before_main = back_link(Url("/"), "Start"),
       .main = h(
           R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}{}<h1 class="govuk-heading-l">{}</h1>{}{}{}</div></div>)",
           summary, outcome_banner(context, outcomes), title, standing_part(*now),
           sheet_part(context, *now, error), awaited_part(*now))});
}

Response refused(const PageContext& context, const sync::Error& error) {
  const bool is_of_disk = error.kind == ErrorKind::unavailable || error.kind == ErrorKind::corrupt;
  return is_of_disk ? problem(context, error) : show_page(context, error.message);
}

Response open(const PageContext& context, const DataFolder& folder) {
  const auto& typed = context.field(words_field);
  if (is_blank(typed)) return show_page(context, "Type the 24 words of the recovery sheet");
  const auto sheet = own_sheet_typed(context.node, folder, typed);
  if (!sheet) return refused(context, sheet.error());
  const auto opened = open_older_records(context.node, *sheet, context.actor.id);
  if (!opened) return refused(context, opened.error());
  return done(older_records_address, *opened > 0 ? "opened" : "none");
}

}  // namespace

std::string cannot_be_opened(std::uint64_t count) {
  return records(count) + " cannot be opened yet";
}

sync::Result<Html> older_records_note(const PageContext& context) {
  const auto closed = closed_records(context.node);
  if (!closed) return closed.error();
  if (*closed == 0) return Html{};
  return inset_text(h(
      R"({}, so some may be missing here. <a class="govuk-link" href="{}">See what they wait for</a>)",
      cannot_be_opened(*closed), Url(older_records_address)));
}

void add_older_records_pages(SitePages& pages, const DataFolder& folder) {
  pages.get(older_records_address, [](PageContext& context) { return show_page(context); });
  pages.post(older_records_address, for_act(Act::connect, [&folder](PageContext& context) {
               return open(context, folder);
             }));
}

}  // namespace throughgate::node::web
