#include "node/web/sign_in.h"

#include <chrono>
#include <shared_mutex>

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

std::string title_of(const SignInPage& shown) {
  if (shown.locked) return "This page is locked";
  return shown.carried || shown.form_was_lost ? "Sign in again" : "Sign in";
}

Html why(const SignInPage& shown) {
  const bool sent = shown.carried || shown.form_was_lost;
  Html out;
  if (shown.locked) {
    out += h(
        R"(<p class="govuk-body">Nobody used this page for a while, so it was locked. Sign in to go on where you were. Everything saved before is safe.</p>)");
  } else if (sent) {
    out += h(
        R"(<p class="govuk-body">You are not signed in any more, or not as the person who opened the form. Everything saved before is safe.</p>)");
  }
  if (!shown.locked && !sent && shown.return_to == after_new_password) {
    out += h(R"(<p class="govuk-body">Your password is changed. Sign in with the new one.</p>)");
  }
  if (shown.store_is_closed) {
    out += h(
        R"(<p class="govuk-body">While nobody is signed in, the records are closed. Nothing is sent or received, and no files for the night are made, until somebody signs in. Then it goes on by itself.</p>)");
  }
  if (shown.carried) {
    out += inset_text(h(
        R"(What you had just sent is not saved yet, and not lost. Sign in to save it, or <a class="govuk-link" href="/sign-in">sign in without it</a>.)"));
  }
  if (shown.form_was_lost) {
    out += warning_text("What you had just sent was not saved. Sign in, then enter it again.");
  }
  return out;
}

// Of one who may check a password now; ends however the check does.
class Turn {
 public:
  explicit Turn(std::binary_semaphore& taken) : taken_(taken) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() { taken_.release(); }

 private:
  std::binary_semaphore& taken_;
};

// An address without what was asked for there, which may name somebody.
std::string path_of(const std::string& target) { return target.substr(0, target.find('?')); }

}  // namespace

Html sign_in_page(const Visit& visit, const SignInPage& shown) {
  const Html summary = problems(shown);
  const std::string title = title_of(shown);
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
                      (shown.carried ? carrying_fields(*shown.carried) : Html{}) +
                      button({.text = "Sign in", .prevent_double_click = true});
  Frame frame = visit.frame;
  frame.person.clear();
  return page(frame,
              {.title = title,
               .has_error = !summary.empty(),
               .main = h(R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}
<h1 class="govuk-heading-l">{}</h1>{}{}</div></div>)",
                         summary, title, why(shown),
                         form({.action = Url("/sign-in"),
                               .csrf_token = visit.csrf_token,
                               .has_files = shown.carried.has_value()},
                              fields))});
}

SignIn::SignIn(Authenticator& authenticator, SessionTable& sessions, SignInThrottle& throttle,
               SignInSettings settings)
    : authenticator_(authenticator),
      sessions_(sessions),
      throttle_(throttle),
      settings_(std::move(settings)) {}

void SignIn::add_to(Routes& routes) {
  routes.get("/sign-in", Access::anyone, [this](const Visit& visit) { return show(visit); });
  routes.get("/hidden", Access::watching, [this](const Visit& visit) { return hidden(visit); });
  routes.post("/sign-in", Access::anyone, [this](const Visit& visit) { return attempt(visit); });
  routes.post("/sign-out", Access::anyone, [this](const Visit& visit) { return sign_out(visit); });
}

Html SignIn::locked_page(const Visit& visit) const {
  const auto& head = visit.request.head;
  const bool was_sending = head.method == Method::post;
  const bool was_signing_in = path_of(head.target) == "/sign-in";
  SignInPage page{.locked = visit.person != nullptr,
                  .store_is_closed = is_store_closed(),
                  .name = visit.person ? visit.person->sign_in_name : "",
                  .return_to = was_sending ? "/" : head.target,
                  .carried = carried_by(visit)};
  page.form_was_lost = was_sending && !was_signing_in && !page.carried;
  if (was_signing_in) {
    page.name = visit.form.fields.get("name");
    page.return_to = visit.form.fields.get("return_to");
    page.problem = "This page was out of date. Enter your password again";
  }
  return sign_in_page(visit, page);
}

Response SignIn::hidden(const Visit& visit) const {
  const Url back = after_sign_in(visit.query.get("return_to"));
  if (!visit.person) return see_other(back);  // which is locked, and asks for the password
  const std::string title = "This page was hidden";
  return html_response(page(
      visit.frame,
      {.title = title,
       .main = h(
           R"(<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">Nobody used it for a while.</p>
<p class="govuk-body"><a class="govuk-link" href="{}">Go on where you were</a></p>)",
           title, back)}));
}

Response SignIn::show(const Visit& visit) const {
  const std::string& return_to = visit.query.get("return_to");
  if (visit.person) return see_other(after_sign_in(return_to));
  return html_response(
      sign_in_page(visit, {.store_is_closed = is_store_closed(), .return_to = return_to}));
}

Response SignIn::attempt(const Visit& visit) {
  const Parameters& fields = visit.form.fields;
  SignInPage again{.name = fields.get("name"),
                   .return_to = fields.get("return_to"),
                   .carried = carried_by(visit)};
  if (again.name.empty()) again.name_error = "Enter the name you sign in with";
  if (again.name.size() > name_bytes_max) again.name_error = "The name is too long";
  if (fields.get("password").empty()) again.password_error = "Enter your password";
  if (fields.get("password").size() > password_bytes_max) {
    again.password_error = "The password is too long";
  }
  if (!again.name_error.empty() || !again.password_error.empty()) {
    return html_response(sign_in_page(visit, again), 422);
  }

  return check(visit, authenticator_.canonical_name(again.name));
}

Response SignIn::told_to_wait(const Visit& visit, SignInPage again, std::int64_t wait_ms) {
  again.problem = "There were too many attempts. Try again in " + wait_text(wait_ms);
  Response response = html_response(sign_in_page(visit, again), 429);
  response.retry_after_s = static_cast<int>((wait_ms + 999) / 1'000);
  return response;
}

Response SignIn::check(const Visit& visit, const std::string& name) {
  const Parameters& fields = visit.form.fields;
  SignInPage again{.name = fields.get("name"),
                   .return_to = fields.get("return_to"),
                   .carried = carried_by(visit)};
  if (!turn_.try_acquire_for(std::chrono::seconds(5))) {
    again.problem = "This computer is busy. Try again in a minute";
    return html_response(sign_in_page(visit, again), 503);
  }
  SignInAnswer answer;
  std::shared_lock<std::shared_mutex> arriving;  // until their session is open, or refused
  {
    const Turn turn(turn_);
    arriving = std::shared_lock(sessions_.arriving());
    const std::string counted = authenticator_.counted_as(name);
    const SignInThrottle before = throttle_;
    // Not before: who waits for a turn has guessed nothing yet, and may have the right password.
    if (const std::int64_t wait_ms = wait_or_count(counted); wait_ms > 0) {
      return told_to_wait(visit, again, wait_ms);
    }
    answer = authenticator_.check(name, crypto::SecretText(fields.get("password")));
    if (answer.person) note_success(counted);
    if (!answer.was_tried) take_back(before);
  }
  if (!answer.person) {
    again.problem = answer.problem.empty() ? "The name or the password is wrong" : answer.problem;
    return html_response(sign_in_page(visit, again), answer.was_tried ? 422 : 503);
  }
  if (again.carried && !again.carried->is_of(*answer.person)) {
    again.problem =
        "Somebody else filled in the form that is waiting here. They must sign in to save it";
    return html_response(sign_in_page(visit, again), 422);
  }
  return let_in(visit, *answer.person);
}

// A carried form goes on its way at once where it came from this very session, locked meanwhile;
// any other is shown to its person first.
Response SignIn::let_in(const Visit& visit, const Person& person) {
  const std::int64_t now_ms = settings_.monotonic_ms();
  auto carried = carried_by(visit);
  const Session before = sessions_.look_at(visit.session_id, now_ms);
  sessions_.close(visit.session_id);
  const std::string id = sessions_.open(person, now_ms);
  Response response = see_other(after_sign_in(visit.form.fields.get("return_to")));
  response.set_cookie = session_cookie(id);
  if (!carried) return response;
  const std::string token = carried->fields.get("csrf");
  const bool same = before.state != SessionState::none && before.person.id == person.id &&
                    sessions_.csrf_token_fits(visit.session_id, token_in(token));
  Parameters fields;
  fields.add("csrf", same ? sessions_.csrf_token(id) : token);
  for (const auto& [name, value] : carried->fields.in_order()) {
    if (name != "csrf") fields.add(name, value);
  }
  response.sent_again = SentAgain{id, carried->action, std::move(fields)};
  return response;
}

Response SignIn::sign_out(const Visit& visit) {
  sessions_.close(visit.session_id);
  Response response = see_other(Url("/sign-in"));
  response.set_cookie = expired_session_cookie();
  return response;
}

std::int64_t SignIn::wait_or_count(const std::string& counted) {
  const std::int64_t now_ms = settings_.monotonic_ms();
  const std::int64_t wait_ms = throttle_.wait_ms(counted, now_ms);
  if (wait_ms > 0) return wait_ms;
  throttle_.note_attempt(counted, now_ms);
  if (settings_.keep_throttle) settings_.keep_throttle(throttle_.save(now_ms));
  return 0;
}

void SignIn::note_success(const std::string& counted) {
  throttle_.note_success(counted);
  if (settings_.keep_throttle) settings_.keep_throttle(throttle_.save(settings_.monotonic_ms()));
}

// Whoever waited before goes on waiting for as long as before.
void SignIn::take_back(const SignInThrottle& before) {
  throttle_ = before;
  if (settings_.keep_throttle) settings_.keep_throttle(throttle_.save(settings_.monotonic_ms()));
}

}  // namespace throughgate::node::web
