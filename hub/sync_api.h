// Requests as bytes in, answers as bytes out; what HTTP carries, and a simulation calls directly.
// Threads: any; one request is worked on at a time.
#pragma once

#include <array>
#include <map>
#include <mutex>
#include <string>

#include "hub/credentials.h"
#include "hub/mailbox.h"
#include "hub/sequencer.h"
#include "sync/limits.h"

namespace throughgate::schema {
class Credential;
}

namespace throughgate::hub {

enum class Endpoint { hello, sync, fetch, mailbox, carry };
inline constexpr std::array endpoints{Endpoint::hello, Endpoint::sync, Endpoint::fetch,
                                      Endpoint::mailbox, Endpoint::carry};

constexpr std::uint32_t protocol_version = 1;
using sync::batch_bytes_max;
using sync::entries_per_request_max;
using sync::other_items_per_request_max;
using sync::replays_per_request_max;
using sync::request_bytes_max;

struct Answer {
  int status = 200;   // as HTTP counts them
  Bytes bytes;        // a message, when 200
  std::string error;  // plain English otherwise; no personal data
  NodeId node;        // who asked, once it has signed in; else zero
  Tally tally;        // how its entries fared

  bool is_done() const { return status == 200; }
};

class SyncApi {
 public:
  // `sequencer` and `random` must outlive it.
  SyncApi(Sequencer& sequencer, crypto::Random& random)
      : sequencer_(sequencer), random_(random), credentials_(random), mailbox_(sequencer.store()) {}

  //   400 not such a message, or over a limit   401 sign in again, from hello
  //   403 not enrolled, or revoked              413 too large
  //   503 cannot answer now: try again later    500 the store is damaged
  Answer handle(Endpoint endpoint, ByteView request, std::uint64_t now_ms);

  // How far an organisation has been told since this program started, 0 where it was not here, and
  // whether there is more for it; for whoever lets it know. Safe beside handle().
  std::uint64_t told_to(const OrganisationId& organisation);
  Result<bool> has_more(const OrganisationId& organisation, std::uint64_t told_to);

  // For people who look after the hub; safe beside handle(). Both cost the same in any store.
  Result<bool> is_serving();
  struct Health {
    bool serving = false;
    std::uint64_t directory_version = 0;
    InstanceId instance;
    HubCounts counts;
  };
  Result<Health> health();

 private:
  Answer hello(ByteView request, std::uint64_t now_ms);
  Answer sync(ByteView request, std::uint64_t now_ms);
  Answer fetch(ByteView request, std::uint64_t now_ms);
  Answer mailbox(ByteView request, std::uint64_t now_ms);
  Answer carry(ByteView request, std::uint64_t now_ms);
  // The caller, and the token it has just earned, if any.
  struct Admitted {
    Caller caller;
    Bytes token;
  };
  Result<Done> may_serve(const schema::Credential& credential, std::uint64_t now_ms);
  Result<Admitted> admit(const schema::Credential& credential, std::uint64_t now_ms);

  std::mutex one_at_a_time_;
  Sequencer& sequencer_;
  crypto::Random& random_;
  Credentials credentials_;
  Mailbox mailbox_;
  std::map<OrganisationId, std::uint64_t> told_to_;  // of the present instance
};

}  // namespace throughgate::hub
