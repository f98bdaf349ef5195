// The way to the hub over HTTP, the one file of the sync client that knows the HTTP library.
// Certificates are checked always; plain http goes to this machine itself only.
// Threads: one at a time. Time-outs: 10 s to connect, 30 s without a byte, 5 minutes for an answer.
#pragma once

#include <memory>
#include <string>

#include "node/hub_client.h"

namespace throughgate::node {

constexpr std::size_t answer_bytes_max = 8 << 20;  // a page of 1 MiB, heads and keys, with room

class HttpHubClient final : public HubClient {
 public:
  // `url`: "https://hub.example.org" or "http://127.0.0.1:8480"; no path. `certificate_file`: PEM
  // of who may vouch for the hub; empty: whom this system trusts.
  //   invalid  not such an address, or plain http to another machine
  static sync::Result<std::unique_ptr<HttpHubClient>> open(const std::string& url,
                                                           const std::string& certificate_file);
  ~HttpHubClient() override;

  sync::Result<crypto::Bytes> call(Endpoint endpoint, crypto::ByteView request) override;
  std::string address() const override;

 private:
  class Connection;
  explicit HttpHubClient(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

}  // namespace throughgate::node
