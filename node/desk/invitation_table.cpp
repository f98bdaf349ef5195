#include "node/desk/invitation_table.h"

namespace throughgate::node {
namespace {

using sync::store::bound;
using sync::store::Statement;
using sync::store::UnitOfWork;

std::optional<InvitationRow> read(UnitOfWork& work, const Statement& row) {
  auto code = sync::InvitationCode::from_bytes(row.view(0));
  const auto kind = row.integer(2);
  if (!code || kind < 1 || kind > 3) {
    work.fail_as_damaged();
    return std::nullopt;
  }
  InvitationRow out{*std::move(code), {}, row.unsigned_integer(5), {}, {}, row.integer(9) != 0};
  out.invitation.name = row.text(1);
  out.invitation.kind = static_cast<sync::OrganisationKind>(kind);
  out.invitation.establishment = row.text(3);
  if (!row.is_null(4)) out.invitation.organisation = sync::OrganisationId::from(row.view(4));
  out.invitation.expires_at_ms = row.unsigned_integer(6);
  if (!row.is_null(7)) out.request = row.bytes(7);
  if (!row.is_null(8)) out.approved_in = row.unsigned_integer(8);
  return out;
}

}  // namespace

std::optional<sync::Applicant> applicant_in(const InvitationRow& row) {
  if (!row.request) return std::nullopt;
  auto applicant = sync::open_request(*row.request, row.code);
  return applicant ? std::optional(*std::move(applicant)) : std::nullopt;
}

void InvitationTable::add(const InvitationRow& row) {
  std::optional<crypto::Bytes> organisation;
  if (const auto& id = row.invitation.organisation)
    organisation.emplace(id->bytes.begin(), id->bytes.end());
  work_.run(
      "INSERT INTO invitation (mailbox, code, name, kind, establishment, organisation, made_at_ms, "
      "expires_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      row.code.mailbox().view(), row.code.view(), row.invitation.name,
      static_cast<int>(row.invitation.kind), row.invitation.establishment, organisation,
      row.made_at_ms, row.invitation.expires_at_ms);
}

std::vector<InvitationRow> InvitationTable::all() const {
  std::vector<InvitationRow> out;
  work_.each(
      "SELECT code, name, kind, establishment, organisation, made_at_ms, expires_at_ms, request, "
      "approved_in, answered FROM invitation ORDER BY made_at_ms, mailbox",
      bound(), [&](const Statement& row) {
        if (auto read_row = read(work_, row)) out.push_back(*std::move(read_row));
      });
  return out;
}

std::optional<InvitationRow> InvitationTable::find(const sync::MailboxId& mailbox) const {
  auto found = work_.first(
      "SELECT code, name, kind, establishment, organisation, made_at_ms, expires_at_ms, request, "
      "approved_in, answered FROM invitation WHERE mailbox = ?",
      bound(mailbox.view()), [&](const Statement& row) { return read(work_, row); });
  return found ? std::move(*found) : std::nullopt;
}

void InvitationTable::set_request(const sync::MailboxId& mailbox, crypto::ByteView request) {
  work_.run("UPDATE invitation SET request = ? WHERE mailbox = ?", request, mailbox.view());
}

void InvitationTable::set_approved(const sync::MailboxId& mailbox,
                                   std::uint64_t directory_version) {
  work_.run("UPDATE invitation SET approved_in = ? WHERE mailbox = ?", directory_version,
            mailbox.view());
}

void InvitationTable::remove(const sync::MailboxId& mailbox) {
  work_.run("DELETE FROM invitation WHERE mailbox = ?", mailbox.view());
}

void InvitationTable::set_answered(const sync::MailboxId& mailbox) {
  work_.run("UPDATE invitation SET answered = 1 WHERE mailbox = ?", mailbox.view());
}

}  // namespace throughgate::node
