#include "node/enrolment/by_file.h"

#include "node/out_of_contact.h"
#include "node/tries.h"
#include "sync/enrolment_files.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::EnrolmentFile;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr Tries::What this_computer{};  // one count for whatever is tried here

Tries tries(OpenNode& node) {
  return {node,
          {sync::store::setting::enrolment_tries, enrolment_tries_max, enrolment_wait_ms,
           "Too many codes and files that did not fit were tried here. Wait an hour, then try "
           "again. Nothing was changed."}};
}

std::string number_of(const sync::MailboxId& mailbox) { return mailbox.hex().substr(0, 8); }

Error of_another_code(const sync::MailboxId& mailbox) {
  return {ErrorKind::rejected,
          "This invitation, number " + number_of(mailbox) +
              ", was made with another code. Check the code, and ask the central team whether it "
              "belongs to this invitation. Nothing was changed."};
}

Result<Done> compare(const sync::Invitation& meant, const ApplicantFacts& facts,
                     std::uint64_t now_ms) {
  if (now_ms >= meant.expires_at_ms) {
    return Error{ErrorKind::denied,
                 "This invitation is too old, or this computer's clock is wrong. Set the clock, or "
                 "ask the central team for a new invitation. Nothing was changed."};
  }
  if (meant.kind == facts.kind && meant.establishment == facts.establishment) return Done{};
  return Error{ErrorKind::invalid,
               "This invitation is for " + meant.name +
                   ", and this computer was set up for another kind of organisation, or another "
                   "prison. Ask the central team which is right. Nothing was changed."};
}

Result<Done> check_invitation(OpenNode& node, const sync::InvitationCode& code,
                              const ApplicantFacts& facts, crypto::ByteView file) {
  const auto letter = sync::read_enrolment_file(file, EnrolmentFile::invitation);
  if (!letter) return letter.error();
  if (auto counted = tries(node).count(this_computer); !counted) return counted.error();
  if (letter->mailbox != code.mailbox()) return of_another_code(letter->mailbox);
  const auto meant = sync::open_invitation(letter->content, code);
  if (!meant) return meant.error();
  if (auto right = tries(node).forget(this_computer); !right) return right;
  return compare(*meant, facts, node.now_ms());
}

Error for_another_request(const sync::MailboxId& answered, const sync::MailboxId& asked) {
  return {ErrorKind::rejected,
          "This file answers request " + number_of(answered) +
              ", which this computer did not make, or not last. Ask the central team for the "
              "answer to request " +
              number_of(asked) + ". Nothing was changed."};
}

struct Answer {
  sync::Trust trust;
  std::vector<sync::DirectoryStep> list;
};

FiledRequest filed(const Asked& asked) {
  const auto mailbox = asked.code.mailbox();
  return {sync::write_enrolment_file(EnrolmentFile::request, mailbox, asked.request),
          sync::enrolment_fingerprint(asked.applicant), number_of(mailbox)};
}

// All that can be checked before anything is kept.
Result<Answer> read_answer(OpenNode& node, const Asked& asked, crypto::ByteView file) {
  const auto letter = sync::read_enrolment_file(file, EnrolmentFile::approval);
  if (!letter) return letter.error();
  if (letter->mailbox != asked.code.mailbox()) {
    return for_another_request(letter->mailbox, asked.code.mailbox());
  }
  if (auto counted = tries(node).count(this_computer); !counted) return counted.error();
  auto approval = sync::decode_approval(letter->content);
  if (!approval) return approval.error();
  const auto trust = sync::open_reply(approval->reply, asked.code, asked.applicant);
  if (!trust) return trust.error();
  const auto list = sync::list_in(*approval, *trust, asked.applicant);
  if (!list) return list.error();
  if (auto right = tries(node).forget(this_computer); !right) return right.error();
  return Answer{*trust, std::move(approval->list)};
}

}  // namespace

Result<FiledRequest> ask_by_file(OpenNode& node, std::string_view typed,
                                 const ApplicantFacts& facts,
                                 const std::optional<crypto::Bytes>& invitation) {
  auto code = code_to_ask_with(node, typed);
  if (!code) return code.error();
  if (invitation) {
    if (auto fits = check_invitation(node, *code, facts, *invitation); !fits) return fits.error();
  }
  const auto asked = keep_asked(node, *std::move(code), facts);
  if (!asked) return asked.error();
  return filed(*asked);
}

Result<FiledRequest> filed_request(OpenNode& node) {
  const auto asked = asked_by(node);
  if (!asked) return asked.error();
  if (!*asked) return nothing_asked();
  return filed(**asked);
}

Result<Done> take_approval(OpenNode& node, crypto::ByteView file) {
  const auto asked = asked_by(node);
  if (!asked) return asked.error();
  if (!*asked && node.is_enrolled()) {
    return Error{ErrorKind::denied, "This computer is enrolled already. Nothing was changed."};
  }
  if (!*asked) return nothing_asked();
  const auto answer = read_answer(node, **asked, file);
  if (!answer) return answer.error();
  if (auto pinned = node.pin_anchor(answer->trust.anchor); !pinned) return pinned;
  for (const auto& step : answer->list) {
    if (!node.directory().is_next(step)) continue;  // taken before a crash
    if (auto taken = node.take_directory(step); !taken) return taken;
  }
  if (auto noted = note_heard(node); !noted) return noted;
  return keep_nothing_asked(node);
}

}  // namespace throughgate::node
