// Ids, hashes and signatures between messages and our types.
#pragma once

#include <optional>
#include <string>

#include "schema/wire.pb.h"
#include "sync/directory.h"
#include "sync/ids.h"
#include "sync/order.h"

namespace throughgate::hub::wire {

inline std::string text(sync::ByteView bytes) { return std::string(crypto::as_text(bytes)); }
inline sync::Bytes bytes(const std::string& text) { return {text.begin(), text.end()}; }
template <class AnyId>
std::optional<AnyId> id(const std::string& text) {
  return AnyId::from(crypto::as_bytes(text));
}
template <std::size_t Size>
std::optional<sync::ByteArray<Size>> array(const std::string& text) {
  return crypto::to_array<Size>(crypto::as_bytes(text));
}

std::optional<sync::Head> head(const schema::WireHead& in);
void set(const sync::Head& head, schema::WireHead& out);
std::optional<sync::SignedHead> signed_head(const schema::WireHeadProof& in);
std::optional<sync::DirectoryStep> step(const schema::DirectoryStep& in);
void set(const sync::DirectoryStep& step, schema::DirectoryStep& out);

}  // namespace throughgate::hub::wire
