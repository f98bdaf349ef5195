// An entry as it travels and as it is kept: header bytes, signature, clear part, sealed part.
// Each step of its life has its own type: SignedEntry (bytes that claim something) becomes a
// VerifiedEntry (signature and part hashes hold) only through verify().
#pragma once

#include "crypto/signing_key.h"
#include "sync/change_set.h"
#include "sync/clear_part.h"
#include "sync/header.h"
#include "sync/result.h"

namespace throughgate::sync {

struct SignedEntry {
  Bytes header;
  crypto::Signature signature{};
  Bytes clear;
  Bytes sealed;

  friend bool operator==(const SignedEntry&, const SignedEntry&) = default;
};

class VerifiedEntry {
 public:
  const Header& header() const { return header_; }
  const Hash& hash() const { return hash_; }
  const SignedEntry& bytes() const { return bytes_; }
  // False once the sealed part has been deleted because the entry was redacted.
  bool holds_sealed_part() const { return !bytes_.sealed.empty(); }
  // Set for its kind, already decoded; null for the others.
  const Membership* membership() const { return membership_ ? &*membership_ : nullptr; }
  const Redaction* redaction() const { return redaction_ ? &*redaction_ : nullptr; }

 private:
  friend class EntryVerifier;
  VerifiedEntry() = default;
  Header header_;
  Hash hash_{};
  SignedEntry bytes_;
  std::optional<Membership> membership_;
  std::optional<Redaction> redaction_;
};

// How bytes failed to be an entry of that author. Whoever brought them is told "bad"; nothing is
// kept.
enum class Bad {
  too_large,
  malformed,        // header or clear part is not a layout of ours
  version_unknown,  // made by a newer program: the one case where the bytes are kept, unjudged
  signature,
  part_hash,
};

struct VerifiedOrBad {
  std::optional<VerifiedEntry> entry;
  Bad bad = Bad::malformed;
};

enum class SealedPart { required, may_be_deleted };

// Is `bytes` an entry signed by `author_key`? `header` inside names the author; the caller looks up
// its key in the directory (decode_header first). Checked in this order: size, header, size of its
// kind, signature, part hashes, clear part. Nothing larger than an entry may be is hashed.
VerifiedOrBad verify(SignedEntry bytes, const crypto::VerifyKey& author_key,
                     SealedPart sealed_part = SealedPart::required);

// Bytes that were verified when they came into a store sealed by its own key: decoded again, the
// signature not checked again. nullopt when they no longer decode.
std::optional<VerifiedEntry> as_verified_before(SignedEntry bytes);

// Seals `change_set` and signs the header, whose part digests this fills in.
// Fails with `invalid` when the entry is over its size limit, the change set over one of its own,
// or the header is one that decode_header() would refuse.
Result<VerifiedEntry> seal_and_sign(Header header, Bytes clear, const ChangeSet& change_set,
                                    const crypto::ContentKey& key, const crypto::SigningKey& author,
                                    crypto::Random& random);

// Opens the sealed part of a verified entry with the key of its epoch. Fails as open_change_set().
Result<ChangeSet> open(const VerifiedEntry& entry, const crypto::ContentKey& key);

}  // namespace throughgate::sync
