#include "node/web/pages/volunteers/kinds.h"

#include <algorithm>

#include "node/web/components/button.h"
#include "node/web/components/filter_box.h"
#include "node/web/components/pagination.h"
#include "node/web/pages/record_summary.h"
#include "node/web/pages/volunteers/volunteer_pages.h"
#include "records/volunteer.pb.h"

namespace throughgate::node::web::volunteers {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::RecordName;
using sync::store::RecordView;

constexpr std::size_t cards_a_page = 50;

std::vector<std::string> all_fields(const RecordType& type) {
  std::vector<std::string> out;
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    const auto& field = *type.descriptor->field(i);
    const bool for_people = field.type() != google::protobuf::FieldDescriptor::TYPE_BYTES;
    if (for_people) out.push_back(field.name());
  }
  return out;
}

std::string all_address(const Place& place, const RecordType& type) {
  return place.address + "/records/" + type.name;
}

Html card_of(const PageContext& context, const Place& place, const RecordView& record,
             const DisputedFields& disputed) {
  const auto& type = *record_type(record.name.type);
  RecordCard card{
      .title = title_of(context, record), .fields = all_fields(type), .disputed = &disputed};
  const std::string address = record_address(place, record.name);
  const bool writes = context.records.viewer().writes_any(type.number);
  if (is_written_here(record) && writes) card.actions.push_back({.href = Url(address + "/change")});
  card.actions.push_back({.href = Url(address + "/history"), .text = "History"});
  return record_card(record, card, context.codes);
}

struct Cards {
  Html html;
  std::string next;  // a cursor; empty: that was all
};

Result<Cards> cards_from(const PageContext& context, const Place& place,
                         const sync::DossierId& dossier, const RecordType& type,
                         const std::string& after) {
  sync::store::ListQuery query;
  query.type = type.number;
  query.dossier = dossier;
  query.after = after;
  query.limit = cards_a_page;
  const auto page = context.records.reader().list(query);
  if (!page) return page.error();
  const auto disputed = disputed_in(context.records, dossier);
  if (!disputed) return disputed.error();
  Cards out{{}, page->next};
  for (const auto& row : page->rows) {
    const auto record = context.records.reader().read(row.name);
    if (!record) return record.error();
    out.html += card_of(context, place, *record, *disputed);
  }
  return out;
}

// ---- all of one kind, a page at a time

struct Kind {
  const RecordType& type;
  sync::DossierId dossier;
  std::string home;  // the page that shows the first of them
};

Result<Kind> kind_asked(const PageContext& context, const Place& place) {
  const auto* type = record_type(context.visit.path.get("type"));
  const auto kinds = added_to(type ? type->dossier : schema::DOSSIER_KIND_UNSPECIFIED);
  const bool known = type && std::find(kinds.begin(), kinds.end(), type) != kinds.end();
  const Error none{ErrorKind::not_found, "This volunteer has no such records on this computer."};
  if (known && type->dossier == schema::VOLUNTEER) return Kind{*type, place.id, place.address};
  if (!known || type->dossier != schema::VOLUNTEER_FILE) return none;
  const auto file = file_of(context, place.id);
  if (!file) return file.error();
  if (!*file) return none;
  return Kind{*type, (*file)->dossier, place.address + "/file"};
}

Html ways_on(const std::string& address, const std::string& after, const std::string& next) {
  Pagination out;
  if (!after.empty()) out.previous = PageLink{.href = Url(address), .text = "First page"};
  if (!next.empty()) {
    out.next = PageLink{.href = query_url(address, {{"after", next}}), .text = "Next page"};
  }
  return out.previous || out.next ? pagination(out) : Html{};
}

Response show_kind(PageContext& context) {
  const auto place = place_in(context);
  if (!place) return problem(context, place.error());
  const auto kind = kind_asked(context, *place);
  if (!kind) return problem(context, kind.error());
  if (auto seen = context.records.viewer().check_seen(kind->type.number); !seen) {
    return problem(context, seen.error());
  }
  const std::string& after = context.query("after");
  const auto cards = cards_from(context, *place, kind->dossier, kind->type, after);
  if (!cards) return problem(context, cards.error());
  const std::string title = rule_of(*kind->type.descriptor).plural();
  return show(
      context,
      {.title = title + " of " + place->name,
       .before_main = back_link(Url(kind->home), place->name),
       .main = h(
           R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><h1 class="govuk-heading-l"><span class="govuk-caption-l">{}</span> {}</h1>{}{}</div></div>)",
           place->name, title,
           cards->html.empty() ? h(R"(<p class="govuk-body">None recorded.</p>)") : cards->html,
           ways_on(all_address(*place, kind->type), after, cards->next))});
}

}  // namespace

bool is_written_here(const RecordView& record) {
  return record.dossier.own_role && sync::may_write_entries(*record.dossier.own_role);
}

Result<Html> kind_in(const PageContext& context, const Place& place, const RecordView& root,
                     const RecordType& type) {
  const auto& viewer = context.records.viewer();
  if (!viewer.sees_any(type.number) && !viewer.writes_any(type.number)) return Html{};
  const auto cards = cards_from(context, place, root.name.dossier, type, "");
  if (!cards) return cards.error();
  const std::string& plural = rule_of(*type.descriptor).plural();
  Html out = h(R"(<h2 class="govuk-heading-m">{}</h2>)", plural) + cards->html;
  if (!viewer.sees_any(type.number)) {
    out += h(R"(<p class="govuk-body">You may add to these, and not see them.</p>)");
  } else if (cards->html.empty()) {
    out += h(R"(<p class="govuk-body">None recorded.</p>)");
  }
  if (!cards->next.empty()) {
    out += h(
        R"(<p class="govuk-body">These are the first {}. <a class="govuk-link" href="{}">See all of them<span class="govuk-visually-hidden">: {}</span></a></p>)",
        cards_a_page, Url(all_address(place, type)), plural);
  }
  if (is_written_here(root) && viewer.writes_any(type.number)) {
    out += button({.text = "Add " + in_sentence(type),
                   .classes = "govuk-button--secondary",
                   .href = Url(place.address + "/add/" + type.name)});
  }
  return out;
}

void add_kind_page(SitePages& pages) { pages.get("/volunteers/:id/records/:type", show_kind); }

}  // namespace throughgate::node::web::volunteers
