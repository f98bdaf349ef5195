// Small values between messages and our own types.
#pragma once

#include <optional>
#include <string>

#include "schema/wire.pb.h"
#include "sync/directory.h"
#include "sync/envelope.h"
#include "sync/order.h"

namespace throughgate::sync {

inline std::string to_wire(ByteView bytes) { return std::string(crypto::as_text(bytes)); }
inline Bytes from_wire(const std::string& text) { return {text.begin(), text.end()}; }

template <class AnyId>
std::optional<AnyId> id_from_wire(const std::string& text) {
  return AnyId::from(crypto::as_bytes(text));
}
inline std::optional<Hash> hash_from_wire(const std::string& text) {
  return crypto::to_array<32>(crypto::as_bytes(text));
}

schema::DirectoryStep to_wire(const DirectoryStep& step);
std::optional<DirectoryStep> from_wire(const schema::DirectoryStep& step);

schema::WireHead to_wire(const Head& head);
std::optional<Head> from_wire(const schema::WireHead& head);

schema::WireHeadProof to_wire(const SignedHead& head);
std::optional<SignedHead> from_wire(const schema::WireHeadProof& proof);

schema::WireHeads to_wire(const SignedHeads& heads);
std::optional<SignedHeads> from_wire(const schema::WireHeads& heads);

schema::SignedBytes to_wire(const EnvelopeList& list);
std::optional<EnvelopeList> envelope_list_from_wire(const schema::SignedBytes& bytes);

}  // namespace throughgate::sync
