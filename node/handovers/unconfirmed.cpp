#include "node/handovers/unconfirmed.h"

#include <algorithm>

#include "node/days.h"
#include "node/handovers/acknowledgement.h"
#include "node/handovers/handover_list.h"
#include "node/last_contact.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::OrganisationId;
using sync::Result;

constexpr std::size_t looked_at_max = 2000;
constexpr std::size_t page_size = 100;

bool is_on_its_way(Handover::State state) {
  switch (state) {
    case Handover::SENT:
    case Handover::MORE_INFO:
    case Handover::ACCEPTED:
    case Handover::PLANNED:
      return true;
    default:
      return false;
  }
}

// Ours, and sent, that nobody at the partner says to have read.
std::size_t unread_at(const OrganisationId& partner, const CaseFile& file,
                      const RecordService& records) {
  const auto read = read_by(file.root, partner);
  const auto own = records.node().identity().organisation;
  const auto changes = to_be_read(file.root, records.node().policies());
  return static_cast<std::size_t>(
      std::count_if(changes.begin(), changes.end(), [&](const sync::store::OpView& change) {
        return change.organisation == own && !read.contains(change.id);
      }));
}

// The last day of release that is near enough. None where the clock shows none.
std::optional<std::string> near_until(const RecordService& records, int days_before) {
  return day_after(latest_day(records.node()), days_before);
}

// Without who else might be asked.
std::optional<Unconfirmed> judged(const CaseFile& file, const RecordService& records,
                                  const std::string& near_until) {
  const auto* partner = file.root.dossier.member(sync::Role::receiver);
  const auto release = file.text(Handover::kReleaseDateFieldNumber);
  if (file.role() != sync::Role::owner || !partner || !is_on_its_way(file.state) ||
      release.empty() || release > near_until) {
    return std::nullopt;
  }
  Unconfirmed out;
  out.is_unanswered = file.state == Handover::SENT || file.state == Handover::MORE_INFO;
  out.unread = unread_at(partner->organisation, file, records);
  return out.is_unanswered || out.unread > 0 ? std::optional(std::move(out)) : std::nullopt;
}

// How many people each partner was handed for this area.
Result<std::map<OrganisationId, std::size_t>> handed_before(const RecordService& records,
                                                            const std::string& area) {
  std::map<OrganisationId, std::size_t> out;
  if (area.empty()) return out;
  sync::store::ListQuery query;
  query.type = record_type(*Handover::descriptor())->number;
  query.fields = {Handover::kReceiverFieldNumber, Handover::kReleaseAreaFieldNumber};
  query.limit = 500;
  std::size_t looked_at = 0;
  do {
    const auto page = records.glance().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) {
      const auto partner = text_in(row, Handover::kReceiverFieldNumber);
      const auto id = OrganisationId::from(crypto::as_bytes(partner));
      const bool is_here =
          fold_case(text_in(row, Handover::kReleaseAreaFieldNumber)) == fold_case(area);
      if (id && is_here) ++out[*id];
    }
    looked_at += page->rows.size();
    query.after = page->next;
  } while (!query.after.empty() && looked_at < looked_at_max);
  return out;
}

}  // namespace

bool is_unconfirmed(const CaseFile& file, const RecordService& records, int days_before) {
  const auto until = near_until(records, days_before);
  return until && judged(file, records, *until);
}

Result<std::vector<std::string>> possible_backups(const RecordService& records,
                                                  const CaseFile& file) {
  const auto& node = records.node();
  const auto& directory = node.directory();
  const auto before = handed_before(records, file.text(Handover::kReleaseAreaFieldNumber));
  if (!before) return before.error();
  struct Possible {
    std::size_t handed = 0;
    std::string name;
  };
  std::vector<Possible> all;
  for (const auto& listed : directory.organisations()) {
    const auto& id = listed.first;
    const auto& organisation = listed.second;
    const auto& members = file.root.dossier.members;
    const bool takes_part = std::any_of(members.begin(), members.end(),
                                        [&](const auto& each) { return each.organisation == id; });
    const bool may =
        organisation.kind == sync::OrganisationKind::partner && !takes_part &&
        !directory.active_nodes(id).empty() &&
        directory.may_share(node.identity().organisation, id, schema::CASE, node.now_ms());
    if (!may) continue;
    const auto handed = before->find(id);
    all.push_back({handed == before->end() ? 0 : handed->second, organisation.name});
  }
  std::sort(all.begin(), all.end(), [](const Possible& a, const Possible& b) {
    return a.handed != b.handed ? a.handed > b.handed : a.name < b.name;
  });
  std::vector<std::string> out;
  out.reserve(all.size());
  for (auto& each : all) out.push_back(std::move(each.name));
  return out;
}

Result<std::vector<Unconfirmed>> unconfirmed_handovers(RecordService& records, int days_before) {
  const auto until = near_until(records, days_before);
  std::vector<Unconfirmed> out;
  if (!until) return out;
  std::string after;
  std::size_t looked_at = 0;
  do {
    auto page = list_handovers(records, {}, after, page_size);
    if (!page) return page.error();
    for (auto& row : page->rows) {
      if (row.is_closed) continue;
      auto found = judged(row.file, records, *until);
      if (!found) continue;
      found->file = std::move(row.file);
      auto backups = possible_backups(records, found->file);
      if (!backups) return backups.error();
      found->backups = *std::move(backups);
      out.push_back(*std::move(found));
    }
    looked_at += page->rows.size();
    after = page->next;
  } while (!after.empty() && looked_at < looked_at_max);
  return out;
}

}  // namespace throughgate::node
