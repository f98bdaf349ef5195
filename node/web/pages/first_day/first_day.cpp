#include "node/web/pages/first_day/first_day.h"

#include "node/web/components/messages.h"
#include "node/web/pages/first_day/parts.h"

namespace throughgate::node::web::first_day {
namespace {

using sync::Done;
using sync::Error;
using sync::Result;

Response begin_here() { return see_other(Url(set_up_address)); }

Html paragraph(std::string_view words) { return h(R"(<p class="govuk-body">{}</p>)", words); }

Response set_up_elsewhere(const Visit& visit) {
  return set_up_notice(
      visit, "This computer is set up already",
      paragraph("Its records were made by another program meanwhile. Nothing of what was typed "
                "here was kept, and a recovery sheet that was shown here opens nothing: destroy "
                "it.") +
          paragraph("End the program where it was started, with Ctrl-C, start it again, then open "
                    "this page again and sign in."),
      409);
}

Response almost_set_up(const Visit& visit, const std::string& fault) {
  return set_up_notice(
      visit, "This computer is almost set up",
      paragraph("Your recovery sheet and the password that you chose are good. One step is left, "
                "and the disk does not take it. Check that it has room, then open this page "
                "again.") +
          inset_text(fault),
      503);
}

Response to_be_started_again(const Visit& visit, const std::string& fault) {
  return set_up_notice(
      visit, "This computer is set up",
      paragraph("Your recovery sheet and your password are good. The program has to be started "
                "again before anybody can sign in: end it where it was started, with Ctrl-C, and "
                "start it once more.") +
          inset_text(fault),
      503);
}

Html out_of_date_page(const Visit& visit) {
  return page(visit.frame, {.title = "This page was out of date",
                            .main = h(
                                R"(<h1 class="govuk-heading-l">This page was out of date</h1>
<p class="govuk-body">Nothing was changed. <a class="govuk-link" href="{}">Go on where you were</a></p>)",
                                Url(set_up_address))});
}

}  // namespace

FirstDay::FirstDay(FirstDayParts parts, int port, std::function<void(const std::string&)> on_fault)
    : parts_(std::move(parts)),
      door_(parts_.random, parts_.tell_code),
      sessions_(parts_.random),
      responder_(routes(), sessions_, settings(port, std::move(on_fault))) {}

Routes FirstDay::routes() {
  for (const char* each : {"/", "/sign-in"}) {
    made_.get(each, Access::anyone, [](const Visit&) { return begin_here(); });
  }
  made_.get(set_up_address, Access::anyone, [this](const Visit& visit) {
    const std::lock_guard one(mutex_);
    return show_code(visit);
  });
  made_.post(set_up_address, Access::anyone, [this](const Visit& visit) {
    const std::lock_guard one(mutex_);
    return take_code(visit);
  });
  add_way_page(*this);
  add_sheet_words_page(*this);
  add_organisation_pages(*this);
  add_person_page(*this);
  add_check_page(*this);
  add_recovery_sheet_pages(*this);
  add_password_page(*this);
  return std::move(made_);
}

ResponderSettings FirstDay::settings(int port, std::function<void(const std::string&)> on_fault) {
  const std::string suffix = ":" + std::to_string(port);
  return {.guards = {.hosts = {"127.0.0.1" + suffix, "localhost" + suffix}},
          .frame = [](const Person*) { return Frame{}; },
          .monotonic_ms = parts_.monotonic_ms,
          .locked_page = out_of_date_page,
          .on_fault = std::move(on_fault)};
}

void FirstDay::add(Step step, Handler show, Handler take) {
  made_.get(address_of(step), Access::anyone, at(step, std::move(show)));
  made_.post(address_of(step), Access::anyone, at(step, std::move(take)));
}

std::function<Response(const Visit&)> FirstDay::at(Step step, Handler handler) {
  return [this, step, handler = std::move(handler)](const Visit& visit) {
    const std::lock_guard one(mutex_);
    if (auto stopped = in_the_way(visit)) return *std::move(stopped);
    if (!door_.has_let_in(visit.session_id, parts_.monotonic_ms())) return begin_here();
    if (!answers_.reach(step)) return see_other(Url(address_of(answers_.next())));
    StepVisit here{visit, answers_, parts_, *this};
    return handler(here);
  };
}

std::optional<Response> FirstDay::in_the_way(const Visit& visit) {
  if (is_set_up_) {
    return fault_.empty() ? see_other(Url("/sign-in")) : to_be_started_again(visit, fault_);
  }
  const auto held = parts_.folder.holds();
  if (held == DataFolder::Holds::cut_off_init && was_tried_) return take_last_step(visit);
  if (held != DataFolder::Holds::nothing) return set_up_elsewhere(visit);
  if (door_.is_idle(parts_.monotonic_ms())) forget_locked();
  return std::nullopt;
}

// All of the store is there, under the password that was chosen, but for its name.
Response FirstDay::take_last_step(const Visit& visit) {
  const auto found = parts_.folder.find_store();
  if (!found) return almost_set_up(visit, found.error().message);
  end();
  return see_other(Url(set_up_address));
}

void FirstDay::end() {
  is_set_up_ = true;
  answers_ = {};
  if (auto gone_on = parts_.go_on(); !gone_on) fault_ = gone_on.error().message;
}

void FirstDay::forget_locked() {
  answers_ = {};
  door_.begin_anew();
}

void FirstDay::look_at_clock() {
  const std::lock_guard one(mutex_);
  if (!is_set_up_ && door_.is_idle(parts_.monotonic_ms())) forget_locked();
}

void FirstDay::forget() {
  const std::lock_guard one(mutex_);
  if (!is_set_up_ && door_.state() == Door::State::taken) forget_locked();
}

Result<Done> FirstDay::finish(crypto::SecretText password) {
  const auto copy = [](const std::optional<Sheet>& sheet) {
    return sheet ? std::optional(Sheet{sheet->organisation,
                                       crypto::BoxKey(sheet->recovery_key.secret().duplicate())})
                 : std::nullopt;
  };
  const bool joins = answers_.way == Answers::Way::another_computer;
  NewNode fresh;
  fresh.kind = *answers_.kind;
  fresh.site = {answers_.name, answers_.establishment};
  fresh.staff_name = answers_.staff_name;
  fresh.staff_roles = answers_.roles;
  fresh.sign_in_name = answers_.sign_in_name;
  fresh.password = std::move(password);
  if (joins) fresh.joins = copy(answers_.joins);
  if (!joins) fresh.sheet = copy(answers_.sheet);
  was_tried_ = true;
  const auto never_shown = [](const auto&, const auto&) { return false; };
  auto made =
      set_up(parts_.folder, parts_.accounts, fresh, never_shown, parts_.random, parts_.clock);
  // A disk may fail once all that counts is on it.
  if (!made && !parts_.folder.find_store()) return made;
  end();
  return Done{};
}

}  // namespace throughgate::node::web::first_day
