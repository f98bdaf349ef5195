#include "node/handovers/delivery.h"

#include "node/days.h"
#include "node/dossier_kinds.h"
#include "node/handovers/acknowledgement.h"
#include "node/records/formats.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::Result;
using sync::store::Delivery;
using sync::store::OpView;

std::vector<Arrival> arrivals(const OpView& change, const std::vector<Delivery>& deliveries,
                              const OpenNode& node) {
  std::vector<Arrival> out;
  if (!change.dsn) return out;
  for (const auto& delivery : deliveries) {
    const auto* other = node.directory().node(delivery.node);
    if (!other || delivery.proven_dsn < *change.dsn ||
        other->organisation == node.identity().organisation) {
      continue;
    }
    out.push_back({other->organisation,
                   organisation_name(node, other->organisation) + " (" + other->label + ")"});
  }
  return out;
}

std::vector<Reading> readings(const sync::OpId& change, const CaseFile& file,
                              const OpenNode& node) {
  std::vector<Reading> out;
  const auto* receipts = file.root.field(Handover::kReceiptsFieldNumber);
  if (!receipts) return out;
  for (const auto* op : receipts->listed()) {
    if (receipt_in(op->value) != change) continue;
    out.push_back({op->organisation, organisation_name(node, op->organisation), op->actor_name,
                   op->effective_ms});
  }
  return out;
}

std::string on_day(std::uint64_t ms) { return shown_text(schema::FieldRule::DATE, iso_day(ms)); }

}  // namespace

Result<std::vector<ChangeFacts>> facts_of(const RecordService& records, const CaseFile& file,
                                          const std::vector<OpView>& changes) {
  const auto deliveries = records.reader().deliveries(file.id());
  if (!deliveries) return deliveries.error();
  std::vector<ChangeFacts> out;
  out.reserve(changes.size());
  for (const auto& change : changes) {
    const bool ours = change.node == records.node().identity().node;
    out.push_back({change.id, ours, change.accepted_at_ms, ours ? 0 : change.arrived_at_ms,
                   arrivals(change, *deliveries, records.node()),
                   readings(change.id, file, records.node())});
  }
  return out;
}

std::string without_place_in_words(const ChangeFacts& facts) {
  return facts.is_ours ? "Not sent yet" : "Carried in by hand, not confirmed yet";
}

std::string in_words(const ChangeFacts& facts) {
  if (!facts.sent_at_ms) return without_place_in_words(facts) + ".";
  std::string out = "Sent on " + on_day(*facts.sent_at_ms) + ".";
  if (facts.reached_us_ms > 0) out += " Reached us on " + on_day(facts.reached_us_ms) + ".";
  for (const auto& arrival : facts.arrived_at) out += " Arrived at " + arrival.name + ".";
  for (const auto& reading : facts.read_by) {
    out += " Read by " + reading.actor_name + ", " + reading.organisation_name + ", on " +
           on_day(reading.at_ms) + ".";
  }
  return out;
}

}  // namespace throughgate::node
