// By stick or e-mail: bringing a file in.
#include "node/bundles/import.h"
#include "node/restored.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/by_hand_parts.h"

namespace throughgate::node::web {
namespace {

using sync::store::UnpackedCounts;

Response bring_page(const PageContext& context, const std::string& error = {},
                    const Html& said = {}) {
  const Html upload = file_upload(
      {.field = {.name = "file",
                 .label = {.text = "The file you were given", .classes = "govuk-label--s"},
                 .hint = "Its name begins with \"throughgate-\" and ends with "
                         "\".tgb\". Bring in several one after the other",
                 .error = error}});
  const Html buttons = button_group(
      button(
          {.text = "Bring it in", .name = "act", .value = "bring", .prevent_double_click = true}) +
      button({.text = "Only say what it is",
              .classes = "govuk-button--secondary",
              .name = "act",
              .value = "look"}));
  const Html main = h(
      R"({}<h1 class="govuk-heading-l">Bring in a file</h1>{}
<p class="govuk-body">It is checked before anything of it counts. Bringing in the same file again does no harm.</p>{})",
      when(!error.empty(),
           [&] {
             return error_summary({.items = {{error, "file"}}});
           }),
      said,
      form({.action = Url("/by-hand/bring"),
            .csrf_token = context.visit.csrf_token,
            .has_files = true},
           upload + buttons));
  return show(context, {.title = "Bring in a file",
                        .has_error = !error.empty(),
                        .before_main = back_link(Url("/by-hand"), "By stick or e-mail"),
                        .main = in_two_thirds(main)});
}

Response begin_to_bring(PageContext& context, const DataFolder&) { return bring_page(context); }

Response look_at(const PageContext& context, crypto::ByteView file) {
  const auto facts = inspect_bundle(context.node, file);
  if (!facts) return bring_page(context, facts.error().message);
  const auto& label = facts->label;
  SummaryList said{
      .rows = {{"Made by",
                facts->made_by.empty() ? "A computer that is in no list known here"
                                       : facts->made_by,
                {}},
               {"Made at",
                date_time_text(static_cast<std::int64_t>(label.made_at_ms)) + ", by its own clock",
                {}},
               {"For", joined(facts->meant_for), {}},
               {"This computer", facts->opens_here ? "can open it" : "cannot open it", {}},
               {"File",
                label.parts == 1 ? "The only one"
                                 : number_text(label.part) + " of " + number_text(label.parts),
                {}},
               {"Size", size_text(facts->bytes), {}}},
      .card = SummaryCard{.title = "What this file is"}};
  return bring_page(context, {}, summary_list(said));
}

void add_line(std::vector<std::string>& lines, std::size_t count, std::string_view one,
              std::string_view many, std::string_view rest) {
  if (count == 0) return;
  lines.push_back(count_text(static_cast<std::int64_t>(count), one, many) + std::string(rest));
}

std::vector<std::string> came_in(const UnpackedCounts& counts) {
  std::vector<std::string> out;
  add_line(out, counts.placed, "change", "changes", " from others, confirmed by the exchange");
  add_line(out, counts.by_hand, "change", "changes", " from others, not confirmed yet");
  add_line(out, counts.own_placed, "change", "changes", " of yours, confirmed by the exchange");
  add_line(out, counts.keys, "record", "records", " that could not be opened before");
  add_line(out, counts.refused, "change", "changes",
           " that cannot count any more: see the notices");
  add_line(out, counts.erased, "record", "records", " that were erased, and were not taken back");
  return out;
}

Html warnings_of(const UnpackedCounts& counts) {
  Html out;
  if (counts.waiting > 0) {
    out += inset_text(
        "Something in it waits for a newer central list, or was put in order differently here. "
        "Exchange what is new when there is a network, or bring in a newer file.");
  }
  if (counts.unsound + counts.not_ours > 0) {
    out += warning_text(
        "Something in it did not hold or was not for you, and nothing of that was kept. "
        "Everything else was taken in. Tell the central team who made the file.");
  }
  return out;
}

Html list_of(const std::vector<std::string>& lines) {
  return h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)",
           each(lines, [](const std::string& line) { return h("<li>{}</li>", line); }));
}

// Where it was brought in to open a store that was restored: whether it has.
Html opened_part(PageContext& context, bool was_open) {
  const auto open = check_not_closed(context.node);
  if (!open) return warning_text(open.error().message);
  return when(!was_open, [] { return inset_text("The records on this computer are open again."); });
}

// What is for the exchange was not opened.
Response kept_page(const PageContext& context, const ToPassOn& kept) {
  const Html main = h(
      R"(<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">{}</p><p class="govuk-body">{}</p>{})",
      kept.was_passed_on ? "The exchange has this file already"
                         : "The file is kept, to be passed on",
      kept.was_passed_on
          ? "It was passed on from here before. Nothing was changed."
          : "It is for the central exchange. Nobody here can open it. It goes there when this "
            "computer next exchanges what is new, and is kept for 30 days at most.",
      "The page \"By stick or e-mail\" says what became of it, and has the exchange's answer for "
      "whoever made it.",
      button_group(button({.text = "Go to \"By stick or e-mail\"", .href = Url("/by-hand")}) +
                   button({.text = "Bring in another file",
                           .classes = "govuk-button--secondary",
                           .href = Url("/by-hand/bring")})));
  return show(context, {.title = "The file is kept",
                        .before_main = back_link(Url("/by-hand"), "By stick or e-mail"),
                        .main = in_two_thirds(main)});
}

Response take_in(PageContext& context, const DataFolder& folder, crypto::ByteView file) {
  const bool was_open = check_not_closed(context.node).has_value();
  const auto brought = bring_in(context.node, folder, file);
  if (!brought) return bring_page(context, brought.error().message);
  if (brought->kept) return kept_page(context, *brought->kept);
  const auto& counts = brought->taken_in;
  const auto lines = came_in(*counts);
  const bool all_new = counts->waiting + counts->unsound + counts->not_ours == 0;
  const Html main = h(
      R"(<h1 class="govuk-heading-l">The file is brought in</h1>{}{}{}{}
<p class="govuk-body">Delete it from the stick or the mailbox now.</p>{})",
      opened_part(context, was_open), when(!lines.empty(), [&] { return list_of(lines); }),
      when(lines.empty() && all_new,
           [] {
             return h(
                 R"(<p class="govuk-body">Nothing in it is new: everything was here already.</p>)");
           }),
      warnings_of(*counts),
      button_group(button({.text = "Go to the start page", .href = Url("/")}) +
                   button({.text = "Bring in another file",
                           .classes = "govuk-button--secondary",
                           .href = Url("/by-hand/bring")})));
  return show(context, {.title = "The file is brought in",
                        .before_main = back_link(Url("/by-hand"), "By stick or e-mail"),
                        .main = in_two_thirds(main)});
}

Response bring(PageContext& context, const DataFolder& folder) {
  const auto& files = context.visit.form.files;
  if (files.empty() || files.front().bytes.empty()) {
    return bring_page(context, "Select the file you were given");
  }
  const auto file = crypto::as_bytes(files.front().bytes);
  return context.field("act") == "look" ? look_at(context, file) : take_in(context, folder, file);
}

}  // namespace

void add_bring_in_pages(SitePages& pages, const DataFolder& folder) {
  const auto carrying = [&folder](Response (*handler)(PageContext&, const DataFolder&)) {
    return for_act(Act::carry,
                   [handler, &folder](PageContext& context) { return handler(context, folder); });
  };
  pages.get_closed_too(std::string(bring_address), carrying(begin_to_bring));
  pages.post_closed_too(std::string(bring_address), carrying(bring));
}

}  // namespace throughgate::node::web
