// Who changed what of a record, when and why: everything ever, replaced and refused changes too.
#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/shown_values.h"
#include "node/web/components/filter_box.h"
#include "node/web/components/messages.h"
#include "node/web/components/pagination.h"
#include "node/web/components/timeline.h"
#include "node/web/content_style.h"
#include "node/web/pages/volunteers/place.h"
#include "node/web/pages/volunteers/volunteer_pages.h"

namespace throughgate::node::web::volunteers {
namespace {

using sync::store::OpStanding;
using sync::store::OpView;
using sync::store::RecordName;

constexpr std::size_t changes_a_page = 50;
constexpr std::size_t pages_max = 1'000;

TagColour colour_of(OpStanding standing) {
  switch (standing) {
    case OpStanding::shown:
      return TagColour::green;
    case OpStanding::beside:
      return TagColour::orange;
    case OpStanding::not_counted:
    case OpStanding::not_applied:
    case OpStanding::refused:
      return TagColour::red;
    case OpStanding::superseded:
      break;
  }
  return TagColour::grey;
}

std::string standing_words(OpStanding standing) {
  return standing == OpStanding::shown ? "current" : standing_in_words(standing);
}

std::string verb_of(sync::OpKind kind) {
  if (kind == sync::OpKind::add) return "added ";
  return kind == sync::OpKind::remove ? "taken out: " : "";
}

Html change_line(const PageContext& context, const RecordName& record, const OpView& op) {
  return h(R"(<li><strong>{}</strong>: <span class="as-typed">{}{}</span> {}</li>)",
           label_of(record.type, op.field), op.removed ? std::string() : verb_of(op.kind),
           value_in_words(record, op, context.codes),
           tag(standing_words(op.standing), colour_of(op.standing)));
}

std::string when_it_came(const PageContext& context, const OpView& op) {
  if (op.is_provisional()) return "Not sent yet";
  if (op.organisation == context.node.identity().organisation && op.accepted_at_ms) {
    return "Sent on " + date_time_text(static_cast<std::int64_t>(*op.accepted_at_ms));
  }
  if (op.arrived_at_ms == 0) return {};
  return "Reached us on " + date_time_text(static_cast<std::int64_t>(op.arrived_at_ms));
}

// One save: its changes, its reason, and when it reached this computer.
TimelineEvent save_of(const PageContext& context, const RecordName& record,
                      const std::vector<OpView>& ops) {
  const OpView& first = ops.front();
  const std::string who = first.actor_name.empty() ? "somebody not known here" : first.actor_name;
  TimelineEvent event{
      .title = count_text(static_cast<std::int64_t>(ops.size()), "change", "changes"),
      .by = who + ", " + organisation_name(context.node, first.organisation),
      .utc_ms = static_cast<std::int64_t>(first.effective_ms)};
  event.body = h(R"(<ul class="govuk-list">{}</ul>)",
                 each(ops, [&](const OpView& op) { return change_line(context, record, op); }));
  if (!first.reason.empty()) {
    event.body += h(R"(<p class="govuk-body">Reason: {}</p>)", first.reason);
  }
  const std::string came = when_it_came(context, first);
  if (!came.empty()) event.body += h(R"(<p class="govuk-hint">{}</p>)", came);
  return event;
}

std::vector<TimelineEvent> saves_of(const PageContext& context, const RecordName& record,
                                    const std::vector<OpView>& ops) {
  std::vector<TimelineEvent> out;
  std::vector<OpView> same;
  for (const auto& op : ops) {
    if (!same.empty() && same.front().id.entry != op.id.entry) {
      out.push_back(save_of(context, record, same));
      same.clear();
    }
    same.push_back(op);
  }
  if (!same.empty()) out.push_back(save_of(context, record, same));
  return out;
}

// From 1; 1 for what is no such number.
std::size_t page_number(const std::string& text) {
  if (text.empty() || text.size() > 4 ||
      text.find_first_not_of("0123456789") != std::string::npos) {
    return 1;
  }
  const auto number = static_cast<std::size_t>(std::stoul(text));
  return number >= 1 && number <= pages_max ? number : 1;
}

Html around(const std::string& address, std::size_t number, bool more) {
  Pagination out;
  const auto link = [&](std::size_t to) {
    return query_url(address, {{"page", std::to_string(to)}});
  };
  if (number > 1) out.previous = PageLink{.href = link(number - 1), .text = "Newer changes"};
  if (more) out.next = PageLink{.href = link(number + 1), .text = "Older changes"};
  return number > 1 || more ? pagination(out) : Html{};
}

Response history_page(PageContext& context, const Place& place, const RecordName& record,
                      const std::string& address, const std::string& back) {
  const std::size_t number = page_number(context.query("page"));
  auto ops = context.records.reader().history(record, std::nullopt, (number - 1) * changes_a_page,
                                              changes_a_page + 1);
  if (!ops) return problem(context, ops.error());
  const bool more = ops->size() > changes_a_page;
  if (more) ops->pop_back();
  const auto* type = record_type(record.type);
  const std::string title = "History of this " + in_sentence(*type);
  const Html main = h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds"><h1 class="govuk-heading-l"><span class="govuk-caption-l">{}</span> {}</h1>{}{}</div></div>)",
      place.name, title,
      ops->empty() ? h(R"(<p class="govuk-body">There are no changes here.</p>)")
                   : timeline(saves_of(context, record, *ops), 2),
      around(address, number, more));
  return show(context, {.title = title, .before_main = back_link(Url(back)), .main = main});
}

Response volunteer_history(PageContext& context) {
  const auto place = place_in(context);
  if (!place) return problem(context, place.error());
  return history_page(context, *place, place->record.name, place->address + "/history",
                      place->address);
}

Response record_history(PageContext& context) {
  const auto place = place_in(context);
  if (!place) return problem(context, place.error());
  const auto record = record_in(context, *place);
  if (!record) return problem(context, record.error());
  const bool file = record_type(record->type)->dossier == schema::VOLUNTEER_FILE;
  return history_page(context, *place, *record, record_address(*place, *record) + "/history",
                      place->address + (file ? "/file" : ""));
}

}  // namespace

void add_history_pages(SitePages& pages) {
  pages.get("/volunteers/:id/history", volunteer_history);
  pages.get("/volunteers/:id/records/:type/:record/history", record_history);
}

}  // namespace throughgate::node::web::volunteers
