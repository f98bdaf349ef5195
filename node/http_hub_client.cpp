#include "node/http_hub_client.h"

#include <httplib.h>

#include <algorithm>
#include <chrono>

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr int connect_seconds = 10;
constexpr int silence_seconds = 30;
constexpr std::chrono::minutes answer_time_max{5};
constexpr std::size_t refusal_bytes_max = 500;

const char* path_of(HubClient::Endpoint endpoint) {
  switch (endpoint) {
    case HubClient::Endpoint::hello:
      return "/v1/hello";
    case HubClient::Endpoint::sync:
      return "/v1/sync";
    case HubClient::Endpoint::fetch:
      return "/v1/fetch";
    case HubClient::Endpoint::mailbox:
      return "/v1/mailbox";
    case HubClient::Endpoint::carry:
      return "/v1/carry";
  }
  return "/";
}

// What the hub says of its refusal, if it reads as one line of text; it goes to a terminal.
std::string said(const std::string& body, const char* otherwise) {
  const bool plain =
      !body.empty() && body.size() <= refusal_bytes_max &&
      std::all_of(body.begin(), body.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return plain ? body : otherwise;
}

Error refusal(int status, const std::string& body) {
  switch (status) {
    case 401:
      return {ErrorKind::stale, "This computer must sign in to the exchange again."};
    case 403:
      return {
          ErrorKind::denied,
          said(body, "The central exchange does not let this computer in. Ask the central team.")};
    case 400:
    case 413:
      return {ErrorKind::invalid,
              said(body, "The central exchange could not read what was sent. Nothing was lost.")};
    default:
      return {
          ErrorKind::unavailable,
          said(body, "The central exchange cannot answer now. Nothing was lost. Try again later.")};
  }
}

Error no_answer(httplib::Error fault) {
  using httplib::Error;
  if (fault == Error::SSLServerVerification || fault == Error::SSLServerHostnameVerification ||
      fault == Error::SSLLoadingCerts || fault == Error::SSLConnection) {
    return {ErrorKind::unavailable,
            "Whoever answers at the central exchange's address cannot prove to be it. Nothing was "
            "sent. Tell the central team."};
  }
  return {ErrorKind::unavailable,
          "The central exchange cannot be reached. Everything is kept here and will be sent next "
          "time."};
}

struct Address {
  bool secure = false;
  std::string host;
};

bool is_this_machine(std::string_view host) {
  return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

// scheme://host[:port][/]
std::optional<Address> read_address(std::string_view url) {
  Address out;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!url.starts_with(scheme)) continue;
    out.secure = scheme == "https://";
    auto rest = url.substr(scheme.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const bool bracketed = rest.starts_with('[');
    const auto end = bracketed ? rest.find(']') + 1 : std::min(rest.find(':'), rest.size());
    if (end == 0 || end > rest.size()) return std::nullopt;
    out.host = std::string(rest.substr(0, end));
    const auto port = rest.substr(end);
    const bool odd = out.host.find_first_of("/@?#\\ ") != std::string::npos;
    const bool port_is_right =
        port.empty() || (port.size() > 1 && port.size() <= 6 && port[0] == ':' &&
                         port.find_first_not_of("0123456789", 1) == std::string_view::npos);
    return !odd && port_is_right ? std::optional(out) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

class HttpHubClient::Connection {
 public:
  explicit Connection(const std::string& url) : address(url), client(url) {
    client.set_connection_timeout(connect_seconds);
    client.set_read_timeout(silence_seconds);
    client.set_write_timeout(silence_seconds);
    client.set_keep_alive(true);
    client.set_follow_location(false);
    client.set_tcp_nodelay(true);
    client.set_decompress(false);
    client.enable_server_certificate_verification(true);
  }

  const std::string address;
  httplib::Client client;
};

HttpHubClient::HttpHubClient(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
HttpHubClient::~HttpHubClient() = default;
std::string HttpHubClient::address() const { return connection_->address; }

Result<std::unique_ptr<HttpHubClient>> HttpHubClient::open(const std::string& url,
                                                           const std::string& certificate_file) {
  const auto address = read_address(url);
  if (!address) {
    return Error{ErrorKind::invalid,
                 "The central exchange's address must look like https://exchange.example.org, with "
                 "a port if need be, and nothing after it."};
  }
  if (!address->secure && !is_this_machine(address->host)) {
    return Error{ErrorKind::invalid,
                 "Plain http is for an exchange on this very machine. Use https:// for any other."};
  }
  std::string base = url;
  if (base.ends_with('/')) base.pop_back();
  auto connection = std::make_unique<Connection>(base);
  if (!connection->client.is_valid()) {
    return Error{ErrorKind::invalid, "The central exchange's address cannot be used."};
  }
  if (!certificate_file.empty()) connection->client.set_ca_cert_path(certificate_file);
  return std::unique_ptr<HttpHubClient>(new HttpHubClient(std::move(connection)));
}

Result<crypto::Bytes> HttpHubClient::call(Endpoint endpoint, crypto::ByteView request) {
  httplib::Request out;
  out.method = "POST";
  out.path = path_of(endpoint);
  out.headers = {{"Content-Type", "application/octet-stream"}};
  out.body = std::string(crypto::as_text(request));
  std::string body;
  bool too_large = false;
  const auto deadline = std::chrono::steady_clock::now() + answer_time_max;
  out.content_receiver = [&](const char* bytes, std::size_t size, std::uint64_t, std::uint64_t) {
    too_large = size > answer_bytes_max - body.size();
    if (!too_large) body.append(bytes, size);
    return !too_large && std::chrono::steady_clock::now() < deadline;
  };
  const auto answer = connection_->client.send(out);
  if (too_large) {
    return Error{ErrorKind::unavailable,
                 "The central exchange's answer is too large to be one. Nothing was lost."};
  }
  if (!answer) return no_answer(answer.error());
  if (answer->status != 200) return refusal(answer->status, body.empty() ? answer->body : body);
  return crypto::Bytes(body.begin(), body.end());
}

}  // namespace throughgate::node
