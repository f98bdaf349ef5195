// The clear part of an entry: what the hub must read to route and to judge. A MEMBERSHIP says who
// shares the dossier and which key seals it; a REDACT says which entry it stands in for.
#pragma once

#include <optional>
#include <vector>

#include "crypto/signing_key.h"
#include "sync/ids.h"

namespace throughgate::sync {

enum class Role : std::uint8_t {
  owner = 1,
  receiver = 2,
  contributor = 3,
  reader = 4,
  central = 5
};

constexpr bool may_write_entries(Role role) { return role != Role::reader; }
// Says who is a member, redacts, and seals keys for everybody.
constexpr bool leads(std::optional<Role> role) {
  return role == Role::owner || role == Role::central;
}

struct Member {
  OrganisationId organisation;
  Role role = Role::reader;

  friend bool operator==(const Member&, const Member&) = default;
};

constexpr std::size_t members_max = 32;

// Layout: number u32 · previous 32 · dossier_random 16 · key_commitment 32 ·
//         count u8 × {organisation 16 · role u8}, sorted by organisation.
struct Membership {
  std::uint32_t number = 0;        // 1 for the first entry of a dossier
  Hash previous{};                 // entry hash of membership number - 1; zero for number 1
  ByteArray<16> dossier_random{};  // makes the dossier's id; zero unless number is 1
  Hash key_commitment{};           // of the key in force from here; a new one begins an epoch
  std::vector<Member> members;     // exactly one owner, at most one receiver

  EpochId epoch() const { return EpochId::first_bytes_of(key_commitment); }
  std::optional<Role> role_of(const OrganisationId& organisation) const;
  OrganisationId owner() const;

  Bytes encode() const;
  friend bool operator==(const Membership&, const Membership&) = default;
};

// nullopt unless the bytes are exactly such a layout and its members make sense.
std::optional<Membership> decode_membership(ByteView clear);

// Layout: dsn u64 · entry 32.
struct Redaction {
  std::uint64_t dsn = 0;
  Hash entry{};

  Bytes encode() const;
  friend bool operator==(const Redaction&, const Redaction&) = default;
};
std::optional<Redaction> decode_redaction(ByteView clear);

// A dossier's id binds it to its owner and to the node that made it, so that somebody handed a copy
// cannot register it first as their own.
DossierId make_dossier_id(const OrganisationId& owner, const crypto::VerifyKey& author,
                          const ByteArray<16>& dossier_random);

}  // namespace throughgate::sync
