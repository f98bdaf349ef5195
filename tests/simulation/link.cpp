// Links that lose, repeat, replay and garble.
#include "schema/wire.pb.h"
#include "sync/header.h"
#include "sync/wire_values.h"
#include "tests/simulation/machines.h"

namespace throughgate::simulation {
namespace {

// A reply in which anything is altered says nothing at all: were they as many as pages, hardly a
// visit would come to an end.
constexpr double garbled_replies = 0.2;

template <class Message>
Message parsed(crypto::ByteView bytes) {
  Message message;
  message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return message;
}

template <class Message>
crypto::Bytes bytes_of(const Message& message) {
  crypto::Bytes out(message.ByteSizeLong());
  message.SerializeToArray(out.data(), static_cast<int>(out.size()));
  return out;
}

}  // namespace

sync::Result<crypto::Bytes> Link::call(Endpoint endpoint, crypto::ByteView request) {
  using sync::Error;
  using sync::ErrorKind;
  ++counts_.calls;
  counts_.bytes += request.size();
  const Error lost{ErrorKind::unavailable, "The line went dead."};
  if (random_.chance(weather_.lose_request)) {
    ++counts_.lost;
    return lost;
  }
  if (!old_.empty() && random_.chance(weather_.replay_old)) {
    ++counts_.replayed;
    const auto& [what, bytes] = old_[random_.below(old_.size())];
    deliver(what, bytes);
  }
  if (random_.chance(weather_.repeat)) {
    ++counts_.repeated;
    deliver(endpoint, request);
  }
  if (endpoint == Endpoint::sync && random_.chance(weather_.newer)) {
    deliver(endpoint, from_newer_program(request));
  }
  auto answer = endpoint == Endpoint::sync && weather_.garble > 0
                    ? deliver(endpoint, garbled_entries(request))
                    : deliver(endpoint, request);
  if (old_.size() < 8) old_.emplace_back(endpoint, crypto::Bytes(request.begin(), request.end()));
  if (random_.chance(weather_.lose_answer)) {
    ++counts_.lost;
    return lost;
  }
  counts_.bytes += answer.bytes.size();
  if (answer.is_done()) {
    if (alteration_) alteration_(endpoint, answer.bytes);
    if (endpoint == Endpoint::fetch && random_.chance(weather_.garble)) {
      return garbled_page(answer.bytes);
    }
    if (endpoint == Endpoint::sync && random_.chance(weather_.garble * garbled_replies)) {
      return garbled_reply(answer.bytes);
    }
    if (endpoint == Endpoint::sync && listener_) {
      listener_(parsed<schema::SyncRequest>(request), parsed<schema::SyncReply>(answer.bytes));
    }
    return std::move(answer.bytes);
  }
  const ErrorKind kind = answer.status == 401                           ? ErrorKind::stale
                         : answer.status == 403                         ? ErrorKind::denied
                         : answer.status == 400 || answer.status == 413 ? ErrorKind::invalid
                                                                        : ErrorKind::unavailable;
  return Error{kind, answer.error};
}

hub::Answer Link::deliver(Endpoint endpoint, crypto::ByteView request) {
  return hub_->handle(static_cast<hub::Endpoint>(endpoint), request);
}

void Link::garble(std::string& bytes) {
  if (bytes.empty()) return;
  char& byte = bytes[random_.below(bytes.size())];
  byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1u << random_.below(8)));
  ++counts_.garbled;
}

crypto::Bytes Link::garbled_entries(crypto::ByteView request) {
  auto message = parsed<schema::SyncRequest>(request);
  for (auto& group : *message.mutable_entries()) {
    for (auto& entry : *group.mutable_entries()) {
      if (!random_.chance(weather_.garble)) continue;
      std::string* const parts[] = {entry.mutable_signature(), entry.mutable_clear(),
                                    entry.mutable_sealed()};
      garble(*parts[random_.below(3)]);
    }
  }
  return bytes_of(message);
}

void Link::garble(std::uint64_t& number) {
  number ^= 1ull << random_.below(64);
  ++counts_.garbled;
}

void Link::garble(schema::WireHead& head) {
  std::uint64_t dsn = head.dsn();
  switch (random_.below(3)) {
    case 0:
      return garble(*head.mutable_dossier());
    case 1:
      return garble(*head.mutable_chain());
    default:
      garble(dsn);
      head.set_dsn(dsn);
  }
}

// An order record, or of every entry a part.
void Link::garble(schema::Page& page) {
  if (page.records_size() > 0 && random_.chance(0.5)) {
    const auto which = random_.below(static_cast<std::uint64_t>(page.records_size()));
    auto& record = *page.mutable_records(static_cast<int>(which));
    std::uint64_t version = record.directory_version(), time_ms = record.accepted_at_ms();
    garble(random_.chance(0.5) ? version : time_ms);
    record.set_directory_version(version);
    record.set_accepted_at_ms(time_ms);
    return;
  }
  for (auto& entry : *page.mutable_entries()->mutable_entries()) {
    std::string* const parts[] = {entry.mutable_signature(), entry.mutable_clear(),
                                  entry.mutable_sealed()};
    garble(*parts[random_.below(3)]);
  }
}

crypto::Bytes Link::garbled_page(crypto::ByteView reply) {
  auto message = parsed<schema::FetchReply>(reply);
  for (auto& page : *message.mutable_pages()) garble(page);
  return bytes_of(message);
}

// A head or the root over all of them, a list of envelopes, or a digest.
crypto::Bytes Link::garbled_reply(crypto::ByteView reply) {
  auto message = parsed<schema::SyncReply>(reply);
  for (auto& list : *message.mutable_envelopes()) {
    if (random_.chance(0.5)) {
      garble(random_.chance(0.8) ? *list.mutable_bytes() : *list.mutable_signature());
    }
  }
  for (auto& digest : *message.mutable_digests()) {
    if (random_.chance(0.5)) garble(*digest.mutable_digest());
  }
  auto& heads = *message.mutable_heads();
  if (heads.heads_size() == 0) {
    message.clear_heads();
  } else if (random_.chance(0.3)) {
    garble(random_.chance(0.5) ? *heads.mutable_root()->mutable_bytes()
                               : *heads.mutable_root()->mutable_signature());
  } else {
    const auto which = random_.below(static_cast<std::uint64_t>(heads.heads_size()));
    garble(*heads.mutable_heads(static_cast<int>(which)));
  }
  return bytes_of(message);
}

// One entry of the next version, in a request that the same computer might have made.
crypto::Bytes Link::from_newer_program(crypto::ByteView request) {
  schema::SyncRequest message;
  *message.mutable_credential() = parsed<schema::SyncRequest>(request).credential();
  sync::Header header;
  header.dossier = sync::DossierId::random(random_);
  auto bytes = header.encode();
  bytes[0] = static_cast<std::uint8_t>(sync::entry_version + 1);
  auto& group = *message.add_entries();
  group.set_dossier(sync::to_wire(header.dossier.view()));
  auto& entry = *group.add_entries();
  entry.set_header(sync::to_wire(bytes));
  entry.set_signature(sync::to_wire(random_.bytes<64>()));
  return bytes_of(message);
}

}  // namespace throughgate::simulation
