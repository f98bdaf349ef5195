#include "schema/wire.pb.h"
#include "sync/contexts.h"
#include "sync/wire_form.h"
#include "tests/sync/test_dossier.h"
#include "tests/sync/zstd_frames.h"
#include "tests/vectors/make_vectors.h"

namespace throughgate::vectors {
namespace {

using namespace sync;
using namespace sync::testing;

struct Samples {
  TestDossier dossier{70};
  Stream stream = dossier.new_stream();
  VerifiedEntry first = dossier.begin(stream);
  VerifiedEntry change = dossier.add(
      dossier.owner, stream,
      {.changes = change_of({set_op(1, "12 Mill Lane", {{SeenName::By::dsn, 1, 0, 0}})})});
  VerifiedEntry redact =
      dossier.add(dossier.owner, stream, TestDossier::redaction_draft(2, change.hash()));

  SignedEntry with_header(SignedEntry bytes, const Header& header) const {
    return with_header_bytes(std::move(bytes), header.encode());
  }
  SignedEntry with_header_bytes(SignedEntry bytes, Bytes header) const {
    bytes.header = std::move(header);
    bytes.signature = dossier.owner.key.sign(contexts::entry_signature, bytes.header);
    return bytes;
  }
};

class EntryVectors {
 public:
  explicit EntryVectors(Vectors& out) : out_(out) {}

  VectorFile& add(const std::string& name, const std::string& about, const std::string& expect,
                  const SignedEntry& bytes) {
    VectorFile vector("entry", about, expect);
    vector.add("author_key", samples.dossier.owner.key.verify_key())
        .add("header", bytes.header)
        .add("signature", bytes.signature)
        .add("clear", bytes.clear)
        .add("sealed", bytes.sealed);
    return out_["entry_" + name] = std::move(vector);
  }
  void accept(const std::string& name, const std::string& about, const VerifiedEntry& entry) {
    add(name, about, "accept " + crypto::to_hex(entry.hash()), entry.bytes());
  }
  // Edits the header of the CHANGE and signs it again.
  template <class Edit>
  void header(const std::string& name, const std::string& about, Edit edit) {
    Header header = samples.change.header();
    edit(header);
    add(name, about, "bad malformed", samples.with_header(samples.change.bytes(), header));
  }
  template <class Edit>
  void bytes(const std::string& name, const std::string& about, const std::string& expect,
             Edit edit) {
    SignedEntry bytes = samples.change.bytes();
    edit(bytes);
    add(name, about, expect, bytes);
  }
  template <class Edit>
  void header_bytes(const std::string& name, const std::string& about, const std::string& expect,
                    Edit edit) {
    Bytes header = samples.change.bytes().header;
    edit(header);
    add(name, about, expect, samples.with_header_bytes(samples.change.bytes(), header));
  }
  // A clear part in a header of this kind, all of it signed.
  void clear(const std::string& name, const std::string& about, EntryKind kind, Bytes clear) {
    Header header = samples.change.header();
    header.kind = kind;
    header.clear = digest_of_part(clear);
    SignedEntry bytes = samples.change.bytes();
    bytes.clear = std::move(clear);
    add(name, about, "bad malformed", samples.with_header(std::move(bytes), header));
  }

  Samples samples;

 private:
  Vectors& out_;
};

void add_good(EntryVectors& v) {
  v.accept("first", "The first entry of a dossier: a MEMBERSHIP.", v.samples.first);
  v.accept("change", "A CHANGE.", v.samples.change);
  v.accept("redact", "A REDACT.", v.samples.redact);
  SignedEntry deleted = v.samples.change.bytes();
  deleted.sealed.clear();
  v.add("sealed_part_deleted", "A redacted CHANGE whose sealed part was deleted.",
        "accept " + crypto::to_hex(v.samples.change.hash()), deleted)
      .add("sealed_part", "may_be_deleted");
  v.add("sealed_part_missing", "The same where no sealed part may be missing.", "bad part_hash",
        deleted);
}

void add_flipped(EntryVectors& v) {
  v.bytes("header_bit", "One bit of base_dsn flipped.", "bad signature",
          [](SignedEntry& e) { e.header[112] ^= 1; });
  v.bytes("signature_bit", "One bit of the signature flipped.", "bad signature",
          [](SignedEntry& e) { e.signature[40] ^= 4; });
  v.bytes("sealed_bit", "One bit of the sealed part flipped.", "bad part_hash",
          [](SignedEntry& e) { e.sealed[30] ^= 0x80; });
  v.bytes("sealed_longer", "One byte after the sealed part.", "bad part_hash",
          [](SignedEntry& e) { e.sealed.push_back(0); });
  v.bytes("clear_added", "A clear part in a CHANGE, not in its header.", "bad part_hash",
          [](SignedEntry& e) { e.clear = {0}; });
  v.bytes("context", "Signed under the context of entry hashes.", "bad signature",
          [&](SignedEntry& e) {
            e.signature = v.samples.dossier.owner.key.sign(contexts::entry_hash, e.header);
          });
}

void add_malformed(EntryVectors& v) {
  v.header("seq_0", "seq 0.", [](Header& h) { h.seq = 0; });
  v.header("seq_1_previous", "seq 1 with a previous entry.", [](Header& h) { h.seq = 1; });
  v.header("no_previous", "A later seq without a previous entry.",
           [](Header& h) { h.previous = {}; });
  v.header("membership_0", "Membership version 0.", [](Header& h) { h.membership_version = 0; });
  v.header("no_sealed", "No sealed part.", [](Header& h) { h.sealed = {}; });
  v.header("length_without_hash", "A sealed part whose hash is zero.",
           [](Header& h) { h.sealed.hash = {}; });
  v.header("dependency_seq_0", "A dependency on seq 0.", [](Header& h) {
    h.dependencies = {{StreamId{{1}}, 0, Hash{1}}};
  });
  constexpr std::uint64_t beyond = (std::uint64_t{1} << 62) + 1;
  v.header("seq_beyond", "seq beyond 2 to the 62nd.", [](Header& h) { h.seq = beyond; });
  v.header("base_beyond", "base_dsn beyond 2 to the 62nd.", [](Header& h) { h.base_dsn = beyond; });
  v.header("dependency_seq_beyond", "A dependency on a seq beyond 2 to the 62nd.", [](Header& h) {
    h.dependencies = {{StreamId{{1}}, beyond, Hash{1}}};
  });
  v.header("dependency_own_stream", "A dependency on the entry's own stream.", [](Header& h) {
    h.dependencies = {{h.stream, 1, Hash{1}}};
  });
  v.header("dependencies_unsorted", "Dependencies out of order.", [](Header& h) {
    h.dependencies = {{StreamId{{2}}, 1, Hash{1}}, {StreamId{{1}}, 1, Hash{1}}};
  });
  v.header("dependencies_twice", "One stream twice among the dependencies.", [](Header& h) {
    h.dependencies = {{StreamId{{1}}, 1, Hash{1}}, {StreamId{{1}}, 2, Hash{2}}};
  });
  v.header("dependencies_nine", "Nine dependencies.", [](Header& h) {
    for (std::uint8_t i = 0; i < 9; ++i) h.dependencies.push_back({StreamId{{i}}, 1, Hash{1}});
  });
  v.header_bytes("kind_0", "Kind 0.", "bad malformed", [](Bytes& b) { b[2] = 0; });
  v.header_bytes("kind_4", "Kind 4.", "bad malformed", [](Bytes& b) { b[2] = 4; });
  v.header_bytes("version_0", "Version 0.", "bad malformed", [](Bytes& b) { b[0] = 0; });
  v.header_bytes("version_2", "A newer version: keep it, say that an update is needed.",
                 "bad version_unknown", [](Bytes& b) { b[0] = 2; });
  v.header_bytes("header_short", "A header cut short by one byte.", "bad malformed",
                 [](Bytes& b) { b.pop_back(); });
  v.header_bytes("header_long", "One byte after the header.", "bad malformed",
                 [](Bytes& b) { b.push_back(0); });
  v.header_bytes("header_empty", "No header at all.", "bad malformed", [](Bytes& b) { b.clear(); });
}

void add_clear_parts(EntryVectors& v) {
  const Membership& good = v.samples.dossier.first_membership;
  v.clear("clear_of_another_kind", "A REDACT with a membership for its clear part.",
          EntryKind::redact, good.encode());
  v.clear("redact_dsn_0", "A REDACT of place 0.", EntryKind::redact,
          Redaction{0, Hash{1}}.encode());
  v.clear("redact_short", "A REDACT's clear part cut short.", EntryKind::redact, Bytes(39));
  Membership no_owner = good;
  Membership two_owners = good;
  for (auto& member : no_owner.members) member.role = Role::reader;
  for (auto& member : two_owners.members) member.role = Role::owner;
  v.clear("no_owner", "A membership without an owner.", EntryKind::membership, no_owner.encode());
  v.clear("two_owners", "A membership with several owners.", EntryKind::membership,
          two_owners.encode());
  Membership unsorted = good;
  std::swap(unsorted.members[0], unsorted.members[1]);
  v.clear("members_unsorted", "Members out of order.", EntryKind::membership, unsorted.encode());
  Bytes role = good.encode();
  role.back() = 6;
  v.clear("role_6", "A member in role 6.", EntryKind::membership, role);
  v.clear("number_not_the_headers", "A membership numbered otherwise than its header.",
          EntryKind::membership, v.samples.dossier.next_membership().encode());
}

void add_sizes(Vectors& out, EntryVectors& v) {
  const auto& bytes = v.samples.change.bytes();
  const std::size_t rest = bytes.header.size() + bytes.signature.size();
  VectorFile vector("entry", "An entry of 64 KiB and one byte: refused before anything is hashed.",
                    "bad too_large");
  vector.add("author_key", v.samples.dossier.owner.key.verify_key())
      .add("header", bytes.header)
      .add("signature", bytes.signature)
      .add("clear", "-")
      .add("sealed", "zeros " + std::to_string(entry_bytes_max + 1 - rest));
  out["entry_too_large"] = std::move(vector);
}

// What a holder of the key makes of a sealed part.
void add_sealed(Vectors& out, EntryVectors& v) {
  auto& dossier = v.samples.dossier;
  const Bytes bound_to = v.samples.change.header().encode_before_parts();
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       ByteView sealed) {
    VectorFile vector("sealed_part", about, expect);
    vector.add("content_key", dossier.key.secret().view()).add("bound_to", bound_to);
    out["sealed_" + name] = std::move(vector.add("sealed", sealed));
  };
  const auto seal = [&](ByteView plain) {
    return dossier.key.seal(contexts::entry_seal, bound_to, plain, dossier.random);
  };
  const Bytes& good = v.samples.change.bytes().sealed;
  const auto changes = *encode_change_set(*open(v.samples.change, dossier.key));
  add("good",
      "The sealed part of entry_change, packed with dictionary 1; the result is its ChangeSet "
      "message.",
      "accept " + crypto::to_hex(changes), good);
  add("stored_frame", "The same in a zstd frame that names dictionary 1 and only stores.",
      "accept " + crypto::to_hex(changes),
      seal(crypto::pad(stored_frame(changes.size(), changes))));
  Bytes flipped = good;
  flipped[25] ^= 1;
  add("bit", "One bit flipped.", "rejected: The change does not open with this key.", flipped);
  add("not_padded", "64 zeros: no padding.", "rejected: The change is not padded as it should be.",
      seal(Bytes(64)));
  add("not_packed", "Padded, not packed.",
      "rejected: The change is not packed in a way this program reads.",
      seal(crypto::pad(changes)));
  add("bomb_declared", "A kilobyte that declares 10 GB.",
      "rejected: The change unpacks to more than the limit.",
      seal(crypto::pad(bomb(10'000'000'000, 250))));
  add("bomb_lying", "A kilobyte that declares 100 bytes and holds 32 MB.",
      "rejected: The change does not unpack.", seal(crypto::pad(bomb(100, 250))));
  add("size_lying", "A frame that declares one byte more than it holds.",
      "rejected: The change does not unpack.",
      seal(crypto::pad(stored_frame(changes.size() + 1, changes))));
  add("dictionary_unknown", "A frame that needs dictionary 77.",
      "newer: The change is packed with a dictionary this program does not have.",
      seal(crypto::pad(stored_frame(changes.size(), changes, 77))));
  add("dictionary_none", "A frame that names no dictionary.",
      "rejected: The change is packed without a dictionary.",
      seal(crypto::pad(stored_frame(changes.size(), changes, 0))));
  Bytes trailing = stored_frame(changes.size(), changes);
  trailing.push_back(0);
  add("trailing", "One byte after the frame.",
      "rejected: The change is packed with something after its end.", seal(crypto::pad(trailing)));
  const Bytes not_text{0x1a, 0x0a, 0x0a, 0x08, 1, 2, 3, 4, 5, 6, 7, 8, 0x22, 0x02, 0xc0, 0xaf};
  add("not_utf8", "A reason that is not UTF-8.", "rejected: The change cannot be read.",
      seal(crypto::pad(stored_frame(not_text.size(), not_text))));
}

// The short form on the wire, given what its receiver holds.
void add_wire(Vectors& out, EntryVectors& v) {
  TestDossier& dossier = v.samples.dossier;
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const VerifiedEntry& entry, WireForm form, std::size_t held, auto edit) {
    schema::EntryGroup group;
    add_to_group(entry, form, group);
    edit(group);
    VectorFile vector("wire", about, expect);
    vector.add("dossier", dossier.id.view());
    const VerifiedEntry* order[] = {&v.samples.first, &v.samples.change, &v.samples.redact};
    for (std::size_t i = 0; i < held; ++i) {
      vector.add("place", place_words(*order[i], dossier.owner, dossier.order.records()[i]));
    }
    vector.add("author_key", dossier.owner.key.verify_key());
    const std::string bytes = group.SerializeAsString();
    out["wire_" + name] = std::move(vector.add("group", crypto::as_bytes(bytes)));
  };
  const auto as_it_is = [](schema::EntryGroup&) {};
  const auto expands = [](const VerifiedEntry& entry) {
    return "accept " + crypto::to_hex(entry.bytes().header);
  };
  const auto& change = v.samples.change;
  add("change", "A CHANGE in short form; the result is its header.", expands(change), change,
      WireForm::brief, 1, as_it_is);
  add("first", "A first entry in short form.", expands(v.samples.first), v.samples.first,
      WireForm::brief, 0, as_it_is);
  add("redact", "A REDACT in short form.", expands(v.samples.redact), v.samples.redact,
      WireForm::brief, 2, as_it_is);
  add("full", "A CHANGE in full.", expands(change), change, WireForm::full, 1, as_it_is);
  add("previous_missing", "The entry before it is not held.", "need_full", v.samples.redact,
      WireForm::brief, 1, as_it_is);
  add("signature_bit", "A short form whose signature fails was expanded against another past.",
      "need_full", change, WireForm::brief, 1,
      [](schema::EntryGroup& group) { (*group.mutable_entries(0)->mutable_signature())[0] ^= 1; });
  add("full_signature_bit", "A full form whose signature fails is bad.", "bad signature", change,
      WireForm::full, 1,
      [](schema::EntryGroup& group) { (*group.mutable_entries(0)->mutable_signature())[0] ^= 1; });
  add("stream_unlisted", "A stream that the group does not list.", "malformed", change,
      WireForm::brief, 1,
      [](schema::EntryGroup& group) { group.mutable_entries(0)->set_stream(5); });
  add("full_of_another_dossier", "A full form whose header names another dossier.", "malformed",
      change, WireForm::full, 0,
      [](schema::EntryGroup& group) { (*group.mutable_entries(0)->mutable_header())[4] ^= 1; });
}

}  // namespace

void add_entry_vectors(Vectors& out) {
  EntryVectors entries(out);
  add_good(entries);
  add_flipped(entries);
  add_malformed(entries);
  add_clear_parts(entries);
  add_sizes(out, entries);
  add_sealed(out, entries);
  add_wire(out, entries);
}

}  // namespace throughgate::vectors
