// Answers one request: guards, route, session, token, handler, headers, in this order. Knows
// nothing of sockets, so tests can ask it directly.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "node/web/assets/assets.h"
#include "node/web/guards.h"
#include "node/web/routes.h"

namespace throughgate::node::web {

struct ResponderSettings {
  GuardSettings guards{};
  // What surrounds every page; nullptr before sign-in. Asset addresses, the sign-out button and
  // which menu item is current are filled in here. May be called from any thread.
  std::function<Frame(const Person*)> frame{};
  // Milliseconds of a clock that never goes back.
  std::function<std::int64_t()> monotonic_ms{};
  // The page that asks to sign in again: a session that locked (visit.person says whose), a form of
  // a session that is gone, or a sign-in that is out of date. Its form posts to /sign-in.
  std::function<Html(const Visit&)> locked_page{};
  // Asked on every visit whether somebody who signed in still may be; where not, all their sessions
  // end. From any thread; not set: everybody may.
  std::function<bool(const Person&)> may_stay{};
  // While it says no, the pages of whoever has signed in are locked: there is nothing to show them
  // from. From any thread; not set: always.
  std::function<bool()> is_store_open{};
  // Told the pattern of a route whose handler threw, never what was sent to it.
  std::function<void(const std::string&)> on_fault{};
};

class Responder {
 public:
  // `sessions` must outlive the responder. The style sheet and script get their routes here.
  Responder(Routes routes, SessionTable& sessions, ResponderSettings settings);
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  std::optional<Refusal> refuse(const RequestHead& head) const;
  // Its body may be a long one; only one of them is read at a time.
  bool takes_long_body(const RequestHead& head) const {
    return settings_.guards.takes_long_body(head);
  }
  std::size_t long_body_bytes_max() const { return settings_.guards.long_body_bytes_max; }
  // The page for a status that came up before or instead of an answer.
  Response failed(int status) const;
  // Safe from any thread. Never throws for what a handler does. Assumes refuse() was asked.
  Response answer(const Request& request) const;

  const Routes& routes() const { return routes_; }
  // What stands on every answer besides what Response says.
  const std::vector<std::pair<std::string, std::string>>& headers() const { return headers_; }
  // All fields of an answer's own, as they go out.
  static std::vector<std::pair<std::string, std::string>> headers_of(const Response& response);

 private:
  struct Caller {
    std::string id;  // of the cookie, or a fresh one
    bool is_new = false;
    Session session{};
    std::string csrf_token{};

    // Who is signed in and not locked out.
    const Person* person() const {
      return session.state == SessionState::active ? &session.person : nullptr;
    }
  };

  bool is_store_open() const { return !settings_.is_store_open || settings_.is_store_open(); }
  Caller caller_of(const RequestHead& head, bool counts_as_use) const;
  Response answer_route(const Request& request, const Target& target, const Routes::Match& match,
                        const Caller& caller) const;
  Response locked(Visit visit, const Person& person) const;
  Response out_of_date(const Visit& visit, const Caller& caller) const;
  Response send_again(const Request& request, const Response& signed_in) const;
  void hide_after_a_while(const Visit& visit, Response& response) const;
  Response failed_for(const Caller& caller, int status) const;
  Frame frame_for(const Person* person, const std::string& csrf_token) const;
  Response ask_to_sign_in(const Request& request) const;
  Response asset(const Visit& visit) const;

  Routes routes_;
  SessionTable& sessions_;
  ResponderSettings settings_;
  Assets assets_;
  std::vector<std::pair<std::string, std::string>> headers_;
};

}  // namespace throughgate::node::web
