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

// How far a node has been told. Something new in a dossier moves the dossier behind all others,
// with what there was to tell of it before: so while answers go on, two places are needed.
struct Told {
  std::uint64_t whole = 0;  // of everything up to here
  std::uint64_t place = 0;  // and since then of the dossiers that last changed up to here
  ByteArray<8> mark{};      // the memory's at `place`
};

// Heads of what has changed since, and their envelope lists, wanted envelopes and digests. Returns
// how far the caller has now been told.
Told put_changes(Round& round, Recovery& recovery, EnvelopeShelf& shelf, const Told& before,
                 const crypto::SigningKey& hub_key, schema::SyncReply& reply);

void put_pages(Round& round, Recovery& recovery, const schema::FetchRequest& request,
               schema::FetchReply& reply);

}  // namespace throughgate::hub
