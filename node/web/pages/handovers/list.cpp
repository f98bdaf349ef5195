// The list of handovers: who, when, at which stage, what to do about each and by when. Words looked
// for stand in the address, as with volunteers: it leads from this computer to itself.
#include "node/handovers/handover_list.h"
#include "node/out_of_contact.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/filter_box.h"
#include "node/web/components/messages.h"
#include "node/web/components/pagination.h"
#include "node/web/components/table.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/handovers/case_page.h"
#include "node/web/pages/handovers/handover_pages.h"
#include "node/web/pages/older_records.h"

namespace throughgate::node::web {
namespace {

using schema::Handover;
using Stages = HandoverFilter::Stages;
using Parts = std::vector<std::pair<std::string, std::string>>;

HandoverFilter filter_in(const PageContext& context) {
  HandoverFilter out;
  out.words = context.query("q");
  const std::string& stage = context.query("stage");
  if (stage == "over") out.stages = Stages::over;
  if (stage == "all") out.stages = Stages::all;
  Handover::State state = Handover::DRAFT;
  if (Handover::State_Parse(stage, &state)) {
    out.stages = Stages::one;
    out.stage = state;
  }
  for (const auto& needs : context.visit.query.all("needs")) {
    if (needs == "us") out.needs_us = true;
    if (needs == "late") out.is_late = true;
    if (needs == "stopped") out.is_stop_unread = true;
    if (needs == "unread") out.is_unread = true;
  }
  return out;
}

bool is_filtered(const HandoverFilter& filter) {
  return !filter.words.empty() || filter.needs_us || filter.is_late || filter.is_stop_unread ||
         filter.is_unread || filter.stages != Stages::not_over;
}

std::string stage_value(const HandoverFilter& filter) {
  switch (filter.stages) {
    case Stages::not_over:
      return "";
    case Stages::over:
      return "over";
    case Stages::all:
      return "all";
    case Stages::one:
      break;
  }
  return Handover::State_Name(filter.stage);
}

Parts parts_of(const HandoverFilter& filter) {
  Parts out;
  if (!filter.words.empty()) out.emplace_back("q", filter.words);
  if (const auto stage = stage_value(filter); !stage.empty()) out.emplace_back("stage", stage);
  if (filter.needs_us) out.emplace_back("needs", "us");
  if (filter.is_late) out.emplace_back("needs", "late");
  if (filter.is_stop_unread) out.emplace_back("needs", "stopped");
  if (filter.is_unread) out.emplace_back("needs", "unread");
  return out;
}

Html filters(const HandoverFilter& filter, const std::string& error) {
  std::vector<Option> stages{{"", "Not over"}, {"over", "Over"}, {"all", "All"}};
  const auto* states = Handover::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto* value = states->value(i);
    stages.push_back({value->name(), rule_of(*value).label()});
  }
  return filter_box(
      {.action = Url("/handovers"),
       .fields = text_input({.field = {.name = "q",
                                       .label = {.text = "Name"},
                                       .error = error,
                                       .classes = "govuk-input--width-20"},
                             .value = filter.words,
                             .autocomplete = "off",
                             .spellcheck = false}) +
                 select({.field = {.name = "stage", .label = {.text = "Stage"}},
                         .options = std::move(stages),
                         .value = stage_value(filter)}) +
                 checkboxes({.name = "needs",
                             .classes = "govuk-checkboxes--small",
                             .items = {{.value = "us",
                                        .text = "Only those that need us",
                                        .checked = filter.needs_us},
                                       {.value = "late",
                                        .text = "Only those that are late",
                                        .checked = filter.is_late},
                                       {.value = "stopped",
                                        .text = "Only those that have stopped, until that is read",
                                        .checked = filter.is_stop_unread},
                                       {.value = "unread",
                                        .text = "Only those with unread changes",
                                        .checked = filter.is_unread}}}),
       .clear = Url("/handovers"),
       .is_filtered = is_filtered(filter)});
}

// ---- one row

Html marks(const ListedHandover& handover) {
  Html out;
  if (handover.is_provisional()) out += h(" {}", tag("Not sent yet", TagColour::yellow));
  if (handover.is_in_two_places()) out += h(" {}", tag("Changed in two places", TagColour::red));
  if (handover.unread > 0) {
    out += h(" {}", tag(number_text(static_cast<std::int64_t>(handover.unread)) + " to read",
                        TagColour::blue));
  }
  return out.empty() ? out : h(R"(<span class="marks">{}</span>)", out);
}

Html name_cell(const ListedHandover& handover) {
  return h(R"(<a class="govuk-link" href="{}">{}</a>{})", Url(case_address(handover.file)),
           person_name(handover.file), marks(handover));
}

std::string date_cell(const CaseFile& file) {
  const std::string date = file.text(Handover::kReleaseDateFieldNumber);
  if (was_released(file)) {
    return "Released " + day_words(file.text(Handover::kReleasedOnFieldNumber));
  }
  return date.empty() ? "Not known" : day_words(date);
}

Html next_words(const NextStep& step) {
  const std::string by = step.due_on.empty() ? "" : " by " + day_words(step.due_on);
  return h("{}{}{}", step.words, by,
           when(step.is_late, [] { return h(" {}", tag("Late", TagColour::red)); }));
}

Html next_cell(const std::vector<NextStep>& steps) {
  if (steps.size() == 1) return next_words(steps.front());
  return when(!steps.empty(), [&] {
    return h(R"(<ul class="govuk-list">{}</ul>)",
             each(steps, [](const NextStep& step) { return h("<li>{}</li>", next_words(step)); }));
  });
}

// With whom it is: a partner reads from whom it comes, a prison to whom it goes.
std::string with_cell(const PageContext& context, const CaseFile& file) {
  const auto* owner = file.root.dossier.member(sync::Role::owner);
  if (file.role() == sync::Role::owner || !owner) {
    return file.text(Handover::kReceiverNameFieldNumber);
  }
  const std::string prison = organisation_words(context, owner->organisation);
  const std::string partner = file.text(Handover::kReceiverNameFieldNumber);
  const bool ours = file.role() == sync::Role::receiver || partner.empty();
  return ours ? prison : prison + " and " + partner;
}

Html table_of(const PageContext& context, const std::vector<ListedHandover>& rows) {
  Table out{.head = {{.content = "Name"},
                     {.content = "Release date"},
                     {.content = "Stage"},
                     {.content = may_begin_handover(context) ? "Partner" : "From"},
                     {.content = "What to do next"}},
            .first_cell_is_header = true};
  for (const auto& row : rows) {
    if (row.is_closed) {
      out.rows.push_back({{.content = name_cell(row)},
                          {.content = "Not shown"},
                          {.content = tag("Closed to reading", TagColour::grey)},
                          {.content = "Not shown"},
                          {.content = "Exchange, or bring in a file"}});
      continue;
    }
    out.rows.push_back({{.content = name_cell(row)},
                        {.content = date_cell(row.file)},
                        {.content = stage_tag(row.file.state)},
                        {.content = with_cell(context, row.file)},
                        {.content = next_cell(row.next)}});
  }
  return scroll_region("Handovers table", table(out));
}

Html empty_words(const HandoverFilter& filter, bool goes_on, bool first_page, bool more) {
  if (more) return h(R"(<p class="govuk-body">None of the newest that match.</p>)");
  if (goes_on) {
    return h(
        R"(<p class="govuk-body">None of those looked at so far. Go on to the next page.</p>)");
  }
  if (!filter.words.empty() && filter.stages == Stages::not_over) {
    return h(
        R"(<p class="govuk-body">No handovers match. To look among those that are over too, choose the stage "All".</p>)");
  }
  if (is_filtered(filter) || !first_page) {
    return h(R"(<p class="govuk-body">No handovers match.</p>)");
  }
  return h(
      R"(<p class="govuk-body">There are no handovers here. Those that a prison shares with you appear once they have arrived.</p>)");
}

Html ways_on(const HandoverFilter& filter, bool first_page, const std::string& next) {
  Pagination links;
  if (!first_page) {
    links.previous =
        PageLink{.href = query_url("/handovers", parts_of(filter)), .text = "First page"};
  }
  if (!next.empty()) {
    Parts parts = parts_of(filter);
    parts.emplace_back("after", next);
    links.next = PageLink{.href = query_url("/handovers", parts)};
  }
  return links.previous || links.next ? pagination(links) : Html{};
}

Response list_page(PageContext& context, const HandoverFilter& filter, const Html& list,
                   const std::string& error = {}) {
  const Html summary = when(!error.empty(), [&] {
    return error_summary({.items = {{error, "q"}}});
  });
  const Html begin = when(may_begin_handover(context), [] {
    return button({.text = "Begin a handover", .href = Url("/handovers/new")}) +
           h(R"(<p class="govuk-body"><a class="govuk-link" href="/handovers/not-confirmed">Not confirmed by the partner</a></p>)");
  });
  const auto missing = older_records_note(context);
  if (!missing) return problem(context, missing.error());
  return show(context, {.title = "Handovers",
                        .has_error = !error.empty(),
                        .main = summary + h(R"(<h1 class="govuk-heading-l">Handovers</h1>)") +
                                begin + filters(filter, error) + *missing + list});
}

Response show_list(PageContext& context) {
  const auto handover = record_type(*Handover::descriptor())->number;
  if (auto seen = context.records.viewer().check_seen(handover); !seen) {
    return problem(context, seen.error());
  }
  const auto filter = filter_in(context);
  const std::string& after = context.query("after");
  const auto page = list_handovers(context.records, filter, after);
  if (!page) {
    const bool words_wrong = !filter.words.empty() && page.error().kind == sync::ErrorKind::invalid;
    return words_wrong ? list_page(context, filter, {}, page.error().message)
                       : problem(context, page.error());
  }
  Html rows = page->rows.empty()
                  ? empty_words(filter, !page->next.empty(), after.empty(), page->more)
                  : table_of(context, page->rows);
  if (page->closed > 0) rows = inset_text(closed_to_reading().message) + rows;
  rows += when(page->more, [] {
    return h(R"(<p class="govuk-body">There are more. Add another word to narrow it down.</p>)");
  });
  return list_page(context, filter, rows + ways_on(filter, after.empty(), page->next));
}

}  // namespace

void add_handover_list(SitePages& pages) { pages.get("/handovers", show_list); }

}  // namespace throughgate::node::web
