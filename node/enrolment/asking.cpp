#include "node/enrolment/asking.h"

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
          facts.label,
          identity.vouch};
}

Result<Done> remember(OpenNode& node, crypto::ByteView code, crypto::ByteView request) {
  UnitOfWork work(node.database());
  SettingsTable settings(work);
  settings.set(setting::enrolment_code, code);
  settings.set(setting::enrolment_request, request);
  return work.commit();
}

}  // namespace

Result<InvitationCode> code_to_ask_with(const OpenNode& node, std::string_view typed) {
  if (node.is_enrolled()) {
    return Error{ErrorKind::denied, "This computer is enrolled already. Nothing was changed."};
  }
  auto code = InvitationCode::from_text(typed);
  if (code) return *std::move(code);
  return Error{ErrorKind::invalid,
               "This code is mistyped. It has six groups of four letters and digits; check each "
               "group."};
}

Result<Asked> keep_asked(OpenNode& node, InvitationCode code, const ApplicantFacts& facts) {
  auto applicant = applicant_of(node, facts);
  auto request = sync::encode_request(applicant, code);
  if (!request) return request.error();
  if (auto kept = remember(node, code.view(), *request); !kept) return kept.error();
  return Asked{std::move(code), std::move(applicant), *std::move(request)};
}

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
  return std::optional(Asked{*std::move(code), *std::move(applicant), *kept_request});
}

Result<Done> keep_nothing_asked(OpenNode& node) { return remember(node, {}, {}); }

Result<std::optional<std::string>> awaited_words(OpenNode& node) {
  const auto asked = asked_by(node);
  if (!asked) return asked.error();
  if (!*asked) return std::optional<std::string>();
  return std::optional(sync::enrolment_fingerprint((*asked)->applicant));
}

Error nothing_asked() {
  return {ErrorKind::not_found,
          "Nothing was asked of the central team yet. Enrol with the code that they gave you."};
}

}  // namespace throughgate::node
