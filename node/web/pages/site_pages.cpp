#include "node/web/pages/site_pages.h"

#include "node/audit.h"
#include "node/out_of_contact.h"
#include "node/restored.h"
#include "node/staff/staff.h"
#include "node/web/carried_form.h"
#include "node/web/components/messages.h"
#include "node/web/error_pages.h"
#include "node/web/pages/free_text_warning.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;

// The only page for somebody whose password was given to them.
constexpr char own_password_page[] = "/own-password";

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::denied:
      return 403;
    case ErrorKind::stale:
      return 409;
    case ErrorKind::invalid:
    case ErrorKind::newer:
    case ErrorKind::rejected:
      return 422;
    case ErrorKind::unavailable:
      return 503;
    case ErrorKind::corrupt:
      return 500;
  }
  return 500;
}

std::string_view title_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::not_found:
      return "This is not here";
    case ErrorKind::denied:
      return "You cannot do this";
    case ErrorKind::stale:
      return "Something changed while you were working";
    case ErrorKind::invalid:
    case ErrorKind::rejected:
      return "This could not be done";
    case ErrorKind::newer:
      return "This computer needs an update";
    case ErrorKind::unavailable:
      return "This computer cannot do this just now";
    case ErrorKind::corrupt:
      return "This computer's records are damaged";
  }
  return "Sorry, there is a problem";
}

Error not_noted(const Error& error) {
  return {error.kind,
          "Who looks at this is written down, and that could not be done just now, so "
          "it is not shown. " +
              error.message};
}

// What was sent is neither saved nor lost: it stands on the page, to be sent once more where that
// may help.
Html not_saved(const Visit& visit, const Error& error) {
  if (visit.request.head.method != Method::post) return {};
  if (error.kind != ErrorKind::unavailable) {
    return h(
        R"(<p class="govuk-body">What you had just sent was not saved. Everything saved before is safe.</p>)");
  }
  const Html safe = h(
      R"(<p class="govuk-body">What you had just sent was not saved, or not all of it. Everything saved before is safe. To send it again does no harm.</p>)");
  const auto carried = carried_by(visit);
  return carried ? safe + send_again_form(visit, *carried, "Try again") : safe;
}

Response problem_page(const Visit& visit, const Error& error) {
  const std::string title(title_of(error.kind));
  const Html main = h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">{}</p>{}
<p class="govuk-body"><a class="govuk-link" href="/">Go to the start page</a></p></div></div>)",
      title, error.message, not_saved(visit, error));
  Response response =
      html_response(page(visit.frame, {.title = title, .main = main}), status_of(error.kind));
  if (response.status == 503) response.retry_after_s = 60;
  return response;
}

Response closed_page(const Visit& visit, const Error& error) {
  if (error.kind != ErrorKind::stale) return problem_page(visit, error);
  constexpr std::string_view title = "Records are closed until the next exchange";
  const Html main = h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">{}</p>
<p class="govuk-body"><a class="govuk-link" href="/sync">Go to sending and receiving</a></p></div></div>)",
      title, error.message);
  return html_response(page(visit.frame, {.title = std::string(title), .main = main}), 423);
}

}  // namespace

void SitePages::get(const std::string& pattern, Handler handler) {
  routes_.get(pattern, Access::signed_in, with_store(Of::open_store, std::move(handler)));
}

void SitePages::post(const std::string& pattern, Handler handler) {
  routes_.post(pattern, Access::signed_in, with_store(Of::open_store, std::move(handler)));
}

void SitePages::get_closed_too(const std::string& pattern, Handler handler) {
  routes_.get(pattern, Access::signed_in, with_store(Of::closed_store_too, std::move(handler)));
}

void SitePages::post_closed_too(const std::string& pattern, Handler handler) {
  routes_.post(pattern, Access::signed_in, with_store(Of::closed_store_too, std::move(handler)));
}

void SitePages::post_without_store(const std::string& pattern,
                                   std::function<Response(const Visit&)> handler) {
  routes_.post(pattern, Access::signed_in,
               [&stores = stores_, handler = std::move(handler)](const Visit& visit) {
                 auto store = stores.borrow();
                 if (!store) return problem_page(visit, store.error());
                 const auto actor = Staff(**store).actor_for(visit.person->sign_in_name);
                 if (!actor) return problem_page(visit, actor.error());
                 store->give_back();
                 return handler(visit);
               });
}

std::function<Response(const Visit&)> SitePages::with_store(Of which, Handler handler) const {
  return [which, &stores = stores_, &codes = codes_, &permissions = permissions_,
          on_saved = on_saved_, handler = std::move(handler)](const Visit& visit) {
    auto store = stores.borrow();
    if (!store) return problem_page(visit, store.error());
    OpenNode& node = **store;
    const auto open = check_not_closed(node);
    if (!open && (which == Of::open_store || open.error().kind != ErrorKind::stale)) {
      return closed_page(visit, open.error());
    }
    static_cast<void>(note_time_passed(node));  // what cannot be noted now counts at the next use
    const auto actor = Staff(node).actor_for(visit.person->sign_in_name);
    if (!actor) return problem_page(visit, actor.error());
    const auto account = Staff(node).account(visit.person->sign_in_name);
    if (!account) return problem_page(visit, account.error());
    const bool chooses = visit.request.head.target.starts_with(own_password_page);
    if (*account && (*account)->must_change_password && !chooses) {
      return see_other(Url(own_password_page));
    }
    RecordService records(node, codes,
                          Viewer(permissions, *actor, visit.form.fields.get("why_look")));
    if (visit.form.fields.get(free_text_field) == free_text_as_it_stands) {
      records.take_text_as_it_stands();
    }
    PageContext context{visit, node, records, codes, *actor};
    Response response = handler(context);
    if (response.status != 303 && !records.text_doubts().empty()) {
      auto warning = free_text_warning(visit, records.text_doubts());
      if (warning) response = *std::move(warning);
    }
    // What only leads on shows nothing.
    if (response.status != 303) {
      const auto noted = Audit(node).note_looks(records.trail(), records.viewer());
      if (!noted) return problem_page(visit, not_noted(noted.error()));
    }
    const bool saved = visit.request.head.method == Method::post && response.status == 303;
    if (saved && on_saved) on_saved();
    return response;
  };
}

SitePages::Handler for_act(Act act, SitePages::Handler handler) {
  return [act, handler = std::move(handler)](PageContext& context) {
    if (auto may = context.records.viewer().check(act); !may) return problem(context, may.error());
    return handler(context);
  };
}

Response show(const PageContext& context, const Page& page) {
  return html_response(web::page(context.visit.frame, page), page.has_error ? 422 : 200);
}

Response problem(const PageContext& context, const Error& error) {
  return problem_page(context.visit, error);
}

std::optional<sync::DossierId> dossier_in(const PageContext& context) {
  const auto bytes = crypto::from_hex(context.visit.path.get("id"));
  return bytes ? sync::DossierId::from(*bytes) : std::nullopt;
}

Response no_such_page(const PageContext& context) {
  return html_response(error_page(context.visit.frame, 404), 404);
}

std::string address_of(const std::string& list, const sync::DossierId& id) {
  return list + "/" + id.hex();
}

Response done(const std::string& address, std::string_view code) {
  return see_other(Url(address + "?done=" + std::string(code)));
}

Html outcome_banner(const PageContext& context, std::span<const Outcome> outcomes) {
  for (const Outcome& outcome : outcomes) {
    if (outcome.code != context.query("done")) continue;
    return notification_banner(
        {.text = std::string(outcome.sentence), .success = outcome.is_success});
  }
  return {};
}

}  // namespace throughgate::node::web
