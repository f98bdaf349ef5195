#include "hub/sync_api.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>

#include "hub/bundles.h"
#include "hub/outgoing.h"
#include "hub/wire.h"
#include "schema/enrolment.pb.h"
#include "sync/bundle.h"

namespace throughgate::hub {
namespace {

constexpr const char* sign_in_again = "This computer must sign in to the exchange again.";
constexpr int recursion_max = 8;  // messages are four deep
// To the maker of a bundle that was passed on.
constexpr std::size_t answer_bytes_max = 4 << 20;
constexpr std::size_t answer_files_max = answer_bytes_max / sync::bundle_passed_on_max;

template <class Message>
bool parse(ByteView bytes, Message& message) {
  google::protobuf::io::CodedInputStream in(bytes.data(), static_cast<int>(bytes.size()));
  in.SetRecursionLimit(recursion_max);
  return message.ParseFromCodedStream(&in) && in.ConsumedEntireMessage();
}

template <class Message>
Answer reply_with(const Message& message) {
  Answer answer;
  answer.bytes.resize(message.ByteSizeLong());
  message.SerializeToArray(answer.bytes.data(), static_cast<int>(answer.bytes.size()));
  return answer;
}

int status_for(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::denied:
      return 403;
    case ErrorKind::stale:
      return 401;
    case ErrorKind::unavailable:
      return 503;
    case ErrorKind::corrupt:
      return 500;
    case ErrorKind::not_found:
    case ErrorKind::rejected:
    case ErrorKind::newer:
    case ErrorKind::invalid:
      break;
  }
  return 400;
}

Answer refuse(int status, const char* message) {
  Answer answer;
  answer.status = status;
  answer.error = message;
  return answer;
}

Answer refuse(const Error& error) { return refuse(status_for(error.kind), error.message.c_str()); }

Error invalid(const char* message) { return {ErrorKind::invalid, message}; }

Result<Done> within_limits(const schema::SyncRequest& request) {
  int entries = 0;
  std::size_t bytes = 0;
  for (const auto& group : request.entries()) {
    if (!wire::id<DossierId>(group.dossier())) return invalid("A group of entries has no name.");
    entries += group.entries_size();
    bytes += group.ByteSizeLong();
  }
  for (const auto& replay : request.replays()) entries += replay.page().records_size();
  const int items =
      std::max({request.directory_size(), request.envelopes_size(), request.digests_size(),
                request.presented_size(), request.entries_size(), request.purge_receipts_size()});
  if (entries > entries_per_request_max || items > other_items_per_request_max ||
      request.replays_size() > replays_per_request_max) {
    return invalid("This request has too many items. Send them in several requests.");
  }
  if (bytes > batch_bytes_max) {
    return invalid("This request has too many entries. Send them in several requests.");
  }
  return Done{};
}

Result<std::vector<sync::DirectoryStep>> steps_of(const schema::SyncRequest& request) {
  std::vector<sync::DirectoryStep> steps;
  for (const auto& in : request.directory()) {
    auto step = wire::step(in);
    if (!step) return invalid("The central list in this request cannot be read.");
    steps.push_back(*std::move(step));
  }
  return steps;
}

void say_how_it_fared(const Result<Taken>& taken, schema::CarryReply& reply) {
  if (taken) return reply.set_fate(schema::CarryReply::TAKEN);
  const auto kind = taken.error().kind;
  const bool may_change = kind == ErrorKind::stale || kind == ErrorKind::newer;
  reply.set_fate(may_change ? schema::CarryReply::WAITS : schema::CarryReply::REFUSED);
  reply.set_said(taken.error().message);
}

// As much as goes with one reply: each file stands by itself. Whoever gets none, or not all, hears
// of it otherwise, as anybody does who brings a bundle by hand; and is told so.
void add_answer(const Taken& taken, Bundles& bundles, std::uint64_t now_ms,
                schema::CarryReply& reply) {
  const auto given = bundles.answer_to(taken, sync::bundle_passed_on_max, answer_files_max, now_ms);
  if (!given) {
    return reply.set_said(
        "The exchange could not make an answer to it. Whoever made it hears with their next sync, "
        "or with a file from the central team, what became of it.");
  }
  for (const auto& file : given->files) reply.add_answer(wire::text(file));
  if (given->is_whole) return;
  reply.set_said(
      "The answer holds only part of what became of it, as the rest did not fit. Whoever made it "
      "hears the rest with their next file for the exchange, their next sync, or a file from the "
      "central team.");
}

}  // namespace

Answer SyncApi::handle(Endpoint endpoint, ByteView request, std::uint64_t now_ms) {
  if (request.size() > request_bytes_max) {
    return refuse(413, "This request is too large. Send it in several parts.");
  }
  const std::lock_guard lock(one_at_a_time_);
  if (auto fresh = sequencer_.refresh(); !fresh) return refuse(fresh.error());
  switch (endpoint) {
    case Endpoint::hello:
      return hello(request, now_ms);
    case Endpoint::sync:
      return sync(request, now_ms);
    case Endpoint::fetch:
      return fetch(request, now_ms);
    case Endpoint::mailbox:
      return mailbox(request, now_ms);
    case Endpoint::carry:
      return carry(request, now_ms);
  }
  return refuse(404, "There is no such request.");
}

Answer SyncApi::hello(ByteView bytes, std::uint64_t now_ms) {
  schema::HelloRequest request;
  if (!parse(bytes, request)) return refuse(invalid("This request cannot be read."));
  const auto node = wire::id<NodeId>(request.node());
  if (!node) return refuse(invalid("This request does not say who asks."));
  if (request.protocol() != protocol_version) {
    return refuse(
        invalid("This program and the exchange do not speak the same version. Update it."));
  }
  schema::HelloReply reply;
  reply.set_challenge(wire::text(credentials_.challenge(*node, now_ms)));
  reply.set_instance(wire::text(sequencer_.state().instance.bytes));
  reply.set_hub_time_ms(now_ms);
  reply.set_directory_version(sequencer_.directory().version());
  reply.set_protocol(protocol_version);
  return reply_with(reply);
}

Result<SyncApi::Admitted> SyncApi::admit(const schema::Credential& credential,
                                         std::uint64_t now_ms) {
  const auto id = wire::id<NodeId>(credential.node());
  const auto* node = id ? sequencer_.directory().node(*id) : nullptr;
  if (!node) {
    return {
        ErrorKind::denied,
        "This computer is not in the central list that the exchange has. Ask the central team to "
        "enrol it; if they have said yes already, ask them to sync."};
  }
  if (node->revoked_in) {
    return {ErrorKind::denied,
            "The central team has withdrawn this computer. Ask them before using it again."};
  }
  const auto& instance = sequencer_.state().instance;
  const Admitted admitted{{node->id, node->organisation}, {}};
  if (credentials_.is_good_token(node->id, instance, crypto::as_bytes(credential.token()),
                                 now_ms)) {
    return admitted;
  }
  if (credentials_.is_good_answer(*node, instance, crypto::as_bytes(credential.challenge()),
                                  crypto::as_bytes(credential.signature()), now_ms)) {
    return Admitted{admitted.caller, credentials_.token(node->id, instance, now_ms)};
  }
  return {ErrorKind::stale, sign_in_again};
}

// Whoever comes with a token of another life of this hub is sent to hello, where they learn which
// lists it lacks: they may be who brings them.
Result<Done> SyncApi::may_serve(const schema::Credential& credential, std::uint64_t now_ms) {
  auto serves = sequencer_.serves();
  if (serves || credential.token().empty()) return serves;
  const auto node = wire::id<NodeId>(credential.node());
  const bool of_this_life =
      node && credentials_.is_good_token(*node, sequencer_.state().instance,
                                         crypto::as_bytes(credential.token()), now_ms);
  return of_this_life ? serves : Error{ErrorKind::stale, sign_in_again};
}

Answer SyncApi::sync(ByteView bytes, std::uint64_t now_ms) {
  schema::SyncRequest request;
  if (!parse(bytes, request)) return refuse(invalid("This request cannot be read."));
  if (auto fits = within_limits(request); !fits) return refuse(fits.error());
  const auto steps = steps_of(request);
  if (!steps) return refuse(steps.error());
  // The desk's signature vouches for them, whoever brings them: a hub that has begun anew knows
  // nobody yet.
  if (auto taken = sequencer_.take_directory(*steps, now_ms); !taken) return refuse(taken.error());
  if (auto serves = may_serve(request.credential(), now_ms); !serves) return refuse(serves.error());
  if (auto same = sequencer_.check_same_list(request.directory_version(),
                                             crypto::as_bytes(request.directory_head()));
      !same) {
    return refuse(same.error());
  }
  const auto admitted = admit(request.credential(), now_ms);
  if (!admitted) return refuse(admitted.error());

  schema::SyncReply reply;
  const auto tally = sequencer_.sync(admitted->caller, request, now_ms, reply);
  Answer answer;
  if (tally) {
    if (!reply.more()) told_to_[admitted->caller.organisation] = sequencer_.state().change;
    reply.set_token(wire::text(admitted->token));
    answer = reply_with(reply);
    answer.tally = *tally;
  } else {
    answer = refuse(tally.error());
  }
  answer.node = admitted->caller.node;
  return answer;
}

Answer SyncApi::fetch(ByteView bytes, std::uint64_t now_ms) {
  schema::FetchRequest request;
  if (!parse(bytes, request)) return refuse(invalid("This request cannot be read."));
  if (request.after_size() > other_items_per_request_max) {
    return refuse(invalid("This request has too many items. Send them in several requests."));
  }
  if (auto serves = may_serve(request.credential(), now_ms); !serves) return refuse(serves.error());
  const auto admitted = admit(request.credential(), now_ms);
  if (!admitted) return refuse(admitted.error());

  schema::FetchReply reply;
  const auto done = sequencer_.fetch(admitted->caller, request, now_ms, reply);
  reply.set_token(wire::text(admitted->token));
  Answer answer = done ? reply_with(reply) : refuse(done.error());
  answer.node = admitted->caller.node;
  answer.tally.damaged = static_cast<std::uint64_t>(reply.damaged_size());
  return answer;
}

Answer SyncApi::mailbox(ByteView bytes, std::uint64_t now_ms) {
  schema::MailboxRequest request;
  if (!parse(bytes, request)) return refuse(invalid("This request cannot be read."));
  schema::MailboxReply reply;
  if (auto done = mailbox_.answer(request, now_ms, reply); !done) return refuse(done.error());
  return reply_with(reply);
}

// As if somebody had brought it by hand: it is believed for its maker's signature, not its
// carrier's.
Answer SyncApi::carry(ByteView bytes, std::uint64_t now_ms) {
  schema::CarryRequest request;
  if (!parse(bytes, request)) return refuse(invalid("This request cannot be read."));
  if (auto serves = may_serve(request.credential(), now_ms); !serves) return refuse(serves.error());
  const auto admitted = admit(request.credential(), now_ms);
  if (!admitted) return refuse(admitted.error());

  Bundles bundles(sequencer_.store(), sequencer_, sequencer_.keys(), sequencer_.limits(), random_);
  const auto taken = bundles.take(crypto::as_bytes(request.file()), now_ms, Way::by_a_site);
  Answer answer;
  const bool failed_here = !taken && (taken.error().kind == ErrorKind::unavailable ||
                                      taken.error().kind == ErrorKind::corrupt);
  if (failed_here) {
    answer = refuse(taken.error());
  } else {
    schema::CarryReply reply;
    reply.set_token(wire::text(admitted->token));
    say_how_it_fared(taken, reply);
    if (taken) add_answer(*taken, bundles, now_ms, reply);
    answer = reply_with(reply);
    if (taken) answer.tally = taken->tally;
  }
  answer.node = admitted->caller.node;
  return answer;
}

std::uint64_t SyncApi::told_to(const OrganisationId& organisation) {
  const std::lock_guard lock(one_at_a_time_);
  const auto found = told_to_.find(organisation);
  return found == told_to_.end() ? 0 : found->second;
}

Result<bool> SyncApi::has_more(const OrganisationId& organisation, std::uint64_t told_to) {
  const std::lock_guard lock(one_at_a_time_);
  auto transaction = StoreTransaction::begin(sequencer_.store());
  if (!transaction) return transaction.error();
  const bool more = !sequencer_.store().pointers_after(organisation, told_to, 1).empty();
  if (auto done = transaction->commit(); !done) return done.error();
  return more;
}

Result<bool> SyncApi::is_serving() {
  const std::lock_guard lock(one_at_a_time_);
  if (auto fresh = sequencer_.refresh(); !fresh) return fresh.error();
  return sequencer_.serves().has_value();
}

Result<SyncApi::Health> SyncApi::health() {
  const std::lock_guard lock(one_at_a_time_);
  if (auto fresh = sequencer_.refresh(); !fresh) return fresh.error();
  auto counts = sequencer_.counts();
  if (!counts) return counts.error();
  return Health{sequencer_.serves().has_value(), sequencer_.directory().version(),
                sequencer_.state().instance, *counts};
}

}  // namespace throughgate::hub
