#include "hub/http_guard.h"

#include <algorithm>
#include <charconv>

namespace throughgate::hub {
namespace {

// The value, when the header is there exactly once.
std::optional<std::string> only(const RequestHead& head, const char* name) {
  const auto [first, last] = head.headers.equal_range(name);
  if (first == last || std::next(first) != last) return std::nullopt;
  return first->second;
}

bool has(const RequestHead& head, const char* name) { return head.headers.contains(name); }

std::optional<std::size_t> body_length(const RequestHead& head) {
  const auto digits = only(head, "content-length");
  if (!digits) return std::nullopt;
  std::size_t length = 0;
  const auto [end, error] =
      std::from_chars(digits->data(), digits->data() + digits->size(), length);
  if (error == std::errc::result_out_of_range) return SIZE_MAX;
  if (error != std::errc() || end != digits->data() + digits->size()) return std::nullopt;
  return length;
}

}  // namespace

std::optional<Refusal> HttpGuard::refuse(const RequestHead& head) const {
  const auto host = only(head, "host");
  if (!host || std::find(hosts_.begin(), hosts_.end(), *host) == hosts_.end()) {
    return Refusal{421, "This is not the host that was asked for."};
  }
  const auto site = only(head, "sec-fetch-site");
  const bool same_site = !has(head, "sec-fetch-site") || site == "none" || site == "same-origin";
  if (!same_site || has(head, "origin")) {
    return Refusal{403, "Web pages may not call this exchange."};
  }
  if (head.method == "GET" || head.method == "HEAD") {
    // A length that we read otherwise than somebody else is one too: what follows would be taken
    // for a request.
    const bool length = has(head, "content-length") && only(head, "content-length") != "0";
    const bool body = has(head, "transfer-encoding") || length;
    return body ? std::optional(Refusal{400, "This request may not have a body."}) : std::nullopt;
  }
  if (head.method != "POST") return Refusal{405, "There is no such request."};
  if (has(head, "transfer-encoding")) {
    return Refusal{411, "Requests must say how long they are."};
  }
  if (has(head, "content-encoding")) return Refusal{415, "Requests may not be compressed."};
  if (only(head, "content-type") != "application/octet-stream") {
    return Refusal{415, "Requests must be application/octet-stream."};
  }
  const auto length = body_length(head);
  if (!length) return Refusal{411, "Requests must say how long they are."};
  if (*length > body_bytes_max_) {
    return Refusal{413, "This request is too large. Send it in several parts."};
  }
  return std::nullopt;
}

}  // namespace throughgate::hub
