#include "node/handovers/partner_overview.h"

#include <algorithm>
#include <map>
#include <set>

#include "node/dossier_kinds.h"
#include "node/handovers/acknowledgement.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::OpId;
using sync::OrganisationId;
using sync::Result;
using sync::store::Delivery;
using sync::store::OpView;
using sync::store::RecordView;
using Standings = std::map<OrganisationId, PartnerStanding>;

// What the ops of one handover tell, and of all that hangs on it.
struct Told {
  std::vector<OpId> to_acknowledge;                // ours, sent
  std::set<std::pair<OrganisationId, OpId>> read;  // who has read what
  std::map<OrganisationId, std::uint64_t> heard_ms;
};

void note(const OpView& op, const OpenNode& node, Told& told) {
  if (op.organisation == node.identity().organisation) return;
  auto& heard = told.heard_ms[op.organisation];
  heard = std::max(heard, op.arrived_at_ms);
}

void tell(const RecordView& record, const OpenNode& node, Told& told) {
  for (const auto& op : to_be_read(record, node.policies())) {
    const bool ours = op.organisation == node.identity().organisation;
    if (ours && op.dsn) told.to_acknowledge.push_back(op.id);
  }
  for (const auto& field : record.fields) {
    for (const auto& op : field.ops) {
      note(op, node, told);
      const bool is_receipt =
          record.name.record == sync::RecordId{} && field.field == Handover::kReceiptsFieldNumber;
      if (!is_receipt) continue;
      if (const auto change = receipt_in(op.value)) told.read.emplace(op.organisation, *change);
    }
  }
}

Result<Told> told_by(const CaseFile& file, const RecordService& records) {
  Told told;
  tell(file.root, records.node(), told);
  for (const auto* rows : {&file.flags, &file.needs, &file.disclosures}) {
    for (const auto& row : *rows) {
      const auto record = records.glance().read(row.name);
      if (!record) return record.error();
      tell(*record, records.node(), told);
    }
  }
  return told;
}

bool is_of(const OrganisationId& organisation, const Delivery& delivery, const OpenNode& node) {
  const auto* computer = node.directory().node(delivery.node);
  return computer && computer->organisation == organisation;
}

void hear(std::uint64_t at_ms, PartnerStanding& with) {
  with.last_heard_ms = std::max(with.last_heard_ms, at_ms);
}

// Has one of the organisation's computers proven to hold everything?
bool has_arrived(const OrganisationId& organisation, const RecordView& root,
                 const std::vector<Delivery>& deliveries, const OpenNode& node) {
  return std::any_of(deliveries.begin(), deliveries.end(), [&](const Delivery& delivery) {
    return is_of(organisation, delivery, node) && delivery.proven_dsn >= root.dossier.length;
  });
}

std::size_t unread_by(const OrganisationId& organisation, const Told& told) {
  return static_cast<std::size_t>(std::count_if(
      told.to_acknowledge.begin(), told.to_acknowledge.end(), [&](const OpId& change) {
        return !told.read.contains({organisation, change});
      }));
}

Result<sync::Done> add(const sync::store::RecordName& handover, const RecordService& records,
                       Standings& standings) {
  const auto& node = records.node();
  const auto file = read_case(records, handover.dossier, Look::judged);
  if (!file) return file.error();
  const auto deliveries = records.glance().deliveries(handover.dossier);
  if (!deliveries) return deliveries.error();
  const auto told = told_by(*file, records);
  if (!told) return told.error();
  for (const auto& member : file->root.dossier.members) {
    const auto& id = member.organisation;
    if (id == node.identity().organisation) continue;
    auto& with = standings[id];
    ++with.handovers;
    if (file->root.dossier.provisional) ++with.waiting_to_go;
    for (const auto& delivery : *deliveries) {
      if (is_of(id, delivery, node)) hear(delivery.heard_at_ms, with);
    }
    if (!has_arrived(id, file->root, *deliveries, node)) ++with.not_arrived;
    const auto heard = told->heard_ms.find(id);
    if (heard != told->heard_ms.end()) hear(heard->second, with);
    if (!is_asked_to_read(member.role)) continue;
    with.unread_there = with.unread_there.value_or(0) + unread_by(id, *told);
  }
  return sync::Done{};
}

// What is over counts for nothing but when it was heard of: it may have ended by what came last. Of
// its changes those of the handover itself, which end it, are enough.
Result<sync::Done> hear_of_what_is_over(const sync::store::RecordName& handover,
                                        const RecordService& records, Standings& standings) {
  const auto ops = records.glance().ops(handover);
  if (!ops) return ops.error();
  const auto deliveries = records.glance().deliveries(handover.dossier);
  if (!deliveries) return deliveries.error();
  for (const auto& op : *ops) {
    const auto with = standings.find(op.organisation);
    if (with != standings.end()) hear(op.arrived_at_ms, with->second);
  }
  for (auto& [id, with] : standings) {
    for (const auto& delivery : *deliveries) {
      if (is_of(id, delivery, records.node())) hear(delivery.heard_at_ms, with);
    }
  }
  return sync::Done{};
}

}  // namespace

Result<std::vector<PartnerStanding>> standing_with_partners(const RecordService& records) {
  Standings standings;
  sync::store::ListQuery query;
  query.type = record_type(*Handover::descriptor())->number;
  query.fields = {Handover::kStateFieldNumber};
  query.limit = 200;
  std::vector<sync::store::RecordName> over;
  do {
    const auto page = records.glance().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) {
      if (records.glance().is_closed(row.name.dossier)) continue;
      const auto state = static_cast<int>(number_in(row, Handover::kStateFieldNumber));
      if (Handover::State_IsValid(state) && is_over(static_cast<Handover::State>(state))) {
        over.push_back(row.name);
        continue;
      }
      if (auto added = add(row.name, records, standings); !added) return added.error();
    }
    query.after = page->next;
  } while (!query.after.empty());
  for (const auto& handover : over) {
    if (standings.empty()) break;
    if (auto heard = hear_of_what_is_over(handover, records, standings); !heard) {
      return heard.error();
    }
  }
  std::vector<PartnerStanding> out;
  for (auto& [id, with] : standings) {
    with.organisation = id;
    with.name = organisation_name(records.node(), id);
    out.push_back(std::move(with));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

}  // namespace throughgate::node
