#include "node/enrolment/letters.h"

#include "schema/enrolment.pb.h"
#include "sync/enrolment.h"
#include "sync/parse.h"
#include "sync/wire_values.h"

namespace throughgate::node {
namespace {

using schema::MailboxRequest;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<crypto::Bytes> call(HubClient& hub, const sync::MailboxId& mailbox, Letter letter,
                           crypto::ByteView put) {
  MailboxRequest request;
  request.set_mailbox(sync::to_wire(mailbox.view()));
  request.set_slot(letter == Letter::request ? MailboxRequest::REQUEST : MailboxRequest::REPLY);
  request.set_put(sync::to_wire(put));
  const std::string text = request.SerializeAsString();
  const auto answer = hub.call(HubClient::Endpoint::mailbox, crypto::as_bytes(text));
  if (!answer) return answer.error();
  schema::MailboxReply reply;
  if (!sync::parse(*answer, reply)) {
    return Error{ErrorKind::unavailable,
                 "The central exchange's answer could not be read. Nothing was changed. Try "
                 "again."};
  }
  if (reply.content().size() > sync::enrolment_bytes_max) {
    return Error{
        ErrorKind::rejected,
        "What lies at the central exchange for this code is not what lets a computer in. Ask the "
        "central team for a new code."};
  }
  return sync::from_wire(reply.content());
}

}  // namespace

Result<std::optional<crypto::Bytes>> fetch_letter(HubClient& hub, const sync::MailboxId& mailbox,
                                                  Letter letter) {
  auto content = call(hub, mailbox, letter, {});
  if (!content) return content.error();
  if (content->empty()) return std::optional<crypto::Bytes>();
  return std::optional(*std::move(content));
}

Result<Done> leave_letter(HubClient& hub, const sync::MailboxId& mailbox, Letter letter,
                          crypto::ByteView content) {
  const auto there = call(hub, mailbox, letter, content);
  if (!there) return there.error();
  if (crypto::as_text(*there) == crypto::as_text(content)) return Done{};
  return Error{ErrorKind::rejected,
               "Somebody has used this code already. If it was not you, tell the central team. Ask "
               "them for a new code."};
}

}  // namespace throughgate::node
