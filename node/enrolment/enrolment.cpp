#include "node/enrolment/enrolment.h"

#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Applicant;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::InvitationCode;
using sync::Result;
using sync::store::SettingsTable;
using sync::store::UnitOfWork;
namespace setting = sync::store::setting;

Applicant applicant_of(const OpenNode& node, const ApplicantFacts& facts) {
  const auto& identity = node.identity();
  return {identity.organisation,
          identity.node,
          identity.signing_key.verify_key(),
          identity.box_key.public_key(),
          identity.recovery_key,
          facts.organisation_name,
          facts.kind,
          facts.establishment,
          facts.label};
}

struct Asked {
  InvitationCode code;
  Applicant applicant;
};

Result<std::optional<Asked>> asked_by(OpenNode& node) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const auto kept_code = SettingsTable(work).find(setting::enrolment_code);
  const auto kept_request = SettingsTable(work).find(setting::enrolment_request);
  if (auto done = work.commit(); !done) return done.error();
  if (!kept_code || !kept_request || kept_code->empty()) return std::optional<Asked>();
  auto code = InvitationCode::from_bytes(*kept_code);
  auto applicant =
      code ? sync::open_request(*kept_request, *code)
           : Result<Applicant>(Error{ErrorKind::corrupt, "What was asked cannot be read."});
  if (!applicant) return applicant.error();
  return std::optional<Asked>(Asked{*std::move(code), *std::move(applicant)});
}

}  // namespace

Result<std::string> Enrolment::ask(std::string_view typed, const ApplicantFacts& facts) {
  if (node_.is_enrolled()) {
    return Error{ErrorKind::denied, "This computer is enrolled already. Nothing was changed."};
  }
  const auto code = InvitationCode::from_text(typed);
  if (!code) {
    return Error{ErrorKind::invalid,
                 "This code is mistyped. It has six groups of four letters and digits; check each "
                 "group."};
  }
  const auto applicant = applicant_of(node_, facts);
  const auto request = sync::encode_request(applicant, *code);
  if (!request) return request.error();
  if (auto kept = remember(code->view(), *request); !kept) return kept.error();
  if (auto left = leave_letter(hub_, code->mailbox(), Letter::request, *request); !left) {
    return left.error();
  }
  return sync::enrolment_fingerprint(applicant);
}

Result<Done> Enrolment::remember(crypto::ByteView code, crypto::ByteView request) {
  UnitOfWork work(node_.database());
  SettingsTable settings(work);
  settings.set(setting::enrolment_code, code);
  settings.set(setting::enrolment_request, request);
  return work.commit();
}

Result<std::optional<std::string>> awaited_words(OpenNode& node) {
  const auto asked = asked_by(node);
  if (!asked) return asked.error();
  if (!*asked) return std::optional<std::string>();
  return std::optional(sync::enrolment_fingerprint((*asked)->applicant));
}

Result<bool> Enrolment::take_answer() {
  const auto asked = asked_by(node_);
  if (!asked) return asked.error();
  if (!*asked) {
    return Error{ErrorKind::not_found,
                 "Nothing was asked of the central team yet. Enrol with the code that they gave "
                 "you."};
  }
  const auto& [code, applicant] = **asked;
  const auto letter = fetch_letter(hub_, code.mailbox(), Letter::reply);
  if (!letter) return letter.error();
  if (!*letter) return false;
  const auto trust = sync::open_reply(**letter, code, applicant);
  if (!trust) return trust.error();
  if (auto pinned = node_.pin_anchor(trust->anchor); !pinned) return pinned.error();
  if (auto forgotten = remember({}, {}); !forgotten) return forgotten.error();
  return true;
}

}  // namespace throughgate::node
