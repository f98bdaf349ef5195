#include "sync/entry.h"

#include "sync/contexts.h"

namespace throughgate::sync {

// The one place that makes a VerifiedEntry.
class EntryVerifier {
 public:
  static VerifiedOrBad verify(SignedEntry bytes, const crypto::VerifyKey& author_key,
                              SealedPart sealed_part) {
    if (size_of(bytes) > redact_bytes_max) return bad(Bad::too_large);  // whatever it claims to be
    auto decoded = decode_header(bytes.header);
    if (!decoded.header) {
      const bool newer = decoded.fault == HeaderFault::version_unknown;
      return bad(newer ? Bad::version_unknown : Bad::malformed);
    }
    if (size_of(bytes) > size_limit(decoded.header->kind)) return bad(Bad::too_large);
    if (!crypto::verify(author_key, contexts::entry_signature, bytes.header, bytes.signature)) {
      return bad(Bad::signature);
    }
    const bool deleted = bytes.sealed.empty() && sealed_part == SealedPart::may_be_deleted;
    if (digest_of_part(bytes.clear) != decoded.header->clear ||
        (!deleted && digest_of_part(bytes.sealed) != decoded.header->sealed)) {
      return bad(Bad::part_hash);
    }
    return adopt(std::move(bytes), std::move(*decoded.header));
  }

  // Bytes whose signature and part hashes are known to hold.
  static VerifiedOrBad adopt(SignedEntry bytes, Header header) {
    if (size_of(bytes) > size_limit(header.kind)) return bad(Bad::too_large);
    VerifiedEntry entry;
    entry.header_ = std::move(header);
    if (!read_clear_part(entry, bytes.clear)) return bad(Bad::malformed);
    entry.hash_ = entry_hash(bytes.header);
    entry.bytes_ = std::move(bytes);
    return {std::move(entry), {}};
  }

 private:
  static VerifiedOrBad bad(Bad why) { return {std::nullopt, why}; }

  static std::size_t size_of(const SignedEntry& bytes) {
    return bytes.header.size() + bytes.signature.size() + bytes.clear.size() + bytes.sealed.size();
  }
  static std::size_t size_limit(EntryKind kind) {
    return kind == EntryKind::redact ? redact_bytes_max : entry_bytes_max;
  }

  static bool read_clear_part(VerifiedEntry& entry, ByteView clear) {
    switch (entry.header_.kind) {
      case EntryKind::change:
        return true;
      case EntryKind::membership:
        entry.membership_ = decode_membership(clear);
        return entry.membership_ && entry.membership_->number == entry.header_.membership_version;
      case EntryKind::redact:
        entry.redaction_ = decode_redaction(clear);
        return entry.redaction_.has_value();
    }
    return false;
  }
};

VerifiedOrBad verify(SignedEntry bytes, const crypto::VerifyKey& author_key,
                     SealedPart sealed_part) {
  return EntryVerifier::verify(std::move(bytes), author_key, sealed_part);
}

std::optional<VerifiedEntry> as_verified_before(SignedEntry bytes) {
  auto decoded = decode_header(bytes.header);
  if (!decoded.header) return std::nullopt;
  return EntryVerifier::adopt(std::move(bytes), std::move(*decoded.header)).entry;
}

Result<VerifiedEntry> seal_and_sign(Header header, Bytes clear, const ChangeSet& change_set,
                                    const crypto::ContentKey& key, const crypto::SigningKey& author,
                                    crypto::Random& random) {
  auto sealed = seal_change_set(change_set, key, header.encode_before_parts(), random);
  if (!sealed) return sealed.error();
  header.clear = digest_of_part(clear);
  header.sealed = digest_of_part(*sealed);

  SignedEntry bytes;
  bytes.header = header.encode();
  bytes.signature = author.sign(contexts::entry_signature, bytes.header);
  bytes.clear = std::move(clear);
  bytes.sealed = std::move(*sealed);
  if (decode_header(bytes.header).header != header) {
    return Error{ErrorKind::invalid, "This change could not be written. Nothing was saved."};
  }
  auto made = EntryVerifier::adopt(std::move(bytes), std::move(header));
  if (made.entry) return std::move(*made.entry);
  if (made.bad == Bad::too_large) {
    return Error{ErrorKind::invalid, "This save is too large. Save it in two parts."};
  }
  return Error{ErrorKind::invalid, "This change could not be written. Nothing was saved."};
}

Result<ChangeSet> open(const VerifiedEntry& entry, const crypto::ContentKey& key) {
  return open_change_set(entry.bytes().sealed, key, entry.header().encode_before_parts());
}

}  // namespace throughgate::sync
