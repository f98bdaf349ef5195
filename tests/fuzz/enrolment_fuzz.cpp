// What lies in an invitation's mailbox, where anybody may put it, and a code as people type it. The
// first byte says which.
#include "sync/enrolment_files.h"

#include <algorithm>

#include "tests/fuzz/fuzz_target.h"
#include "tests/sync/seeded_random.h"

namespace throughgate::fuzz {
namespace {

using namespace sync;

struct Seeds {
  sync::testing::SeededRandom random{1};
  InvitationCode code = InvitationCode::make(random);
  Applicant applicant{OrganisationId::random(random),
                      NodeId::random(random),
                      {},
                      {},
                      {},
                      "HMP Made-Up",
                      OrganisationKind::prison,
                      "MDI",
                      "Reception PC"};
};

// Not made with the code: nothing of it may pass.
void open_strange(ByteView message, const Seeds& seeds) {
  must(!open_request(message, seeds.code));
  must(!open_reply(message, seeds.code, seeds.applicant));
}

// Says of itself what it likes, one line or not, and is altered on the way.
void open_altered(ByteView bytes, const Seeds& seeds) {
  if (bytes.size() < 3) return;
  const auto text = crypto::as_text(bytes.subspan(3));
  const std::size_t third = text.size() / 3;
  Applicant applicant = seeds.applicant;
  applicant.name = text.substr(0, third);
  applicant.establishment = text.substr(third, third);
  applicant.label = text.substr(2 * third);
  auto message = encode_request(applicant, seeds.code);
  if (!message) return;
  must(message->size() <= enrolment_bytes_max);
  must(!enrolment_fingerprint(applicant).empty());
  const auto opened = open_request(*message, seeds.code);
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
  must(opened ? *opened == applicant : !ascii);  // what is not UTF-8 is refused
  (*message)[(bytes[0] * 256U + bytes[1]) % message->size()] ^= bytes[2];
  const auto altered = open_request(*message, seeds.code);
  must(!altered || *altered == applicant);
}

// What is added after a genuine letter adds nothing to it.
void open_lengthened(ByteView bytes, const Seeds& seeds) {
  auto request = *encode_request(seeds.applicant, seeds.code);
  request.insert(request.end(), bytes.begin(), bytes.end());
  const auto applicant = open_request(request, seeds.code);
  must(applicant ? *applicant == seeds.applicant : !bytes.empty());

  const Trust genuine{seeds.applicant.organisation, seeds.applicant.node, {}, {}};
  auto reply = encode_reply(genuine, seeds.code);
  reply.insert(reply.end(), bytes.begin(), bytes.end());
  const auto trust = open_reply(reply, seeds.code, seeds.applicant);
  must(trust ? *trust == genuine : !bytes.empty());
}

// A file that somebody brought, and what it holds taken apart without its sum.
void read_brought(ByteView bytes, const Seeds& seeds) {
  const auto wanted = EnrolmentFile::approval;
  must(!read_enrolment_file(bytes, wanted) || bytes.size() > 60);
  must(!open_invitation(bytes, seeds.code));
  if (const auto approval = decode_approval(bytes)) {
    must(!open_reply(approval->reply, seeds.code, seeds.applicant));
    must(!list_in(*approval, {seeds.applicant.organisation, seeds.applicant.node, {}, {}},
                  seeds.applicant));
  }
  const auto file = write_enrolment_file(wanted, seeds.code.mailbox(), bytes);
  const auto letter = read_enrolment_file(file, wanted);
  must(letter && letter->content == Bytes(bytes.begin(), bytes.end()));
}

void read_typed(std::string_view typed) {
  const auto code = InvitationCode::from_text(typed);
  if (!code) return;
  const auto again = InvitationCode::from_text(code->text().view());
  must(again && again->mailbox() == code->mailbox());
}

}  // namespace

void run(crypto::ByteView bytes) {
  static const Seeds seeds;
  if (bytes.empty()) return;
  const auto rest = bytes.subspan(1);
  switch (bytes[0] % 5) {
    case 0:
      return read_typed(crypto::as_text(rest));
    case 1:
      return open_strange(rest, seeds);
    case 2:
      return open_altered(rest, seeds);
    case 3:
      return open_lengthened(rest, seeds);
    default:
      return read_brought(rest, seeds);
  }
}

}  // namespace throughgate::fuzz
