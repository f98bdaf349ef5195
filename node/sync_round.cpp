#include "node/sync_round.h"

#include <algorithm>
#include <limits>

#include "schema/wire.pb.h"
#include "sync/contexts.h"
#include "sync/layout.h"
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
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error{ErrorKind::unavailable,
                 "The central exchange's answer could not be read. Nothing was lost. Try again."};
  }
  return message;
}

}  // namespace

Result<SyncReport> SyncRound::run() {
  SyncReport report;
  if (auto fresh = node_.refresh_directory(); !fresh) return fresh.error();
  const auto left = node_.read_again(std::numeric_limits<std::size_t>::max());
  if (!left) return left.error();
  auto exchange = node_.exchange();
  if (auto done = hello(); !done) return done.error();
  if (auto done = exchange.begin(instance_, hub_directory_version_); !done) return done.error();
  for (int pass = 0; pass < passes_max; ++pass) {
    if (auto done = this->exchange(exchange, report); !done) return done.error();
    const auto written = exchange.write_again(node_.now_ms());
    if (!written) return written.error();
    if (!*written) break;  // else it goes at once, not with the next sync
  }
  report.counts = exchange.counts();
  return report;
}

Result<Done> SyncRound::hello() {
  schema::HelloRequest request;
  request.set_node(sync::to_wire(node_.identity().node.view()));
  request.set_protocol(1);
  const auto bytes = hub_.call(Endpoint::hello, bytes_of(request));
  if (!bytes) return bytes.error();
  const auto reply = message_of<schema::HelloReply>(*bytes);
  if (!reply) return reply.error();
  const auto instance = sync::id_from_wire<sync::InstanceId>(reply->instance());
  if (!instance)
    return Error{ErrorKind::unavailable, "The central exchange did not say who it is."};
  if (*instance != instance_) token_.clear();
  instance_ = *instance;
  challenge_ = sync::from_wire(reply->challenge());
  hub_directory_version_ = reply->directory_version();
  return Done{};
}

schema::Credential SyncRound::credential() const {
  schema::Credential out;
  out.set_node(sync::to_wire(node_.identity().node.view()));
  if (!token_.empty()) {
    out.set_token(sync::to_wire(token_));
    return out;
  }
  sync::LayoutWriter message;
  message.bytes(challenge_).bytes(instance_.bytes).bytes(node_.identity().node.bytes);
  out.set_challenge(sync::to_wire(challenge_));
  out.set_signature(sync::to_wire(
      node_.identity().signing_key.sign(sync::contexts::challenge_answer, message.take())));
  return out;
}

Result<Done> SyncRound::exchange(sync::store::Exchange& exchange, SyncReport& report) {
  while (report.requests < requests_max) {
    auto request = exchange.next_request(batch_bytes_);
    if (!request) return request.error();
    ++report.requests;
    *request->mutable_credential() = credential();
    const auto bytes = hub_.call(Endpoint::sync, bytes_of(*request));
    if (!bytes && bytes.error().kind == ErrorKind::stale && !token_.empty()) {
      token_.clear();
      if (auto done = hello(); !done) return done.error();
      continue;
    }
    if (!bytes) {
      batch_bytes_ = std::max(batch_bytes_ / 2, batch_bytes_min);
      return bytes.error();
    }
    batch_bytes_ = std::min(batch_bytes_ * 2, batch_bytes_max);
    const auto reply = message_of<schema::SyncReply>(*bytes);
    if (!reply) return reply.error();
    if (!reply->token().empty()) token_ = sync::from_wire(reply->token());
    report.hub_time_ms = reply->hub_time_ms();
    if (auto done = exchange.take_reply(*reply, node_.now_ms()); !done) return done.error();
    if (exchange.wants_another_request()) continue;
    if (auto done = fetch(exchange, report); !done) return done.error();
    if (!exchange.wants_another_request()) return Done{};
  }
  return Error{ErrorKind::unavailable, "The sync did not come to an end. Try again later."};
}

Result<Done> SyncRound::fetch(sync::store::Exchange& exchange, SyncReport& report) {
  while (report.requests < requests_max) {
    auto request = exchange.next_fetch(batch_bytes_);
    if (!request) return request.error();
    if (request->after_size() == 0) return Done{};
    ++report.requests;
    *request->mutable_credential() = credential();
    const auto bytes = hub_.call(Endpoint::fetch, bytes_of(*request));
    if (!bytes) {
      batch_bytes_ = std::max(batch_bytes_ / 2, batch_bytes_min);
      return bytes.error();
    }
    batch_bytes_ = std::min(batch_bytes_ * 2, batch_bytes_max);
    const auto reply = message_of<schema::FetchReply>(*bytes);
    if (!reply) return reply.error();
    if (!reply->token().empty()) token_ = sync::from_wire(reply->token());
    const auto on = exchange.take_pages(*reply, node_.now_ms());
    if (!on) return on.error();
    if (!*on) return Done{};  // no further for now
  }
  return Done{};
}

}  // namespace throughgate::node
