#include "node/handovers/earlier_partner.h"

#include "records/handover.pb.h"

namespace throughgate::node {

using schema::Handover;

bool is_of_an_earlier_partner(const CaseFile& file, std::uint32_t field) {
  if (field != Handover::kReceiverContactFieldNumber) return false;
  const auto* view = file.root.field(field);
  if (!view || view->ops.empty()) return false;
  const auto partner = sync::OrganisationId::from(file.value(Handover::kReceiverFieldNumber));
  return partner != view->ops.front().organisation;
}

}  // namespace throughgate::node
