// Every organisation of the central list with its computers, and a page of each.
#include "node/desk/revocations.h"
#include "node/web/components/button.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/table.h"
#include "node/web/content_style.h"
#include "node/web/pages/desk/agreements_part.h"

namespace throughgate::node::web {
namespace {

using sync::OrganisationId;

// Of one organisation, those in use and those that are not.
struct Computers {
  std::size_t in_use = 0;
  std::size_t withdrawn = 0;
  std::uint64_t last_heard_ms = 0;
};

Computers counted(const std::vector<ListedComputer>& all, const OrganisationId& of) {
  Computers out;
  for (const auto& each : all) {
    if (each.node.organisation != of) continue;
    ++(each.node.revoked_in ? out.withdrawn : out.in_use);
    if (!each.node.revoked_in) out.last_heard_ms = std::max(out.last_heard_ms, each.last_heard_ms);
  }
  return out;
}

std::string number_of(std::size_t count) { return number_text(static_cast<std::int64_t>(count)); }

std::vector<const sync::Organisation*> by_name(const sync::Directory& directory) {
  std::vector<const sync::Organisation*> out;
  for (const auto& [id, organisation] : directory.organisations()) out.push_back(&organisation);
  std::stable_sort(out.begin(), out.end(), [](const auto* a, const auto* b) {
    return std::tie(a->kind, a->name) < std::tie(b->kind, b->name);
  });
  return out;
}

Response list_page(PageContext& context) {
  const auto computers = listed_computers(context.node);
  if (!computers) return problem(context, computers.error());
  const auto keys = new_keys_part(context.node);
  if (!keys) return problem(context, keys.error());
  Table all{.head = {{.content = "Organisation"},
                     {.content = "Kind"},
                     {.content = "Computers", .numeric = true},
                     {.content = "Withdrawn", .numeric = true},
                     {.content = "Last heard of"}},
            .first_cell_is_header = true};
  for (const auto* each : by_name(context.node.directory())) {
    const auto its = counted(*computers, each->id);
    all.rows.push_back(
        {{.content = link_to(address_under(organisations_address, each->id), each->name)},
         {.content = kind_words(each->kind)},
         {.content = number_of(its.in_use), .numeric = true},
         {.content = number_of(its.withdrawn), .numeric = true},
         {.content = when_text(its.last_heard_ms)}});
  }
  return desk_page(
      context,
      {.title = "Organisations and computers",
       .main =
           *keys + scroll_region("Organisations table", table(all)) +
           button({.text = "Invite an organisation", .href = Url(invite_address)}) +
           h(R"(<p class="govuk-body">A computer was last heard of when a change of it, or its word that something had arrived, last reached this computer.</p>)")});
}

// ---- one

Html computers_table(const std::vector<ListedComputer>& all, const OrganisationId& of) {
  Table its{
      .head = {{.content = "Computer"}, {.content = "Last heard of"}, {.content = "Standing"}},
      .first_cell_is_header = true};
  for (const auto& each : all) {
    if (each.node.organisation != of) continue;
    its.rows.push_back(
        {{.content = link_to(address_under(computers_address, each.node.id), each.node.label)},
         {.content = when_text(each.last_heard_ms)},
         {.content = standing_in_words(each)}});
  }
  return h(R"(<h2 class="govuk-heading-m">Computers</h2>{}{})",
           when(its.rows.empty(), [] { return h(R"(<p class="govuk-body">None.</p>)"); }),
           when(!its.rows.empty(), [&] { return scroll_region("Computers table", table(its)); }));
}

Response one_page(PageContext& context) {
  const auto id = id_from<OrganisationId>(context.visit.path.get("id"));
  const auto* organisation = id ? context.node.directory().organisation(*id) : nullptr;
  if (!organisation) return no_such_page(context);
  const auto computers = listed_computers(context.node);
  if (!computers) return problem(context, computers.error());
  const auto agreements = agreements_part(context, *id);
  if (!agreements) return problem(context, agreements.error());
  SummaryList facts{.rows = {{"Kind", kind_words(organisation->kind), {}}}};
  if (!organisation->establishment.empty()) {
    facts.rows.push_back({"Prison code", organisation->establishment, {}});
  }
  facts.rows.push_back({"Number", h(R"(<span class="break-anywhere">{}</span>)", id->hex()), {}});
  return desk_page(context,
                   {.title = organisation->name,
                    .main = summary_list(facts) + computers_table(*computers, *id) +
                            button({.text = "Invite another of its computers",
                                    .href = Url(address_under(invite_address, *id))}) +
                            h(R"(<h2 class="govuk-heading-m">Agreements</h2>{})", *agreements),
                    .back = organisations_address,
                    .back_words = "Organisations and computers"});
}

}  // namespace

void add_organisation_pages(SitePages& pages) {
  pages.get(organisations_address, for_desk(list_page));
  pages.get(std::string(organisations_address) + "/:id", for_desk(one_page));
}

}  // namespace throughgate::node::web
