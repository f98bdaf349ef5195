// Where this computer stands: it may ask, waits for the answer, or has joined.
#include "node/enrolment/joining.h"
#include "node/known_hub.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/summary_list.h"
#include "node/web/pages/joining/parts.h"
#include "node/web/pages/older_records.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

// A page that is opened again may have gone on meanwhile: each state says its own only.
constexpr Outcome while_waiting[] = {
    {"asked", "The request is sent. Ring the central team now."},
    {"made", "The request is made. Save it from this page to the stick, or for the e-mail."},
    {"not-yet", "Your request is at the exchange. The central team has not answered yet.", false},
};
constexpr Outcome once_joined[] = {{"joined", "The central team has let this computer in."}};

Html link(const char* address, std::string_view words) {
  return h(R"(<a class="govuk-link" href="{}">{}</a>)", Url(address), words);
}

Response page_of(const PageContext& context, const std::string& title, const Html& main,
                 const Html& said, const std::string& fault = {}) {
  JoiningPage page{.title = title, .main = main, .said = said, .back = "/", .back_words = "Start"};
  if (!fault.empty()) page.faults.add({}, fault);
  return joining_page(context, page);
}

// ---- it may ask

Response ask_page(const PageContext& context, const std::string& fault) {
  const Html main =
      h(R"(<p class="govuk-body">Everything can be recorded on this computer already. Nothing is sent or received before the central team has let it in.</p>
<p class="govuk-body">You need:</p>
<ul class="govuk-list govuk-list--bullet"><li>the invitation code that the central team gave you, by telephone or letter</li>
<li>a telephone number that you know to be theirs</li></ul>
<p class="govuk-body">A code is good once, for 14 days, for one computer.</p>
<h2 class="govuk-heading-m">Over the network</h2>
<p class="govuk-body">You also need the address of the central exchange, which they gave you with the code.</p>)") +
      button({.text = "Ask over the network", .href = Url(by_network_address)}) +
      h(R"(<h2 class="govuk-heading-m">Without a network</h2>
<p class="govuk-body">Files go to the central team and back on a memory stick, or by an e-mail that your organisation allows. Anybody may carry them: the code is in none of them.</p>)") +
      button({.text = "Ask by a file",
              .classes = "govuk-button--secondary",
              .href = Url(by_file_address)});
  return page_of(context, "Ask to be let in", main, {}, fault);
}

// ---- it has asked

Html words_part(const Asked& asked) {
  return h(R"(<p class="govuk-body">Ring the central team on a number that you know. Read these eight words to them. They type what they hear.</p>)") +
         inset_text(h(R"(<p class="govuk-heading-l">{}</p>)",
                      sync::enrolment_fingerprint(asked.applicant))) +
         warning_text(
             "They do not read their words out to you. If they say that yours differ, stop: "
             "somebody may be asking in your place.") +
         h(R"(<p class="govuk-body">This computer is called "{}". The words stay here until their answer has come.</p>)",
           asked.applicant.label);
}

Html look_part(const PageContext& context, const std::string& exchange) {
  if (exchange.empty()) return {};
  return h(
             R"(<h2 class="govuk-heading-m">When they have said yes</h2>
<p class="govuk-body">This computer fetches their answer from {} by itself the next time it exchanges. You can also look at once.</p>)",
             exchange) +
         form({.action = Url(look_address), .csrf_token = context.visit.csrf_token},
              button({.text = "See whether they have answered", .prevent_double_click = true}));
}

Html by_hand_part() {
  return h(
      R"(<h2 class="govuk-heading-m">Without a network</h2>
<ol class="govuk-list govuk-list--number"><li>{} and have it taken to the central team. Anybody may carry it.</li>
<li>Ring them, and read the words.</li>
<li>They give you a file back: {}.</li></ol>)",
      link(request_address, "Save the request"),
      link(bring_answer_address, "bring in their answer"));
}

Html again_part() {
  return h(
      R"(<h2 class="govuk-heading-m">If the code or the address was wrong</h2>
<p class="govuk-body">Ask again {} or {}. With another code the words change; with the same code, give the same name for this computer.</p>)",
      link(by_network_address, "over the network"), link(by_file_address, "by a file"));
}

Response waiting_page(PageContext& context, const JoiningParts& parts, const Asked& asked,
                      const std::string& fault) {
  const auto exchange = hub_address(context.node, parts.settings);
  if (!exchange) return problem(context, exchange.error());
  const Html main =
      words_part(asked) + look_part(context, *exchange) + by_hand_part() + again_part();
  return page_of(context, "Read these words to the central team", main,
                 outcome_banner(context, while_waiting), fault);
}

// ---- it has joined

Response joined_page(const PageContext& context, const JoiningStanding& standing) {
  const auto missing = older_records_note(context);
  if (!missing) return problem(context, missing.error());
  const Html now =
      standing.is_listed
          ? h(R"(<p class="govuk-body">It exchanges what is new with the others, over the network or by files.</p>)")
          : h(R"(<p class="govuk-body">It takes part from the next exchange on. To exchange at once, go to {} and press "Exchange now".</p>)",
              link("/sync", "Sending and receiving"));
  const Html next = h(
      R"(<h2 class="govuk-heading-m">What to do next</h2>
<ul class="govuk-list govuk-list--bullet"><li>{}: see that what was recorded here has been sent</li>
<li>{}: where there is no network</li>
<li>{}: add the people who work with you</li></ul>)",
      link("/sync", "Sending and receiving"), link("/by-hand", "By stick or e-mail"),
      link("/staff", "Staff"));
  return page_of(
      context, "This computer has joined",
      h(R"(<p class="govuk-body">The central team has let this computer in. There is nothing more to ask.</p>)") +
          now + *missing + next,
      outcome_banner(context, once_joined));
}

Response show_start(PageContext& context, const JoiningParts& parts) {
  return joining_start_page(context, parts);
}

// ---- looking for the answer

Result<bool> looked(PageContext& context, const JoiningParts& parts) {
  if (!parts.hub) return Error{ErrorKind::unavailable, "No way to the exchange is known here."};
  const auto lock = FileLock::take(parts.folder.sync_lock(), FileLock::Wait::no);
  if (!lock) {
    return Error{lock.error().kind,
                 "This computer is exchanging just now: try again in a minute. If it stays so, its "
                 "folder cannot be written to: check that its disk has room."};
  }
  const auto hub = parts.hub(context.node);
  if (!hub) return hub.error();
  return look_for_answer(context.node, **hub);
}

// Where it was let in meanwhile there is nothing to look for.
Response look(PageContext& context, const JoiningParts& parts) {
  const auto standing = joining_standing(context);
  if (!standing) return problem(context, standing.error());
  if (standing->has_joined()) return done(joining_address, "joined");
  const auto answered = looked(context, parts);
  if (!answered) return joining_start_page(context, parts, answered.error().message);
  return done(joining_address, *answered ? "joined" : "not-yet");
}

}  // namespace

Response joining_start_page(PageContext& context, const JoiningParts& parts,
                            const std::string& fault) {
  const auto standing = joining_standing(context);
  if (!standing) return problem(context, standing.error());
  if (standing->has_joined()) return joined_page(context, *standing);
  if (standing->asked) return waiting_page(context, parts, *standing->asked, fault);
  return ask_page(context, fault);
}

void add_joining_start_pages(SitePages& pages, const JoiningParts& parts) {
  const auto with = [parts](Response (*handler)(PageContext&, const JoiningParts&)) {
    return for_act(Act::connect,
                   [parts, handler](PageContext& context) { return handler(context, parts); });
  };
  pages.get_closed_too(joining_address, with(show_start));
  pages.post_closed_too(look_address, with(look));
}

void add_joining_pages(SitePages& pages, const JoiningParts& parts) {
  add_joining_start_pages(pages, parts);
  add_join_by_network_pages(pages, parts);
  add_join_by_file_pages(pages);
  add_joining_answer_pages(pages, parts);
}

}  // namespace throughgate::node::web
