// Serves the gallery on loopback until it is told to end. usage: web_gallery PORT_FROM | --routes
// Prints "listening on 127.0.0.1:PORT" for the first free port at or above PORT_FROM.
// Name "alex", password "correct horse".
#include <csignal>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <thread>

#include "crypto/init.h"
#include "node/web/server.h"
#include "node/web/sign_in.h"
#include "tests/node/web/gallery_pages.h"

namespace throughgate::node::web {
namespace {

class OnePerson final : public Authenticator {
 public:
  std::string canonical_name(std::string_view typed) const override { return std::string(typed); }
  SignInAnswer check(const std::string& name, const crypto::SecretText& password) override {
    if (name != "alex" || password.view() != "correct horse") return {};
    return {Person{"1", "alex", "Alex Hughes"}, {}};
  }
};

std::int64_t monotonic_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct Gallery {
  crypto::SystemRandom random;
  SessionTable sessions{random};
  OnePerson people;
  SignInThrottle throttle;
  SignIn sign_in{people, sessions, throttle, {monotonic_ms, {}}};

  Routes routes() {
    Routes made;
    sign_in.add_to(made);
    gallery::add_pages(made);
    return made;
  }
  ResponderSettings settings(int port) {
    return {.guards = {.hosts = {"127.0.0.1:" + std::to_string(port)}},
            .frame = gallery::frame,
            .monotonic_ms = monotonic_ms,
            .locked_page = [this](const Visit& visit) { return sign_in.locked_page(visit); },
            .on_fault =
                [](const std::string& pattern) {
                  std::fprintf(stderr, "a fault at %s\n", pattern.c_str());
                }};
  }
};

int serve(Gallery& gallery, int port_from) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before any thread: all of them inherit it

  std::unique_ptr<Responder> responder;
  std::unique_ptr<Server> server;
  int port = port_from;
  for (; port < port_from + 50; ++port) {
    responder =
        std::make_unique<Responder>(gallery.routes(), gallery.sessions, gallery.settings(port));
    server = std::make_unique<Server>(*responder, ServerSettings{.port = port});
    if (server->bind()) break;
  }
  std::printf("listening on 127.0.0.1:%d\n", port);
  std::fflush(stdout);
  std::thread serving([&] { server->run(); });
  int signal = 0;
  sigwait(&ends, &signal);
  server->stop();
  serving.join();
  return 0;
}

}  // namespace
}  // namespace throughgate::node::web

int main(int argc, char** argv) {
  using namespace throughgate;
  if (!crypto::start() || argc != 2) return 1;
  node::web::Gallery gallery;
  if (std::string_view(argv[1]) == "--routes") {
    std::fputs(gallery.routes().listing().c_str(), stdout);
    return 0;
  }
  return node::web::serve(gallery, std::atoi(argv[1]));
}
