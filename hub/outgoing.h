// What the hub tells a node: the changes since its cursor, and pages of accepted entries.
#pragma once

#include "hub/envelope_shelf.h"
#include "hub/recovery.h"

namespace throughgate::schema {
class FetchReply;
class FetchRequest;
class SyncReply;
class WireDigest;
}  // namespace throughgate::schema

namespace throughgate::hub {

constexpr std::size_t dossiers_per_reply_max = 500;
constexpr std::size_t reply_bytes_max = 1 << 20;  // then `more`; one dossier is always told of
constexpr std::size_t page_bytes_max = 1 << 20;
constexpr std::size_t page_bytes_min = 1 << 10;

// Keeps the caller's digest, and lets the other members know of it.
void take_digest(Round& round, Recovery& recovery, const schema::WireDigest& digest);

// Heads, envelope lists, wanted envelopes and digests newer than `after_change`. Returns the change
// up to which the caller has now been told.
std::uint64_t put_changes(Round& round, Recovery& recovery, EnvelopeShelf& shelf,
                          std::uint64_t after_change, const crypto::SigningKey& hub_key,
                          schema::SyncReply& reply);

void put_pages(Round& round, Recovery& recovery, const schema::FetchRequest& request,
               schema::FetchReply& reply);

}  // namespace throughgate::hub
