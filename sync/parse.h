// Reading a message of which nobody vouches for the bytes.
#pragma once

#include <google/protobuf/io/coded_stream.h>

#include "crypto/bytes.h"
#include "sync/limits.h"

namespace google::protobuf {
class Descriptor;
}

namespace throughgate::sync {

// An empty message is two bytes, and a hundred once it is read. So what is large is walked through
// first, without taking memory: ours cost far less for their bytes than this, whatever they hold.
constexpr std::size_t parse_walked_from = 1 << 20;  // bytes
constexpr std::size_t parse_cost_free = 4096;       // and a third of the bytes
constexpr std::size_t parse_cost_max = 8'000'000;   // four for a message or text: 300 MB at most
bool is_worth_its_bytes(const google::protobuf::Descriptor& shape, crypto::ByteView bytes);

// False when the bytes are no such message, nested deeper than any of ours, or more for their size.
template <class Message>
bool parse(crypto::ByteView bytes, Message& message) {
  const bool is_large = bytes.size() > parse_walked_from;
  if (is_large && !is_worth_its_bytes(*Message::descriptor(), bytes)) return false;
  google::protobuf::io::CodedInputStream in(bytes.data(), static_cast<int>(bytes.size()));
  in.SetRecursionLimit(messages_deep_max);
  return message.ParseFromCodedStream(&in) && in.ConsumedEntireMessage();
}

}  // namespace throughgate::sync
