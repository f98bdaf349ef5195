// The code that the desk gives to a new computer's owner by telephone or letter: 100 random bits,
// good once. It keys the MACs of both enrolment messages and names the mailbox they lie in; it
// never travels through the hub itself.
//
// As written: 20 characters of the code and 4 that check it, in groups of four, "4F2K-9QXT-...".
// The characters are the digits and the letters without I, L, O and U; what is typed may be in
// either case, with O for 0, and I or L for 1.
#pragma once

#include <optional>
#include <string_view>

#include "crypto/random.h"
#include "crypto/secret.h"
#include "sync/ids.h"

namespace throughgate::sync {

using MailboxId = Id<struct MailboxTag, 16>;

constexpr std::size_t code_text_max = 200;  // characters; longer text is refused unread

class InvitationCode {
 public:
  static InvitationCode make(crypto::Random& random);
  // nullopt: mistyped. One mistake in a million does not show.
  static std::optional<InvitationCode> from_text(std::string_view typed);
  // As kept at the desk and at the node until it is used.
  static std::optional<InvitationCode> from_bytes(ByteView kept);

  crypto::SecretText text() const;
  ByteView view() const { return bits_.view(); }
  InvitationCode duplicate() const { return InvitationCode(bits_.duplicate()); }

  MailboxId mailbox() const;
  Hash request_mac(ByteView message) const;
  Hash reply_mac(ByteView message) const;
  Hash invitation_mac(ByteView message) const;  // of the invitation itself, where it is a file

 private:
  explicit InvitationCode(crypto::Secret<13> bits) : bits_(std::move(bits)) {}
  std::uint32_t check() const;

  crypto::Secret<13> bits_;  // 100 bits, the first byte's highest first; the last 4 bits are zero
};

}  // namespace throughgate::sync
