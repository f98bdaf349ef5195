// Where an invited computer and the desk leave each other one letter each before they can sign in:
// under a hash of the invitation's code, which this hub never sees. What lies there is protected by
// MACs under that code, so nobody is asked who they are; limits keep strangers from filling the
// disk. Threads: those of its HubStore.
#pragma once

#include "hub/store/hub_store.h"

namespace throughgate::schema {
class MailboxReply;
class MailboxRequest;
}  // namespace throughgate::schema

namespace throughgate::hub {

constexpr std::size_t letter_bytes_max = 4 << 10;
constexpr std::uint64_t letter_ms_max = 14ull * 24 * 60 * 60 * 1000;  // as long as a code is good
constexpr std::uint64_t letters_max = 10'000;                         // 40 MiB at most
constexpr std::uint64_t letters_per_hour_max = 300;  // more computers than anybody enrols in a day

class Mailbox {
 public:
  explicit Mailbox(HubStore& store) : store_(store) {}  // which must outlive it

  // What lies there, after a put where the request holds one. What was put first stays.
  //   invalid      no such slot, larger than a letter may be, or an answer to nothing
  //   unavailable  too many letters just now
  Result<Done> answer(const schema::MailboxRequest& request, std::uint64_t now_ms,
                      schema::MailboxReply& reply);

 private:
  Result<Done> put(const sync::MailboxId& mailbox, int slot, ByteView content,
                   std::uint64_t now_ms);

  HubStore& store_;
};

}  // namespace throughgate::hub
