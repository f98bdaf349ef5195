// Who was invited, who asks to be let in, and letting them in: over the exchange, or by files that
// anybody may carry.
#include <algorithm>

#include "node/desk/invitations.h"
#include "node/typed_words.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/table.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/desk/parts.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::MailboxId;
using sync::Result;

constexpr char file_type[] = "application/octet-stream";
constexpr char bring_request_address[] = "/central-team/requests/bring";
constexpr char ask_address[] = "/central-team/requests/ask";

constexpr Outcome outcomes[] = {
    {"asked", "The exchange was asked. What has come is listed."},
    {"taken-back", "The invitation is taken back. Its code lets nobody in any more."},
    {"brought", "The request is taken in. Compare the words before you let the computer in."},
    {"let-in", "The computer is let in. The exchange knows it once this computer has exchanged."},
    {"let-in-file", "The computer is in the list. Save the answer and have it taken there."},
    {"answer-later",
     "The computer is in the list, and the answer could not be left at the exchange. It is left "
     "with the next \"Ask the exchange\", or save it as a file.",
     false},
};

std::string with_capital(std::string words) {
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') {
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  }
  return words;
}

std::string standing_of(const PageContext& context, const Invited& invited) {
  return with_capital(standing_in_words(invited, context.now_ms()));
}

std::string address_of_request(const Invited& invited) {
  return address_under(requests_address, invited.mailbox);
}

// ---- all of them

Html requests_table(const PageContext& context, const std::vector<Invited>& invited) {
  if (invited.empty()) return h(R"(<p class="govuk-body">Nobody has been invited yet.</p>)");
  Table out{.head = {{.content = "Invited"},
                     {.content = "Standing"},
                     {.content = "Calls itself"},
                     {.content = "Computer"}},
            .first_cell_is_header = true};
  for (const auto& each : invited) {
    out.rows.push_back({{.content = link_to(address_of_request(each), each.invitation.name)},
                        {.content = standing_of(context, each)},
                        {.content = each.applicant ? each.applicant->name : ""},
                        {.content = each.applicant ? each.applicant->label : ""}});
  }
  return scroll_region("Requests table", table(out));
}

// Those that wait for an answer first, then those that are still to ask.
void sort(std::vector<Invited>& invited) {
  std::stable_sort(invited.begin(), invited.end(), [](const Invited& a, const Invited& b) {
    const auto rank = [](const Invited& each) {
      return each.asks() ? 0 : each.approved_in ? 2 : 1;
    };
    return rank(a) < rank(b);
  });
}

Response list_page(const PageContext& context, Desk::Requests known) {
  sort(known.invited);
  const Html spoilt = when(known.not_genuine > 0, [] {
    return warning_text(
        "Somebody left a letter that was not made with its code, so nobody comes in by that "
        "invitation. Take it back, then invite them again.");
  });
  return desk_page(
      context,
      {.title = "Requests to be let in",
       .main =
           outcome_banner(context, outcomes) +
           when(!known.fault.empty(), [&] { return inset_text(known.fault); }) + spoilt +
           requests_table(context, known.invited) +
           form({.action = Url(ask_address), .csrf_token = context.visit.csrf_token},
                button_group(button({.text = "Ask the exchange", .prevent_double_click = true}) +
                             button({.text = "Bring in a request by file",
                                     .classes = "govuk-button--secondary",
                                     .href = Url(bring_request_address)}) +
                             button({.text = "Invite an organisation",
                                     .classes = "govuk-button--secondary",
                                     .href = Url(invite_address)})))});
}

Response show_list(PageContext& context) {
  auto known = Desk(context.node).requests(nullptr);
  return known ? list_page(context, *std::move(known)) : problem(context, known.error());
}

Result<std::unique_ptr<HubClient>> hub_of(const PageContext& context, const DeskParts& parts) {
  if (parts.hub) return parts.hub(context.node);
  return Error{ErrorKind::unavailable, "No way to the exchange is known here."};
}

Response ask_exchange(PageContext& context, const DeskParts& parts) {
  const auto hub = hub_of(context, parts);
  auto known = Desk(context.node).requests(hub ? hub->get() : nullptr);
  if (!known) return problem(context, known.error());
  if (!hub) known->fault = hub.error().message;
  return known->fault.empty() ? done(requests_address, "asked")
                              : list_page(context, *std::move(known));
}

// ---- one

Result<Invited> request_of(const PageContext& context) {
  const auto id = id_from<MailboxId>(context.visit.path.get("id"));
  auto known = Desk(context.node).requests(nullptr);
  if (!known) return known.error();
  for (auto& each : known->invited) {
    if (id && each.mailbox == *id) return std::move(each);
  }
  return Error{ErrorKind::not_found,
               "There is no such invitation. It may have been taken back. Nothing was changed."};
}

SummaryList facts_of(const PageContext& context, const Invited& invited) {
  SummaryList out{.rows = {{"Invited", invited.invitation.name, {}},
                           {"Kind", kind_words(invited.invitation.kind), {}},
                           {"Standing", standing_of(context, invited), {}},
                           {"Good until", when_text(invited.invitation.expires_at_ms), {}}}};
  if (invited.applicant) {
    out.rows.push_back({"Calls itself", invited.applicant->name, {}});
    out.rows.push_back({"Computer", invited.applicant->label, {}});
  }
  return out;
}

// The words that they should read are not shown: whoever sees them may read them out.
Html approve_form(const PageContext& context, const Invited& invited, const std::string& error) {
  const auto& how = context.field("how");
  return h(
             R"(<h2 class="govuk-heading-m">Let it in</h2>
<p class="govuk-body">Ring them on a number that you know, or have them ring you. They read eight words from their screen. Type what you hear.</p>)") +
         form({.action = Url(address_of_request(invited) + "/approve"),
               .csrf_token = context.visit.csrf_token},
              text_input({.field = {.name = "words",
                                    .label = {.text = "The eight words that they read to you"},
                                    .error = error},
                          .value = context.field("words"),
                          .autocomplete = "off",
                          .spellcheck = false}) +
                  radios({.name = "how",
                          .legend = Legend{.text = "How does the answer reach them?"},
                          .items = {{.value = "exchange",
                                     .text = "Over the exchange",
                                     .checked = how != "file"},
                                    {.value = "file",
                                     .text = "As a file, as their computer has no network",
                                     .checked = how == "file"}}}) +
                  button({.text = "Let this computer in", .prevent_double_click = true}));
}

Html answer_form(const PageContext& context, const Invited& invited) {
  return h(
             R"(<h2 class="govuk-heading-m">The answer as a file</h2>
<p class="govuk-body">Anybody may carry it. It holds the central list as it is now: where you say later whom they may share with, save it once more.</p>)") +
         form({.action = Url(address_of_request(invited) + "/answer"),
               .csrf_token = context.visit.csrf_token},
              button({.text = "Save the answer", .classes = "govuk-button--secondary"}));
}

Html invitation_part(const Invited& invited) {
  return h(
      R"(<p class="govuk-body">Where their computer has no network, <a class="govuk-link" href="{}">save the invitation as a file</a> for them. The code is not in it.</p>)",
      Url(address_of_request(invited) + "/invitation"));
}

Html way_to_take_back(const Invited& invited) {
  return h(R"(<h2 class="govuk-heading-m">Take the invitation back</h2>
<p class="govuk-body">Its code then lets nobody in, whoever has it.</p>)") +
         button({.text = "Take it back",
                 .classes = "govuk-button--secondary",
                 .href = Url(address_of_request(invited) + "/take-back")});
}

Response one_page(const PageContext& context, const Invited& invited,
                  const std::string& error = {}) {
  return desk_page(
      context,
      {.title = "Request to be let in",
       .caption = invited.invitation.name,
       .main =
           outcome_banner(context, outcomes) + summary_list(facts_of(context, invited)) +
           when(!invited.applicant, [&] { return invitation_part(invited); }) +
           when(invited.asks(), [&] { return approve_form(context, invited, error); }) +
           when(invited.approved_in.has_value(), [&] { return answer_form(context, invited); }) +
           when(!invited.approved_in, [&] { return way_to_take_back(invited); }),
       .error = error,
       .error_field = "words",
       .back = requests_address,
       .back_words = "Requests to be let in"});
}

Response show_one(PageContext& context) {
  const auto invited = request_of(context);
  return invited ? one_page(context, *invited) : problem(context, invited.error());
}

// Whether it stands in the list by now, whatever became of the answer.
bool is_in_list(const PageContext& context) {
  const auto invited = request_of(context);
  return invited && invited->approved_in;
}

Response approve(PageContext& context, const DeskParts& parts) {
  const auto invited = request_of(context);
  if (!invited) return problem(context, invited.error());
  if (!invited->asks()) return one_page(context, *invited);
  if (auto same = check_words(invited->words, context.field("words")); !same) {
    return one_page(context, *invited, same.error().message);
  }
  const std::string address = address_of_request(*invited);
  Desk desk(context.node);
  if (context.field("how") == "file") {
    const auto file = desk.approve_by_file(invited->mailbox);
    return file ? done(address, "let-in-file") : problem(context, file.error());
  }
  const auto hub = hub_of(context, parts);
  if (!hub) return problem(context, hub.error());
  const auto let_in = desk.approve(invited->mailbox, **hub);
  if (let_in) return done(address, "let-in");
  return is_in_list(context) ? done(address, "answer-later") : problem(context, let_in.error());
}

// ---- taking it back

Response ask_take_back(PageContext& context) {
  const auto invited = request_of(context);
  if (!invited) return problem(context, invited.error());
  if (invited->approved_in) return one_page(context, *invited);  // says where it stands
  const std::string address = address_of_request(*invited);
  return desk_page(
      context,
      {.title = "Take the invitation back",
       .caption = invited->invitation.name,
       .main = bullets(meaning_of_taking_back(*invited)) +
               form({.action = Url(address + "/take-back"), .csrf_token = context.visit.csrf_token},
                    button({.text = "Take it back, for good",
                            .classes = "govuk-button--warning",
                            .prevent_double_click = true})),
       .back = address,
       .back_words = "Request to be let in"});
}

Response take_back(PageContext& context) {
  const auto invited = request_of(context);
  if (!invited) return problem(context, invited.error());
  const auto gone = Desk(context.node).withdraw(invited->mailbox);
  return gone ? done(requests_address, "taken-back") : problem(context, gone.error());
}

// ---- files

Response as_file(const crypto::Bytes& bytes, const std::string& name) {
  return download(std::string(bytes.begin(), bytes.end()), file_type, name);
}

std::string file_name(const Invited& invited, const char* what) {
  return std::string("throughgate-") + what + "-" + invited.mailbox.hex().substr(0, 8) + ".tge";
}

Response invitation_file(PageContext& context) {
  const auto invited = request_of(context);
  if (!invited) return problem(context, invited.error());
  const auto file = Desk(context.node).invitation_file(invited->mailbox);
  return file ? as_file(*file, file_name(*invited, "invitation")) : problem(context, file.error());
}

Response answer_file(PageContext& context) {
  const auto invited = request_of(context);
  if (!invited) return problem(context, invited.error());
  if (!invited->approved_in) return one_page(context, *invited);  // words first
  const auto file = Desk(context.node).approve_by_file(invited->mailbox);
  return file ? as_file(*file, file_name(*invited, "answer")) : problem(context, file.error());
}

Response bring_page(PageContext& context, const std::string& error = {}) {
  return desk_page(
      context,
      {.title = "Bring in a request by file",
       .main = form({.action = Url(bring_request_address),
                     .csrf_token = context.visit.csrf_token,
                     .has_files = true},
                    file_upload({.field = {.name = "file",
                                           .label = {.text = "The request that they gave you"},
                                           .hint = "Bringing it in again does no harm",
                                           .error = error}}) +
                        button({.text = "Bring it in", .prevent_double_click = true})),
       .error = error,
       .error_field = "file",
       .back = requests_address,
       .back_words = "Requests to be let in"});
}

Response ask_bring(PageContext& context) { return bring_page(context); }

Response bring(PageContext& context) {
  const auto& files = context.visit.form.files;
  if (files.empty() || files.front().bytes.empty()) {
    return bring_page(context, "Select the file that they gave you");
  }
  const auto taken = Desk(context.node).take_request(crypto::as_bytes(files.front().bytes));
  return taken ? done(address_of_request(*taken), "brought")
               : bring_page(context, taken.error().message);
}

}  // namespace

void add_request_pages(SitePages& pages, const DeskParts& parts) {
  pages.get(requests_address, for_desk(show_list));
  pages.post(ask_address,
             for_desk([parts](PageContext& context) { return ask_exchange(context, parts); }));
  pages.get(bring_request_address, for_desk(ask_bring));
  pages.post(bring_request_address, for_desk(bring));
  const std::string one = std::string(requests_address) + "/:id";
  pages.get(one, for_desk(show_one));
  pages.post(one + "/approve",
             for_desk([parts](PageContext& context) { return approve(context, parts); }));
  pages.get(one + "/take-back", for_desk(ask_take_back));
  pages.post(one + "/take-back", for_desk(take_back));
  pages.get(one + "/invitation", for_desk(invitation_file));
  pages.post(one + "/answer", for_desk(answer_file));
}

}  // namespace throughgate::node::web
