#include "sync/enrolment.h"

#include <algorithm>

#include "crypto/words.h"
#include "schema/enrolment.pb.h"
#include "sync/layout.h"
#include "sync/parse.h"
#include "sync/wire_values.h"

namespace throughgate::sync {
namespace {

constexpr std::uint16_t request_format = 1;
constexpr std::uint16_t reply_format = 2;  // of 1, which named a directory key, there are none left

Error not_genuine() {
  return {ErrorKind::rejected,
          "This message was not made with that code, or was altered on the way. Check the code "
          "with the central team; if it is right, ask them for a new one."};
}

void put_text(LayoutWriter& out, const std::string& text) {
  out.u16(static_cast<std::uint16_t>(text.size())).bytes(crypto::as_bytes(text));
}

Bytes covered(const Applicant& in) {
  LayoutWriter out;
  out.u16(request_format).bytes(in.organisation.bytes).bytes(in.node.bytes);
  out.bytes(in.verify_key);
  out.bytes(in.box_key).bytes(in.recovery_key).u8(static_cast<std::uint8_t>(in.kind));
  put_text(out, in.name);
  put_text(out, in.establishment);
  put_text(out, in.label);
  if (in.vouch.is_there()) out.bytes(in.vouch.sheet_key).bytes(in.vouch.signature);
  return out.take();
}

Bytes covered(const Trust& in) {
  LayoutWriter out;
  out.u16(reply_format).bytes(in.organisation.bytes).bytes(in.node.bytes);
  out.bytes(in.anchor.root).bytes(in.hub_key).u64(in.anchor.version).bytes(in.anchor.head);
  return out.take();
}

bool is_one_line(const std::string& text) {
  return text.size() <= enrolment_text_max && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

bool is_sound(const Applicant& in) {
  return !in.organisation.is_zero() && !in.node.is_zero() && !in.name.empty() &&
         is_one_line(in.name) && is_one_line(in.establishment) && is_one_line(in.label);
}

template <class Message>
Bytes bytes_of(const Message& message) {
  const std::string text = message.SerializeAsString();
  return {text.begin(), text.end()};
}

template <class Message>
std::optional<Message> parse(ByteView bytes, std::uint16_t format) {
  Message message;
  if (bytes.size() > enrolment_bytes_max || !sync::parse(bytes, message) ||
      message.format() != format) {
    return std::nullopt;
  }
  return message;
}

std::optional<Applicant> read(const schema::EnrolmentRequest& in) {
  const auto organisation = id_from_wire<OrganisationId>(in.organisation());
  const auto node = id_from_wire<NodeId>(in.node());
  const auto verify_key = hash_from_wire(in.verify_key());
  const auto box_key = hash_from_wire(in.box_key());
  const auto recovery_key = hash_from_wire(in.recovery_key());
  if (!organisation || !node || !verify_key || !box_key || !recovery_key || in.kind() < 1 ||
      in.kind() > 3) {
    return std::nullopt;
  }
  Applicant out{*organisation,
                *node,
                *verify_key,
                *box_key,
                *recovery_key,
                in.name(),
                static_cast<OrganisationKind>(in.kind()),
                in.establishment(),
                in.label()};
  if (!in.sheet_key().empty() || !in.vouch().empty()) {
    const auto sheet_key = hash_from_wire(in.sheet_key());
    const auto signature = crypto::to_array<64>(crypto::as_bytes(in.vouch()));
    if (!sheet_key || !signature) return std::nullopt;
    out.vouch = {*sheet_key, *signature};
    if (!out.vouch.is_there()) return std::nullopt;
  }
  return is_sound(out) ? std::optional(std::move(out)) : std::nullopt;
}

bool holds(const std::string& mac, const Hash& expected) {
  return crypto::equal_in_constant_time(crypto::as_bytes(mac), expected);
}

VouchedFor vouched_part(const Applicant& in) {
  return {in.organisation, in.node, in.verify_key, in.box_key};
}

Result<Done> fits(const Applicant& applicant, const Invitation& invitation,
                  const Directory& directory) {
  const auto invalid = [](const char* message) { return Error{ErrorKind::invalid, message}; };
  if (directory.node(applicant.node))
    return invalid("This computer is in the central list already.");
  if (applicant.vouch.is_there() && !holds(applicant.vouch, vouched_part(applicant))) {
    return invalid(
        "What this computer says of its recovery sheet does not hold. Set it up again, with the "
        "sheet if the organisation has one.");
  }
  if (applicant.kind != invitation.kind || applicant.establishment != invitation.establishment) {
    return invalid(
        "What this computer says of its organisation is not what the invitation is for. Ask them "
        "which is right, and invite them again if need be.");
  }
  const auto* listed = directory.organisation(applicant.organisation);
  if (!invitation.organisation) {
    if (!listed) return Done{};
    return invalid(
        "This computer says that it belongs to an organisation that is in the central list "
        "already, but the invitation is for a new one.");
  }
  if (applicant.organisation != *invitation.organisation || !listed) {
    return invalid("This computer belongs to another organisation than the one invited.");
  }
  if (applicant.recovery_key != listed->recovery_key ||
      (listed->sheet_key != crypto::VerifyKey{} &&
       applicant.vouch.sheet_key != listed->sheet_key)) {
    return invalid(
        "This computer was set up with another recovery sheet than the organisation's. Set it up "
        "again with the sheet from their safe.");
  }
  return Done{};
}

}  // namespace

Result<Bytes> encode_request(const Applicant& applicant, const InvitationCode& code) {
  if (!is_sound(applicant)) {
    return Error{ErrorKind::invalid,
                 "The names of the organisation and of this computer must be one line of at most "
                 "200 letters. Nothing was sent."};
  }
  schema::EnrolmentRequest out;
  out.set_format(request_format);
  out.set_organisation(to_wire(applicant.organisation.view()));
  out.set_node(to_wire(applicant.node.view()));
  out.set_verify_key(to_wire(ByteView(applicant.verify_key)));
  out.set_box_key(to_wire(ByteView(applicant.box_key)));
  out.set_recovery_key(to_wire(ByteView(applicant.recovery_key)));
  out.set_name(applicant.name);
  out.set_kind(static_cast<schema::DirectoryOrganisation::Kind>(applicant.kind));
  out.set_establishment(applicant.establishment);
  out.set_label(applicant.label);
  if (applicant.vouch.is_there()) {
    out.set_sheet_key(to_wire(ByteView(applicant.vouch.sheet_key)));
    out.set_vouch(to_wire(ByteView(applicant.vouch.signature)));
  }
  out.set_mac(to_wire(ByteView(code.request_mac(covered(applicant)))));
  return bytes_of(out);
}

Result<Applicant> open_request(ByteView message, const InvitationCode& code) {
  const auto request = parse<schema::EnrolmentRequest>(message, request_format);
  auto applicant = request ? read(*request) : std::nullopt;
  if (!applicant || !holds(request->mac(), code.request_mac(covered(*applicant)))) {
    return not_genuine();
  }
  return *std::move(applicant);
}

Bytes encode_reply(const Trust& trust, const InvitationCode& code) {
  schema::EnrolmentReply out;
  out.set_format(reply_format);
  out.set_organisation(to_wire(trust.organisation.view()));
  out.set_node(to_wire(trust.node.view()));
  out.set_anchor(to_wire(ByteView(trust.anchor.root)));
  out.set_directory_version(trust.anchor.version);
  out.set_directory_head(to_wire(ByteView(trust.anchor.head)));
  out.set_hub_key(to_wire(ByteView(trust.hub_key)));
  out.set_mac(to_wire(ByteView(code.reply_mac(covered(trust)))));
  return bytes_of(out);
}

Result<Trust> open_reply(ByteView message, const InvitationCode& code, const Applicant& asked) {
  const auto reply = parse<schema::EnrolmentReply>(message, reply_format);
  if (!reply) return not_genuine();
  const auto organisation = id_from_wire<OrganisationId>(reply->organisation());
  const auto node = id_from_wire<NodeId>(reply->node());
  const auto root = hash_from_wire(reply->anchor());
  const auto head = hash_from_wire(reply->directory_head());
  const auto hub_key = hash_from_wire(reply->hub_key());
  if (!organisation || !node || !root || !head || !hub_key) return not_genuine();
  Trust trust{*organisation, *node, *root, *hub_key};
  trust.anchor.version = reply->directory_version();
  trust.anchor.head = *head;
  if (!holds(reply->mac(), code.reply_mac(covered(trust)))) return not_genuine();
  if (trust.organisation != asked.organisation || trust.node != asked.node) {
    return Error{ErrorKind::rejected,
                 "The answer is for another computer. Ask the central team for a new code."};
  }
  return trust;
}

std::string enrolment_fingerprint(const Applicant& applicant) {
  return crypto::fingerprint_words(covered(applicant));
}

Result<schema::DirectoryBody> admit(const Applicant& applicant, const Invitation& invitation,
                                    const Directory& directory, std::uint64_t now_ms) {
  if (now_ms >= invitation.expires_at_ms) {
    return Error{ErrorKind::denied, "This invitation is too old. Make a new one."};
  }
  if (auto fit = fits(applicant, invitation, directory); !fit) return fit.error();
  schema::DirectoryBody body;
  if (!invitation.organisation) {
    auto& organisation = *body.add_organisations();
    organisation.set_id(to_wire(applicant.organisation.view()));
    organisation.set_name(invitation.name);
    organisation.set_kind(static_cast<schema::DirectoryOrganisation::Kind>(invitation.kind));
    organisation.set_recovery_key(to_wire(ByteView(applicant.recovery_key)));
    organisation.set_establishment(invitation.establishment);
    if (applicant.vouch.is_there()) {
      organisation.set_sheet_key(to_wire(ByteView(applicant.vouch.sheet_key)));
    }
  }
  auto& node = *body.add_nodes();
  node.set_id(to_wire(applicant.node.view()));
  node.set_organisation(to_wire(applicant.organisation.view()));
  node.set_verify_key(to_wire(ByteView(applicant.verify_key)));
  node.set_box_key(to_wire(ByteView(applicant.box_key)));
  node.set_label(applicant.label);
  if (applicant.vouch.is_there()) {
    node.set_vouch(to_wire(ByteView(applicant.vouch.signature)));
  }
  return body;
}

}  // namespace throughgate::sync
