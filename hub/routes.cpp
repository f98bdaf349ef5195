#include "hub/routes.h"

#include <httplib.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <chrono>

#include "hub/http_guard.h"

namespace throughgate::hub {
namespace {

RequestHead head_of(const httplib::Request& request) {
  RequestHead head{request.method, request.path, {}};
  for (const auto& [name, value] : request.headers) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    head.headers.emplace(std::move(lower), value);
  }
  return head;
}

// No answer of ours is ever sent in part. Ranges are taken away before anything else looks at the
// request: to an answer whose status is no success the library applies them unchecked, and one that
// does not fit ends the program. What it answers before, it sends without.
void forget_ranges(const httplib::Request& request) {
  const_cast<httplib::Request&>(request).ranges.clear();  // the library's own is no constant
}

// Of an answer that is not to be sent: its connection just ends.
constexpr auto drop_marker = "Throughgate-Drop";

// The library closes a connection only when an answer fails. One whose source gives up after the
// last byte is whole for the receiver, and closes: what is left unread is never taken for a
// request. An answer to HEAD has no body to close after.
void refuse_and_close(const httplib::Request& request, int status, const std::string& message,
                      httplib::Response& out) {
  out.status = status;
  if (request.method == "HEAD") out.set_header(drop_marker, "1");
  out.set_header("Connection", "close");
  out.set_content_provider(
      message.size(), "text/plain; charset=utf-8",
      [message](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        sink.write(message.data() + offset, length);
        return false;
      });
}

// For the log: what was asked for, where it is something there is. Whatever else a request may say
// there is a stranger's text.
std::string path_for_log(const std::string& path) {
  const auto is_known = [&](Endpoint endpoint) {
    return path == std::string("/v1/") + name_of(endpoint);
  };
  const bool known = path == "/healthz" || path == "/metrics" ||
                     std::any_of(endpoints.begin(), endpoints.end(), is_known);
  return known ? path : "other";
}

std::vector<std::string> hosts_of(const ServerSettings& settings, int port) {
  if (!settings.hosts.empty()) return settings.hosts;
  const std::string suffix = ":" + std::to_string(port);
  return {"127.0.0.1" + suffix, "localhost" + suffix, settings.address + suffix};
}

}  // namespace

class HttpServer::Connection {
 public:
  Connection(SyncApi& api, const ServerSettings& settings, Clock clock,
             std::function<Metrics::Mail()> mail)
      : api_(api), settings_(settings), clock_(std::move(clock)), mail_(std::move(mail)) {}

  Result<int> bind() {
    set_limits();
    const bool any = settings_.port == 0;
    const int port = any ? server_.bind_to_any_port(settings_.address) : settings_.port;
    if (port <= 0 || (!any && !server_.bind_to_port(settings_.address, port))) {
      return {ErrorKind::unavailable, "Address " + settings_.address + " port " +
                                          std::to_string(settings_.port) +
                                          " is taken or not allowed."};
    }
    guard_ = std::make_unique<HttpGuard>(hosts_of(settings_, port), request_bytes_max);
    set_handlers();
    return port;
  }
  void run() {
    server_.listen_after_bind();
    has_run_ = true;
  }
  void stop() {
    if (has_run_) return;
    server_.wait_until_ready();  // the library forgets a stop that comes before it runs
    server_.stop();
  }

 private:
  void set_limits() {
    server_.set_payload_max_length(request_bytes_max);
    server_.set_read_timeout(5);
    server_.set_write_timeout(5);
    server_.set_keep_alive_timeout(5);
    server_.set_keep_alive_max_count(100);
    server_.set_tcp_nodelay(true);  // else each answer waits 40 ms for an acknowledgement
    server_.new_task_queue = [threads = settings_.threads] {
      return new httplib::ThreadPool(static_cast<std::size_t>(threads),
                                     256);  // freed by the library
    };
    // Not the library's SO_REUSEPORT, by which another program could share our port.
    server_.set_socket_options([](socket_t socket) {
      const int on = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
  }

  void set_handlers() {
    server_.set_pre_routing_handler([this](const httplib::Request& request, auto& out) {
      forget_ranges(request);
      const auto refusal = guard_->refuse(head_of(request));
      if (!refusal) return httplib::Server::HandlerResponse::Unhandled;
      note_refused(request, refusal->status);
      refuse_and_close(request, refusal->status, refusal->message, out);
      return httplib::Server::HandlerResponse::Handled;
    });
    server_.set_exception_handler([this](const auto& request, auto& out, const auto&) {
      metrics_.note_refused(500);
      spdlog::error("failed status=500 path={}", path_for_log(request.path));
      refuse_and_close(request, 500, "The exchange has failed. Try again later.", out);
    });
    // Of the library itself, which says nothing with its status: no such page, not HTTP, a body
    // that stops. All that is ours has a content type, and is noted where it is answered.
    server_.set_error_handler([this](const httplib::Request& request, httplib::Response& out) {
      if (out.has_header("Content-Type")) return;
      note_refused(request, out.status);
      refuse_and_close(request, out.status, "This is not a request to the exchange.", out);
    });
    server_.set_header_writer([](httplib::Stream& stream, httplib::Headers& fields) -> ssize_t {
      return fields.contains(drop_marker) ? 0 : httplib::detail::write_headers(stream, fields);
    });
    for (const auto endpoint : endpoints) {
      server_.Post(std::string("/v1/") + name_of(endpoint),
                   [this, endpoint](const auto& request, auto& out) {
                     answer(endpoint, request.body, out);
                   });
    }
    server_.Get("/healthz", [this](const auto&, auto& out) { health(out); });
    server_.Get("/metrics", [this](const auto&, auto& out) { metrics(out); });
  }

  void note_refused(const httplib::Request& request, int status) {
    metrics_.note_refused(status);
    spdlog::info("refused status={} path={}", status, path_for_log(request.path));
  }

  void answer(Endpoint endpoint, const std::string& body, httplib::Response& out) {
    const auto start = std::chrono::steady_clock::now();
    const Answer answer = api_.handle(endpoint, crypto::as_bytes(body), clock_());
    const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - start);
    metrics_.note(endpoint, answer, body.size(), static_cast<std::uint64_t>(spent.count()));
    const Tally& tally = answer.tally;
    if (tally.damaged > 0) spdlog::error("damaged entries={}", tally.damaged);
    spdlog::info(
        "{} status={} node={} in={} out={} us={} accepted={} duplicate={} need_full={} held={} "
        "rejected={} fork={} bad={}",
        name_of(endpoint), answer.status, answer.node.is_zero() ? "-" : answer.node.hex(),
        body.size(), answer.bytes.size(), spent.count(), tally.accepted, tally.duplicate,
        tally.need_full, tally.held, tally.rejected, tally.fork, tally.bad);
    out.status = answer.status;
    if (answer.is_done()) {
      out.set_content(std::string(crypto::as_text(answer.bytes)), "application/octet-stream");
    } else {
      out.set_content(answer.error, "text/plain; charset=utf-8");
    }
  }

  void health(httplib::Response& out) {
    const auto serving = api_.is_serving();
    const bool well = serving && *serving;
    out.status = well ? 200 : 503;
    out.set_content(well      ? "ok\n"
                    : serving ? "waiting for the directory\n"
                              : "store failing\n",
                    "text/plain");
  }

  void metrics(httplib::Response& out) {
    const auto health = api_.health();
    out.status = health ? 200 : 503;
    out.set_content(health ? metrics_.text(*health, mail_()) : "", "text/plain; version=0.0.4");
  }

  SyncApi& api_;
  ServerSettings settings_;
  Clock clock_;
  const std::function<Metrics::Mail()> mail_;
  Metrics metrics_;
  std::unique_ptr<HttpGuard> guard_;
  httplib::Server server_;
  std::atomic<bool> has_run_ = false;
};

HttpServer::HttpServer(SyncApi& api, const ServerSettings& settings, Clock clock,
                       std::function<Metrics::Mail()> mail)
    : connection_(std::make_unique<Connection>(
          api, settings, std::move(clock),
          mail ? std::move(mail) : [] { return Metrics::Mail{}; })) {}
HttpServer::~HttpServer() = default;

Result<int> HttpServer::bind() { return connection_->bind(); }
void HttpServer::run() { connection_->run(); }
void HttpServer::stop() { connection_->stop(); }

}  // namespace throughgate::hub
