// By stick or e-mail: what others gave for the exchange, and its answers for them.
#include "node/bundles/passing_on.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/content_style.h"
#include "node/web/pages/by_hand_parts.h"

namespace throughgate::node::web {
namespace {

std::string words_of(const PassedOn& file) {
  using sync::store::Fate;
  switch (file.fate) {
    case Fate::taken:
      return "the exchange has it since " +
             date_time_text(static_cast<std::int64_t>(file.fate_at_ms)) +
             (file.said.empty() ? "" : ". It said: " + file.said);
    case Fate::refused:
      return "the exchange refused it. It said: " + file.said;
    case Fate::waits:
      break;
  }
  std::string next =
      file.next_try_ms == 0
          ? "goes when this computer next exchanges what is new"
          : "is tried again after " + date_time_text(static_cast<std::int64_t>(file.next_try_ms));
  if (file.fate_at_ms == 0) return next;
  return (file.said.empty() ? "could not be passed on, and " : "waits, and ") + next +
         (file.said.empty() ? "" : ". The exchange said: " + file.said);
}

std::string address_of_file(const PassedOn& file, const char* step) {
  return "/by-hand/passed-on/" + std::to_string(file.number) + "/" + step;
}

Html answers_of(const PageContext& context, const PassedOn& file) {
  Html out;
  for (const auto& each : file.answers) {
    out += h(
        R"(<br><a class="govuk-link" href="{}">Save the exchange's answer<span class="govuk-visually-hidden"> for {}</span></a>, {})",
        Url("/by-hand/answers/" + std::to_string(each.number)), file.made_by,
        size_text(each.bytes));
  }
  if (out.empty()) return out;
  return out + form({.action = Url(address_of_file(file, "brought-back")),
                     .csrf_token = context.visit.csrf_token},
                    button({.text = "They have the answer: delete it here",
                            .classes = "govuk-button--secondary govuk-!-margin-top-2"}));
}

Html try_now_form(const PageContext& context, const PassedOn& file) {
  if (file.next_try_ms == 0) return {};
  return form(
      {.action = Url(address_of_file(file, "try-again")), .csrf_token = context.visit.csrf_token},
      button(
          {.text = h(
               R"(Try it now<span class="govuk-visually-hidden">: the file from {}, number {}</span>)",
               file.made_by, std::to_string(file.number)),
           .classes = "govuk-button--secondary govuk-!-margin-top-2"}));
}

Html row_of(const PageContext& context, const PassedOn& file) {
  const Html give_up = when(file.fate == sync::store::Fate::waits, [&] {
    return h(
        R"( <a class="govuk-link" href="{}">Give it up<span class="govuk-visually-hidden">: the file from {}, number {}</span></a>)",
        Url(address_of_file(file, "give-up")), file.made_by, std::to_string(file.number));
  });
  return h(R"(<li>From {}, brought on {}{}: {}{}{}{}</li>)", file.made_by,
           date_time_text(static_cast<std::int64_t>(file.brought_at_ms)),
           file.bytes == 0 ? std::string() : ", " + size_text(file.bytes), words_of(file), give_up,
           try_now_form(context, file), answers_of(context, file));
}

sync::Result<PassedOn> file_meant(const PageContext& context) {
  const auto number = number_in(context.visit.path.get("number"));
  return passed_on_file(context.node, number.value_or(0));  // 0: none
}

Response ask_to_give_up(PageContext& context) {
  const auto file = file_meant(context);
  if (!file) return problem(context, file.error());
  const Html main = h(
      R"(<h1 class="govuk-heading-l">Give up a file of others</h1><ul class="govuk-list govuk-list--bullet">{}</ul>{})",
      each(meaning_of_giving_up(*file),
           [](const std::string& line) { return h("<li>{}</li>", line); }),
      form({.action = Url(address_of_file(*file, "give-up")),
            .csrf_token = context.visit.csrf_token},
           button({.text = "Give it up",
                   .classes = "govuk-button--warning",
                   .prevent_double_click = true})));
  return show(context, {.title = "Give up a file of others",
                        .before_main = back_link(Url("/by-hand"), "By stick or e-mail"),
                        .main = in_two_thirds(main)});
}

Response give_it_up(PageContext& context) {
  const auto file = file_meant(context);
  if (!file) return problem(context, file.error());
  const auto given_up = give_up(context.node, file->number);
  return given_up ? done("/by-hand", "given-up") : problem(context, given_up.error());
}

Response brought_back(PageContext& context) {
  const auto file = file_meant(context);
  if (!file) return problem(context, file.error());
  const auto noted = note_brought_back(context.node, file->number);
  return noted ? done("/by-hand", "brought-back") : problem(context, noted.error());
}

Response try_again(PageContext& context) {
  const auto file = file_meant(context);
  if (!file) return problem(context, file.error());
  const auto asked = try_now(context.node, file->number);
  return asked ? done("/by-hand", "try-again") : problem(context, asked.error());
}

Response save_answer(PageContext& context) {
  const auto number = number_in(context.visit.path.get("number"));
  const auto bytes = carried_answer(context.node, number.value_or(0));  // 0: none
  if (!bytes) return problem(context, bytes.error());
  return download(std::string(bytes->begin(), bytes->end()), "application/octet-stream",
                  "throughgate-answer-" + std::to_string(*number) + ".tgb");
}

}  // namespace

sync::Result<Html> passed_on_part(const PageContext& context) {
  const auto files = passed_on_files(context.node);
  if (!files) return files.error();
  if (files->empty()) return Html{};
  const auto bytes = bytes_for_others(context.node);
  if (!bytes) return bytes.error();
  return h(
      R"(<h2 class="govuk-heading-m">Passed on for others</h2><p class="govuk-body">These files are for the exchange. Nobody here can open them. Each is kept for {} on which this computer is used. Bring an answer to whoever made the file: it tells them that their work has arrived.</p><p class="govuk-body">{} of {} are used for others. Where no more can be brought in, exchange what is new, delete answers that have been brought back, or give up the file that has waited longest: it stands first.</p><ul class="govuk-list govuk-list--bullet">{}</ul>)",
      count_text(static_cast<std::int64_t>(passed_on_days), "day", "days"), size_text(*bytes),
      size_text(passed_on_bytes_max),
      each(*files, [&](const PassedOn& file) { return row_of(context, file); }));
}

void add_passed_on_pages(SitePages& pages) {
  pages.get("/by-hand/answers/:number", for_act(Act::carry, save_answer));
  pages.get("/by-hand/passed-on/:number/give-up", for_act(Act::carry, ask_to_give_up));
  pages.post("/by-hand/passed-on/:number/give-up", for_act(Act::carry, give_it_up));
  pages.post("/by-hand/passed-on/:number/try-again", for_act(Act::carry, try_again));
  pages.post("/by-hand/passed-on/:number/brought-back", for_act(Act::carry, brought_back));
}

}  // namespace throughgate::node::web
