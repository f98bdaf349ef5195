#include "tests/vectors/enrolment_vector.h"

#include <stdexcept>

#include "sync/contexts.h"
#include "sync/enrolment.h"
#include "tests/vectors/refusal.h"

namespace throughgate::vectors {
namespace {

using namespace sync;

InvitationCode code_in(const VectorFile& v) {
  auto code = InvitationCode::from_text(v.text("code"));
  if (!code) throw std::runtime_error("a vector's code is none");
  return *std::move(code);
}

}  // namespace

std::string invitation_code_outcome(const VectorFile& v) {
  const auto code = InvitationCode::from_text(v.text("typed"));
  return code ? "accept " + crypto::to_hex(code->view()) + " " + code->mailbox().hex()
              : "not_a_code";
}

std::string enrolment_request_outcome(const VectorFile& v) {
  const auto applicant = open_request(v.bytes("letter"), code_in(v));
  return applicant ? "accept " + enrolment_fingerprint(*applicant) : refusal(applicant.error());
}

std::string enrolment_reply_outcome(const VectorFile& v) {
  const auto code = code_in(v);
  const auto asked = open_request(v.bytes("asked"), code);
  if (!asked) throw std::runtime_error("a vector's request was not made with its code");
  const auto trust = open_reply(v.bytes("letter"), code, *asked);
  if (!trust) return refusal(trust.error());
  return "accept " + crypto::to_hex(trust->anchor.root) + " " + crypto::to_hex(trust->hub_key) +
         " " + std::to_string(trust->anchor.version) + " " + crypto::to_hex(trust->anchor.head);
}

std::string challenge_outcome(const VectorFile& v) {
  const auto key = crypto::to_array<32>(v.bytes("node_key"));
  const auto signature = crypto::to_array<64>(v.bytes("signature"));
  Bytes message = v.bytes("challenge");
  for (const char* part : {"instance", "node"}) {
    const Bytes bytes = v.bytes(part);
    message.insert(message.end(), bytes.begin(), bytes.end());
  }
  if (!key || !signature || message.size() != 64) return "malformed";
  return crypto::verify(*key, contexts::challenge_answer, message, *signature) ? "accept"
                                                                               : "signature";
}

}  // namespace throughgate::vectors
