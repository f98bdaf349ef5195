#include "node/enrolment/enrolment.h"

namespace throughgate::node {

using sync::Result;

Result<std::string> Enrolment::ask(std::string_view typed, const ApplicantFacts& facts) {
  auto code = code_to_ask_with(node_, typed);
  if (!code) return code.error();
  const auto asked = keep_asked(node_, *std::move(code), facts);
  if (!asked) return asked.error();
  if (auto left = leave_letter(hub_, asked->code.mailbox(), Letter::request, asked->request);
      !left) {
    return left.error();
  }
  return sync::enrolment_fingerprint(asked->applicant);
}

Result<bool> Enrolment::take_answer() {
  const auto asked = asked_by(node_);
  if (!asked) return asked.error();
  if (!*asked) return nothing_asked();
  const auto& [code, applicant, request] = **asked;
  const auto letter = fetch_letter(hub_, code.mailbox(), Letter::reply);
  if (!letter) return letter.error();
  if (!*letter) return false;
  const auto trust = sync::open_reply(**letter, code, applicant);
  if (!trust) return trust.error();
  if (auto pinned = node_.pin_anchor(trust->anchor); !pinned) return pinned.error();
  if (auto forgotten = keep_nothing_asked(node_); !forgotten) return forgotten.error();
  return true;
}

}  // namespace throughgate::node
