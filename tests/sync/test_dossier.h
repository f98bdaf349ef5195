// A dossier in the making, with made-up organisations: writes entries as nodes do, each detail
// open to being made wrong. Everything comes from a seed, so every run makes the same bytes.
#pragma once

#include <string_view>

#include "sync/entry.h"
#include "sync/envelope.h"
#include "tests/sync/memory_order.h"
#include "tests/sync/seeded_random.h"

namespace throughgate::sync::testing {

// A node and its organisation.
struct Author {
  OrganisationId organisation;
  NodeId node;
  crypto::SigningKey key;

  AuthorStanding standing() const { return {organisation, key.verify_key(), false}; }
};
Author make_author(crypto::Random& random);
// A second node of the same organisation.
Author make_sister(const Author& author, crypto::Random& random);

struct Stream {
  StreamId id;
  std::uint64_t seq = 0;
  Hash tip{};

  Dependency as_dependency() const { return {id, seq, tip}; }
};

// What differs from an ordinary CHANGE written with everything in the order seen.
struct Draft {
  EntryKind kind = EntryKind::change;
  std::optional<std::uint64_t> base = {};
  std::optional<Hash> base_head = {};
  std::optional<std::uint32_t> membership_version = {};
  std::optional<EpochId> epoch = {};
  std::optional<Hash> previous = {};
  std::optional<std::uint64_t> seq = {};
  std::vector<Dependency> dependencies = {};
  Bytes clear = {};
  ChangeSet changes = {};
};

class TestDossier {
 public:
  explicit TestDossier(std::uint64_t seed = 1);

  SeededRandom random;
  // The members of the first membership, in these roles. The stranger is in none.
  Author owner, receiver, contributor, reader, desk, stranger;
  crypto::ContentKey key;
  Membership first_membership;
  DossierId id;
  MemoryOrder order;

  Stream new_stream() { return {StreamId::random(random), 0, {}}; }

  // Writes the next entry of a stream and moves the stream on; nothing gets a place.
  VerifiedEntry write(const Author& author, Stream& stream, Draft draft = {});
  VerifiedEntry write_first(Stream& stream);  // by the owner, in a new stream
  // As the one in force, with the changes that `edit` makes; new_key begins an epoch.
  Membership next_membership() const;
  static Draft membership_draft(const Membership& membership);
  static Draft redaction_draft(std::uint64_t dsn, const Hash& entry);

  Ruling judge(const VerifiedEntry& entry, const Author& author,
               const FinalVerdicts& finals = FinalVerdicts()) const;
  void place(const VerifiedEntry& entry, const Author& author);  // one second after the one before
  // Writes, and gives the entry its place.
  VerifiedEntry add(const Author& author, Stream& stream, Draft draft = {});
  // A first entry in its place, written in `stream`.
  VerifiedEntry begin(Stream& stream);
};

ChangeSet change_of(std::vector<Op> ops, std::uint64_t clock_ms = 1'800'000'000'000);
Op set_op(std::uint32_t field, std::string_view value, std::vector<SeenName> supersedes = {});

}  // namespace throughgate::sync::testing
