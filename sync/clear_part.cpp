#include "sync/clear_part.h"

#include <algorithm>

#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::sync {
namespace {

std::size_t count_of(const Membership& membership, Role role) {
  return static_cast<std::size_t>(std::count_if(membership.members.begin(),
                                                membership.members.end(),
                                                [&](const Member& m) { return m.role == role; }));
}

bool is_well_formed(const Membership& membership) {
  const auto& members = membership.members;
  const bool sorted =
      std::adjacent_find(members.begin(), members.end(), [](const Member& a, const Member& b) {
        return a.organisation >= b.organisation;
      }) == members.end();
  const bool first = membership.number == 1;
  return membership.number > 0 && first == (membership.previous == Hash{}) &&
         (first || membership.dossier_random == ByteArray<16>{}) && sorted &&
         count_of(membership, Role::owner) == 1 && count_of(membership, Role::receiver) <= 1 &&
         count_of(membership, Role::central) <= 1;
}

}  // namespace

std::optional<Role> Membership::role_of(const OrganisationId& organisation) const {
  for (const auto& member : members) {
    if (member.organisation == organisation) return member.role;
  }
  return std::nullopt;
}

OrganisationId Membership::owner() const {
  for (const auto& member : members) {
    if (member.role == Role::owner) return member.organisation;
  }
  return {};
}

Bytes Membership::encode() const {
  LayoutWriter out;
  out.u32(number).bytes(previous).bytes(dossier_random).bytes(key_commitment);
  out.u8(static_cast<std::uint8_t>(members.size()));
  for (const auto& member : members) {
    out.bytes(member.organisation.bytes).u8(static_cast<std::uint8_t>(member.role));
  }
  return out.take();
}

std::optional<Membership> decode_membership(ByteView clear) {
  LayoutReader in(clear);
  Membership membership;
  membership.number = in.u32();
  membership.previous = in.array<32>();
  membership.dossier_random = in.array<16>();
  membership.key_commitment = in.array<32>();
  const std::size_t count = in.u8();
  if (count > members_max) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const auto organisation = in.id<OrganisationId>();
    const std::uint8_t role = in.u8();
    if (role < 1 || role > 5) return std::nullopt;
    membership.members.push_back({organisation, static_cast<Role>(role)});
  }
  if (!in.finished() || !is_well_formed(membership)) return std::nullopt;
  return membership;
}

Bytes Redaction::encode() const {
  LayoutWriter out;
  out.u64(dsn).bytes(entry);
  return out.take();
}

std::optional<Redaction> decode_redaction(ByteView clear) {
  LayoutReader in(clear);
  Redaction redaction;
  redaction.dsn = in.u64();
  redaction.entry = in.array<32>();
  if (!in.finished() || redaction.dsn == 0) return std::nullopt;
  return redaction;
}

DossierId make_dossier_id(const OrganisationId& owner, const crypto::VerifyKey& author,
                          const ByteArray<16>& dossier_random) {
  return DossierId::first_bytes_of(
      crypto::hash(contexts::dossier_id, {owner.view(), author, dossier_random}));
}

}  // namespace throughgate::sync
