// Moves requests and answers between sockets and the Responder. The only place that knows the HTTP
// library.
#pragma once

#include <memory>
#include <string>

#include "node/web/form_body.h"
#include "node/web/responder.h"

namespace throughgate::node::web {

struct ServerSettings {
  std::string address = "127.0.0.1";
  int port = 8080;
  std::size_t threads = 32;  // one is held by each open connection: see Connections
  FormLimits form{};
};

class Server {
 public:
  // `responder` must outlive the server.
  Server(const Responder& responder, const ServerSettings& settings);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // False when the port is taken or not allowed. Nothing is answered before run().
  bool bind();
  // Answers until stop(); returns when the last answer has gone out.
  void run();
  // From any thread: takes no new request, lets those under way finish.
  void stop();
  // From any thread: from now on `responder` answers, which must outlive the server and take no
  // longer bodies than the one that the server was made with. The port is ours all the while.
  void answer_by(const Responder& responder);

 private:
  class Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace throughgate::node::web
