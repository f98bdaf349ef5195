#include "hub/mailbox.h"

#include "hub/wire.h"
#include "schema/enrolment.pb.h"

namespace throughgate::hub {
namespace {

constexpr std::uint64_t hour_ms = 60ull * 60 * 1000;
using schema::MailboxRequest;

Error invalid(const char* message) { return {ErrorKind::invalid, message}; }

std::uint64_t before(std::uint64_t now_ms, std::uint64_t span_ms) {
  return now_ms > span_ms ? now_ms - span_ms : 0;
}

}  // namespace

Result<Done> Mailbox::answer(const MailboxRequest& request, std::uint64_t now_ms,
                             schema::MailboxReply& reply) {
  const auto mailbox = wire::id<sync::MailboxId>(request.mailbox());
  if (!mailbox ||
      (request.slot() != MailboxRequest::REQUEST && request.slot() != MailboxRequest::REPLY)) {
    return invalid("This request does not say which letter is meant.");
  }
  if (request.put().size() > letter_bytes_max) return invalid("This letter is too large.");

  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  store_.drop_letters_before(before(now_ms, letter_ms_max));
  if (!request.put().empty()) {
    auto done = put(*mailbox, request.slot(), crypto::as_bytes(request.put()), now_ms);
    if (!done) return done;
  }
  const auto content = store_.letter(*mailbox, request.slot());
  if (auto done = transaction->commit(); !done) return done;
  if (content) reply.set_content(wire::text(*content));
  return Done{};
}

Result<Done> Mailbox::put(const sync::MailboxId& mailbox, int slot, ByteView content,
                          std::uint64_t now_ms) {
  if (store_.letter(mailbox, slot)) return Done{};
  if (slot == MailboxRequest::REPLY && !store_.letter(mailbox, MailboxRequest::REQUEST)) {
    return invalid("There is no letter here to answer.");
  }
  if (store_.letters_since(0) >= letters_max ||
      store_.letters_since(before(now_ms, hour_ms)) >= letters_per_hour_max) {
    return {ErrorKind::unavailable,
            "Too many computers are being enrolled just now. Try again in an hour."};
  }
  store_.keep_letter(mailbox, slot, content, now_ms);
  return Done{};
}

}  // namespace throughgate::hub
