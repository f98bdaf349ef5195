#include "node/web/guards.h"

#include <algorithm>
#include <charconv>

#include "crypto/hash.h"

namespace throughgate::node::web {
namespace {

bool is_ours(std::string_view host, const GuardSettings& settings) {
  return std::find(settings.hosts.begin(), settings.hosts.end(), host) != settings.hosts.end();
}

// A browser says where a request comes from in Sec-Fetch-Site and Origin. "same-site" is another
// port of this machine, and as foreign as any. A link in an e-mail, say, opens a page with
// "cross-site": a GET changes nothing, so only its being embedded in another page is refused.
bool is_foreign(const RequestHead& head, const GuardSettings& settings) {
  const auto& headers = head.headers;
  if (headers.count("Sec-Fetch-Site") > 1 || headers.count("Origin") > 1) return true;
  const auto site = headers.only("Sec-Fetch-Site");
  const bool own = site.empty() || site == "same-origin" || site == "none";
  if (head.method != Method::post) {
    const auto mode = headers.only("Sec-Fetch-Mode");
    return !own && mode != "navigate";
  }
  if (!own) return true;
  if (!headers.has("Origin")) return false;
  return headers.only("Origin") != settings.scheme + "://" + std::string(headers.only("Host"));
}

std::optional<std::uint64_t> content_length(const HeaderFields& headers) {
  const auto digits = headers.only("Content-Length");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return length;
}

std::optional<Refusal> refuse_body(const RequestHead& head, const GuardSettings& settings) {
  const auto& headers = head.headers;
  const bool may_have_body = head.method == Method::post;
  if (headers.has("Transfer-Encoding")) return Refusal{may_have_body ? 411 : 400, true};
  if (headers.has("Content-Encoding")) return Refusal{415, true};
  if (!headers.has("Content-Length")) {
    return may_have_body ? std::optional(Refusal{411, true}) : std::nullopt;
  }
  if (!may_have_body) {
    const bool none = headers.only("Content-Length") == "0";
    return none ? std::nullopt : std::optional(Refusal{400, true});
  }
  const auto length = content_length(headers);
  if (!length) return Refusal{400, true};
  const bool is_long = settings.takes_long_body(head);
  if (*length > (is_long ? settings.long_body_bytes_max : settings.body_bytes_max)) {
    return Refusal{413, true};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> refuse(const RequestHead& head, const GuardSettings& settings) {
  if (head.method == Method::other) return Refusal{405, true};
  if (const auto refusal = refuse_body(head, settings)) return refusal;
  if (!is_ours(head.headers.only("Host"), settings)) return Refusal{421, false};
  if (is_foreign(head, settings)) return Refusal{403, false};
  return std::nullopt;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group =
          (group << 8U) | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      const bool padding = at + i > bytes.size();
      out += padding ? '=' : letters[(group >> (18U - 6U * i)) & 63U];
    }
  }
  return out;
}

std::string content_security_policy(std::string_view inline_script) {
  const auto digest = crypto::sha256(crypto::as_bytes(inline_script));
  return "default-src 'none'; script-src 'self' 'sha256-" + base64(crypto::as_text(digest)) +
         "'; style-src 'self'; img-src 'self' data:; font-src 'none'; connect-src 'self'; "
         "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
}

std::vector<std::pair<std::string, std::string>> security_headers(const std::string& policy) {
  return {{"Content-Security-Policy", policy},
          {"X-Content-Type-Options", "nosniff"},
          {"X-Frame-Options", "DENY"},
          // Not no-referrer: with it browsers send our own forms with the origin "null".
          {"Referrer-Policy", "same-origin"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"}};
}

}  // namespace throughgate::node::web
