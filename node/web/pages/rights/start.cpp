// The way to everything about keeping, erasing and people's rights: of the site, and of one record.
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

struct Way {
  const char* href;
  const char* name;
  const char* what;
  Act act;
  bool at_desk = false;
};

constexpr Way ways[] = {
    {"/requests-to-erase", "Requests to erase", "What sites ask to have erased: sign or refuse.",
     Act::desk, true},
    {"/not-erased-yet", "Who has not erased yet",
     "Computers that have not said that nothing is left.", Act::desk, true},
    {"/kept-long-enough", "Kept as long as the rules say",
     "Records whose time is over: confirm each, or keep it.", Act::erase},
    {"/asked-to-erase", "Asked to be erased", "What was asked for, and how far it is.", Act::erase},
    {"/holds", "Legal holds", "What must not be erased, and why.", Act::erase},
    {"/copied-facts", "Copied from what was erased", "Facts that stand in other records still.",
     Act::erase},
    {"/backups", "Backups", "Make one; when the last was made, and until when it is of use.",
     Act::back_up},
    {"/check-records", "Check what is kept here", "Prove that nothing was altered or damaged.",
     Act::back_up},
    {"/lost", "Something was lost",
     "What a lost computer, stick or e-mail could show, for a notice.", Act::export_file},
    {"/who-looked", "Who looked at what", "Each look at confidential details.", Act::audit},
};

Response start_page(PageContext& context) {
  const bool is_desk = context.node.directory().central() == context.node.identity().organisation;
  Html list;
  for (const auto& way : ways) {
    if (!context.records.viewer().may(way.act) || (way.at_desk && !is_desk)) continue;
    list += h(
        R"(<h2 class="govuk-heading-m"><a class="govuk-link" href="{}">{}</a></h2><p class="govuk-body">{}</p>)",
        Url(way.href), std::string(way.name), std::string(way.what));
  }
  if (list.empty()) {
    list = h(R"(<p class="govuk-body">Your roles at this site do not let you do any of this.</p>)");
  }
  return keeping_page(
      context,
      {.title = "Keeping and erasing",
       .main =
           list +
           h(R"(<p class="govuk-body">To give a person what is held about them, correct it, erase it or hold it, open the volunteer or the handover.</p>)"),
       .back = "/",
       .back_words = "Start"});
}

}  // namespace

Html ways_for_record(const PageContext& context, const sync::DossierId& id) {
  const auto& viewer = context.records.viewer();
  Html items;
  const auto add = [&](bool may, const std::string& address, const std::string& words) {
    if (!may) return;
    items += h(R"(<li><a class="govuk-link" href="{}">{}</a></li>)", Url(address), words);
  };
  const auto held = context.records.whole().dossier(id);
  add(viewer.may(Act::subject_access), subject_access_address(id),
      "Give this person what we hold about them");
  const auto* root = held ? record_type(held->root_type) : nullptr;
  const bool writes = root && viewer.writes_any(root->number) && held->own_role &&
                      sync::may_write_entries(*held->own_role);
  add(writes, correct_address_of(id), "Something in it is wrong, the person says");
  add(viewer.may(Act::erase), removal_address_of(id), "Remove a value for everybody");
  add(viewer.may(Act::erase), hold_address_of(id), "Set a legal hold");
  const bool ours = held && held->own_role == sync::Role::owner;
  add(viewer.may(Act::erase) && ours, erase_address_of(id), "Erase everywhere");
  if (items.empty()) return {};
  return h(
      R"(<section class="no-print"><h2 class="govuk-heading-m">Rights, keeping and erasing</h2><ul class="govuk-list">{}</ul></section>)",
      items);
}

void add_keeping_page(SitePages& pages) { pages.get(keeping_address, start_page); }

void add_rights_pages(SitePages& pages, const RightsParts& parts) {
  add_keeping_page(pages);
  add_subject_access_pages(pages);
  add_erase_pages(pages);
  add_hold_pages(pages);
  add_due_pages(pages, parts.retention);
  add_correct_pages(pages);
  add_removal_pages(pages);
  add_breach_pages(pages);
  add_desk_erasure_pages(pages);
  add_backup_pages(pages, parts.accounts, parts.folder);
}

}  // namespace throughgate::node::web
