// This site's pages, wired: who signs in, which pages there are, what stands around each of them,
// and the server that moves them.
// Threads: made and run by one; stop() from any. Visits are answered on threads of the server's.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "node/erasure/retention.h"
#include "node/sync_loop.h"
#include "node/web/lock_watch.h"
#include "node/web/pages/pages.h"
#include "node/web/server.h"
#include "node/web/staff_authenticator.h"

namespace throughgate::node::web {

struct SiteParts {  // all must outlive the site
  const DataFolder& folder;
  Accounts& accounts;
  const CodeLists& codes;
  StorePool& stores;
  SyncLoop& syncing;
  crypto::Random& random;
  std::function<sync::Result<RetentionSchedule>()> retention;
  const Permissions& permissions = Permissions::shipped();
  bool wipes_on_lock = false;  // node/web/lock_watch.h: a setting
  std::int64_t lock_after_minutes = lock_after_minutes_default;
  std::int64_t unsent_warning_days = unsent_warning_days_default;
  SyncLoop::HubSource hub{};  // for what a page itself asks of the exchange; empty: nothing is
  Settings settings{};        // where the exchange is, for a computer that asks to be let in
};

// Every page over the store, as a site has them.
void add_every_page(SitePages& pages, const SiteParts& parts);

class Site {
 public:
  // Told what broke: a page's pattern, never what was sent to it. From any thread.
  using OnFault = std::function<void(const std::string&)>;

  Site(const SiteParts& parts, int port, OnFault on_fault);
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  bool bind() { return server_.bind(); }
  void run() { server_.run(); }
  void stop() { server_.stop(); }
  // Before run(): another answers at first, as there is no store yet. Once there is, go_on() from
  // any thread: the site itself answers.
  void begin_with(const Responder& first) { server_.answer_by(first); }
  void go_on() { server_.answer_by(responder_); }
  // All pages ask to sign in again; where the setting asks for it the store is closed too. The
  // computer is about to sleep. From any thread.
  void lock_now();

  const Responder& responder() const { return responder_; }

 private:
  Routes routes();
  ResponderSettings settings(int port);
  Frame frame(const Person* person) const;
  SignInSettings keep_throttle();

  SiteParts parts_;
  SessionTable sessions_;
  StaffAuthenticator people_;
  SignInThrottle throttle_;
  OnFault on_fault_;
  SignIn sign_in_;
  Responder responder_;
  Server server_;
  std::optional<LockWatch> lock_watch_;  // where the setting asks for it
};

}  // namespace throughgate::node::web
