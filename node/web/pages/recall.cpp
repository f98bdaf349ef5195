// By stick or e-mail: recalling a file that was for the wrong organisation.
#include "node/bundles/recall.h"

#include <algorithm>

#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/messages.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/by_hand_parts.h"
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using sync::DossierId;
using sync::Result;

// By name, each with a box of its own; of a larger file the rest shares one.
constexpr std::size_t boxes_max = 200;
constexpr std::string_view behind = "behind-";  // value of that box: all behind this number

struct Asked {
  std::set<std::string> ticked;  // values of the boxes
  std::string reason_error{}, records_error{};

  bool has_errors() const { return !reason_error.empty() || !records_error.empty(); }
};

// What can be taken back, in the order of their numbers: those with boxes, and how many behind.
struct ToTakeBack {
  std::vector<RecordInFile> shown;
  std::vector<DossierId> others;

  std::string box_of_others() const { return std::string(behind) + shown.back().id.hex(); }
};

ToTakeBack to_take_back(const std::vector<RecordInFile>& all) {
  ToTakeBack out;
  for (const auto& each : all) {
    if (each.can != CanBeTakenBack::yes) continue;
    if (out.shown.size() < boxes_max) {
      out.shown.push_back(each);
    } else {
      out.others.push_back(each.id);
    }
  }
  return out;
}

std::string address_of_file(const MadeFile& file) {
  return "/by-hand/made/" + std::to_string(file.number);
}

Asked all_of(const ToTakeBack& records) {
  Asked out;
  for (const auto& each : records.shown) out.ticked.insert(each.id.hex());
  if (!records.others.empty()) out.ticked.insert(records.box_of_others());
  return out;
}

Result<Html> boxes(const PageContext& context, const MadeFile& file, const ToTakeBack& records,
                   const Asked& asked) {
  Choices out{
      .name = "record",
      .legend = Legend{.text = "What is taken back?", .classes = "govuk-fieldset__legend--s"},
      .error = asked.records_error};
  std::vector<std::pair<std::string, Choice>> named;
  for (const auto& each : records.shown) {
    auto title = title_of_record(context, each.id);
    if (!title) return title.error();
    const auto value = each.id.hex();
    named.emplace_back(*title, Choice{.value = value,
                                      .text = *title,
                                      .hint = what_happens_to(each, file),
                                      .checked = asked.ticked.contains(value)});
  }
  std::ranges::stable_sort(
      named, {}, [](const auto& each) -> const auto& { return each.first; });
  for (auto& [title, choice] : named) out.items.push_back(std::move(choice));
  if (!records.others.empty()) {
    const auto value = records.box_of_others();
    out.items.push_back({.value = value,
                         .text = "The other " +
                                 number_text(static_cast<std::int64_t>(records.others.size())) +
                                 " in it",
                         .checked = asked.ticked.contains(value)});
  }
  return checkboxes(out);
}

Html line_of(std::size_t count, const char* rest) {
  return when(count > 0, [&] {
    return h(R"(<p class="govuk-body">{} {}.</p>)",
             count_text(static_cast<std::int64_t>(count), "record", "records"), rest);
  });
}

std::size_t count_of(const std::vector<RecordInFile>& all, CanBeTakenBack can) {
  return static_cast<std::size_t>(std::ranges::count(all, can, &RecordInFile::can));
}

// Behind a recall, what has become of it.
Html ended(const std::vector<RecordInFile>& all) {
  const auto had = std::ranges::count_if(all, [](const RecordInFile& each) {
    return each.can == CanBeTakenBack::ended_before && each.held_there;
  });
  return line_of(count_of(all, CanBeTakenBack::ended_before),
                 "in it: they can see it no more, or it was erased") +
         line_of(
             static_cast<std::size_t>(had),
             "of these had reached their computers already: take it that somebody has read what "
             "stood there. Whoever looks after data protection has to know");
}

// What waits is named, with what to do; what never can be taken back is counted.
Result<Html> left_out(const PageContext& context, const MadeFile& file,
                      const std::vector<RecordInFile>& all) {
  Html waits;
  std::size_t named = 0;
  for (const auto& each : all) {
    if (each.can != CanBeTakenBack::not_yet || ++named > boxes_max) continue;
    const auto title = title_of_record(context, each.id);
    if (!title) return title.error();
    waits += h("<li>{}. {}.</li>", *title, what_happens_to(each, file));
  }
  const Html not_yet = when(named > 0, [&] {
    return h(
        R"(<h2 class="govuk-heading-s">Not yet</h2><ul class="govuk-list govuk-list--bullet">{}</ul>)",
        waits);
  });
  return not_yet +
         line_of(count_of(all, CanBeTakenBack::not_ours),
                 "in it cannot be taken back by your organisation. Ask whoever keeps them") +
         ended(all);
}

Html questions(const PageContext& context, const MadeFile& file, const Html& records,
               const Asked& asked) {
  return form(
      {.action = Url(address_of_file(file)), .csrf_token = context.visit.csrf_token},
      records +
          text_input({.field = {.name = "reason",
                                .label = {.text = "Why is it recalled?"},
                                .hint = "It stands in the history of each record, for everybody "
                                        "who can see that",
                                .error = asked.reason_error},
                      .value = context.field("reason"),
                      .autocomplete = "off"}) +
          button({.text = "Recall what is ticked",
                  .classes = "govuk-button--warning",
                  .prevent_double_click = true}));
}

Html errors_of(const Asked& asked) {
  ErrorSummary summary;
  if (!asked.records_error.empty()) summary.items.push_back({asked.records_error, "record"});
  if (!asked.reason_error.empty()) summary.items.push_back({asked.reason_error, "reason"});
  return when(asked.has_errors(), [&] { return error_summary(summary); });
}

Html list_of(const std::vector<std::string>& lines) {
  return h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)",
           each(lines, [](const std::string& line) { return h("<li>{}</li>", line); }));
}

// What the address names, as it stands now.
struct Meant {
  MadeFile file;
  std::vector<RecordInFile> all;
  ToTakeBack records;
};

Result<Meant> meant_by(const PageContext& context) {
  const auto number = number_in(context.visit.path.get("number"));
  auto file = made_file(context.node, number.value_or(0));  // 0: none
  if (!file) return file.error();
  auto all = records_in_file(context.records, *file);
  if (!all) return all.error();
  auto records = to_take_back(*all);
  return Meant{*std::move(file), *std::move(all), std::move(records)};
}

// Said on the page of the file, above how it stands then.
constexpr Outcome outcomes[] = {
    {"recalled",
     "What was ticked is taken back. Exchange what is new at once: until the exchange has heard, "
     "it "
     "still gives them what waits for them. Get the file back, and destroy it."},
    {"in-part",
     "Some of it is taken back, and some could not be. Exchange what is new at once, then recall "
     "what is left. Get the file back, and destroy it.",
     false},
    {"nothing",
     "Nothing was taken back. Exchange what is new, or have a file for the exchange brought there, "
     "then recall it again.",
     false},
};

std::string_view code_of(const Recalled& recalled) {
  if (recalled.taken_back.empty() && recalled.ended_before == 0) return "nothing";
  return recalled.not_yet.empty() && recalled.left == 0 ? "recalled" : "in-part";
}

Response recall_page(const PageContext& context, const Meant& meant, const Asked& asked) {
  const auto rest = left_out(context, meant.file, meant.all);
  if (!rest) return problem(context, rest.error());
  Html ask = h(R"(<p class="govuk-body">Nothing in it can be taken back now.</p>)");
  if (!meant.records.shown.empty()) {
    const auto records = boxes(context, meant.file, meant.records, asked);
    if (!records) return problem(context, records.error());
    ask = questions(context, meant.file, *records, asked);
  }
  const Html lost = when(context.records.viewer().may(Act::export_file), [&] {
    return h(R"(<p class="govuk-body"><a class="govuk-link" href="{}">What it could show</a></p>)",
             Url(lost_file_address(meant.file.number)));
  });
  const Html main = h(
      R"({}{}<h1 class="govuk-heading-l">Recall a file</h1><p class="govuk-body">It was made for {} on {}.</p>{}<h2 class="govuk-heading-s">What a recall does, and what it cannot do</h2>{}{}{})",
      errors_of(asked), outcome_banner(context, outcomes), meant.file.name,
      when_text(meant.file.made_at_ms), lost, list_of(meaning_of_recall(meant.file)), ask, *rest);
  return show(context, {.title = "Recall a file",
                        .has_error = asked.has_errors(),
                        .before_main = back_link(Url("/by-hand"), "By stick or e-mail"),
                        .main = in_two_thirds(main)});
}

Response ask(PageContext& context) {
  const auto meant = meant_by(context);
  if (!meant) return problem(context, meant.error());
  return recall_page(context, *meant, all_of(meant->records));
}

// The ids behind the boxes that are ticked. One that is no id, or of another file, is refused where
// it is taken back. Those without a box of their own follow the last that has one.
std::set<DossierId> ids_ticked(const std::set<std::string>& ticked,
                               const std::vector<RecordInFile>& all) {
  std::set<DossierId> out;
  for (const auto& value : ticked) {
    const bool is_rest = value.starts_with(behind);
    const auto bytes = crypto::from_hex(is_rest ? value.substr(behind.size()) : value);
    const auto id = bytes ? DossierId::from(*bytes) : std::nullopt;
    if (!id) continue;
    if (!is_rest) out.insert(*id);
    for (const auto& each : all) {
      if (is_rest && *id < each.id && each.can == CanBeTakenBack::yes) out.insert(each.id);
    }
  }
  return out;
}

Response recall(PageContext& context) {
  const auto meant = meant_by(context);
  if (!meant) return problem(context, meant.error());
  const auto values = context.visit.form.fields.all("record");
  Asked asked{{values.begin(), values.end()}};
  const auto ids = ids_ticked(asked.ticked, meant->all);
  if (ids.empty()) asked.records_error = "Select what is taken back";
  const auto& reason = context.field("reason");
  if (is_blank(reason)) asked.reason_error = "Enter why it is recalled";
  if (asked.has_errors()) return recall_page(context, *meant, asked);
  const auto recalled = recall_file(context.records, meant->file.number, ids, context.by(reason));
  const auto kind = recalled ? std::nullopt : std::optional(recalled.error().kind);
  if (kind == sync::ErrorKind::invalid || kind == sync::ErrorKind::unavailable) {
    asked.reason_error = recalled.error().message;
    return recall_page(context, *meant, asked);
  }
  return recalled ? done(address_of_file(meant->file), code_of(*recalled))
                  : problem(context, recalled.error());
}

}  // namespace

void add_recall_pages(SitePages& pages) {
  pages.get("/by-hand/made/:number", for_act(Act::share, ask));
  pages.post("/by-hand/made/:number", for_act(Act::share, recall));
}

}  // namespace throughgate::node::web
