// A change of members as a program would write it that asks nobody whether it may.
#pragma once

#include <functional>

#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {

// `change`: of the members as they stand at the one who writes it. Nothing is kept there.
inline sync::VerifiedEntry forged_members(
    Site& by, const sync::DossierId& id,
    const std::function<void(sync::Membership&)>& change = [](sync::Membership&) {}) {
  sync::store::UnitOfWork work(by.node->database());
  const auto context = by.node->context();
  sync::store::Replica replica(work, id, context);
  const auto latest = replica.latest_membership();
  sync::Membership next = latest->membership;
  next.number += 1;
  next.previous = latest->entry;
  change(next);
  return must(sync::store::write_entry(
      replica,
      {sync::EntryKind::membership, next.encode(), by.records->authorship(by.by), {}, {}, {}, {}},
      context));
}

}  // namespace throughgate::node::testing
