// Who works here, what they do, and who signs in on this computer.
#include <array>

#include "node/days.h"
#include "node/records/formats.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/table.h"
#include "node/web/pages/staff/staff_pages.h"

namespace throughgate::node::web {
namespace {

constexpr std::array<Outcome, 4> outcomes = {
    {{"added", "Added to the staff list."},
     {"roles", "The roles are changed. They hold from the next page on."},
     {"left",
      "They have left. They sign in no more, and what was theirs has gone to somebody else."},
     {"password", "Your password is changed."}}};

const Account* account_of(const std::vector<Account>& accounts, const StaffEntry& member) {
  for (const auto& each : accounts) {
    if (each.actor == member.id) return &each;
  }
  return nullptr;
}

std::string day_words(const std::string& day) {
  return day.empty() ? day : shown_text(schema::FieldRule::DATE, day);
}

Html sign_in_words(const Account* account) {
  if (!account) return h("Does not sign in here");
  const std::string last = account->last_sign_in_ms == 0
                               ? "never signed in"
                               : "last on " + day_words(iso_day(account->last_sign_in_ms));
  return h("As {}, {}{}", account->sign_in_name, last,
           account->must_change_password ? "; must choose a password" : "");
}

Html link(const StaffEntry& member, const char* page, const char* words) {
  return h(
      R"(<li><a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden">: {}</span></a></li>)",
      Url(staff_address(member, page)), words, member.name);
}

Html ways(const StaffEntry& member, const Account* account) {
  if (!member.left_on.empty()) return {};
  return h(R"(<ul class="govuk-list">{}{}{}</ul>)", link(member, "roles", "Change roles"),
           when(account != nullptr, [&] { return link(member, "reset", "Reset password"); }),
           link(member, "leave", "Leaves"));
}

Response show_staff(PageContext& context) {
  Staff staff(context.node);
  const auto all = staff.list();
  const auto accounts = staff.accounts();
  if (!all) return problem(context, all.error());
  if (!accounts) return problem(context, accounts.error());
  const bool may = context.records.viewer().may(Act::staff);
  Table rows{
      .head = {{.content = "Name"}, {.content = "What they do"}, {.content = "Signs in here"}},
      .first_cell_is_header = true};
  if (may) rows.head.push_back({.content = "Change", .classes = "no-print"});
  for (const auto& member : *all) {
    const auto* account = account_of(*accounts, member);
    const Html left = when(!member.left_on.empty(), [&] {
      return h("<br>{}", tag("Left on " + day_words(member.left_on), TagColour::grey));
    });
    std::vector<Cell> row{{.content = h("{}{}", member.name, left)},
                          {.content = role_words(context, member.roles)},
                          {.content = sign_in_words(account)}};
    if (may) row.push_back({.content = ways(member, account), .classes = "no-print"});
    rows.rows.push_back(std::move(row));
  }
  const Html more = h(
      R"(<p class="govuk-body"><a class="govuk-link" href="/own-password">Change your own password</a></p>{})",
      when(context.records.viewer().may(Act::audit), [] {
        return h(
            R"(<p class="govuk-body"><a class="govuk-link" href="/who-looked">Who looked at what</a></p>)");
      }));
  return show(context, {.title = "Staff",
                        .main = outcome_banner(context, outcomes) +
                                h(R"(<h1 class="govuk-heading-l">Staff</h1>{}{}{})",
                                  when(may,
                                       [] {
                                         return button({.text = "Add a member of staff",
                                                        .href = Url("/staff/new")});
                                       }),
                                  scroll_region("Staff table", table(rows)), more)});
}

}  // namespace

void add_staff_list(SitePages& pages) { pages.get("/staff", show_staff); }

}  // namespace throughgate::node::web
