#include "sync/enrolment_files.h"

#include "crypto/hash.h"
#include "schema/wire.pb.h"
#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/parse.h"
#include "sync/wire_values.h"

namespace throughgate::sync {
namespace {

constexpr std::string_view magic = "TGENROL\n";
constexpr std::uint16_t file_format = 1;
constexpr std::uint16_t invitation_format = 1;
constexpr std::size_t head_size = 8 + 2 + 1 + 16 + 4;

Error invalid(std::string words) { return {ErrorKind::invalid, std::move(words)}; }

Error not_whole() {
  return invalid(
      "This file was copied only in part, or changed on its way. Copy it once more, or ask for it "
      "again. Nothing was changed.");
}

Error other_kind(std::uint8_t kind, EnrolmentFile wanted) {
  std::string words = "This file is ";
  words += words_of(static_cast<EnrolmentFile>(kind));
  words += "; here ";
  words += words_of(wanted);
  words += " is needed. Nothing was changed.";
  return invalid(std::move(words));
}

Hash sum_of(ByteView bytes) { return crypto::hash(contexts::enrolment_file, {bytes}); }

void put_text(LayoutWriter& out, const std::string& text) {
  out.u16(static_cast<std::uint16_t>(text.size())).bytes(crypto::as_bytes(text));
}

std::string text_in(LayoutReader& in) {
  const std::size_t size = in.u16();
  return std::string(crypto::as_text(in.bytes(size)));
}

Bytes covered(const Invitation& in) {
  LayoutWriter out;
  out.u16(invitation_format).u8(static_cast<std::uint8_t>(in.kind)).u64(in.expires_at_ms);
  out.bytes(in.organisation.value_or(OrganisationId()).bytes);
  put_text(out, in.name);
  put_text(out, in.establishment);
  return out.take();
}

Error forged_list() {
  return {ErrorKind::rejected,
          "The central list in this file is not the one that the answer speaks of. Do not use it; "
          "tell the central team. Nothing was changed."};
}

}  // namespace

std::string_view words_of(EnrolmentFile kind) {
  switch (kind) {
    case EnrolmentFile::invitation:
      return "the central team's invitation";
    case EnrolmentFile::request:
      return "a computer's request to be let in";
    case EnrolmentFile::approval:
      return "the central team's answer";
  }
  return "";
}

Bytes write_enrolment_file(EnrolmentFile kind, const MailboxId& mailbox, ByteView content) {
  LayoutWriter out;
  out.bytes(crypto::as_bytes(magic)).u16(file_format).u8(static_cast<std::uint8_t>(kind));
  out.bytes(mailbox.view()).u32(static_cast<std::uint32_t>(content.size())).bytes(content);
  Bytes file = out.take();
  const Hash sum = sum_of(file);
  file.insert(file.end(), sum.begin(), sum.end());
  return file;
}

Result<FiledLetter> read_enrolment_file(ByteView file, EnrolmentFile wanted) {
  LayoutReader in(file);
  if (crypto::as_text(in.bytes(magic.size())) != magic) {
    return invalid(
        "This file is neither an invitation, nor a request to be let in, nor an answer to one. "
        "Look "
        "whether it is the right one. Nothing was changed.");
  }
  const auto format = in.u16();
  if (!in.failed() && format > file_format) {
    return Error{ErrorKind::newer,
                 "This file was made by a newer version of Throughgate. Update this program, then "
                 "try again. Nothing was changed."};
  }
  const auto kind = in.u8();
  FiledLetter out{in.id<MailboxId>(), {}};
  const std::size_t size = in.u32();
  const auto content = in.bytes(size);
  const auto sum = in.array<32>();
  if (!in.finished() || sum != sum_of(file.first(head_size + size))) return not_whole();
  const bool known = kind >= 1 && kind <= 3;
  if (format != file_format || !known) return not_whole();
  if (kind != static_cast<std::uint8_t>(wanted)) return other_kind(kind, wanted);
  out.content.assign(content.begin(), content.end());
  return out;
}

Bytes encode_invitation(const Invitation& invitation, const InvitationCode& code) {
  Bytes out = covered(invitation);
  const Hash mac = code.invitation_mac(out);
  out.insert(out.end(), mac.begin(), mac.end());
  return out;
}

Result<Invitation> open_invitation(ByteView content, const InvitationCode& code) {
  LayoutReader in(content);
  const auto format = in.u16();
  const auto kind = in.u8();
  Invitation out;
  out.expires_at_ms = in.u64();
  const auto organisation = in.id<OrganisationId>();
  if (!organisation.is_zero()) out.organisation = organisation;
  out.name = text_in(in);
  out.establishment = text_in(in);
  const auto mac = in.array<32>();
  const bool is_sound = in.finished() && format == invitation_format && kind >= 1 && kind <= 3;
  if (is_sound) out.kind = static_cast<OrganisationKind>(kind);
  if (!is_sound || !crypto::equal_in_constant_time(mac, code.invitation_mac(covered(out)))) {
    return Error{ErrorKind::rejected,
                 "This invitation was not made with that code, or was altered on the way. Check "
                 "the code with the central team; if it is right, ask them for a new invitation. "
                 "Nothing was changed."};
  }
  return out;
}

Bytes encode_approval(const Approval& approval) {
  schema::SyncRequest list;
  for (const auto& step : approval.list) *list.add_directory() = to_wire(step);
  const std::string bytes = list.SerializeAsString();
  LayoutWriter out;
  out.u16(static_cast<std::uint16_t>(approval.reply.size())).bytes(approval.reply);
  out.bytes(crypto::as_bytes(bytes));
  return out.take();
}

Result<Approval> decode_approval(ByteView content) {
  LayoutReader in(content);
  const auto reply = in.bytes(in.u16());
  schema::SyncRequest list;
  if (in.failed() || !parse(content.subspan(in.position()), list)) return not_whole();
  Approval out{{reply.begin(), reply.end()}, {}};
  for (const auto& each : list.directory()) {
    auto step = from_wire(each);
    if (!step) return not_whole();
    out.list.push_back(*std::move(step));
  }
  return out;
}

Result<Directory> list_in(const Approval& approval, const Trust& trust, const Applicant& asked) {
  Directory out;
  for (const auto& step : approval.list) {
    if (auto applied = out.apply(step, trust.anchor); !applied) {
      return applied.error().kind == ErrorKind::newer ? applied.error() : forged_list();
    }
  }
  const auto* self = out.node(asked.node);
  const bool lets_in = out.version() >= trust.anchor.version && self &&
                       self->organisation == asked.organisation &&
                       self->verify_key == asked.verify_key && self->box_key == asked.box_key;
  return lets_in ? Result(std::move(out)) : forged_list();
}

}  // namespace throughgate::sync
