#include "node/web/server.h"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <optional>

#include "crypto/init.h"
#include "node/web/connections.h"

namespace throughgate::node::web {
namespace {

// A body that was refused for its length is still read up to here, without keeping it: a browser
// shows our page only once it has sent everything.
constexpr std::uint64_t drained_bytes_max = std::uint64_t{16} << 20U;
constexpr char drop_marker[] = "Throughgate-Drop";

RequestHead head_of(const httplib::Request& request) {
  RequestHead head;
  head.method = method_named(request.method);
  head.target = request.target;
  for (const auto& [name, value] : request.headers) head.headers.add(name, value);
  head.remote_address = request.remote_addr;
  return head;
}

// No answer of ours is ever sent in part. Ranges are taken away before anything else looks at the
// request: to an answer whose status is no success the library applies them unchecked, and one that
// does not fit ends the program. What it answers before, it sends without.
void forget_ranges(const httplib::Request& request) {
  const_cast<httplib::Request&>(request).ranges.clear();  // the library's own is no constant
}

// The library closes a connection only when an answer fails; one whose source gives up after the
// last byte is complete for the browser, and closes.
void write_and_close(const Response& response, httplib::Response& out) {
  out.set_header("Connection", "close");
  out.set_content_provider(
      response.body.size(), response.content_type,
      [body = response.body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        sink.write(body.data() + offset, length);
        return false;
      });
}

void write(const Response& response, httplib::Response& out, bool close = false) {
  out.status = response.status;
  for (const auto& [name, value] : Responder::headers_of(response)) out.set_header(name, value);
  if (close && !response.body.empty()) return write_and_close(response, out);
  out.set_content(response.body, response.content_type);
}

// Of a refused request, whether its body can be read to the end.
bool can_drain(const RequestHead& head, const Refusal& refusal) {
  if (head.method != Method::post) return false;
  if (!refusal.close) return true;
  const auto digits = head.headers.only("Content-Length");
  std::uint64_t length = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), length);
  return refusal.status == 413 && length <= drained_bytes_max;
}

bool drain(const httplib::Request& request, const httplib::ContentReader& read) {
  const auto ignore = [](const char*, std::size_t) { return true; };
  if (!request.is_multipart_form_data()) return read(ignore);
  return read([](const httplib::MultipartFormData&) { return true; }, ignore);
}

struct ReadForm {
  bool complete = false;  // the body was read to its end
  int status = 200;       // else why the form is refused
  FormBody form;
};

ReadForm read_multipart(const httplib::ContentReader& read, const FormLimits& limits) {
  PartCollector parts(limits);
  ReadForm result;
  result.complete = read(
      [&](const httplib::MultipartFormData& part) {
        const bool is_file = !part.filename.empty() || !part.content_type.empty();
        parts.start_part(part.name, is_file, part.filename);
        return true;
      },
      [&](const char* bytes, std::size_t size) {
        parts.add_bytes({bytes, size});
        return true;
      });
  auto form = parts.finish();
  if (!result.complete) result.status = 400;
  if (result.complete && !form) result.status = 413;
  if (form) result.form = std::move(*form);
  return result;
}

ReadForm read_urlencoded(const httplib::ContentReader& read, const FormLimits& limits) {
  std::string body;
  ReadForm result;
  result.complete = read([&](const char* bytes, std::size_t size) {
    if (body.size() + size > limits.body_bytes_max) return false;
    body.append(bytes, size);
    return true;
  });
  auto fields = parse_urlencoded(body, limits);
  if (!result.complete || !fields) result.status = 400;
  if (fields) result.form.fields = std::move(*fields);
  return result;
}

ReadForm read_form(const httplib::Request& request, const httplib::ContentReader& read,
                   const FormLimits& limits) {
  if (request.is_multipart_form_data()) return read_multipart(read, limits);
  const auto type = request.get_header_value("Content-Type");
  if (type.starts_with("application/x-www-form-urlencoded")) return read_urlencoded(read, limits);
  return {drain(request, read), 415, {}};
}

// What a connection left behind on the stack of its thread goes with it.
class Threads final : public httplib::TaskQueue {
 public:
  Threads(std::size_t count, Connections& connections)
      : connections_(connections), pool_(count, waiting_max) {}
  bool enqueue(std::function<void()> connection) override {
    connections_.wait_for_thread();
    const bool has_room = pool_.enqueue([connection = std::move(connection)] {
      connection();
      crypto::wipe_stack();
    });
    if (!has_room) connections_.turned_away();
    return has_room;
  }
  void shutdown() override { pool_.shutdown(); }
  void on_idle() override { connections_.look_again(); }

 private:
  static constexpr std::size_t waiting_max = 256;
  Connections& connections_;
  httplib::ThreadPool pool_;
};

// The library's server, whose threads say what they are doing.
class SharingServer final : public httplib::Server {
 public:
  explicit SharingServer(Connections& connections) : connections_(connections) {}

 private:
  // As the library's own, but for the words about it.
  bool process_and_close_socket(socket_t socket) override {
    std::string remote, local;
    int remote_port = 0, local_port = 0;
    httplib::detail::get_remote_ip_and_port(socket, remote, remote_port);
    httplib::detail::get_local_ip_and_port(socket, local, local_port);
    connections_.begin(socket);
    const bool good = httplib::detail::process_server_socket(
        svr_sock_, socket, keep_alive_max_count_, keep_alive_timeout_sec_, read_timeout_sec_,
        read_timeout_usec_, write_timeout_sec_, write_timeout_usec_,
        [&](httplib::Stream& stream, bool close, bool& closed) {
          const bool sent = process_request(stream, remote, remote_port, local, local_port, close,
                                            closed, nullptr);
          connections_.answered();
          return sent;
        });
    connections_.over();
    httplib::detail::shutdown_socket(socket);
    httplib::detail::close_socket(socket);
    return good;
  }

  Connections& connections_;
};

}  // namespace

class Server::Connection {
 public:
  Connection(const Responder& responder, const ServerSettings& settings)
      : responder_(&responder),
        settings_(settings),
        connections_(settings.threads, httplib::detail::shutdown_socket),
        server_(connections_) {
    set_limits();
    set_handlers();
  }

  void answer_by(const Responder& responder) { responder_ = &responder; }

  bool bind() { return server_.bind_to_port(settings_.address, settings_.port); }
  void run() { server_.listen_after_bind(); }
  void stop() {
    server_.wait_until_ready();  // the library forgets a stop that comes before it runs
    server_.stop();
  }

 private:
  void set_limits() {
    server_.set_payload_max_length(
        std::max<std::uint64_t>(drained_bytes_max, responder().long_body_bytes_max()));
    server_.set_read_timeout(5);
    server_.set_write_timeout(5);
    server_.set_keep_alive_timeout(5);
    server_.set_keep_alive_max_count(100);
    server_.set_tcp_nodelay(true);
    server_.set_idle_interval(std::chrono::milliseconds(250));
    server_.new_task_queue = [this] {
      return new Threads(settings_.threads, connections_);  // the library deletes it
    };
    // Not the library's SO_REUSEPORT, by which another program could share our port.
    server_.set_socket_options([](socket_t socket) {
      const int on = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, reinterpret_cast<const char*>(&on), sizeof on);
    });
  }

  void set_handlers() {
    httplib::Headers headers;
    for (const auto& [name, value] : responder().headers()) headers.emplace(name, value);
    server_.set_default_headers(std::move(headers));
    server_.set_pre_routing_handler([this](const auto& request, auto& out) {
      forget_ranges(request);
      return before_body(request, out) ? httplib::Server::HandlerResponse::Handled
                                       : httplib::Server::HandlerResponse::Unhandled;
    });
    server_.Post(R"([\s\S]*)", [this](const auto& request, auto& out, const auto& read) {
      after_head(request, out, read);
    });
    server_.set_error_handler([this](const httplib::Request& request, httplib::Response& out) {
      if (!out.body.empty() || out.content_provider_) return;
      if (request.method == "HEAD") out.set_header(drop_marker, "1");
      write(responder().failed(out.status), out,
            true);  // the library's own: a request it cannot read
    });
    server_.set_exception_handler(
        [this](const auto&, auto& out, const auto&) { write(responder().failed(500), out, true); });
    server_.set_header_writer([](httplib::Stream& stream, httplib::Headers& fields) -> ssize_t {
      if (fields.contains(drop_marker)) return 0;
      return httplib::detail::write_headers(stream, fields);
    });
  }

  // Whether the request is answered already: all but those whose body is to be read.
  bool before_body(const httplib::Request& request, httplib::Response& out) {
    const RequestHead head = head_of(request);
    if (const auto refusal = responder().refuse(head)) {
      if (can_drain(head, *refusal)) return false;
      // An answer to HEAD has no body to close after: close without one.
      if (refusal->close && head.method == Method::head) out.set_header(drop_marker, "1");
      write(responder().failed(refusal->status), out, refusal->close);
      return true;
    }
    if (head.method == Method::post) return false;
    answer({head, {}}, out);
    return true;
  }

  void after_head(const httplib::Request& request, httplib::Response& out,
                  const httplib::ContentReader& read) {
    RequestHead head = head_of(request);
    if (const auto refusal = responder().refuse(head)) {
      const bool complete = drain(request, read);
      return write(responder().failed(refusal->status), out, !complete);
    }
    FormLimits limits = settings_.form;
    std::unique_lock<std::mutex> turn;
    if (responder().takes_long_body(head)) {
      turn = std::unique_lock(one_long_body_, std::try_to_lock);
      if (!turn) return write(responder().failed(503), out, !drain(request, read));
      limits.body_bytes_max = responder().long_body_bytes_max();
    }
    ReadForm body = read_form(request, read, limits);
    if (!body.complete) return write(responder().failed(400), out, true);
    if (body.status != 200) return write(responder().failed(body.status), out);
    answer({std::move(head), std::move(body.form)}, out);
  }

  void answer(const Request& request, httplib::Response& out) {
    connections_.answering();
    write(responder().answer(request), out);
    crypto::wipe_stack();  // the connection may stay
  }

  const Responder& responder() const { return *responder_; }

  std::atomic<const Responder*> responder_;
  ServerSettings settings_;
  Connections connections_;
  SharingServer server_;
  std::mutex one_long_body_;  // held until it is answered: what it is made of takes memory too
};

Server::Server(const Responder& responder, const ServerSettings& settings)
    : connection_(std::make_unique<Connection>(responder, settings)) {}
Server::~Server() = default;

bool Server::bind() { return connection_->bind(); }
void Server::run() { connection_->run(); }
void Server::stop() { connection_->stop(); }
void Server::answer_by(const Responder& responder) { connection_->answer_by(responder); }

}  // namespace throughgate::node::web
