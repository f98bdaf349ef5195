// The central list itself: how long it is good, signing it once more, a snapshot for newcomers, and
// what it asks of every site.
#include "node/list_standing.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/by_hand_parts.h"
#include "node/web/pages/desk/parts.h"
#include "sync/program_number.h"

namespace throughgate::node::web {
namespace {

constexpr char renew_address[] = "/central-team/list/renew";
constexpr char snapshot_address[] = "/central-team/list/snapshot";
constexpr char oldest_address[] = "/central-team/list/oldest";
constexpr char volunteers_address[] = "/central-team/list/volunteers";
constexpr char list_words[] = "The central list";

constexpr Outcome outcomes[] = {
    {"renewed", "The list is signed once more, good for 60 days from now."},
    {"snapshot", "The snapshot is signed. The exchange gives it to new computers."},
    {"oldest",
     "It is in the list. Sites with an older program are told to update; until they have, they "
     "record, and exchange nothing."},
    {"volunteers",
     "It is in the list. It holds for volunteers that a site records once it has the list."},
};

std::string any_or(std::uint32_t number) {
  return number == 0 ? std::string("Any") : "Number " + std::to_string(number);
}

Html signed_words(const Desk::ListFacts& facts) {
  if (facts.signed_by.empty()) return h("Not known here");
  return h("{}, with the key of these words: {}",
           facts.signed_here ? "This computer" : "Another computer of the central team",
           facts.signed_by);
}

std::string root_words(const sync::Directory& list) {
  const auto* root = list.root();
  if (!root) return "None: this desk was set up by an older program";
  if (root->roots.size() == 1) return "One, on this computer: a trial";
  return std::to_string(root->needed) + " of " + std::to_string(root->roots.size()) +
         " sign the root list, which is number " + std::to_string(root->version);
}

std::vector<SummaryRow> rows_of(const sync::Directory& list, const Desk::ListFacts& facts) {
  return {
      {"Version", std::to_string(list.version()), {}},
      {"Good until", when_text(list.expires_at_ms()), {}},
      {"Last signed", when_text(facts.signed_at_ms), {}},
      {"Signed by", signed_words(facts), {}},
      {"Root key holders", root_words(list), {}},
      {"Snapshot for new computers",
       facts.snapshot_of == 0 ? "None: they read every version"
                              : "Of version " + std::to_string(facts.snapshot_of),
       {}},
      {"Oldest program allowed",
       any_or(list.minimum_program()),
       {{.href = Url(oldest_address), .hidden_text = "the oldest program allowed"}}},
      {"Oldest way of exchanging allowed",
       any_or(list.minimum_protocol()),
       {{.href = Url(oldest_address), .hidden_text = "the oldest way of exchanging allowed"}}},
      {"New volunteers",
       list.volunteers_shared_with_desk() ? "Are shared with the central team"
                                          : "Stay with the site that records them",
       {{.href = Url(volunteers_address), .hidden_text = "whether new volunteers are shared"}}}};
}

Html signing_form(const PageContext& context, const char* address, const char* words) {
  return form(
      {.action = Url(address), .csrf_token = context.visit.csrf_token},
      button({.text = words, .classes = "govuk-button--secondary", .prevent_double_click = true}));
}

Response list_page(PageContext& context) {
  const auto facts = Desk(context.node).list_facts();
  if (!facts) return problem(context, facts.error());
  const auto& list = context.node.directory();
  const auto warning = list_warning(list, context.now_ms());
  return desk_page(
      context,
      {.title = list_words,
       .main =
           outcome_banner(context, outcomes) +
           when(!warning.empty(), [&] { return warning_text(warning); }) +
           summary_list({.rows = rows_of(list, *facts)}) +
           h(R"(<p class="govuk-body">Each change signs a version that is good for 60 days. Where nothing changes, sign it once more before they are over: sites are told 14 days before, and share nothing with anybody new after.</p>)") +
           signing_form(context, renew_address, "Sign it once more") +
           h(R"(<p class="govuk-body">Where the list has hundreds of versions, a snapshot lets new computers begin at this one.</p>)") +
           signing_form(context, snapshot_address, "Make a snapshot")});
}

Response renew(PageContext& context) {
  const auto signed_now = Desk(context.node).renew();
  return signed_now ? done(list_address, "renewed") : problem(context, signed_now.error());
}

Response make_snapshot(PageContext& context) {
  const auto made = Desk(context.node).make_snapshot();
  return made ? done(list_address, "snapshot") : problem(context, made.error());
}

// ---- the oldest program and way of exchanging

struct NumberFaults {
  std::string program{}, protocol{};
};

Html number_question(const PageContext& context, const char* name, const char* words,
                     std::uint32_t own, std::uint32_t stands, const std::string& error) {
  const bool typed = context.visit.form.fields.has(name);
  return text_input({.field = {.name = name,
                               .label = {.text = words},
                               .hint = "0 for any. This computer's own is " + std::to_string(own),
                               .error = error,
                               .classes = "govuk-input--width-4"},
                     .value = typed ? context.field(name) : std::to_string(stands),
                     .input_mode = "numeric",
                     .autocomplete = "off"});
}

Response oldest_page(PageContext& context, const NumberFaults& faults = {}) {
  const auto& list = context.node.directory();
  const Html inside =
      number_question(context, "program", "Oldest program allowed", sync::program_number,
                      list.minimum_program(), faults.program) +
      number_question(context, "protocol", "Oldest way of exchanging allowed",
                      sync::protocol_number, list.minimum_protocol(), faults.protocol) +
      button({.text = "Put it into the list", .prevent_double_click = true});
  return desk_page(
      context,
      {.title = "The oldest program allowed",
       .main =
           h(R"(<p class="govuk-body">Older ones exchange nothing until they are updated, by network or by file. Their people are told so, and record on. Do it when every site has had the new program for some weeks.</p>)") +
           form({.action = Url(oldest_address), .csrf_token = context.visit.csrf_token}, inside),
       .error = faults.program.empty() ? faults.protocol : faults.program,
       .error_field = faults.program.empty() ? "protocol" : "program",
       .back = list_address,
       .back_words = list_words});
}

// Nothing that this computer itself could not follow.
std::optional<std::uint32_t> number_sent(const PageContext& context, const char* name,
                                         std::uint32_t own) {
  const auto typed = number_in(std::string(trimmed(context.field(name))));
  return typed && *typed <= own ? std::optional(static_cast<std::uint32_t>(*typed)) : std::nullopt;
}

std::string number_wanted(std::uint32_t own) {
  return "Enter a number from 0 to " + std::to_string(own) + ", which is this computer's own";
}

Response require(PageContext& context) {
  const auto program = number_sent(context, "program", sync::program_number);
  const auto protocol = number_sent(context, "protocol", sync::protocol_number);
  NumberFaults faults;
  if (!program) faults.program = number_wanted(sync::program_number);
  if (!protocol) faults.protocol = number_wanted(sync::protocol_number);
  if (!program || !protocol) return oldest_page(context, faults);
  const auto asked = Desk(context.node).require_at_least({*program, *protocol});
  return asked ? done(list_address, "oldest") : problem(context, asked.error());
}

// ---- volunteers

Response volunteers_page(PageContext& context, const std::string& error = {}) {
  const bool now = context.node.directory().volunteers_shared_with_desk();
  return desk_page(
      context,
      {.title = "Whether new volunteers are shared with the central team",
       .main =
           h(R"(<p class="govuk-body">Shared, the central team finds people who are recorded at two sites, and clearances go with them when they move. What is shared already stays shared, whatever you choose here.</p>)") +
           form({.action = Url(volunteers_address), .csrf_token = context.visit.csrf_token},
                radios({.name = "shared",
                        .legend = Legend{.text = "Volunteers that a site records from now on"},
                        .error = error,
                        .items = {{.value = "yes",
                                   .text = "Are shared with the central team",
                                   .checked = now},
                                  {.value = "no",
                                   .text = "Stay with the site that records them",
                                   .checked = !now}}}) +
                    button({.text = "Put it into the list", .prevent_double_click = true})),
       .error = error,
       .error_field = "shared",
       .back = list_address,
       .back_words = list_words});
}

Response share_volunteers(PageContext& context) {
  const auto& sent = context.field("shared");
  if (sent != "yes" && sent != "no") return volunteers_page(context, "Select one of the two");
  const auto said = Desk(context.node).share_volunteers(sent == "yes");
  if (!said && said.error().kind == sync::ErrorKind::denied &&
      context.node.directory().volunteers_shared_with_desk() == (sent == "yes")) {
    return volunteers_page(context, said.error().message);
  }
  return said ? done(list_address, "volunteers") : problem(context, said.error());
}

}  // namespace

void add_list_pages(SitePages& pages) {
  pages.get(list_address, for_desk(list_page));
  pages.post(renew_address, for_desk(renew));
  pages.post(snapshot_address, for_desk(make_snapshot));
  pages.get(oldest_address, for_desk([](PageContext& context) { return oldest_page(context); }));
  pages.post(oldest_address, for_desk(require));
  pages.get(volunteers_address,
            for_desk([](PageContext& context) { return volunteers_page(context); }));
  pages.post(volunteers_address, for_desk(share_volunteers));
}

}  // namespace throughgate::node::web
