#include "node/web/sign_in.h"

#include <chrono>

#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"

namespace throughgate::node::web {
namespace {

constexpr std::size_t name_bytes_max = 200;
constexpr std::size_t password_bytes_max = 1'000;

Url after_sign_in(const std::string& return_to) {
  const Url url(return_to);
  return url.is_local_path() && !return_to.starts_with("/sign-") ? url : Url("/");
}

std::string wait_text(std::int64_t wait_ms) {
  const std::int64_t seconds = (wait_ms + 999) / 1'000;
  if (seconds < 60) return count_text(seconds, "second", "seconds");
  return count_text((seconds + 59) / 60, "minute", "minutes");
}

Html problems(const SignInPage& shown) {
  ErrorSummary summary;
  if (!shown.name_error.empty()) summary.items.push_back({shown.name_error, "name"});
  if (!shown.password_error.empty()) summary.items.push_back({shown.password_error, "password"});
  if (!shown.problem.empty()) summary.items.push_back({shown.problem, "name"});
  return summary.items.empty() ? Html{} : error_summary(summary);
}

Html why_locked(const SignInPage& shown) {
  if (!shown.locked) return {};
  const Html lost = when(shown.form_was_lost, [] {
    return warning_text("What you had just sent was not saved. Sign in, then enter it again.");
  });
  return h(
      R"(<p class="govuk-body">Nobody used this page for a while, so it was locked. Sign in to go on where you were. Everything saved before is safe.</p>{})",
      lost);
}

}  // namespace

Html sign_in_page(const Visit& visit, const SignInPage& shown) {
  const Html summary = problems(shown);
  const std::string title = shown.locked ? "This page is locked" : "Sign in";
  const Html fields = text_input({.field = {.name = "name",
                                            .label = {.text = "Name you sign in with"},
                                            .error = shown.name_error,
                                            .classes = "govuk-input--width-20"},
                                  .value = shown.name,
                                  .autocomplete = "username",
                                  .auto_capitalize = "none",
                                  .spellcheck = false}) +
                      password_input({.field = {.name = "password",
                                                .label = {.text = "Password"},
                                                .error = shown.password_error,
                                                .classes = "govuk-input--width-20"}}) +
                      h(R"(<input type="hidden" name="return_to" value="{}">)", shown.return_to) +
                      button({.text = "Sign in", .prevent_double_click = true});
  Frame frame = visit.frame;
  frame.person.clear();
  return page(
      frame,
      {.title = title,
       .has_error = !summary.empty(),
       .main = h(R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}
<h1 class="govuk-heading-l">{}</h1>{}{}</div></div>)",
                 summary, title, why_locked(shown),
                 form({.action = Url("/sign-in"), .csrf_token = visit.csrf_token}, fields))});
}

SignIn::SignIn(Authenticator& authenticator, SessionTable& sessions, SignInThrottle& throttle,
               SignInSettings settings)
    : authenticator_(authenticator),
      sessions_(sessions),
      throttle_(throttle),
      settings_(std::move(settings)) {}

void SignIn::add_to(Routes& routes) {
  routes.get("/sign-in", Access::anyone, [this](const Visit& visit) { return show(visit); });
  routes.post("/sign-in", Access::anyone, [this](const Visit& visit) { return attempt(visit); });
  routes.post("/sign-out", Access::anyone, [this](const Visit& visit) { return sign_out(visit); });
}

Html SignIn::locked_page(const Visit& visit) const {
  const auto& head = visit.request.head;
  const bool was_sending = head.method == Method::post;
  return sign_in_page(visit, {.locked = true,
                              .form_was_lost = was_sending,
                              .name = visit.person ? visit.person->sign_in_name : "",
                              .return_to = was_sending ? "/" : head.target});
}

Response SignIn::show(const Visit& visit) const {
  const std::string& return_to = visit.query.get("return_to");
  if (visit.person) return see_other(after_sign_in(return_to));
  return html_response(sign_in_page(visit, {.return_to = return_to}));
}

Response SignIn::attempt(const Visit& visit) {
  const Parameters& fields = visit.form.fields;
  SignInPage again{.name = fields.get("name"), .return_to = fields.get("return_to")};
  if (again.name.empty()) again.name_error = "Enter the name you sign in with";
  if (again.name.size() > name_bytes_max) again.name_error = "The name is too long";
  if (fields.get("password").empty()) again.password_error = "Enter your password";
  if (fields.get("password").size() > password_bytes_max) {
    again.password_error = "The password is too long";
  }
  if (!again.name_error.empty() || !again.password_error.empty()) {
    return html_response(sign_in_page(visit, again), 422);
  }

  const std::string name = authenticator_.canonical_name(again.name);
  if (const std::int64_t wait_ms = wait_or_count(name); wait_ms > 0) {
    again.problem = "There were too many attempts. Try again in " + wait_text(wait_ms);
    Response response = html_response(sign_in_page(visit, again), 429);
    response.retry_after_s = static_cast<int>((wait_ms + 999) / 1'000);
    return response;
  }
  return check(visit, name);
}

Response SignIn::check(const Visit& visit, const std::string& name) {
  const Parameters& fields = visit.form.fields;
  SignInPage again{.name = fields.get("name"), .return_to = fields.get("return_to")};
  if (!checks_at_once_.try_acquire_for(std::chrono::seconds(5))) {
    again.problem = "This computer is busy. Try again in a minute";
    return html_response(sign_in_page(visit, again), 503);
  }
  SignInAnswer answer;
  try {
    answer = authenticator_.check(name, crypto::SecretText(fields.get("password")));
  } catch (...) {
    checks_at_once_.release();
    throw;
  }
  checks_at_once_.release();
  if (!answer.person) {
    again.problem = answer.problem.empty() ? "The name or the password is wrong" : answer.problem;
    return html_response(sign_in_page(visit, again), 422);
  }
  note_success(name);
  sessions_.close(visit.session_id);
  Response response = see_other(after_sign_in(again.return_to));
  response.set_cookie = session_cookie(sessions_.open(*answer.person, settings_.monotonic_ms()));
  return response;
}

Response SignIn::sign_out(const Visit& visit) {
  sessions_.close(visit.session_id);
  Response response = see_other(Url("/sign-in"));
  response.set_cookie = expired_session_cookie();
  return response;
}

std::int64_t SignIn::wait_or_count(const std::string& name) {
  const std::lock_guard lock(throttle_mutex_);
  const std::int64_t now_ms = settings_.monotonic_ms();
  const std::int64_t wait_ms = throttle_.wait_ms(name, now_ms);
  if (wait_ms > 0) return wait_ms;
  throttle_.note_attempt(name, now_ms);
  if (settings_.keep_throttle) settings_.keep_throttle(throttle_.save(now_ms));
  return 0;
}

void SignIn::note_success(const std::string& name) {
  const std::lock_guard lock(throttle_mutex_);
  throttle_.note_success(name);
  if (settings_.keep_throttle) settings_.keep_throttle(throttle_.save(settings_.monotonic_ms()));
}

}  // namespace throughgate::node::web
