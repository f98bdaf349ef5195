// By stick or e-mail: which files were made for others, and recalling one that was for the wrong
// one.
#include "node/bundles/made_files.h"

#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/by_hand_parts.h"

namespace throughgate::node::web {
namespace {

constexpr std::size_t shown_max = 20;

std::string counted(std::uint64_t count) {
  return count_text(static_cast<std::int64_t>(count), "record", "records");
}

std::string when_text(std::uint64_t ms) { return date_time_text(static_cast<std::int64_t>(ms)); }

Html row_of(const MadeFile& file, bool may_recall) {
  const Html words =
      file.recalled_at_ms == 0 ? h("") : h(" Recalled on {}.", when_text(file.recalled_at_ms));
  const Html link = when(may_recall && file.shared > 0, [&] {
    return h(
        R"( <a class="govuk-link" href="{}">Recall it<span class="govuk-visually-hidden">: the file for {}</span></a>)",
        Url("/by-hand/made/" + std::to_string(file.number)), file.name);
  });
  return h(R"(<li>For {}, made on {}: {}, {} still shared with them.{}{}</li>)", file.name,
           when_text(file.made_at_ms), counted(file.records),
           number_text(static_cast<std::int64_t>(file.shared)), words, link);
}

sync::Result<MadeFile> file_meant(const PageContext& context) {
  const auto number = number_in(context.visit.path.get("number"));
  return made_file(context.node, number.value_or(0));  // 0: none
}

Response recall_page(const PageContext& context, const MadeFile& file, const std::string& error) {
  const Html meaning =
      each(meaning_of_recall(file), [](const std::string& line) { return h("<li>{}</li>", line); });
  const Html ask = form(
      {.action = Url("/by-hand/made/" + std::to_string(file.number)),
       .csrf_token = context.visit.csrf_token},
      text_input({.field = {.name = "reason",
                            .label = {.text = "Why is it recalled?"},
                            .hint = "It stands in the history of each record, for everybody who "
                                    "can see that",
                            .error = error},
                  .autocomplete = "off"}) +
          button({.text = "Recall what is in it",
                  .classes = "govuk-button--warning",
                  .prevent_double_click = true}));
  const Html main = h(
      R"({}<h1 class="govuk-heading-l">Recall a file</h1><p class="govuk-body">It was made for {} on {}.</p><ul class="govuk-list govuk-list--bullet">{}</ul>{})",
      when(!error.empty(),
           [&] {
             return error_summary({.items = {{error, "reason"}}});
           }),
      file.name, when_text(file.made_at_ms), meaning, ask);
  return show(context, {.title = "Recall a file",
                        .has_error = !error.empty(),
                        .before_main = back_link(Url("/by-hand"), "By stick or e-mail"),
                        .main = in_two_thirds(main)});
}

Response ask(PageContext& context) {
  const auto file = file_meant(context);
  return file ? recall_page(context, *file, {}) : problem(context, file.error());
}

Response recall(PageContext& context) {
  const auto file = file_meant(context);
  if (!file) return problem(context, file.error());
  const auto& reason = context.field("reason");
  if (is_blank(reason)) return recall_page(context, *file, "Enter why it is recalled");
  const auto done_with = recall_file(context.records, file->number, context.by(reason));
  if (!done_with && done_with.error().kind == sync::ErrorKind::invalid) {
    return recall_page(context, *file, done_with.error().message);
  }
  if (!done_with) return problem(context, done_with.error());
  return done("/by-hand", done_with->not_yet > 0 ? "recalled-in-part" : "recalled");
}

}  // namespace

sync::Result<Html> made_files_part(const PageContext& context) {
  auto files = made_files(context.node);
  if (!files) return files.error();
  if (files->empty()) return Html{};
  files->resize(std::min(files->size(), shown_max));
  const bool may_recall = context.records.viewer().check(Act::share).has_value();
  return h(
      R"(<h2 class="govuk-heading-m">Files made for others</h2><p class="govuk-body">Where one was for the wrong organisation, recall it: they then take part no more in what is in it.</p><ul class="govuk-list govuk-list--bullet">{}</ul>)",
      each(*files, [&](const MadeFile& file) { return row_of(file, may_recall); }));
}

void add_made_files_pages(SitePages& pages) {
  pages.get("/by-hand/made/:number", for_act(Act::share, ask));
  pages.post("/by-hand/made/:number", for_act(Act::share, recall));
}

}  // namespace throughgate::node::web
