// How a new computer gets into the directory: it asks, under the code of an invitation; two people
// read the same fingerprint to each other; the desk says yes; the answer names the keys to trust.
// Rules only: who carries the messages, and where they are kept, is for node/ and hub/.
// What the MACs cover stands in docs/format.md.
#pragma once

#include <optional>
#include <string>

#include "sync/directory.h"
#include "sync/invitation_code.h"

namespace throughgate::sync {

constexpr std::uint64_t invitation_ms_max = 14ull * 24 * 60 * 60 * 1000;
constexpr std::size_t enrolment_bytes_max = 4 << 10;  // of either message
constexpr std::size_t enrolment_text_max = 200;       // bytes of a name or a label

// What a computer says of itself.
struct Applicant {
  OrganisationId organisation;
  NodeId node;
  crypto::VerifyKey verify_key{};
  crypto::BoxPublicKey box_key{};
  crypto::BoxPublicKey recovery_key{};
  std::string name;  // the organisation's
  OrganisationKind kind = OrganisationKind::prison;
  std::string establishment;
  std::string label;  // "Reception PC"
  Vouch vouch{};      // not there where it was set up before there was one

  friend bool operator==(const Applicant&, const Applicant&) = default;
};

// What the desk meant when it made the code.
struct Invitation {
  std::string name;
  OrganisationKind kind = OrganisationKind::prison;
  std::string establishment;
  std::optional<OrganisationId> organisation;  // set: another computer of one already listed
  std::uint64_t expires_at_ms = 0;
};

// Whom the new computer is to trust from now on.
struct Trust {
  OrganisationId organisation;
  NodeId node;
  Anchor anchor;  // with the list that lets it in
  crypto::VerifyKey hub_key{};

  friend bool operator==(const Trust&, const Trust&) = default;
};

// Fails with `invalid`: a name or label is empty, too long, or not UTF-8 of one line.
Result<Bytes> encode_request(const Applicant& applicant, const InvitationCode& code);
// Fails with `rejected`: not made with this code, or altered since.
Result<Applicant> open_request(ByteView message, const InvitationCode& code);

Bytes encode_reply(const Trust& trust, const InvitationCode& code);
// Fails with `rejected`: not made with this code, altered since, or for another computer.
Result<Trust> open_reply(ByteView message, const InvitationCode& code, const Applicant& asked);

// Eight words over everything in the request: both sides read them aloud before the desk says yes.
std::string enrolment_fingerprint(const Applicant& applicant);

// What the next version of the directory must say to let this computer in.
//   denied   the invitation is no longer good
//   invalid  it is not whom the invitation is for, or a computer that is in the directory already
Result<schema::DirectoryBody> admit(const Applicant& applicant, const Invitation& invitation,
                                    const Directory& directory, std::uint64_t now_ms);

}  // namespace throughgate::sync
