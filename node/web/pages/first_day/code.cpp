// The first page: the code that the program told whoever started it.
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/first_day/parts.h"

namespace throughgate::node::web::first_day {
namespace {

constexpr char code_field[] = "code";
constexpr std::string_view title = "Set this computer up";

Response code_page(const Visit& visit, const FormFaults& faults = {}) {
  const Html about = h(
      R"(<p class="govuk-body">There are no records here yet. If this computer was set up before, stop: the program was started with another folder. End it with Ctrl-C, and look at the name after --data.</p>
<p class="govuk-body">You need:</p>
<ul class="govuk-list govuk-list--bullet"><li>the code that stands where the program was started, on this computer</li>
<li>a quarter of an hour</li>
<li>for an organisation's first computer, a printer or pen and paper, and a safe: you get a recovery sheet</li>
<li>for another computer of an organisation, its recovery sheet</li></ul>
<p class="govuk-body">No network is needed. Nothing is kept before the last page. If you broke off before, begin again, and destroy the recovery sheet that you got then: it opens nothing.</p>)");
  return set_up_page(
      visit,
      {.title = std::string(title),
       .main = about +
               form({.action = Url(set_up_address), .csrf_token = visit.csrf_token},
                    text_input({.field = {.name = code_field,
                                          .label = {.text = "Set-up code"},
                                          .hint = "Three groups of four letters and digits. "
                                                  "Capitals and hyphens do not matter. It is not "
                                                  "the invitation code of the central team",
                                          .error = faults.of(code_field),
                                          .classes = "govuk-input--width-20"},
                                .autocomplete = "off",
                                .auto_capitalize = "characters",
                                .spellcheck = false}) +
                        button({.text = "Continue", .prevent_double_click = true})),
       .faults = faults});
}

Response taken_page(const Visit& visit) {
  return set_up_notice(
      visit, "Somebody is setting this computer up",
      h(R"(<p class="govuk-body">The code was typed in another browser, or in this one before it was closed. It is good once.</p>
<p class="govuk-body">If that was you, go on there. If that browser is closed, or it was not you, end the program where it was started, with Ctrl-C, and start it again: it shows another code. Nothing has been kept.</p>)"),
      403);
}

Response shut_page(const Visit& visit) {
  return set_up_notice(
      visit, "Too many wrong codes",
      h(R"(<p class="govuk-body">The code is not good any more, and nothing was set up. Somebody else of this computer may have tried it.</p>
<p class="govuk-body">End the program where it was started, with Ctrl-C, and start it again: it shows another code.</p>)"),
      429);
}

Response wrong_code(const Visit& visit, const Door& door) {
  if (door.state() == Door::State::shut) return shut_page(visit);
  FormFaults faults;
  faults.add(code_field,
             "This is not the code that stands where the program was started. Type it once more, "
             "or copy it: " +
                 count_text(static_cast<std::int64_t>(door.tries_left()), "try", "tries") +
                 " left");
  return code_page(visit, faults);
}

}  // namespace

Response FirstDay::show_code(const Visit& visit) {
  if (auto stopped = in_the_way(visit)) return *std::move(stopped);
  if (door_.has_let_in(visit.session_id, parts_.monotonic_ms())) {
    return see_other(Url(address_of(answers_.next())));
  }
  if (door_.state() == Door::State::taken) return taken_page(visit);
  return door_.state() == Door::State::shut ? shut_page(visit) : code_page(visit);
}

// The session goes on under another id: nobody who has put theirs into this browser goes along.
Response FirstDay::take_code(const Visit& visit) {
  const auto& typed = visit.form.fields.get(code_field);
  if (auto stopped = in_the_way(visit)) return *std::move(stopped);
  if (door_.state() != Door::State::open) return show_code(visit);
  if (is_blank(typed)) {
    FormFaults faults;
    faults.add(code_field, "Enter the code that stands where the program was started");
    return code_page(visit, faults);
  }
  if (!door_.fits(typed)) return wrong_code(visit, door_);
  if (auto made = make_private_folder(parts_.folder.path()); !made) {
    FormFaults faults;
    faults.add(code_field, "The folder for the records cannot be used. " + made.error().message);
    return code_page(visit, faults);
  }
  const auto id = sessions_.new_visitor_id();
  door_.let_in(id, parts_.monotonic_ms());
  Response response = see_other(Url(address_of(answers_.next())));
  response.set_cookie = session_cookie(id);
  return response;
}

}  // namespace throughgate::node::web::first_day
