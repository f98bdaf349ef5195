#include "node/handovers/handover_list.h"

#include <algorithm>
#include <array>

#include "node/handovers/stop.h"
#include "node/handovers/unconfirmed.h"
#include "node/search.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::Result;

constexpr std::size_t glances_max = 2000;  // by stage alone: about 100 ms
constexpr std::size_t reads_max = 150;     // whole handovers, to see whether they need us
constexpr std::size_t work_reads_max = 400;
constexpr std::size_t found_max = 200;

// What a member's program writes elsewhere in a record is no handover, whatever it says it is.
bool stands_as_one(const sync::store::RecordName& name) { return name.record == sync::RecordId{}; }

bool lets_through(const HandoverFilter& filter, int number) {
  const bool known = Handover::State_IsValid(number);
  const bool over = known && is_over(static_cast<Handover::State>(number));
  switch (filter.stages) {
    case HandoverFilter::Stages::not_over:
      return !over;
    case HandoverFilter::Stages::over:
      return over;
    case HandoverFilter::Stages::one:
      return number == filter.stage;
    case HandoverFilter::Stages::all:
      break;
  }
  return true;
}

bool hides_what_is_over(const HandoverFilter& filter) {
  return filter.stages == HandoverFilter::Stages::not_over;
}

// By its stage; where it has stopped, until that is read.
Result<bool> lets_through(const HandoverFilter& filter, int stage,
                          const sync::store::RecordName& name, RecordService& records) {
  if (lets_through(filter, stage)) return true;
  const bool stopped =
      Handover::State_IsValid(stage) && is_stopped(static_cast<Handover::State>(stage));
  if (!stopped || !hides_what_is_over(filter)) return false;
  return stop_waits_to_be_read(records, name);
}

Result<ListedHandover> listed(RecordService& records, const sync::DossierId& id) {
  if (records.glance().is_closed(id)) {
    auto title = title_of_case(records, id);
    if (!title) return title.error();
    return ListedHandover{std::move(*title), 0, false, {}, true};
  }
  auto file = read_case(records, id, Look::judged);
  if (!file) return file.error();
  const auto unread = Acknowledgements(records).awaiting(*file);
  if (!unread) return unread.error();
  auto next = next_steps(*file, records.codes(), *unread, records.node().now_ms());
  return ListedHandover{std::move(*file), unread->size(), stop_among(*unread) != nullptr,
                        std::move(next), false};
}

bool wants(const HandoverFilter& filter, const ListedHandover& handover) {
  return (!filter.needs_us || handover.needs_us()) && (!filter.is_late || handover.is_late()) &&
         (!filter.is_stop_unread || handover.is_stop_unread) &&
         (!filter.is_unread || handover.unread > 0);
}

// No date comes last.
bool is_released_before(const ListedHandover& a, const ListedHandover& b) {
  const auto first = a.file.text(Handover::kReleaseDateFieldNumber);
  const auto second = b.file.text(Handover::kReleaseDateFieldNumber);
  return first.empty() || second.empty() ? !first.empty() && second.empty() : first < second;
}

// Words may stand in other fields too: the area of release, the meeting place.
bool is_by_name(const sync::store::SearchHit& hit) {
  constexpr std::array names{Handover::kGivenNameFieldNumber, Handover::kFamilyNameFieldNumber,
                             Handover::kKnownAsFieldNumber};
  return std::any_of(hit.fields.begin(), hit.fields.end(), [&](const auto& field) {
    return stands_as_one(field.first) &&
           std::find(names.begin(), names.end(), static_cast<int>(field.second)) != names.end();
  });
}

Result<HandoverListPage> found_handovers(RecordService& records, const HandoverFilter& filter) {
  sync::store::SearchQuery query;
  query.text = filter.words;
  query.class_max = every_class;
  query.types = {record_type(*Handover::descriptor())->number};
  query.limit = found_max;
  const auto result = records.glance().search(query);
  if (!result) return result.error();
  HandoverListPage out{{}, {}, result->more};
  for (const auto& hit : result->hits) {
    if (!is_by_name(hit)) continue;
    auto handover = listed(records, hit.dossier);
    if (!handover) return handover.error();
    const auto& file = handover->file;
    const auto shown = lets_through(filter, file.state, file.root.name, records);
    if (!shown) return shown.error();
    if (*shown && wants(filter, *handover)) out.rows.push_back(std::move(*handover));
  }
  std::stable_sort(out.rows.begin(), out.rows.end(), is_released_before);
  return out;
}

}  // namespace

bool ListedHandover::is_late() const {
  return std::any_of(next.begin(), next.end(), [](const NextStep& step) { return step.is_late; });
}

bool ListedHandover::needs_us() const {
  return std::any_of(next.begin(), next.end(),
                     [](const NextStep& step) { return step.action != "wait" || step.is_late; });
}

bool ListedHandover::is_in_two_places() const {
  return std::any_of(file.root.fields.begin(), file.root.fields.end(),
                     [](const auto& field) { return field.in_review; });
}

bool ListedHandover::is_provisional() const { return file.root.dossier.provisional; }

// Asks for no more rows than are still wanted, so that the cursor always stands where a page ends.
Result<HandoverListPage> list_handovers(RecordService& records, const HandoverFilter& filter,
                                        const std::string& after, std::size_t limit) {
  if (!filter.words.empty()) return found_handovers(records, filter);
  sync::store::ListQuery query;
  query.type = record_type(*Handover::descriptor())->number;
  query.fields = {Handover::kStateFieldNumber};
  query.sort_by = Handover::kReleaseDateFieldNumber;
  query.after = after;
  HandoverListPage out;
  std::size_t glances = 0;
  std::size_t reads = 0;
  do {
    query.limit = limit - out.rows.size();
    const auto page = records.glance().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) {
      ++glances;
      if (!stands_as_one(row.name)) continue;
      const auto stage = static_cast<int>(number_in(row, Handover::kStateFieldNumber));
      const auto shown = lets_through(filter, stage, row.name, records);
      if (!shown) return shown.error();
      if (!*shown) continue;
      auto handover = listed(records, row.name.dossier);
      if (!handover) return handover.error();
      ++reads;
      if (!wants(filter, *handover)) continue;
      out.closed += handover->is_closed ? 1 : 0;
      out.rows.push_back(std::move(*handover));
    }
    query.after = out.next = page->next;
  } while (!out.next.empty() && out.rows.size() < limit && glances < glances_max &&
           reads < reads_max);
  return out;
}

Result<HandoverWork> handover_work(RecordService& records) {
  HandoverWork out;
  std::string after;
  std::size_t looked_at = 0;
  do {
    const auto page = list_handovers(records, {}, after, 50);
    if (!page) return page.error();
    for (const auto& handover : page->rows) {
      if (handover.is_stop_unread) ++out.stopped;
      if (handover.is_late()) ++out.late;
      if (!handover.is_closed && is_unconfirmed(handover.file, records)) ++out.unconfirmed;
      if (handover.needs_us()) ++out.needs_us;
      out.unread += handover.unread;
      if (handover.unread > 0) ++out.with_unread;
    }
    looked_at += page->rows.size();
    after = page->next;
  } while (!after.empty() && looked_at < work_reads_max);
  out.is_all = after.empty();
  return out;
}

}  // namespace throughgate::node
