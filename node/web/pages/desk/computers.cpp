// One computer of the central list, and withdrawing it: stolen, lost, misused or no longer used.
#include "node/desk/revocations.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/date_input.h"
#include "node/web/components/summary_list.h"
#include "node/web/pages/desk/parts.h"
#include "node/web/pages/desk/typed_day.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using sync::ErrorKind;
using sync::Result;
using sync::RevocationReason;

constexpr Outcome outcomes[] = {
    {"withdrawn",
     "The computer is withdrawn. The exchange refuses it once it has the new list, and the records "
     "that it could read get new keys. Sites without a network hear of it by a file: make one for "
     "each of them today."},
    {"said", "It is noted in the central list."},
};

Result<ListedComputer> computer_of(const PageContext& context) {
  const auto id = id_from<sync::NodeId>(context.visit.path.get("id"));
  auto listed = listed_computers(context.node);
  if (!listed) return listed.error();
  for (auto& each : *listed) {
    if (id && each.node.id == *id) return std::move(each);
  }
  return sync::Error{ErrorKind::not_found, "There is no such computer in the central list."};
}

SummaryList facts_of(const ListedComputer& computer) {
  SummaryList out{
      .rows = {{"Organisation",
                link_to(address_under(organisations_address, computer.node.organisation),
                        computer.organisation),
                {}},
               {"Last heard of", when_text(computer.last_heard_ms), {}},
               {"Standing", standing_in_words(computer), {}}}};
  if (computer.node.revoked_in) {
    out.rows.push_back({"Withdrawn in",
                        "Version " + std::to_string(*computer.node.revoked_in) + " of the list",
                        {}});
  }
  if (computer.node.suspect_since_ms != 0) {
    out.rows.push_back(
        {"Its changes are looked at since", when_text(computer.node.suspect_since_ms), {}});
  }
  out.rows.push_back(
      {"Number", h(R"(<span class="break-anywhere">{}</span>)", computer.node.id.hex()), {}});
  return out;
}

Response one_page(PageContext& context) {
  const auto computer = computer_of(context);
  if (!computer) return problem(context, computer.error());
  const auto keys = new_keys_part(context.node);
  if (!keys) return problem(context, keys.error());
  const std::string address = address_under(computers_address, computer->node.id);
  const bool is_withdrawn = computer->node.revoked_in.has_value();
  const Html ways = when(!computer->is_this_one, [&] {
    return button(
        {.text = is_withdrawn ? "Say more about why or since when" : "Withdraw this computer",
         .classes = is_withdrawn ? "govuk-button--secondary" : "govuk-button--warning",
         .href = Url(address + "/withdraw")});
  });
  return desk_page(
      context,
      {.title = computer->node.label,
       .caption = computer->organisation,
       .main =
           outcome_banner(context, outcomes) + when(is_withdrawn, [&] { return *keys; }) +
           summary_list(facts_of(*computer)) + ways +
           when(
               context.records.viewer().may(Act::export_file),
               [&] {
                 return h(
                     R"(<p class="govuk-body"><a class="govuk-link" href="{}">What it could read, if it was lost</a></p>)",
                     Url(lost_computer_address(computer->node.id)));
               }),
       .back = address_under(organisations_address, computer->node.organisation),
       .back_words = computer->organisation});
}

// ---- withdrawing it

struct ReasonWords {
  RevocationReason reason;
  std::string_view word;
  std::string_view text;
};
constexpr ReasonWords reasons[] = {
    {RevocationReason::stolen, "stolen", "It was stolen"},
    {RevocationReason::lost, "lost", "It is lost"},
    {RevocationReason::misused, "misused", "Somebody used it who may not, or on purpose wrongly"},
    {RevocationReason::retired, "retired", "It is no longer used"},
};

struct Faults {
  std::string reason{}, since{}, unsent{};
};

Choices unsent_question(const PageContext& context, const std::string& error) {
  const auto& given = context.field("unsent");
  return {.name = "unsent",
          .legend = Legend{.text = "If it is no longer used: what has it not sent?"},
          .hint =
              "Nobody else can know. Have somebody open \"Sending and receiving\" on it, or give "
              "the command \"retire-check\", and read to you what it says",
          .error = error,
          .items = {{.value = "none", .text = "Nothing: all is sent", .checked = given == "none"},
                    {.value = "given-up",
                     .text = "Something is left, and it is to be lost",
                     .checked = given == "given-up"}}};
}

Html withdraw_questions(const PageContext& context, const ListedComputer& computer,
                        const Faults& faults) {
  Choices why{.name = "reason",
              .legend = Legend{.text = "Why is it withdrawn?"},
              .hint =
                  "This word stands in the central list, which everybody has. Write the story "
                  "down elsewhere",
              .error = faults.reason};
  for (const auto& each : reasons) {
    why.items.push_back({.value = std::string(each.word),
                         .text = each.text,
                         .checked = context.field("reason") == each.word});
  }
  const DateInput since{
      .id = "since",
      .name_prefix = "since",
      .legend = Legend{.text = "On which day was it last surely in good hands?"},
      .hint =
          "People look at every change that it made from then on. Leave this empty where "
          "nobody else can have used it",
      .error = faults.since,
      .day = context.field("since-day"),
      .month = context.field("since-month"),
      .year = context.field("since-year")};
  const Html unsent = when(!computer.node.revoked_in,
                           [&] { return radios(unsent_question(context, faults.unsent)); });
  return radios(why) + date_input(since) + unsent;
}

Response withdraw_page(PageContext& context, const ListedComputer& computer,
                       const Faults& faults = {}) {
  const std::string address = address_under(computers_address, computer.node.id);
  const bool is_withdrawn = computer.node.revoked_in.has_value();
  const Html meaning = when(!is_withdrawn, [&] {
    return bullets(meaning_of_revoking(computer, context.node.directory()));
  });
  const Html ask =
      form({.action = Url(address + "/withdraw"), .csrf_token = context.visit.csrf_token},
           withdraw_questions(context, computer, faults) +
               button({.text = is_withdrawn ? "Note it in the list" : "Withdraw it, for good",
                       .classes = is_withdrawn ? "" : "govuk-button--warning",
                       .prevent_double_click = true}));
  const bool of_reason = !faults.reason.empty();
  const bool of_since = !of_reason && !faults.since.empty();
  return desk_page(context, {.title = is_withdrawn ? "Say more about a withdrawn computer"
                                                   : "Withdraw a computer",
                             .caption = computer.organisation + ", " + computer.node.label,
                             .main = meaning + ask,
                             .error = of_reason  ? faults.reason
                                      : of_since ? faults.since
                                                 : faults.unsent,
                             .error_field = of_reason  ? "reason"
                                            : of_since ? "since-day"
                                                       : "unsent",
                             .back = address,
                             .back_words = computer.node.label});
}

std::optional<RevocationReason> reason_sent(const PageContext& context) {
  for (const auto& each : reasons) {
    if (context.field("reason") == each.word) return each.reason;
  }
  return std::nullopt;
}

UnsentThere unsent_sent(const PageContext& context) {
  const auto& sent = context.field("unsent");
  if (sent == "none") return UnsentThere::none;
  return sent == "given-up" ? UnsentThere::given_up : UnsentThere::not_asked;
}

Result<std::uint64_t> since_sent(const PageContext& context) {
  return suspect_since_ms(day_sent(context, "since"));
}

Response ask_withdraw(PageContext& context) {
  const auto computer = computer_of(context);
  return computer ? withdraw_page(context, *computer) : problem(context, computer.error());
}

Response withdraw(PageContext& context) {
  const auto computer = computer_of(context);
  if (!computer) return problem(context, computer.error());
  const auto reason = reason_sent(context);
  if (!reason) return withdraw_page(context, *computer, {.reason = "Select why it is withdrawn"});
  const auto since = since_sent(context);
  if (!since) return withdraw_page(context, *computer, {.since = since.error().message});
  const bool is_withdrawn = computer->node.revoked_in.has_value();
  if (!is_withdrawn && !check_unsent_asked(*reason, unsent_sent(context))) {
    return withdraw_page(context, *computer,
                         {.unsent = "Select what it has not sent: ask somebody who is at it"});
  }
  const auto done_with = Desk(context.node).revoke(computer->node.id, *reason, *since);
  if (is_to_be_changed(done_with)) {
    return withdraw_page(context, *computer, {.since = done_with.error().message});
  }
  if (!done_with) return problem(context, done_with.error());
  return done(address_under(computers_address, computer->node.id),
              is_withdrawn ? "said" : "withdrawn");
}

}  // namespace

void add_computer_pages(SitePages& pages) {
  const std::string one = std::string(computers_address) + "/:id";
  pages.get(one, for_desk(one_page));
  pages.get(one + "/withdraw", for_desk(ask_withdraw));
  pages.post(one + "/withdraw", for_desk(withdraw));
}

}  // namespace throughgate::node::web
