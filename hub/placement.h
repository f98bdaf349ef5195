// One entry of a request: is it an entry, may it have the next place, and if so here it is.
#pragma once

#include "hub/envelope_shelf.h"
#include "sync/wire_form.h"

namespace throughgate::schema {
class EntryAnswer;
class EntryGroup;
class WireEntry;
}  // namespace throughgate::schema

namespace throughgate::hub {

constexpr std::uint64_t hold_ms_max = 14ull * 24 * 60 * 60 * 1000;

// How the entries of one request, or of many, have fared.
struct Tally {
  std::uint64_t accepted = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t need_full = 0;
  std::uint64_t held = 0;
  std::uint64_t rejected = 0;
  std::uint64_t fork = 0;
  std::uint64_t bad = 0;
  std::uint64_t damaged = 0;  // dossiers of a fetch that end early: an entry kept here is spoilt

  Tally& operator+=(const Tally& other);
};

class Placement {
 public:
  Placement(Round& round, Recovery& recovery, EnvelopeShelf& shelf,
            const crypto::SigningKey& hub_key)
      : round_(round), recovery_(recovery), shelf_(shelf), hub_key_(hub_key) {}

  // One answer for each entry, in their order. `group` must name a dossier.
  void answer(const schema::EntryGroup& group, std::vector<schema::EntryAnswer>& answers);
  const Tally& tally() const { return tally_; }

 private:
  schema::EntryAnswer answer_one(const DossierId& dossier, const schema::EntryGroup& group,
                                 const schema::WireEntry& in, sync::WireExpander& expander);
  schema::EntryAnswer judge_one(const sync::VerifiedEntry& entry,
                                const sync::AuthorStanding& author);
  schema::EntryAnswer hold_until_open(const sync::VerifiedEntry& entry);
  schema::EntryAnswer hold(const sync::VerifiedEntry& entry, const sync::AuthorStanding& author,
                           sync::Reason reason);
  schema::EntryAnswer close(const sync::VerifiedEntry& entry, const sync::AuthorStanding& author,
                            const sync::Ruling& ruling);
  schema::EntryAnswer place(const sync::VerifiedEntry& entry, const sync::AuthorStanding& author);
  bool within_quota(const sync::VerifiedEntry& entry, const OrganisationId& author);
  bool takes_bytes(const sync::VerifiedEntry& entry, const OrganisationId& author);
  void tell_of(const sync::VerifiedEntry& entry, const std::set<OrganisationId>& before);

  schema::EntryAnswer accepted(const DossierId& dossier, const Hash& entry,
                               const sync::Ruling& ruling, std::uint64_t dsn);
  schema::EntryAnswer verdict(const DossierId& dossier, const Hash& entry,
                              const sync::Ruling& ruling, std::uint64_t given_at_ms,
                              std::uint64_t dsn = 0);
  schema::EntryAnswer repeat(const DossierId& dossier, const Hash& entry, const FinalVerdict& said);

  Round& round_;
  Recovery& recovery_;
  EnvelopeShelf& shelf_;
  const crypto::SigningKey& hub_key_;
  Tally tally_;
};

}  // namespace throughgate::hub
