// The order of one dossier in memory, for tests: what judge(), the wire form and the causal past
// ask of a store. It keeps what it is given and judges nothing itself.
#pragma once

#include <map>
#include <vector>

#include "sync/causal_past.h"
#include "sync/order.h"
#include "sync/verdict.h"

namespace throughgate::sync::testing {

class MemoryOrder final : public OrderView, public EntryGraph {
 public:
  explicit MemoryOrder(const DossierId& dossier);

  // Gives the entry the next place. Returns the record that the hub would have signed in.
  OrderRecord place(const VerifiedEntry& entry, const OrganisationId& author,
                    std::uint64_t directory_version = 1, std::uint64_t accepted_at_ms = 0);
  // Keeps the entry without a place: provisional, as link() sees it.
  void hold(const VerifiedEntry& entry);
  // Back to the first `length` places, as after a hub restore; the tail is held from now on.
  void cut(std::uint64_t length);

  const std::vector<OrderRecord>& records() const { return records_; }
  Head head() const;
  bool is_inert(const Hash& entry) const;  // a MEMBERSHIP in its place that took no effect

  // OrderView
  std::uint64_t length() const override { return records_.size(); }
  std::optional<Hash> chain_at(std::uint64_t dsn) const override;
  std::optional<Hash> entry_at(std::uint64_t dsn) const override;
  std::optional<Hash> placed(const StreamId& stream, std::uint64_t seq) const override;
  std::optional<StreamTip> tip(const StreamId& stream) const override;
  std::optional<EntryKind> kind_at(std::uint64_t dsn) const override;
  std::optional<Dependency> first_entry() const override;
  const MembershipHistory& memberships() const override { return memberships_; }

  // EntryGraph
  std::optional<EntryLink> link(const Hash& entry) const override;

 private:
  struct Placed {
    Header header;
    Hash entry{};
    std::optional<Membership> membership;
    OrganisationId author;
  };
  void append(Placed placed, const OrderRecord& record);

  DossierId dossier_;
  std::vector<Placed> entries_;
  std::vector<OrderRecord> records_;
  std::vector<Hash> chain_;  // H_0, H_1 ...
  std::map<std::pair<StreamId, std::uint64_t>, Hash> places_;
  std::map<StreamId, StreamTip> tips_;
  std::map<Hash, EntryLink> links_;
  MembershipHistory memberships_;
};

}  // namespace throughgate::sync::testing
