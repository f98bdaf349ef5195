// What one request works with: the store inside its transaction, the moment, the directory, who
// asks, and each dossier's order once it has been read.
#pragma once

#include <map>
#include <memory>

#include "hub/directory_history.h"
#include "hub/store/hub_store.h"
#include "hub/stored_order.h"

namespace throughgate::hub {

struct Caller {
  NodeId node;
  OrganisationId organisation;
};

// What one organisation may use. All are limits of this hub, not of the rules.
struct HubLimits {
  std::uint64_t bytes_per_day_max = 256ull << 20;  // entries placed for it in one UTC day
  std::uint64_t dossiers_max = 100'000;            // owned at a time
  std::uint64_t late_bytes_max = 64ull << 20;      // its entries in the late box
};

class Round {
 public:
  Round(HubStore& store, const DirectoryHistory& history, const HubLimits& limits,
        const Caller& caller, std::uint64_t now_ms)
      : store_(store),
        history_(history),
        limits_(limits),
        caller_(caller),
        now_ms_(now_ms),
        state_(store.state()) {}

  HubStore& store() { return store_; }
  const DirectoryHistory& history() const { return history_; }
  const sync::Directory& directory() const { return history_.directory(); }
  const HubLimits& limits() const { return limits_; }
  const Caller& caller() const { return caller_; }
  std::uint64_t now_ms() const { return now_ms_; }
  const HubState& state() const { return state_; }
  void set_recovered();

  StoredOrder& order(const DossierId& dossier);
  void read_again(const DossierId& dossier) { orders_.erase(dossier); }

  // Something in the dossier is news to these organisations: one change for all of them, returned.
  std::uint64_t tell(const DossierId& dossier, const std::set<OrganisationId>& organisations,
                     const std::set<OrganisationId>& from_start = {});
  std::uint64_t tell_members(const DossierId& dossier);
  std::uint64_t next_change();  // for what is news of no dossier

 private:
  HubStore& store_;
  const DirectoryHistory& history_;
  const HubLimits& limits_;
  Caller caller_;
  std::uint64_t now_ms_;
  HubState state_;
  std::map<DossierId, std::unique_ptr<StoredOrder>> orders_;
};

std::set<OrganisationId> members_of(const sync::Membership& membership);

}  // namespace throughgate::hub
