// Reading a message of which nobody vouches for the bytes.
#pragma once

#include <google/protobuf/io/coded_stream.h>

#include "crypto/bytes.h"
#include "sync/limits.h"

namespace throughgate::sync {

// False when the bytes are no such message, or nested deeper than any of ours.
template <class Message>
bool parse(crypto::ByteView bytes, Message& message) {
  google::protobuf::io::CodedInputStream in(bytes.data(), static_cast<int>(bytes.size()));
  in.SetRecursionLimit(messages_deep_max);
  return message.ParseFromCodedStream(&in) && in.ConsumedEntireMessage();
}

}  // namespace throughgate::sync
