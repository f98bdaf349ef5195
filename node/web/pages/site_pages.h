// How a page of this site is added: its address, and a handler that runs with the store open and
// the person known.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "node/record_service.h"
#include "node/store_pool.h"
#include "node/web/components/page.h"
#include "node/web/routes.h"

namespace throughgate::node::web {

// One visit to one page. Everything in it lives until the handler returns.
struct PageContext {
  const Visit& visit;
  OpenNode& node;
  RecordService& records;  // as this person sees them
  const CodeLists& codes;
  const sync::Actor& actor;  // who is signed in, as the staff list has them now

  By by(std::string reason = {}) const { return {actor, std::move(reason)}; }
  std::uint64_t now_ms() const { return node.now_ms(); }
  const std::string& query(std::string_view name) const { return visit.query.get(name); }
  const std::string& field(std::string_view name) const { return visit.form.fields.get(name); }
};

// Adds pages to a table of routes. Each visit borrows a store of its own from the pool.
// Threads: add everything before the routes are served; handlers run on any thread, several at
// once.
class SitePages {
 public:
  using Handler = std::function<Response(PageContext&)>;

  // All must outlive the routes; this object need not. `on_saved` is told after each form that was
  // taken.
  SitePages(Routes& routes, StorePool& stores, const CodeLists& codes,
            std::function<void()> on_saved = {},
            const Permissions& permissions = Permissions::shipped())
      : routes_(routes),
        stores_(stores),
        codes_(codes),
        on_saved_(std::move(on_saved)),
        permissions_(permissions) {}

  void get(const std::string& pattern, Handler handler);
  void post(const std::string& pattern, Handler handler);
  // For what shows no record: answered too while the store is closed after a restore.
  void get_closed_too(const std::string& pattern, Handler handler);
  void post_closed_too(const std::string& pattern, Handler handler);
  // For what saves nothing and may take a while: the person is known, but the store is given back
  // before the handler runs, so that nobody waits for it.
  void post_without_store(const std::string& pattern,
                          std::function<Response(const Visit&)> handler);

 private:
  enum class Of { open_store, closed_store_too };
  std::function<Response(const Visit&)> with_store(Of which, Handler handler) const;

  Routes& routes_;
  StorePool& stores_;
  const CodeLists& codes_;
  std::function<void()> on_saved_;
  const Permissions& permissions_;
};

// The same page for those only whose roles let them do this.
SitePages::Handler for_act(Act act, SitePages::Handler handler);

// A page in this visit's frame; its status is 422 where it shows errors, 200 otherwise.
Response show(const PageContext& context, const Page& page);
// What an error comes to where no form can be shown again with it: a page that says what happened,
// that nothing was saved, and what to do next. Status 404, 403, 409, 422, 500 or 503 by its kind.
Response problem(const PageContext& context, const sync::Error& error);

// The record a page is about: the route's ":id", 32 hexadecimal digits. nullopt: it is none, and
// no_such_page() is the answer.
std::optional<sync::DossierId> dossier_in(const PageContext& context);
Response no_such_page(const PageContext& context);
// "/volunteers/2a..." : an address names a record by its number only, never by anything it holds.
std::string address_of(const std::string& list, const sync::DossierId& id);

// What was done just now, said on the page that comes after: the address carries `code` only.
struct Outcome {
  std::string_view code;
  std::string_view sentence;
  bool is_success = true;  // not so: it goes on, or is worth knowing
};
Response done(const std::string& address, std::string_view code);
// The banner for the "?done=" of this visit; nothing for a code that is not in `outcomes`.
Html outcome_banner(const PageContext& context, std::span<const Outcome> outcomes);

}  // namespace throughgate::node::web
