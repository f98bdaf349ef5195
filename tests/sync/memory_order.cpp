#include "tests/sync/memory_order.h"

namespace throughgate::sync::testing {

MemoryOrder::MemoryOrder(const DossierId& dossier)
    : dossier_(dossier), chain_{chain_start(dossier)} {}

OrderRecord MemoryOrder::place(const VerifiedEntry& entry, const OrganisationId& author,
                               std::uint64_t directory_version, std::uint64_t accepted_at_ms) {
  const OrderRecord record{length() + 1, entry.hash(), directory_version, accepted_at_ms};
  const auto* membership = entry.membership();
  append({entry.header(), entry.hash(),
          membership ? std::optional<Membership>(*membership) : std::nullopt, author},
         record);
  return record;
}

void MemoryOrder::append(Placed placed, const OrderRecord& record) {
  const Header& header = placed.header;
  const auto& membership = placed.membership;
  if (membership && memberships_.takes_effect(*membership, placed.author)) {
    memberships_.append({record.dsn, placed.entry, *membership});
  }
  records_.push_back(record);
  chain_.push_back(chain_next(chain_.back(), record));
  places_[{header.stream, header.seq}] = placed.entry;
  tips_[header.stream] = {header.author, header.seq, placed.entry};
  links_[placed.entry] = {header.stream, header.seq, header.previous, record.dsn};
  entries_.push_back(std::move(placed));
}

void MemoryOrder::hold(const VerifiedEntry& entry) {
  const Header& header = entry.header();
  links_.try_emplace(entry.hash(),
                     EntryLink{header.stream, header.seq, header.previous, std::nullopt});
}

void MemoryOrder::cut(std::uint64_t length) {
  MemoryOrder shorter(dossier_);
  for (std::uint64_t n = 0; n < length; ++n) shorter.append(entries_[n], records_[n]);
  for (auto [entry, link] : links_) {
    link.dsn.reset();
    shorter.links_.try_emplace(entry, link);
  }
  *this = std::move(shorter);
}

Head MemoryOrder::head() const { return {dossier_, length(), chain_.back()}; }

bool MemoryOrder::is_inert(const Hash& entry) const {
  for (const auto& placed : entries_) {
    if (placed.entry != entry || !placed.membership) continue;
    for (const auto& effective : memberships_.all()) {
      if (effective.entry == entry) return false;
    }
    return true;
  }
  return false;
}

std::optional<Hash> MemoryOrder::chain_at(std::uint64_t dsn) const {
  return dsn < chain_.size() ? std::optional(chain_[dsn]) : std::nullopt;
}

std::optional<Hash> MemoryOrder::entry_at(std::uint64_t dsn) const {
  return dsn >= 1 && dsn <= length() ? std::optional(records_[dsn - 1].entry) : std::nullopt;
}

std::optional<Hash> MemoryOrder::placed(const StreamId& stream, std::uint64_t seq) const {
  const auto found = places_.find({stream, seq});
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<StreamTip> MemoryOrder::tip(const StreamId& stream) const {
  const auto found = tips_.find(stream);
  return found == tips_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<EntryKind> MemoryOrder::kind_at(std::uint64_t dsn) const {
  return dsn >= 1 && dsn <= length() ? std::optional(entries_[dsn - 1].header.kind) : std::nullopt;
}

std::optional<Dependency> MemoryOrder::first_entry() const {
  if (entries_.empty()) return std::nullopt;
  const auto& first = entries_.front();
  return Dependency{first.header.stream, first.header.seq, first.entry};
}

std::optional<EntryLink> MemoryOrder::link(const Hash& entry) const {
  const auto found = links_.find(entry);
  return found == links_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace throughgate::sync::testing
