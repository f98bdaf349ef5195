// By stick or e-mail: what others gave for the exchange, and its answers for them.
#include "node/bundles/passing_on.h"
#include "node/web/content_style.h"
#include "node/web/pages/by_hand_parts.h"

namespace throughgate::node::web {
namespace {

std::string words_of(const PassedOn& file) {
  using sync::store::Fate;
  switch (file.fate) {
    case Fate::taken:
      return "the exchange has it since " +
             date_time_text(static_cast<std::int64_t>(file.fate_at_ms));
    case Fate::refused:
      return "the exchange refused it. It said: " + file.said;
    case Fate::waits:
      break;
  }
  return file.said.empty() ? "goes when this computer next exchanges what is new"
                           : "waits. The exchange said: " + file.said;
}

Html row_of(const PassedOn& file) {
  Html answers;
  for (const auto& each : file.answers) {
    answers += h(
        R"(<br><a class="govuk-link" href="{}">Save the exchange's answer<span class="govuk-visually-hidden"> for {}</span></a>, {})",
        Url("/by-hand/answers/" + std::to_string(each.number)), file.made_by,
        size_text(each.bytes));
  }
  return h(R"(<li>From {}, brought on {}: {}{}</li>)", file.made_by,
           date_time_text(static_cast<std::int64_t>(file.brought_at_ms)), words_of(file), answers);
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
  return h(
      R"(<h2 class="govuk-heading-m">Passed on for others</h2><p class="govuk-body">These files are for the exchange. Nobody here can open them. Each is kept for {}. Bring an answer to whoever made the file: it tells them that their work has arrived.</p><ul class="govuk-list govuk-list--bullet">{}</ul>)",
      count_text(static_cast<std::int64_t>(passed_on_days), "day", "days"),
      each(*files, [](const PassedOn& file) { return row_of(file); }));
}

void add_passed_on_pages(SitePages& pages) {
  pages.get("/by-hand/answers/:number", for_act(Act::carry, save_answer));
}

}  // namespace throughgate::node::web
