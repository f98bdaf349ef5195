// The files that the root's people hand each other: requests, root lists, keys.
#pragma once

#include <optional>
#include <string>

#include "node/desk/desk.h"
#include "sync/root_list.h"

namespace throughgate::node::cli {

// What follows "name:" on a line of its own, as our programs print facts; empty when there is none.
std::string value_in(const std::string& text, const std::string& name);
// The same of a file that somebody gave us.
sync::Result<std::string> text_of_file(const std::string& path);

// A key as "name: 64 digits" in such a text. nullopt: none there, or it is none.
std::optional<crypto::VerifyKey> key_in(const std::string& text, const std::string& name);

// What the next root list is to name: a desk's key and the exchange's, as `desk key` writes them.
struct RootRequest {
  crypto::VerifyKey directory_key{};
  crypto::VerifyKey hub_key{};
};
std::string text_of(const RootRequest& request);
sync::Result<RootRequest> read_root_request(const std::string& path);

// Fails with `invalid` when it is no root list.
sync::Result<sync::SignedRootList> read_root_list(const std::string& path);
// Replaces what is there. For anybody to read who gets hold of it: nothing in it is secret.
sync::Result<sync::Done> write_root_list(const std::string& path, const sync::SignedRootList& list);

}  // namespace throughgate::node::cli
