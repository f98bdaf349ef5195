// An enrolment that goes by hand: three files, of which each says what it is, to which invitation
// it belongs, and whether it came whole. What they hold is protected by the invitation's code,
// which is in none of them: whoever carries one can neither ask nor answer in anybody's place. The
// layouts stand in docs/format.md.
#pragma once

#include <string_view>

#include "sync/enrolment.h"

namespace throughgate::sync {

constexpr std::size_t enrolment_file_bytes_max = 32 << 20;  // an approval carries the central list

enum class EnrolmentFile : std::uint8_t { invitation = 1, request = 2, approval = 3 };
std::string_view words_of(EnrolmentFile kind);  // "the central team's invitation"

Bytes write_enrolment_file(EnrolmentFile kind, const MailboxId& mailbox, ByteView content);

struct FiledLetter {
  MailboxId mailbox;  // the invitation's number
  Bytes content;
};
// Each fault has a sentence of its own. Fails with
//   invalid  another kind of file, one that was not copied whole, or another letter than this
//   newer    made by a later program
Result<FiledLetter> read_enrolment_file(ByteView file, EnrolmentFile wanted);

// What the desk meant, for the computer's owner to compare before anything travels back.
Bytes encode_invitation(const Invitation& invitation, const InvitationCode& code);
// Fails with `rejected`: not made with this code, or altered since.
Result<Invitation> open_invitation(ByteView content, const InvitationCode& code);

// An approval: the reply, and the central list, which is signed by itself.
struct Approval {
  Bytes reply;
  std::vector<DirectoryStep> list;
};
Bytes encode_approval(const Approval& approval);
// Fails with `invalid`. Nothing in it is checked yet.
Result<Approval> decode_approval(ByteView content);

// The list in an approval, as far as its reply vouches for it. Fails with `rejected`: it was signed
// by others than the reply names, ends before the version that let this computer in, or does not
// let it in.
Result<Directory> list_in(const Approval& approval, const Trust& trust, const Applicant& asked);

}  // namespace throughgate::sync
