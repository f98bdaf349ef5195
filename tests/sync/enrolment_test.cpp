#include "sync/enrolment.h"

#include <catch_amalgamated.hpp>
#include <functional>

#include "schema/directory.pb.h"
#include "schema/enrolment.pb.h"
#include "seeded_random.h"
#include "sync/wire_values.h"
#include "tests/sync/every_bit.h"

using namespace throughgate;
using namespace throughgate::sync;
using testing::check_every_bit;
using testing::SeededRandom;

namespace {

constexpr std::uint64_t now_ms = 1'800'000'000'000;

crypto::SigningKey sheet() { return crypto::SigningKey(crypto::Secret<32>(ByteArray<32>{7})); }

void vouch_for(Applicant& of, const crypto::SigningKey& by = sheet()) {
  of.vouch = vouch({of.organisation, of.node, of.verify_key, of.box_key}, by);
}

Applicant made_up_applicant(crypto::Random& random) {
  Applicant out;
  out.organisation = OrganisationId::random(random);
  out.node = NodeId::random(random);
  out.verify_key = random.bytes<32>();
  out.box_key = random.bytes<32>();
  out.recovery_key = random.bytes<32>();
  out.name = "HMP Made Up";
  out.kind = OrganisationKind::prison;
  out.establishment = "LEI";
  out.label = "Reception PC";
  vouch_for(out);
  return out;
}

Trust made_up_trust(const Applicant& applicant, crypto::Random& random) {
  Trust out{applicant.organisation, applicant.node, random.bytes<32>(), random.bytes<32>()};
  out.anchor.version = 7;
  out.anchor.head = random.bytes<32>();
  return out;
}

Invitation invitation_for(const Applicant& applicant) {
  return {applicant.name, applicant.kind, applicant.establishment, std::nullopt,
          now_ms + invitation_ms_max};
}

schema::EnrolmentRequest message_of(const Bytes& bytes) {
  schema::EnrolmentRequest out;
  REQUIRE(out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  return out;
}

template <class Message>
Bytes bytes_of(const Message& message) {
  const std::string text = message.SerializeAsString();
  return {text.begin(), text.end()};
}

void flip_first_bit(std::string& bytes) { bytes[0] = static_cast<char>(bytes[0] ^ 1); }

// A directory that lists the applicant's organisation with another computer of it.
Directory directory_with(const Applicant& applicant, crypto::Random& random) {
  Directory directory;
  const auto key = crypto::SigningKey::generate(random);
  Applicant first = applicant;
  first.node = NodeId::random(random);
  vouch_for(first);
  const auto body = admit(first, invitation_for(first), directory, now_ms);
  REQUIRE(body);
  REQUIRE(directory.apply(directory.sign_next(*body, now_ms, now_ms + 1, key), key.verify_key()));
  return directory;
}

}  // namespace

TEST_CASE("an invitation code is read back however it is typed", "[enrolment]") {
  SeededRandom random(1);
  for (int i = 0; i < 200; ++i) {
    const auto code = InvitationCode::make(random);
    std::string text(code.text().view());
    REQUIRE(text.size() == 29);
    CHECK(text.find_first_of("ILOU") == std::string::npos);
    for (auto& c : text) {
      if (c == '-') c = ' ';
      if (c == '0') c = 'o';
      if (c == '1') c = i % 2 == 0 ? 'l' : 'I';
      if (c >= 'A' && c <= 'H') c = static_cast<char>(c - 'A' + 'a');
    }
    const auto read = InvitationCode::from_text(" " + text + "\n");
    REQUIRE(read);
    CHECK(crypto::equal_in_constant_time(read->view(), code.view()));
    CHECK(InvitationCode::from_bytes(code.view())->mailbox() == code.mailbox());
  }
}

TEST_CASE("a mistyped invitation code is refused", "[enrolment]") {
  SeededRandom random(2);
  const std::string text(InvitationCode::make(random).text().view());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-') continue;
    std::string wrong = text;
    wrong[i] = wrong[i] == '7' ? '8' : '7';
    CHECK_FALSE(InvitationCode::from_text(wrong));
    wrong.erase(i, 1);
    CHECK_FALSE(InvitationCode::from_text(wrong));
  }
  CHECK_FALSE(InvitationCode::from_text(text + "7"));
  CHECK_FALSE(InvitationCode::from_text(text + "!"));
  CHECK_FALSE(InvitationCode::from_text(""));
  CHECK_FALSE(InvitationCode::from_text(text + std::string(200, ' ')));
}

TEST_CASE("a code names one mailbox, and neither name nor MACs show the code", "[enrolment]") {
  SeededRandom random(3);
  const auto a = InvitationCode::make(random);
  const auto b = InvitationCode::make(random);
  CHECK(a.mailbox() != b.mailbox());
  const Bytes message{1, 2, 3};
  CHECK(a.request_mac(message) != a.reply_mac(message));  // one can never stand for the other
  CHECK(a.request_mac(message) != b.request_mac(message));
}

TEST_CASE("a request opens with its code and says what was put in", "[enrolment]") {
  SeededRandom random(4);
  const auto code = InvitationCode::make(random);
  const auto applicant = made_up_applicant(random);
  const auto bytes = encode_request(applicant, code);
  REQUIRE(bytes);
  const auto opened = open_request(*bytes, code);
  REQUIRE(opened);
  CHECK(*opened == applicant);
  CHECK(enrolment_fingerprint(*opened) == enrolment_fingerprint(applicant));
}

TEST_CASE("a request altered in any field, or under another code, is refused", "[enrolment]") {
  SeededRandom random(5);
  const auto code = InvitationCode::make(random);
  const auto applicant = made_up_applicant(random);
  const auto bytes = *encode_request(applicant, code);
  using Request = schema::EnrolmentRequest;
  const std::vector<std::function<void(Request&)>> alterations{
      [](Request& r) { r.set_format(2); },
      [](Request& r) { flip_first_bit(*r.mutable_organisation()); },
      [](Request& r) { flip_first_bit(*r.mutable_node()); },
      [](Request& r) { flip_first_bit(*r.mutable_verify_key()); },
      [](Request& r) { flip_first_bit(*r.mutable_box_key()); },
      [](Request& r) { flip_first_bit(*r.mutable_recovery_key()); },
      [](Request& r) { r.set_name("HMP Made up"); },
      [](Request& r) { r.set_kind(schema::DirectoryOrganisation::CENTRAL); },
      [](Request& r) { r.set_establishment("MDI"); },
      [](Request& r) { r.set_label("Reception PD"); },
      [](Request& r) { flip_first_bit(*r.mutable_sheet_key()); },
      [](Request& r) { flip_first_bit(*r.mutable_vouch()); },
      [](Request& r) { r.clear_vouch(); },
      [](Request& r) {
        r.clear_sheet_key();
        r.clear_vouch();
      },
      [](Request& r) { flip_first_bit(*r.mutable_mac()); },
      [](Request& r) { r.clear_mac(); },
      [](Request& r) {  // a letter moved from one field to the next
        r.set_establishment("LE");
        r.set_label("IReception PC");
      },
  };
  for (std::size_t i = 0; i < alterations.size(); ++i) {
    auto message = message_of(bytes);
    alterations[i](message);
    INFO("alteration " << i);
    const auto opened = open_request(bytes_of(message), code);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::rejected);
  }
  CHECK_FALSE(open_request(bytes, InvitationCode::make(random)));
  CHECK_FALSE(open_request(Bytes(enrolment_bytes_max + 1, 0), code));
  CHECK(open_request(bytes, code));  // the twin: unaltered, it opens
}

TEST_CASE("the fingerprint changes with every field of a request", "[enrolment]") {
  SeededRandom random(6);
  const auto applicant = made_up_applicant(random);
  std::set<std::string> seen{enrolment_fingerprint(applicant)};
  const auto differs = [&](auto alter) {
    Applicant other = applicant;
    alter(other);
    return seen.insert(enrolment_fingerprint(other)).second;
  };
  CHECK(differs([](Applicant& a) { a.organisation.bytes[0] ^= 1; }));
  CHECK(differs([](Applicant& a) { a.node.bytes[0] ^= 1; }));
  CHECK(differs([](Applicant& a) { a.verify_key[0] ^= 1; }));
  CHECK(differs([](Applicant& a) { a.box_key[0] ^= 1; }));
  CHECK(differs([](Applicant& a) { a.recovery_key[0] ^= 1; }));
  CHECK(differs([](Applicant& a) { a.vouch.sheet_key[0] ^= 1; }));
  CHECK(differs([](Applicant& a) { a.name += "x"; }));
  CHECK(differs([](Applicant& a) { a.kind = OrganisationKind::partner; }));
  CHECK(differs([](Applicant& a) { a.establishment = "MDI"; }));
  CHECK(differs([](Applicant& a) { a.label = "x"; }));
}

TEST_CASE("a reply altered in any field, under another code or for another computer is refused",
          "[enrolment]") {
  SeededRandom random(7);
  const auto code = InvitationCode::make(random);
  const auto applicant = made_up_applicant(random);
  const Trust trust = made_up_trust(applicant, random);
  const auto bytes = encode_reply(trust, code);
  using Reply = schema::EnrolmentReply;
  const std::vector<std::function<void(Reply&)>> alterations{
      [](Reply& r) { r.set_format(1); },
      [](Reply& r) { r.set_format(3); },
      [](Reply& r) { flip_first_bit(*r.mutable_organisation()); },
      [](Reply& r) { flip_first_bit(*r.mutable_node()); },
      [](Reply& r) { flip_first_bit(*r.mutable_anchor()); },
      [](Reply& r) { flip_first_bit(*r.mutable_directory_head()); },
      [](Reply& r) { r.set_directory_version(r.directory_version() - 1); },
      [](Reply& r) { flip_first_bit(*r.mutable_hub_key()); },
      [](Reply& r) { flip_first_bit(*r.mutable_mac()); },
      [](Reply& r) { r.clear_hub_key(); },
  };
  for (std::size_t i = 0; i < alterations.size(); ++i) {
    Reply message;
    REQUIRE(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    alterations[i](message);
    INFO("alteration " << i);
    CHECK_FALSE(open_reply(bytes_of(message), code, applicant));
  }
  CHECK_FALSE(open_reply(bytes, InvitationCode::make(random), applicant));
  Applicant other = applicant;
  other.node = NodeId::random(random);
  CHECK_FALSE(open_reply(bytes, code, other));
  // The request itself, thrown back by whoever keeps the mailbox.
  CHECK_FALSE(open_reply(*encode_request(applicant, code), code, applicant));
  CHECK(*open_reply(bytes, code, applicant) == trust);
}

TEST_CASE("every bit of an enrolment letter is checked", "[enrolment]") {
  SeededRandom random(12);
  const auto code = InvitationCode::make(random);
  const auto applicant = made_up_applicant(random);
  Bytes request = *encode_request(applicant, code);
  check_every_bit(request, [&] { return open_request(request, code).has_value(); });
  const Trust trust = made_up_trust(applicant, random);
  Bytes reply = encode_reply(trust, code);
  check_every_bit(reply, [&] { return open_reply(reply, code, applicant).has_value(); });
}

TEST_CASE("the desk lets in whom it invited, under the name it gave", "[enrolment]") {
  SeededRandom random(8);
  auto applicant = made_up_applicant(random);
  auto invitation = invitation_for(applicant);
  invitation.name = "HMP Made Up (Leeds)";
  const auto body = admit(applicant, invitation, Directory(), now_ms);
  REQUIRE(body);
  const auto key = crypto::SigningKey::generate(random);
  Directory directory;
  REQUIRE(directory.apply(directory.sign_next(*body, now_ms, now_ms + 1, key), key.verify_key()));
  const auto* node = directory.node(applicant.node);
  REQUIRE(node);
  CHECK(node->verify_key == applicant.verify_key);
  CHECK(node->box_key == applicant.box_key);
  CHECK(directory.organisation(applicant.organisation)->name == "HMP Made Up (Leeds)");
  CHECK(directory.organisation(applicant.organisation)->recovery_key == applicant.recovery_key);
}

TEST_CASE("an invitation is good until its time, and for whom it was made", "[enrolment]") {
  SeededRandom random(9);
  const auto applicant = made_up_applicant(random);
  const auto invitation = invitation_for(applicant);
  const Directory empty;
  CHECK(admit(applicant, invitation, empty, invitation.expires_at_ms - 1));
  const auto late = admit(applicant, invitation, empty, invitation.expires_at_ms);
  REQUIRE_FALSE(late);
  CHECK(late.error().kind == ErrorKind::denied);

  Applicant other = applicant;
  other.kind = OrganisationKind::central;
  CHECK_FALSE(admit(other, invitation, empty, now_ms));
  other = applicant;
  other.establishment = "MDI";
  CHECK_FALSE(admit(other, invitation, empty, now_ms));
  other = applicant;
  other.vouch.signature[0] ^= 1;
  CHECK_FALSE(admit(other, invitation, empty, now_ms));
  other.vouch = {};  // of a program from before
  CHECK(admit(other, invitation, empty, now_ms));
}

TEST_CASE("nobody enters an organisation that is listed unless invited as another computer of it",
          "[enrolment]") {
  SeededRandom random(10);
  const auto applicant = made_up_applicant(random);
  const auto directory = directory_with(applicant, random);
  auto invitation = invitation_for(applicant);
  CHECK_FALSE(admit(applicant, invitation, directory, now_ms));
  invitation.organisation = applicant.organisation;
  CHECK(admit(applicant, invitation, directory, now_ms));

  Applicant stranger = applicant;  // of another organisation than the one invited
  stranger.organisation = OrganisationId::random(random);
  CHECK_FALSE(admit(stranger, invitation, directory, now_ms));
  Applicant other_sheet = applicant;
  other_sheet.recovery_key[0] ^= 1;
  CHECK_FALSE(admit(other_sheet, invitation, directory, now_ms));
  other_sheet = applicant;
  vouch_for(other_sheet, crypto::SigningKey::generate(random));
  CHECK_FALSE(admit(other_sheet, invitation, directory, now_ms));
  other_sheet.vouch = {};
  CHECK_FALSE(admit(other_sheet, invitation, directory, now_ms));
}
