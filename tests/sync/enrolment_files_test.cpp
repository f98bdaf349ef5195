#include "sync/enrolment_files.h"

#include <catch_amalgamated.hpp>

#include "schema/directory.pb.h"
#include "seeded_random.h"
#include "tests/sync/every_bit.h"

using namespace throughgate;
using namespace throughgate::sync;
using testing::check_every_bit;
using testing::SeededRandom;

namespace {

constexpr std::uint64_t now_ms = 1'800'000'000'000;

struct LetIn {
  SeededRandom random{3};
  InvitationCode code = InvitationCode::make(random);
  crypto::SigningKey key = crypto::SigningKey::generate(random);
  Applicant applicant{OrganisationId::random(random),
                      NodeId::random(random),
                      random.bytes<32>(),
                      random.bytes<32>(),
                      random.bytes<32>(),
                      "Made-Up Partner",
                      OrganisationKind::partner,
                      "",
                      "Office PC"};
  Invitation invitation{"Made-Up Partner", OrganisationKind::partner, "", std::nullopt,
                        now_ms + invitation_ms_max};
  Directory directory;
  Approval approval;
  Trust trust{applicant.organisation, applicant.node, key.verify_key(), random.bytes<32>()};

  LetIn() {
    step(*admit(applicant, invitation, directory, now_ms));
    trust.anchor.version = 1;
    trust.anchor.head = directory.head();
    step({});
    approval.reply = encode_reply(trust, code);
  }
  void step(const schema::DirectoryBody& body) {
    approval.list.push_back(directory.sign_next(body, now_ms, now_ms + 1, key));
    REQUIRE(directory.apply(approval.list.back(), Anchor(key.verify_key())));
  }
};

Error refusal(const Result<FiledLetter>& read) {
  REQUIRE_FALSE(read);
  return read.error();
}

}  // namespace

TEST_CASE("every bit of an enrolment file is checked", "[enrolment]") {
  const LetIn at;
  for (const auto kind :
       {EnrolmentFile::invitation, EnrolmentFile::request, EnrolmentFile::approval}) {
    Bytes file = write_enrolment_file(kind, at.code.mailbox(), Bytes{1, 2, 3});
    check_every_bit(file, [&] { return read_enrolment_file(file, kind).has_value(); });
    for (std::size_t size = 0; size < file.size(); ++size) {
      CHECK_FALSE(read_enrolment_file(ByteView(file).first(size), kind));
    }
    file.push_back(0);
    CHECK_FALSE(read_enrolment_file(file, kind));
  }
}

TEST_CASE("each fault of an enrolment file has a sentence of its own", "[enrolment]") {
  const LetIn at;
  const auto wanted = EnrolmentFile::approval;
  const auto good = write_enrolment_file(wanted, at.code.mailbox(), Bytes{1, 2, 3});
  CHECK(read_enrolment_file(good, wanted)->content == Bytes{1, 2, 3});
  CHECK(refusal(read_enrolment_file(Bytes{1, 2}, wanted)).message.find("neither an invitation") !=
        std::string::npos);
  CHECK(refusal(read_enrolment_file(ByteView(good).first(40), wanted))
            .message.find("copied only in part") != std::string::npos);
  const auto request =
      write_enrolment_file(EnrolmentFile::request, at.code.mailbox(), Bytes{1, 2, 3});
  CHECK(refusal(read_enrolment_file(request, wanted)).message ==
        "This file is a computer's request to be let in; here the central team's answer is needed. "
        "Nothing was changed.");
  Bytes later = good;
  later[8] = 2;
  CHECK(refusal(read_enrolment_file(later, wanted)).kind == ErrorKind::newer);
}

TEST_CASE("an invitation in a file opens with its code alone, and every bit of it is signed",
          "[enrolment]") {
  LetIn at;
  at.invitation.organisation = at.applicant.organisation;
  Bytes content = encode_invitation(at.invitation, at.code);
  const auto opened = open_invitation(content, at.code);
  REQUIRE(opened);
  CHECK(opened->name == at.invitation.name);
  CHECK(opened->kind == at.invitation.kind);
  CHECK(opened->organisation == at.invitation.organisation);
  CHECK(opened->expires_at_ms == at.invitation.expires_at_ms);
  CHECK_FALSE(open_invitation(content, InvitationCode::make(at.random)));
  check_every_bit(content, [&] { return open_invitation(content, at.code).has_value(); });
}

TEST_CASE("the list in an answer is believed as far as the answer vouches for it", "[enrolment]") {
  LetIn at;
  const auto read = decode_approval(encode_approval(at.approval));
  REQUIRE(read);
  CHECK(read->reply == at.approval.reply);
  const auto list = list_in(*read, at.trust, at.applicant);
  REQUIRE(list);
  CHECK(list->version() == 2);

  SECTION("signed by somebody else") {
    const auto thief = crypto::SigningKey::generate(at.random);
    Directory own;
    Approval forged{at.approval.reply,
                    {own.sign_next(*admit(at.applicant, at.invitation, own, now_ms), now_ms,
                                   now_ms + 1, thief)}};
    CHECK(list_in(forged, at.trust, at.applicant).error().kind == ErrorKind::rejected);
  }
  SECTION("without its end, before which this computer was not in it") {
    Approval cut{at.approval.reply, {}};
    CHECK(list_in(cut, at.trust, at.applicant).error().kind == ErrorKind::rejected);
  }
  SECTION("that lets in another computer") {
    Applicant other = at.applicant;
    other.box_key[0] ^= 1;
    CHECK(list_in(at.approval, at.trust, other).error().kind == ErrorKind::rejected);
  }
  SECTION("what is no list") {
    Bytes content = encode_approval(at.approval);
    content.push_back(0xFF);
    CHECK_FALSE(decode_approval(content));
    CHECK_FALSE(decode_approval(Bytes{}));
    CHECK_FALSE(decode_approval(Bytes{200, 0, 1}));
  }
}
