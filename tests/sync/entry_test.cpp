#include "sync/entry.h"

#include <catch_amalgamated.hpp>

#include "sync/contexts.h"
#include "tests/sync/every_bit.h"
#include "tests/sync/test_dossier.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

struct Written {
  TestDossier dossier;
  Stream stream = dossier.new_stream();
  VerifiedEntry first = dossier.begin(stream);
  VerifiedEntry change =
      dossier.add(dossier.owner, stream, {.changes = change_of({set_op(1, "x")})});

  crypto::VerifyKey key() const { return dossier.owner.key.verify_key(); }
};

Bad bad_of(SignedEntry bytes, const crypto::VerifyKey& key,
           SealedPart sealed = SealedPart::required) {
  const auto answer = verify(std::move(bytes), key, sealed);
  REQUIRE_FALSE(answer.entry);
  return answer.bad;
}

// Signed as it stands: what a member's own program might do.
SignedEntry signed_by(const Author& author, SignedEntry bytes, const Header& header) {
  bytes.header = header.encode();
  bytes.signature = author.key.sign(contexts::entry_signature, bytes.header);
  return bytes;
}

SignedEntry with_clear_part(const Written& w, EntryKind kind, Bytes clear) {
  Header header = w.change.header();
  header.kind = kind;
  header.clear = digest_of_part(clear);
  SignedEntry bytes = w.change.bytes();
  bytes.clear = std::move(clear);
  return signed_by(w.dossier.owner, std::move(bytes), header);
}

}  // namespace

TEST_CASE("an entry that was sealed and signed verifies, and opens again", "[entry]") {
  const Written w;
  for (const auto* entry : {&w.first, &w.change}) {
    const auto again = verify(entry->bytes(), w.key());
    REQUIRE(again.entry);
    CHECK(again.entry->hash() == entry->hash());
    CHECK(again.entry->header() == entry->header());
  }
  const auto opened = open(w.change, w.dossier.key);
  REQUIRE(opened);
  CHECK(opened->ops == change_of({set_op(1, "x")}).ops);
}

TEST_CASE("each kind of entry brings its clear part decoded", "[entry]") {
  Written w;
  CHECK(*w.first.membership() == w.dossier.first_membership);
  CHECK(w.first.redaction() == nullptr);
  CHECK(w.change.membership() == nullptr);
  const auto redact =
      w.dossier.add(w.dossier.owner, w.stream, TestDossier::redaction_draft(2, w.change.hash()));
  REQUIRE(redact.redaction() != nullptr);
  CHECK(redact.redaction()->dsn == 2);
  CHECK(redact.membership() == nullptr);
}

TEST_CASE("an entry with one bit flipped anywhere is refused", "[entry]") {
  Written w;
  const auto redact =
      w.dossier.add(w.dossier.owner, w.stream, TestDossier::redaction_draft(2, w.change.hash()));
  SignedEntry entry = w.first.bytes();
  SECTION("of a MEMBERSHIP") {}
  SECTION("of a REDACT") { entry = redact.bytes(); }
  const auto verifies = [&] { return verify(entry, w.key()).entry.has_value(); };
  check_every_bit(entry.header, verifies);
  check_every_bit(entry.signature, verifies);
  check_every_bit(entry.clear, verifies);
  check_every_bit(entry.sealed, verifies);
}

TEST_CASE("an entry cut short anywhere is refused", "[entry]") {
  const Written w;
  const SignedEntry& good = w.first.bytes();
  for (auto part : {&SignedEntry::header, &SignedEntry::clear, &SignedEntry::sealed}) {
    for (std::size_t size = 0; size < (good.*part).size(); ++size) {
      SignedEntry bytes = good;
      (bytes.*part).resize(size);
      CHECK_FALSE(verify(bytes, w.key()).entry);
    }
  }
}

TEST_CASE("an entry signed by another node is refused", "[entry]") {
  const Written w;
  CHECK(bad_of(w.change.bytes(), w.dossier.receiver.key.verify_key()) == Bad::signature);
}

TEST_CASE("a signature of another kind of message is refused", "[entry]") {
  const Written w;
  SignedEntry bytes = w.change.bytes();
  bytes.signature = w.dossier.owner.key.sign(contexts::entry_hash, bytes.header);
  CHECK(bad_of(bytes, w.key()) == Bad::signature);
}

TEST_CASE("each way of being bad has its own name", "[entry]") {
  const Written w;
  SignedEntry bytes = w.change.bytes();
  SECTION("malformed") {
    bytes.header.pop_back();
    CHECK(bad_of(bytes, w.key()) == Bad::malformed);
  }
  SECTION("version unknown") {
    bytes.header[0] = 2;
    CHECK(bad_of(bytes, w.key()) == Bad::version_unknown);
  }
  SECTION("signature") {
    bytes.signature[0] ^= 1;
    CHECK(bad_of(bytes, w.key()) == Bad::signature);
  }
  SECTION("part hash") {
    bytes.sealed[0] ^= 1;
    CHECK(bad_of(bytes, w.key()) == Bad::part_hash);
  }
  SECTION("part hash: a clear part where none belongs") {
    bytes.clear = {1};
    CHECK(bad_of(bytes, w.key()) == Bad::part_hash);
  }
  SECTION("too large") {
    bytes.sealed.resize(entry_bytes_max);
    CHECK(bad_of(bytes, w.key()) == Bad::too_large);
  }
}

TEST_CASE("an entry's size is checked before anything else of it", "[entry]") {
  const Written w;
  SignedEntry bytes = w.change.bytes();
  bytes.header[0] = 2;  // kept, were it smaller
  bytes.sealed.resize(redact_bytes_max);
  CHECK(bad_of(bytes, w.key()) == Bad::too_large);
}

TEST_CASE("an entry may be 64 KiB, a redaction twice that", "[entry]") {
  const Written w;
  const auto of_size = [&](EntryKind kind, std::size_t size) {
    SignedEntry bytes;
    if (kind == EntryKind::redact) bytes.clear = Redaction{2, w.change.hash()}.encode();
    Header header = w.change.header();
    header.kind = kind;
    header.clear = digest_of_part(bytes.clear);
    bytes.sealed.resize(size - header.encode().size() - 64 - bytes.clear.size());
    header.sealed = digest_of_part(bytes.sealed);
    return signed_by(w.dossier.owner, std::move(bytes), header);
  };
  CHECK(verify(of_size(EntryKind::change, entry_bytes_max), w.key()).entry);
  CHECK(bad_of(of_size(EntryKind::change, entry_bytes_max + 1), w.key()) == Bad::too_large);
  CHECK(verify(of_size(EntryKind::redact, redact_bytes_max), w.key()).entry);
  CHECK(bad_of(of_size(EntryKind::redact, redact_bytes_max + 1), w.key()) == Bad::too_large);
}

TEST_CASE("a clear part that is not of its kind is malformed, however well signed", "[entry]") {
  const Written w;
  const auto check_malformed = [&](EntryKind kind, const Bytes& clear) {
    CHECK(bad_of(with_clear_part(w, kind, clear), w.key()) == Bad::malformed);
  };
  check_malformed(EntryKind::membership, Redaction{2, w.change.hash()}.encode());
  check_malformed(EntryKind::redact, w.dossier.first_membership.encode());
  check_malformed(EntryKind::membership, {0});
  check_malformed(EntryKind::redact, Bytes(39));
  // The header's number is 1, as that of every CHANGE at the start; the clear part says 2.
  check_malformed(EntryKind::membership, w.dossier.next_membership().encode());
}

TEST_CASE("a deleted sealed part is allowed only where the caller says so", "[entry]") {
  const Written w;
  SignedEntry bytes = w.change.bytes();
  bytes.sealed.clear();
  CHECK(bad_of(bytes, w.key()) == Bad::part_hash);
  const auto kept = verify(bytes, w.key(), SealedPart::may_be_deleted);
  REQUIRE(kept.entry);
  CHECK_FALSE(kept.entry->holds_sealed_part());
  CHECK(kept.entry->hash() == w.change.hash());
  CHECK_FALSE(open(*kept.entry, w.dossier.key));
  bytes.sealed = {1};  // another one in its place is not a deleted one
  CHECK(bad_of(bytes, w.key(), SealedPart::may_be_deleted) == Bad::part_hash);
}

TEST_CASE("a sealed part does not open in another entry", "[entry]") {
  Written w;
  const auto other = w.dossier.write(w.dossier.owner, w.stream, {.changes = change_of({})});
  Header header = other.header();
  header.sealed = w.change.header().sealed;
  SignedEntry bytes = other.bytes();
  bytes.sealed = w.change.bytes().sealed;
  const auto moved = verify(signed_by(w.dossier.owner, std::move(bytes), header), w.key());
  REQUIRE(moved.entry);  // its author may sign what it likes
  CHECK_FALSE(open(*moved.entry, w.dossier.key));
}

TEST_CASE("an entry that nobody would take is not written", "[entry]") {
  Written w;
  const auto write = [&](const Header& header, const ChangeSet& changes, Bytes clear = {}) {
    const auto made = seal_and_sign(header, std::move(clear), changes, w.dossier.key,
                                    w.dossier.owner.key, w.dossier.random);
    return made ? std::optional<ErrorKind>() : made.error().kind;
  };
  Header header = w.change.header();
  CHECK(write(header, change_of({})) == std::nullopt);
  SECTION("a clear part in a CHANGE") {
    CHECK(write(header, change_of({}), {1}) == ErrorKind::invalid);
  }
  SECTION("nine dependencies") {
    for (std::uint8_t i = 0; i < 9; ++i) header.dependencies.push_back({{{i}}, 1, {}});
    CHECK(write(header, change_of({})) == ErrorKind::invalid);
  }
  SECTION("a broken change set") {
    ChangeSet changes = change_of({});
    changes.reason.resize(reason_bytes_max + 1, 'x');
    CHECK(write(header, changes) == ErrorKind::invalid);
  }
  SECTION("more than fits after packing") {
    SeededRandom random(3);
    std::vector<Op> ops(3, set_op(1, std::string(value_bytes_max, 'x')));
    for (auto& op : ops) random.fill(op.value);
    CHECK(write(header, change_of(ops)) == ErrorKind::invalid);
  }
}

TEST_CASE("no two seals of one change set are alike", "[entry]") {
  Written w;
  Stream a = w.stream;
  Stream b = w.stream;
  const auto one = w.dossier.write(w.dossier.owner, a, {.changes = change_of({})});
  const auto two = w.dossier.write(w.dossier.owner, b, {.changes = change_of({})});
  CHECK(one.bytes().sealed != two.bytes().sealed);
}
