// The hub over HTTP: POST /v1/hello, /v1/sync, /v1/fetch, /v1/mailbox, /v1/carry; GET /healthz and
// /metrics. Guards before every body. One log line for each request, whether answered or refused,
// with ids and numbers only; health and metrics that were answered leave none.
#pragma once

#include <functional>
#include <memory>

#include "hub/metrics.h"
#include "hub/settings.h"
#include "hub/sync_api.h"

namespace throughgate::hub {

class HttpServer {
 public:
  using Clock = std::function<std::uint64_t()>;  // ms since 1970 UTC; from any thread

  // `api` must outlive it.
  // `mail` tells of the e-mails, for /metrics.
  HttpServer(SyncApi& api, const ServerSettings& settings, Clock clock,
             std::function<Metrics::Mail()> mail = {});
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // The port. Fails with `unavailable` when it is taken or not allowed.
  Result<int> bind();
  void run();   // answers until stop(); requests under way are finished
  void stop();  // from any thread

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace throughgate::hub
