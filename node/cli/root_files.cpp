#include "node/cli/root_files.h"

#include <sstream>

#include "node/private_file.h"

namespace throughgate::node::cli {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

namespace {

constexpr std::size_t text_bytes_max = 64 << 10;

template <class T>
Result<T> about(const std::string& path, Result<T> outcome) {
  if (outcome) return outcome;
  return Error{outcome.error().kind,
               "The file " + path + " cannot be used. " + outcome.error().message};
}

}  // namespace

std::string value_in(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name + ":")) continue;
    const auto first = line.find_first_not_of(" \t", name.size() + 1);
    if (first == std::string::npos) return {};
    return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
  }
  return {};
}

Result<std::string> text_of_file(const std::string& path) {
  const auto bytes = about(path, read_file(path, text_bytes_max));
  if (!bytes) return bytes.error();
  return std::string(crypto::as_text(*bytes));
}

std::optional<crypto::VerifyKey> key_in(const std::string& text, const std::string& name) {
  const auto bytes = crypto::from_hex(value_in(text, name));
  return bytes ? crypto::to_array<32>(*bytes) : std::nullopt;
}

std::string text_of(const RootRequest& request) {
  return "directory key: " + crypto::to_hex(request.directory_key) +
         "\nhub key: " + crypto::to_hex(request.hub_key) + "\n";
}

Result<RootRequest> read_root_request(const std::string& path) {
  const auto text = text_of_file(path);
  if (!text) return text.error();
  const auto directory_key = key_in(*text, "directory key");
  const auto hub_key = key_in(*text, "hub key");
  if (directory_key && hub_key) return RootRequest{*directory_key, *hub_key};
  return Error{ErrorKind::invalid, "The file " + path +
                                       " is no request. The central team's desk writes one with "
                                       "\"desk key\". Nothing was changed."};
}

Result<sync::SignedRootList> read_root_list(const std::string& path) {
  const auto bytes = about(path, read_file(path, sync::root_list_bytes_max));
  if (!bytes) return bytes.error();
  auto list = sync::decode_root_list(*bytes);
  if (list) return *std::move(list);
  return Error{ErrorKind::invalid,
               "The file " + path +
                   " is no root list, or it is damaged. Get it once more from whoever made it. "
                   "Nothing was changed."};
}

Result<Done> write_root_list(const std::string& path, const sync::SignedRootList& list) {
  return about(path, replace_private_file(path, encode(list)));
}

}  // namespace throughgate::node::cli
