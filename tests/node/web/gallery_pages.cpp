#include "tests/node/web/gallery_pages.h"

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/compare.h"
#include "node/web/components/date_input.h"
#include "node/web/components/filter_box.h"
#include "node/web/components/messages.h"
#include "node/web/components/pagination.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/table.h"
#include "node/web/components/text_input.h"
#include "node/web/components/timeline.h"
#include "node/web/content_style.h"
#include "node/web/sign_in.h"

namespace throughgate::node::web::gallery {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t morning_ms = 1'795'169'640'000;  // 20 November 2026, 10:14am
constexpr char long_name[] =
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch-Featherstonehaugh-Cholmondeley";

Response shown(const Visit& visit, const std::string& title, const Html& main, bool error = false) {
  return html_response(page(visit.frame, {.title = title, .has_error = error, .main = main}),
                       error ? 422 : 200);
}

std::vector<NavigationItem> menu_items() {
  return {{"Volunteers", Url("/volunteers")},
          {"Handovers", Url("/handover")},
          {"Changed in two places", Url("/compare")},
          {"Sending and receiving", Url("/sync")}};
}

Html heading(const std::string& title, const std::string& caption = "") {
  return h(R"({}<h1 class="govuk-heading-l">{}</h1>)",
           when(!caption.empty(),
                [&] { return h(R"(<span class="govuk-caption-l">{}</span>)", caption); }),
           title);
}

bool state_is(const Visit& visit, std::string_view state) {
  return visit.query.get("state") == state;
}

Cell volunteer_name(int number, bool long_names) {
  constexpr std::array<const char*, 5> names = {
      "Amara O'Brien", "Bronwen Vaughan", "Callum <Price>", "Deepa Quinn & Sons", "Ewan Rahman"};
  const std::string name = long_names ? std::string(long_name)
                                      : names.at(static_cast<std::size_t>(number) % names.size());
  return {.content = h(R"(<a class="govuk-link" href="{}">{}</a>)",
                       Url("/volunteers/" + std::to_string(number)), name)};
}

std::vector<Cell> volunteer_row(int number, bool long_names) {
  const bool cleared = number % 3 != 0;
  const Date expires = 2026y / std::chrono::December / 4;
  return {volunteer_name(number, long_names),
          {.content = long_names ? long_name : "St Giles Trust"},
          {.content = tag(cleared ? "Cleared" : "Expires soon",
                          cleared ? TagColour::green : TagColour::orange)},
          {.content = date_text(expires), .classes = "no-wrap"},
          {.content = number_text(std::int64_t{number} * 611), .numeric = true}};
}

Html volunteers_table(const Visit& visit, bool empty, bool long_names) {
  const bool down = visit.query.get("dir") == "desc";
  const auto sort_by = [&](const char* key) {
    return query_url("/volunteers", {{"sort", key}, {"dir", down ? "asc" : "desc"}});
  };
  Table list{.caption = empty ? "No volunteers" : "1,204 volunteers",
             .caption_classes = "govuk-table__caption--m",
             .head = {sort_heading("Name", down ? Sorting::descending : Sorting::ascending,
                                   sort_by("name")),
                      sort_heading("Partner", Sorting::none, sort_by("partner")),
                      sort_heading("Vetting", Sorting::none, sort_by("vetting")),
                      sort_heading("Vetting expires", Sorting::none, sort_by("expires")),
                      sort_heading("Hours", Sorting::none, sort_by("hours"), true)},
             .first_cell_is_header = true};
  for (int i = 1; i <= (empty ? 0 : 12); ++i) list.rows.push_back(volunteer_row(i, long_names));
  if (empty) {
    return h(
        R"(<p class="govuk-body">No volunteers match. Clear the filters to see all of them.</p>)");
  }
  return scroll_region("Volunteers table", table(list)) + pages_of_list(5, 24, [](std::int64_t n) {
           return query_url("/volunteers", {{"page", std::to_string(n)}});
         });
}

Response volunteers(const Visit& visit) {
  const bool empty = state_is(visit, "empty");
  const Html filters =
      text_input(
          {.field = {.name = "q", .label = {.text = "Name"}, .classes = "govuk-input--width-20"},
           .value = visit.query.get("q"),
           .autocomplete = "off",
           .spellcheck = false}) +
      select({.field = {.name = "vetting", .label = {.text = "Vetting"}},
              .options = {{"", "All"}, {"cleared", "Cleared"}, {"expired", "Expired"}},
              .value = visit.query.get("vetting")});
  return shown(visit, "Volunteers",
               heading("Volunteers") +
                   filter_box({.action = Url("/volunteers"),
                               .fields = filters,
                               .keep = {{"sort", "name"}},
                               .clear = Url("/volunteers"),
                               .is_filtered = empty}) +
                   volunteers_table(visit, empty, state_is(visit, "long")));
}

Choices language_choices(bool error) {
  return {.name = "language",
          .legend = Legend{"Languages", "govuk-fieldset__legend--s"},
          .hint = "Select all that apply",
          .error = error ? "Select a language, or none of these" : "",
          .items = {{.value = "en", .text = "English"},
                    {.value = "cy", .text = "Welsh", .hint = "Cymraeg", .checked = true},
                    {.divider = "or"},
                    {.value = "none", .text = "None of these", .behaviour = "exclusive"}}};
}

Choices contact_choices(bool error) {
  const Html more = text_input({.field = {.name = "phone",
                                          .label = {.text = "Mobile number"},
                                          .error = error ? "Enter a mobile number" : "",
                                          .classes = "govuk-input--width-20"},
                                .value = "07700 900123",
                                .type = "tel",
                                .autocomplete = "off"});
  return {.name = "contact",
          .legend = Legend{"How should we contact them?", "govuk-fieldset__legend--s"},
          .items = {{.value = "mail", .text = "E-mail"},
                    {.value = "mobile", .text = "Mobile", .checked = true, .conditional = more}}};
}

Html volunteer_form(const Visit& visit, bool error) {
  const auto say = [error](const char* text) { return Content(error ? text : ""); };
  return form(
      {.action = Url("/volunteers/new"), .csrf_token = visit.csrf_token},
      text_input({.field = {.name = "name",
                            .label = {.text = "Full name"},
                            .hint = "As on their identity document",
                            .error = say("Enter their full name")},
                  .value = visit.form.fields.get("name"),
                  .autocomplete = "off"}) +
          date_input({.id = "start",
                      .name_prefix = "start",
                      .legend = Legend{"Start date", "govuk-fieldset__legend--s"},
                      .hint = "For example, 27 3 2026",
                      .error = say("Start date must include a month"),
                      .day = "27",
                      .year = "2026",
                      .bad_month = error}) +
          select(
              {.field = {.name = "partner",
                         .label = {.text = "Partner"},
                         .error = say("Select a partner")},
               .options = {{"", "Select a partner"}, {"1", long_name}, {"2", "St Giles Trust"}}}) +
          radios(contact_choices(error)) + checkboxes(language_choices(error)) +
          text_area({.field = {.name = "note",
                               .label = {.text = "Note"},
                               .hint = "Do not write about other people",
                               .error = say("Note must be 4,000 characters or fewer")},
                     .value = "First line\nsecond line"}) +
          text_input({.field = {.name = "miles",
                                .label = {.text = "Travel"},
                                .classes = "govuk-input--width-5"},
                      .input_mode = "numeric",
                      .suffix = "miles"}) +
          button_group(button({.text = "Save and continue", .prevent_double_click = true}) +
                       h(R"(<a class="govuk-link" href="/volunteers">Cancel</a>)")));
}

Response volunteer_form_page(const Visit& visit, bool error) {
  const Html summary = when(error, [] {
    return error_summary({.items = {{"Enter their full name", "name"},
                                    {"Start date must include a month", "start-month"},
                                    {"Select a partner", "partner"},
                                    {"Enter a mobile number", "phone"},
                                    {"Select a language, or none of these", "language"},
                                    {"Note must be 4,000 characters or fewer", "note"}}});
  });
  return shown(visit, "Add a volunteer",
               summary + heading("Add a volunteer") + volunteer_form(visit, error), error);
}

std::vector<TimelineEvent> history(bool long_names) {
  return {{.title = "Partner accepted",
           .by = long_names ? long_name : "Bronwen Okafor, St Giles Trust",
           .utc_ms = morning_ms,
           .body = h(R"(<p class="govuk-body">Will meet at the gate.</p>)")},
          {.title = "Referral sent",
           .by = "A. Hughes, resettlement",
           .utc_ms = morning_ms - std::int64_t{2} * 86'400'000,
           .body = h(R"(<p class="govuk-body">Accommodation referral to Shelter Cymru.</p>)")}};
}

Response handover(const Visit& visit) {
  const bool long_names = state_is(visit, "long");
  const auto change = [](const char* what) {
    return std::vector<ActionLink>{{.href = Url("/handover"), .hidden_text = what}};
  };
  const Html plan = summary_list(
      {.rows = {{"Prison number", "A1234BC", {}},
                {"Released to", long_names ? long_name : "Cardiff probation, Westgate Street",
                 change("where he is released to")},
                {"Accommodation",
                 h("Referral sent to Shelter Cymru {}", tag("No answer", TagColour::orange)),
                 change("accommodation")},
                {"Meeting at gate", "4 December 2026 at 8:30am", change("meeting at gate")}},
       .card = SummaryCard{.title = "Through-the-gate plan",
                           .actions = {{.href = Url("/handover"), .text = "Print"}}}});
  const Html main = h(
      R"({}<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}{}{}{}{}</div>
<div class="govuk-grid-column-one-third"><h2 class="govuk-heading-m">History</h2>{}</div></div>)",
      notification_banner({.text = "The partner has accepted this handover.", .success = true}),
      heading(long_names ? long_name : "Mr D. Evans, release 4 December 2026",
              "Handover TTG-2026-0417"),
      warning_text("No accommodation confirmed, 12 days before release."), plan,
      inset_text("Read by Bronwen Okafor on 20 November 2026."),
      details({.summary = "Who can see this", .text = "HMP Northgate and St Giles Trust."}),
      timeline(history(long_names)));
  Page whole{.title = "Handover for Mr D. Evans", .before_main = back_link(Url("/")), .main = main};
  return html_response(page(visit.frame, whole));
}

Response compare(const Visit& visit, bool error) {
  const std::string ours = "HMP Northgate, A. Hughes, 19 November 2026 at 4:05pm";
  const std::string theirs = "Shelter Cymru, J. Price, 20 November 2026 at 9:41am";
  const std::string third = "The central team, M. Jones, 20 November 2026 at 11am";
  const std::string other = state_is(visit, "long") ? long_name : "07700 900123";
  Compare choice{
      .form = {.action = Url("/compare"), .csrf_token = visit.csrf_token},
      .fields =
          {{.name = "name", .label = "Name", .versions = {{"a", "Amara O'Brien", ours}}},
           {.name = "phone",
            .label = "Phone",
            .versions = {{"a", "07700 900456", ours}, {"b", other, theirs}},
            .error = error ? "Select the phone number to keep" : ""},
           {.name = "role",
            .label = "Role",
            .versions = {{"a", "Mentor", ours}, {"b", "Housing adviser", theirs}, {"c", "", third}},
            .chosen = "b"}},
      .more = text_input({.field = {.name = "reason", .label = {.text = "Why you chose these"}}})};
  const Html summary = when(error, [] {
    return error_summary({.items = {{"Select the phone number to keep", "phone"}}});
  });
  const std::string title = "Amara O'Brien was changed in two places";
  return shown(
      visit, title,
      summary + heading(title, "Changed in two places, 1 of 7") +
          h(R"(<p class="govuk-body">Choose what to keep for each detail. The other version stays in the history.</p>)") +
          compare_and_choose(choice),
      error);
}

Response sync_status(const Visit& visit) {
  const bool never = state_is(visit, "empty");
  const Html rows = summary_list(
      {.rows = {{"Last time everything was sent",
                 never ? Content("Never") : Content(date_time_text(morning_ms)),
                 {}},
                {"Waiting to be sent", count_text(never ? 0 : 3, "change", "changes"), {}},
                {"Changed in two places",
                 count_text(7, "record", "records"),
                 {{.href = Url("/compare"), .text = "Choose", .hidden_text = "which to keep"}}},
                {"Sent", tag("Not sent yet", TagColour::yellow), {}}}});
  return shown(visit, "Sending and receiving",
               heading("Sending and receiving") +
                   notification_banner({.text = "This computer has been offline for 3 days."}) +
                   rows +
                   form({.action = Url("/sync"), .csrf_token = visit.csrf_token},
                        button({.text = "Try now"})) +
                   pagination({.previous = PageLink{.href = Url("/"), .label_text = "Start page"},
                               .next = PageLink{.href = Url("/compare"), .label_text = "Choose"}}));
}

Response upload_page(const Visit& visit, bool error) {
  const Html fields = file_upload({.field = {.name = "bundle",
                                             .label = {.text = "Choose the file you were given"},
                                             .hint = "It is smaller than 1 MB",
                                             .error = error ? "Choose a file" : ""}}) +
                      button({.text = "Continue"});
  return shown(
      visit, "Bring in changes from a file",
      when(error,
           [] {
             return error_summary({.items = {{"Choose a file", "bundle"}}});
           }) +
          heading("Bring in changes from a file") +
          form({.action = Url("/upload"), .csrf_token = visit.csrf_token, .has_files = true},
               fields),
      error);
}

Response uploaded(const Visit& visit) {
  if (visit.form.files.empty()) return upload_page(visit, true);
  const auto size = static_cast<std::int64_t>(visit.form.files.front().bytes.size());
  return shown(visit, "File read",
               panel({.title = "File read", .text = "It has " + number_text(size) + " bytes"}) +
                   button({.text = "Go on", .href = Url("/")}));
}

Response index(const Visit& visit) {
  return shown(
      visit, "Start page",
      heading("Start page") +
          h(R"(<ul class="govuk-list">{}</ul>)", each(menu_items(), [](const NavigationItem& item) {
              return h(R"(<li><a class="govuk-link" href="{}">{}</a></li>)", item.href, item.text);
            })));
}

Response locked(const Visit& visit) {
  return html_response(sign_in_page(visit, {.locked = true, .form_was_lost = true, .name = "alex"}),
                       423);
}

}  // namespace

Frame frame(const Person* person) {
  Frame made{.site_name = "HMP Northgate", .version = "0.1.0"};
  if (!person) return made;
  made.status = status_text(morning_ms, morning_ms + 3'600'000, 3);
  made.items = menu_items();
  return made;
}

Html everything_with(const std::string& text) {
  const Field field{.name = "n", .label = {.text = text}, .hint = text, .error = text};
  const Choices choices{.name = "c",
                        .legend = Legend{.text = text},
                        .hint = text,
                        .error = text,
                        .items = {{.value = text, .text = text, .hint = text}, {.divider = text}}};
  const std::vector<ActionLink> actions = {{.text = text, .hidden_text = text}};
  return text_input({.field = field, .value = text, .prefix = text, .suffix = text}) +
         password_input({.field = field}) + text_area({.field = field, .value = text}) +
         file_upload({.field = field}) + radios(choices) + checkboxes(choices) +
         select({.field = field, .options = {{text, text}, {{}, text}}, .value = text}) +
         date_input({.id = "d",
                     .legend = Legend{.text = text},
                     .hint = text,
                     .error = text,
                     .day = text}) +
         button({.text = text, .name = text, .value = text}) +
         form({.csrf_token = text}, h("{}", text)) +
         error_summary({.title = text, .description = text, .items = {{text, text}}}) +
         notification_banner({.text = text, .title = text}) + warning_text(text) +
         inset_text(text) + details({.summary = text, .text = text}) + tag(text, TagColour::red) +
         panel({.title = text, .text = text}) +
         summary_list({.rows = {{text, text, actions}},
                       .card = SummaryCard{.title = text, .actions = actions}}) +
         table({.caption = text, .head = {{.content = text}}, .rows = {{{.content = text}}}}) +
         scroll_region(text, table({.head = {sort_heading(text, Sorting::none, Url("?a"))}})) +
         pagination({.previous = PageLink{.text = text, .label_text = text},
                     .items = {{.number = text}},
                     .landmark_label = text}) +
         timeline({{.title = text, .by = text, .body = h("{}", text)}}) +
         filter_box({.keep = {{text, text}}}) +
         compare_and_choose(
             {.form = {.csrf_token = text},
              .fields = {{text, text, {{text, text, text}}, text, text},
                         {text, text, {{text, text, text}, {"b", text, text}}, "", text}},
              .save_text = text}) +
         page({.service_name = text,
               .site_name = text,
               .status = text,
               .items = {{.text = text}},
               .person = text,
               .version = text},
              {.title = text});
}

void add_pages(Routes& routes) {
  const auto in = Access::signed_in;
  routes.get("/", in, index);
  routes.get("/volunteers", in, volunteers);
  routes.get("/volunteers/new", in,
             [](const Visit& v) { return volunteer_form_page(v, state_is(v, "error")); });
  routes.post("/volunteers/new", in, [](const Visit& v) {
    return v.form.fields.get("name").empty() ? volunteer_form_page(v, true)
                                             : see_other(Url("/volunteers"));
  });
  routes.get("/volunteers/:id", in, [](const Visit& v) {
    return shown(v, "Volunteer " + v.path.get("id"), heading("Volunteer " + v.path.get("id")));
  });
  routes.get("/handover", in, handover);
  routes.get("/compare", in, [](const Visit& v) { return compare(v, state_is(v, "error")); });
  routes.post("/compare", in, [](const Visit& v) {
    return v.form.fields.has("phone") || v.form.fields.has("later") ? see_other(Url("/"))
                                                                    : compare(v, true);
  });
  routes.get("/sync", in, sync_status);
  routes.post("/sync", in, [](const Visit&) { return see_other(Url("/sync")); });
  routes.get("/upload", in, [](const Visit& v) { return upload_page(v, state_is(v, "error")); });
  routes.post("/upload", in, uploaded);
  routes.get("/locked", Access::anyone, locked);
  routes.get("/everything", in, [](const Visit& v) {
    return shown(v, "Everything", heading("Everything") + inset_text(v.query.get("text")));
  });
  routes.post("/boom", in,
              [](const Visit&) -> Response { throw std::runtime_error("secret detail"); });
}

}  // namespace throughgate::node::web::gallery
