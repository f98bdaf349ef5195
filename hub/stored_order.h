// A dossier's order as the rules see it, read from the store as it is asked for; memberships are
// read once. Also of a branch: below its first place the order held counts.
// Lifetime: one request; the store must outlive it.
#pragma once

#include <optional>

#include "hub/store/hub_store.h"

namespace throughgate::hub {

class StoredOrder final : public sync::OrderView {
 public:
  // An unknown dossier has an empty order, and a chain in the store from its first entry on.
  StoredOrder(HubStore& store, const DossierId& dossier);
  StoredOrder(HubStore& store, const StoredOrder& held, const Branch& branch);

  std::uint64_t length() const override { return chain_.length; }
  std::optional<Hash> chain_at(std::uint64_t dsn) const override;
  std::optional<Hash> entry_at(std::uint64_t dsn) const override;
  std::optional<Hash> placed(const StreamId& stream, std::uint64_t seq) const override;
  std::optional<sync::StreamTip> tip(const StreamId& stream) const override;
  std::optional<sync::EntryKind> kind_at(std::uint64_t dsn) const override;
  std::optional<sync::Dependency> first_entry() const override;
  const sync::MembershipHistory& memberships() const override { return memberships_; }

  const Chain& chain() const { return chain_; }
  std::optional<StreamEnd> find(const StreamId& stream, std::uint64_t seq) const;
  std::optional<PlacedEntry> read(std::uint64_t dsn) const;

  // Gives a judged entry the place in `record`, which is the next one. A MEMBERSHIP that takes
  // effect does so; the sealed part of what a REDACT names is deleted.
  void append(const sync::VerifiedEntry& entry, const sync::OrderRecord& record,
              const OrganisationId& author);
  void set_signed_by(const InstanceId& instance);
  void set_opened_in(const InstanceId& instance);
  // Branches only: takes the place of the order held, which must be read anew.
  void adopt(StoredOrder& held, const InstanceId& signed_by);

 private:
  bool has(std::uint64_t dsn) const { return dsn > 0 && dsn <= chain_.length; }
  ChainId chain_of(std::uint64_t dsn) const;
  void read_memberships();
  void save();

  HubStore& store_;
  Chain chain_;
  std::optional<Branch> branch_;  // when this is one
  ChainId held_ = 0;              // under the branch
  sync::MembershipHistory memberships_;
};

}  // namespace throughgate::hub
