// Where a change has come: sent, arrived, read. Facts beside a handover's stage, never stages.
#pragma once

#include "node/handovers/case_file.h"

namespace throughgate::node {

struct Arrival {
  sync::OrganisationId organisation;
  std::string name;  // "Bridge Trust (Reception PC)": of the organisation and its computer
};

struct Reading {
  sync::OrganisationId organisation;
  std::string organisation_name;
  std::string actor_name;
  std::uint64_t at_ms = 0;  // as far as the exchange's order bounds it
};

struct ChangeFacts {
  sync::OpId change;
  bool is_ours = false;                     // made on this computer
  std::optional<std::uint64_t> sent_at_ms;  // has its place in the order; none: it has none yet
  std::uint64_t reached_us_ms = 0;          // by this machine's clock; 0: ours, or not known
  std::vector<Arrival> arrived_at;          // proven: the other's records are equal that far
  std::vector<Reading> read_by;
};

// Of each of these changes of one handover, in their order.
sync::Result<std::vector<ChangeFacts>> facts_of(const RecordService& records, const CaseFile& file,
                                                const std::vector<sync::store::OpView>& changes);

// "Not sent yet"; "Carried in by hand, not confirmed yet" where it came from others.
std::string without_place_in_words(const ChangeFacts& facts);
// "Sent on 4 December 2026. Arrived at Bridge Trust (Office). Read by Ann Jones, Bridge Trust, on 5
// December."
std::string in_words(const ChangeFacts& facts);

}  // namespace throughgate::node
