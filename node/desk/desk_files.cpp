// Enrolment by hand, at the desk: the same steps as by the hub's mailbox, in files.
#include "node/desk/desk.h"
#include "node/tries.h"
#include "sync/enrolment_files.h"
#include "sync/store/directory_table.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::EnrolmentFile;
using sync::Error;
using sync::ErrorKind;
using sync::MailboxId;
using sync::Result;
using sync::store::UnitOfWork;

constexpr Tries::What requests_brought{};  // one count for all of them

Tries tries(OpenNode& node) {
  return {node,
          {sync::store::setting::enrolment_tries, desk_tries_max, desk_wait_ms,
           "Too many requests that no invitation opens were tried here. Wait an hour, then try "
           "again. Nothing was changed."}};
}

Error no_such_invitation() {
  return {ErrorKind::not_found,
          "This request was made with a code of no invitation here: it was taken back, or is "
          "another team's. \"desk requests\" lists those that there are. Nothing was changed."};
}

Error used_already() {
  return {ErrorKind::rejected,
          "Another request was made with this code before. A code is good for one computer. Ask "
          "them which of their computers it was; if it was none of theirs, take the invitation "
          "back and make a new one. Nothing was changed."};
}

}  // namespace

Result<crypto::Bytes> Desk::invitation_file(const MailboxId& mailbox) {
  const auto row = row_of(mailbox);
  if (!row) return row.error();
  return sync::write_enrolment_file(EnrolmentFile::invitation, mailbox,
                                    sync::encode_invitation(row->invitation, row->code));
}

Result<Invited> Desk::take_request(crypto::ByteView file) {
  if (auto key = directory_key(); !key) return key.error();
  const auto letter = sync::read_enrolment_file(file, EnrolmentFile::request);
  if (!letter) return letter.error();
  if (auto counted = tries(node_).count(requests_brought); !counted) return counted.error();
  auto row = row_of(letter->mailbox);
  if (!row) {
    return row.error().kind == ErrorKind::not_found ? no_such_invitation() : row.error();
  }
  auto applicant = sync::open_request(letter->content, row->code);
  if (!applicant) return applicant.error();
  if (auto right = tries(node_).forget(requests_brought); !right) return right.error();
  if (row->request && *row->request != letter->content) return used_already();
  if (!row->approved_in && node_.now_ms() >= row->invitation.expires_at_ms) {
    return Error{ErrorKind::denied,
                 "This invitation is too old. Make a new one. Nothing was changed."};
  }
  if (auto kept = change(
          [&](InvitationTable& table) { table.set_request(letter->mailbox, letter->content); });
      !kept) {
    return kept.error();
  }
  const auto words = sync::enrolment_fingerprint(*applicant);
  return Invited{letter->mailbox, row->invitation,  *std::move(applicant),
                 words,           row->approved_in, row->answered};
}

Result<crypto::Bytes> Desk::approve_by_file(const MailboxId& mailbox) {
  if (auto key = directory_key(); !key) return key.error();
  auto row = row_of(mailbox);
  const auto applicant = row ? applicant_in(*row) : std::nullopt;
  if (!applicant) {
    return Error{ErrorKind::not_found,
                 "There is no such request. \"desk requests\" lists those that have come."};
  }
  if (!row->approved_in) {
    const auto version = let_in(*row, *applicant);
    if (!version) return version.error();
    row->approved_in = *version;
  }
  const auto trust = trust_for(*row, *applicant);
  if (!trust) return trust.error();
  UnitOfWork work(node_.database(), sync::store::Purpose::reading);
  const sync::Approval approval{sync::encode_reply(*trust, row->code),
                                sync::store::DirectoryTable(work).carried().steps};
  if (auto done = work.commit(); !done) return done.error();
  if (!sync::list_in(approval, *trust, *applicant)) {
    return Error{ErrorKind::denied,
                 "This desk does not hold every version of the central list, so it cannot write "
                 "the answer. Write it at the desk that holds them, or let them in by the "
                 "exchange. They are in the list."};
  }
  auto answered = change([&](InvitationTable& table) { table.set_answered(mailbox); });
  if (!answered) return answered.error();
  return sync::write_enrolment_file(EnrolmentFile::approval, mailbox,
                                    sync::encode_approval(approval));
}

}  // namespace throughgate::node
