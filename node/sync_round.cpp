#include "node/sync_round.h"

#include <algorithm>
#include <limits>

#include "schema/wire.pb.h"
#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/limits.h"
#include "sync/parse.h"
#include "sync/program_number.h"
#include "sync/wire_values.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using Endpoint = HubClient::Endpoint;

constexpr int passes_max = 3;  // what is refused again and again waits for the next sync
constexpr std::size_t requests_max =
    10'000;  // a round that never ends is a fault, ours or the hub's

template <class Message>
crypto::Bytes bytes_of(const Message& message) {
  crypto::Bytes out(message.ByteSizeLong());
  message.SerializeToArray(out.data(), static_cast<int>(out.size()));
  return out;
}

template <class Message>
Result<Message> message_of(const crypto::Bytes& bytes) {
  Message message;
  if (!sync::parse(bytes, message)) {
    return Error{ErrorKind::unavailable,
                 "The central exchange's answer could not be read. Nothing was lost. Try again."};
  }
  return message;
}

// Until it has that, it may serve nobody: it is given first, by whoever comes with it.
bool lacks_our_list(const LinkMemory& link, const OpenNode& node) {
  return link.hub_directory_version < node.directory().version();
}

}  // namespace

SyncRound::SyncRound(OpenNode& node, HubClient& hub, LinkMemory& link)
    : node_(node), hub_(hub), link_(link) {}

Result<SyncReport> SyncRound::run() { return with_the_hub(&SyncRound::converse); }

Result<SyncReport> SyncRound::hear() { return with_the_hub(&SyncRound::listen); }

Result<SyncReport> SyncRound::with_the_hub(Step step) {
  SyncReport report;
  if (auto fresh = node_.refresh_directory(); !fresh) return fresh.error();
  if (auto finished = node_.finish_erasures(); !finished) return finished.error();
  const auto left = node_.read_again(std::numeric_limits<std::size_t>::max());
  if (!left) return left.error();
  if (link_.hub != hub_.address()) {
    link_ = {};
    link_.hub = hub_.address();
  }
  if (link_.token.empty()) {
    if (auto done = hello(); !done) return done.error();
  }
  auto exchange = node_.exchange();
  const auto instance = link_.instance;
  auto done = (this->*step)(exchange, report);
  // The hub has begun anew since it was last visited: that is no reason to come again later.
  if (!done && done.error().kind == ErrorKind::stale && link_.instance != instance) {
    done = (this->*step)(exchange, report);
  }
  if (!done) {
    link_.token.clear();  // the hub may have lost what it held: it is asked who it is first
    return done.error();
  }
  report.counts = exchange.counts();
  return report;
}

Result<Done> SyncRound::converse(sync::store::Exchange& exchange, SyncReport& report) {
  auto begun = exchange.begin(link_.instance, link_.hub_directory_version);
  if (!begun) return begun.error();
  if (sync::needs_update(node_.directory())) return this->exchange(exchange, report);
  // What an earlier visit heard of before it was cut: with it the outbox is smaller.
  if (!lacks_our_list(link_, node_)) {
    if (auto done = fetch(exchange, report); !done) return done.error();
  }
  for (int pass = 0; pass < passes_max; ++pass) {
    if (auto done = this->exchange(exchange, report); !done) return done.error();
    const auto written = exchange.write_again(node_.now_ms());
    if (!written) return written.error();
    if (!*written) break;  // else it goes at once, not with the next sync
  }
  return Done{};
}

Result<Done> SyncRound::listen(sync::store::Exchange& exchange, SyncReport& report) {
  auto begun = exchange.begin(link_.instance, link_.hub_directory_version);
  if (!begun) return begun.error();
  if (lacks_our_list(link_, node_)) return Done{};
  while (report.requests < requests_max) {
    auto request = exchange.hearing_request();
    if (!request) return request.error();
    if (!*request || sync::needs_update(node_.directory())) return Done{};
    if (auto done = ask(exchange, **request, report); !done) return done.error();
    if (auto done = fetch(exchange, report); !done) return done.error();
    if (!exchange.wants_another_request()) return Done{};
  }
  return Error{ErrorKind::unavailable, "The sync did not come to an end. Try again later."};
}

Result<Done> SyncRound::hello() {
  schema::HelloRequest request;
  request.set_node(sync::to_wire(node_.identity().node.view()));
  request.set_protocol(sync::protocol_number);
  const auto bytes = hub_.call(Endpoint::hello, bytes_of(request));
  if (!bytes) return bytes.error();
  const auto reply = message_of<schema::HelloReply>(*bytes);
  if (!reply) return reply.error();
  const auto instance = sync::id_from_wire<sync::InstanceId>(reply->instance());
  if (!instance)
    return Error{ErrorKind::unavailable, "The central exchange did not say who it is."};
  link_.token.clear();
  link_.instance = *instance;
  link_.hub_directory_version = reply->directory_version();
  challenge_ = sync::from_wire(reply->challenge());
  return Done{};
}

schema::Credential SyncRound::credential() const {
  schema::Credential out;
  out.set_node(sync::to_wire(node_.identity().node.view()));
  if (!link_.token.empty()) {
    out.set_token(sync::to_wire(link_.token));
    return out;
  }
  sync::LayoutWriter message;
  message.bytes(challenge_).bytes(link_.instance.bytes).bytes(node_.identity().node.bytes);
  out.set_challenge(sync::to_wire(challenge_));
  out.set_signature(sync::to_wire(
      node_.identity().signing_key.sign(sync::contexts::challenge_answer, message.take())));
  return out;
}

// Signs in again where the token has become too old, however long the round lasts.
template <class Reply, class Request>
Result<Reply> SyncRound::call(Endpoint endpoint, Request& request, SyncReport& report) {
  for (;;) {
    ++report.requests;
    *request.mutable_credential() = credential();
    const auto bytes = hub_.call(endpoint, bytes_of(request));
    if (bytes) {
      link_.went_through();
      auto reply = message_of<Reply>(*bytes);
      if (reply && !reply->token().empty()) link_.token = sync::from_wire(reply->token());
      return reply;
    }
    const bool token_is_old = bytes.error().kind == ErrorKind::stale && !link_.token.empty();
    if (!token_is_old) {
      link_.was_cut();
      return bytes.error();
    }
    const auto instance = link_.instance;
    if (auto done = hello(); !done) return done.error();
    if (link_.instance != instance) {
      return Error{ErrorKind::stale, "The central exchange was restarted. Sync again."};
    }
  }
}

Result<schema::CarryReply> SyncRound::carry(crypto::ByteView file) {
  SyncReport unsaid;
  schema::CarryRequest request;
  request.set_file(sync::to_wire(file));
  return call<schema::CarryReply>(Endpoint::carry, request, unsaid);
}

Result<Done> SyncRound::ask(sync::store::Exchange& exchange, schema::SyncRequest& request,
                            SyncReport& report) {
  const auto reply = call<schema::SyncReply>(Endpoint::sync, request, report);
  if (!reply) return reply.error();
  // What no clock shows would overflow where it is added to.
  report.hub_time_ms = std::min(reply->hub_time_ms(), sync::counter_max);
  const auto version = node_.directory().version();
  const auto taken = exchange.take_reply(*reply, node_.now_ms());
  if (node_.directory().version() > version) {
    if (auto finished = node_.finish_erasures(); !finished) return finished.error();
  }
  if (!taken) return taken.error();
  link_.hub_directory_version = std::max(link_.hub_directory_version, reply->directory_version());
  return Done{};
}

Result<Done> SyncRound::exchange(sync::store::Exchange& exchange, SyncReport& report) {
  while (report.requests < requests_max) {
    auto request = exchange.next_request(link_.batch_bytes);
    if (!request) return request.error();
    if (auto done = ask(exchange, *request, report); !done) return done.error();
    if (exchange.wants_another_request()) continue;
    if (auto done = fetch(exchange, report); !done) return done.error();
    if (!exchange.wants_another_request()) return Done{};
  }
  return Error{ErrorKind::unavailable, "The sync did not come to an end. Try again later."};
}

Result<Done> SyncRound::fetch(sync::store::Exchange& exchange, SyncReport& report) {
  while (report.requests < requests_max) {
    auto request = exchange.next_fetch(link_.batch_bytes);
    if (!request) return request.error();
    if (request->after_size() == 0) return Done{};
    const auto reply = call<schema::FetchReply>(Endpoint::fetch, *request, report);
    if (!reply) return reply.error();
    const auto on = exchange.take_pages(*reply, node_.now_ms());
    if (!on) return on.error();
    if (!*on) return Done{};  // no further for now
  }
  return Done{};
}

}  // namespace throughgate::node
