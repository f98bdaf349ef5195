// The last question. With its answer this computer is set up; the password is kept nowhere
// meanwhile.
#include "node/web/components/text_input.h"
#include "node/web/pages/first_day/parts.h"

namespace throughgate::node::web::first_day {
namespace {

constexpr char password_field[] = "new-password";
constexpr char again_field[] = "again-password";

// For a program that keeps people's passwords: whose this one is.
Html name_for_keepers(const StepVisit& at) {
  return h(
      R"(<input type="text" name="username" value="{}" autocomplete="username" hidden readonly>)",
      at.answers.sign_in_name);
}

Response ask_password(const StepVisit& at, const FormFaults& faults = {}) {
  const auto question = [&](const char* name, const char* words, const std::string& hint) {
    return password_input({.field = {.name = name,
                                     .label = {.text = words},
                                     .hint = hint,
                                     .error = faults.of(name),
                                     .classes = "govuk-input--width-20"},
                           .autocomplete = "new-password"});
  };
  return ask(
      at, Step::password,
      {.title = "Choose a password",
       .inside = name_for_keepers(at) +
                 question(password_field, "Password",
                          "At least " + std::to_string(password_letters_min) +
                              " letters, and not a common one. A few words that belong to "
                              "nothing you have told anybody are good") +
                 question(again_field, "Password once more", ""),
       .faults = faults,
       .button = "Set this computer up",
       .before = h(R"(<p class="govuk-body">{} signs in on this computer with it, as "{}".</p>)",
                   at.answers.staff_name, at.answers.sign_in_name)});
}

Response take_password(StepVisit& at) {
  FormFaults faults;
  const auto& password = at.field(password_field);
  if (auto good = check_first_sign_in(at.answers.sign_in_name, password); !good) {
    faults.add(password_field, good.error().message);
  } else if (password != at.field(again_field)) {
    faults.add(again_field, "The two passwords differ. Type both again");
  }
  if (!faults.empty()) return ask_password(at, faults);
  const auto done = at.first_day.finish(crypto::SecretText(password));
  if (done) return see_other(Url("/sign-in"));
  faults.add(password_field, done.error().message +
                                 " This computer is not set up yet, and your recovery sheet stays "
                                 "good: type the password again to try again");
  Response response = ask_password(at, faults);
  if (done.error().kind == sync::ErrorKind::unavailable) response.status = 503;
  return response;
}

}  // namespace

void add_password_page(FirstDay& first_day) {
  first_day.add(
      Step::password, [](StepVisit& at) { return ask_password(at); }, take_password);
}

}  // namespace throughgate::node::web::first_day
