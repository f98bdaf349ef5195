#include "schema/enrolment.pb.h"
#include "sync/contexts.h"
#include "sync/enrolment.h"
#include "tests/sync/seeded_random.h"
#include "tests/vectors/make_vectors.h"

namespace throughgate::vectors {
namespace {

using namespace sync;
using sync::testing::SeededRandom;

constexpr auto not_this_code =
    "rejected: This message was not made with that code, or was altered on the way. Check the code "
    "with the central team; if it is right, ask them for a new one.";

struct Letters {
  SeededRandom random{91};
  InvitationCode code = InvitationCode::make(random);
  InvitationCode other = InvitationCode::make(random);
  crypto::SigningKey directory = crypto::SigningKey::generate(random);
  crypto::SigningKey hub = crypto::SigningKey::generate(random);
  crypto::SigningKey node = crypto::SigningKey::generate(random);
  Applicant applicant{OrganisationId::random(random),
                      NodeId::random(random),
                      node.verify_key(),
                      crypto::BoxKey::generate(random).public_key(),
                      crypto::BoxKey::generate(random).public_key(),
                      "HMP Made Up",
                      OrganisationKind::prison,
                      "LEI",
                      "Reception PC"};
  Bytes request = *encode_request(applicant, code);
  Trust trust = [this] {
    Trust out{applicant.organisation, applicant.node, directory.verify_key(), hub.verify_key()};
    out.anchor.version = 7;
    out.anchor.head = crypto::hash(contexts::directory_hash, {});
    return out;
  }();
  Bytes reply = encode_reply(trust, code);

  static std::string text(const InvitationCode& of) { return std::string(of.text().view()); }
};

// The message with one of its fields changed and its MAC left as it was.
template <class Message, class Change>
Bytes altered(const Bytes& letter, Change change) {
  Message message;
  if (!message.ParseFromArray(letter.data(), static_cast<int>(letter.size()))) return {};
  change(message);
  const std::string bytes = message.SerializeAsString();
  return {bytes.begin(), bytes.end()};
}

void add_codes(const Letters& s, Vectors& out) {
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const std::string& typed) {
    VectorFile vector("invitation_code", about, expect);
    out["invitation_code_" + name] = std::move(vector.add("typed", typed));
  };
  const std::string good = Letters::text(s.code);
  const std::string accept =
      "accept " + crypto::to_hex(s.code.view()) + " " + s.code.mailbox().hex();
  add("good", "As written: the 13 bytes and the mailbox.", accept, good);
  std::string small = good;
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  add("small_letters", "In small letters.", accept, small);
  std::string slip = good;
  slip[0] = slip[0] == '2' ? '3' : '2';
  add("slip", "One character mistyped.", "not_a_code", slip);
  add("short", "One character too few.", "not_a_code", good.substr(0, good.size() - 1));
  add("long", "One character too many.", "not_a_code", good + "0");
  std::string letter = good;
  letter[0] = 'U';
  add("no_letter", "A letter that codes do not have.", "not_a_code", letter);
}

void add_requests(const Letters& s, Vectors& out) {
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const InvitationCode& code, const Bytes& letter) {
    VectorFile vector("enrolment_request", about, expect);
    vector.add("code", Letters::text(code)).add("letter", letter);
    out["enrolment_request_" + name] = std::move(vector);
  };
  using Request = schema::EnrolmentRequest;
  add("good", "As made: the eight words to read aloud.",
      "accept " + enrolment_fingerprint(s.applicant), s.code, s.request);
  add("other_code", "Made with another code.", not_this_code, s.other, s.request);
  add("key", "The hub put a key of its own in.", not_this_code, s.code,
      altered<Request>(s.request, [](Request& in) { in.mutable_box_key()->at(0) ^= 1; }));
  add("kind", "A prison that says it is the central team.", not_this_code, s.code,
      altered<Request>(s.request,
                       [](Request& in) { in.set_kind(schema::DirectoryOrganisation::CENTRAL); }));
  add("no_mac", "Without its MAC.", not_this_code, s.code,
      altered<Request>(s.request, [](Request& in) { in.clear_mac(); }));
  add("format", "Of a later format.", not_this_code, s.code,
      altered<Request>(s.request, [](Request& in) { in.set_format(2); }));
  add("reply", "A reply in the place of a request.", not_this_code, s.code, s.reply);
  add("cut", "Cut short.", not_this_code, s.code, Bytes(s.request.begin(), s.request.end() - 1));
}

void add_replies(const Letters& s, Vectors& out) {
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const Bytes& letter) {
    VectorFile vector("enrolment_reply", about, expect);
    vector.add("code", Letters::text(s.code)).add("asked", s.request).add("letter", letter);
    out["enrolment_reply_" + name] = std::move(vector);
  };
  using Reply = schema::EnrolmentReply;
  add("good", "As made: the root, the hub's key, and the list that lets the computer in.",
      "accept " + crypto::to_hex(s.trust.anchor.root) + " " + crypto::to_hex(s.hub.verify_key()) +
          " " + std::to_string(s.trust.anchor.version) + " " + crypto::to_hex(s.trust.anchor.head),
      s.reply);
  add("root", "The hub put a root of its own in.", not_this_code,
      altered<Reply>(s.reply, [](Reply& in) { in.mutable_anchor()->at(0) ^= 1; }));
  add("version", "The hub named an older list.", not_this_code,
      altered<Reply>(s.reply, [](Reply& in) { in.set_directory_version(6); }));
  add("head", "The hub named another list.", not_this_code,
      altered<Reply>(s.reply, [](Reply& in) { in.mutable_directory_head()->at(31) ^= 1; }));
  add("format_1", "Of the format before, which named a directory key.", not_this_code,
      altered<Reply>(s.reply, [](Reply& in) { in.set_format(1); }));
  add("hub_key", "One bit of the hub's key flipped.", not_this_code,
      altered<Reply>(s.reply, [](Reply& in) { in.mutable_hub_key()->at(31) ^= 1; }));
  add("other_code", "Made with another code.", not_this_code, encode_reply(s.trust, s.other));
  SeededRandom random(92);
  add("other_computer", "For another computer.",
      "rejected: The answer is for another computer. Ask the central team for a new code.",
      encode_reply(
          {s.applicant.organisation, NodeId::random(random), s.trust.anchor, s.hub.verify_key()},
          s.code));
  add("request", "The request in the place of the reply.", not_this_code, s.request);
}

void add_challenges(const Letters& s, Vectors& out) {
  SeededRandom random(93);
  const auto challenge = crypto::Secret<32>::random(random);
  const auto instance = InstanceId::random(random);
  Bytes message(challenge.view().begin(), challenge.view().end());
  message.insert(message.end(), instance.bytes.begin(), instance.bytes.end());
  message.insert(message.end(), s.applicant.node.bytes.begin(), s.applicant.node.bytes.end());
  const auto add = [&](const std::string& name, const std::string& about, const std::string& expect,
                       const InstanceId& at, const crypto::Signature& signature) {
    VectorFile vector("challenge", about, expect);
    vector.add("challenge", challenge.view()).add("instance", at.view());
    vector.add("node", s.applicant.node.view()).add("node_key", s.node.verify_key());
    out["challenge_" + name] = std::move(vector.add("signature", signature));
  };
  const auto signature = s.node.sign(contexts::challenge_answer, message);
  add("good", "As answered.", "accept", instance, signature);
  add("other_hub", "For another instance of the hub.", "signature", InstanceId::random(random),
      signature);
  add("context", "Signed as something else.", "signature", instance,
      s.node.sign(contexts::entry_signature, message));
  add("other_node", "Signed by another computer.", "signature", instance,
      s.hub.sign(contexts::challenge_answer, message));
}

}  // namespace

void add_enrolment_vectors(Vectors& out) {
  const Letters letters;
  add_codes(letters, out);
  add_requests(letters, out);
  add_replies(letters, out);
  add_challenges(letters, out);
}

}  // namespace throughgate::vectors
