// What is refused before anybody looks at the request's meaning, and the headers every answer has.
// Pure functions over the head of a request: they know neither routes nor sessions.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/web/http.h"

namespace throughgate::node::web {

struct GuardSettings {
  std::vector<std::string> hosts{};  // "127.0.0.1:8080": the Host values that mean this server
  std::string scheme = "http";       // "https" where a proxy or this server speaks TLS
  std::size_t body_bytes_max = std::size_t{2} << 20U;
  // Where a file is brought in a longer body is taken, from who has signed in.
  std::vector<std::string> long_body_paths{};
  std::size_t long_body_bytes_max = 0;

  bool takes_long_body(const RequestHead& head) const {
    return std::find(long_body_paths.begin(), long_body_paths.end(), head.target) !=
           long_body_paths.end();
  }
};

struct Refusal {
  int status = 400;
  // The body may not be what the head says, or is too long to read to its end: close the
  // connection.
  bool close = false;
};

// nullopt: go on. Keeps out other hosts' names for this address (421), other sites' pages and other
// ports' (403), methods we do not have (405), bodies without a plain length (411, 400), compressed
// bodies (415) and long ones (413).
std::optional<Refusal> refuse(const RequestHead& head, const GuardSettings& settings);

// The policy that allows our own files and the one inline script `inline_script`, by its hash.
std::string content_security_policy(std::string_view inline_script);
std::string base64(std::string_view bytes);

// Name and value of what stands on every answer, whatever it is.
std::vector<std::pair<std::string, std::string>> security_headers(const std::string& policy);

}  // namespace throughgate::node::web
