// The list of volunteers: in the order of their names, narrowed by where they stand, or found by
// words. The address holds the words looked for; it goes no further than from this computer's
// browser to itself, and no page refers to another site with it.
#include <algorithm>
#include <set>

#include "node/search.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/filter_box.h"
#include "node/web/components/messages.h"
#include "node/web/components/pagination.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/older_records.h"
#include "node/web/pages/record_editor.h"
#include "node/web/pages/volunteers/place.h"
#include "node/web/pages/volunteers/row.h"
#include "node/web/pages/volunteers/volunteer_pages.h"
#include "records/volunteer.pb.h"

namespace throughgate::node::web::volunteers {
namespace {

using schema::Volunteer;
using sync::Result;

constexpr std::size_t rows_a_page = 50;
constexpr std::size_t found_max = 100;
using Question = std::vector<std::pair<std::string, std::string>>;

// What the address asks for.
struct Wanted {
  std::string words;
  std::string stage;  // code of where they stand; empty: all
  bool descending = false;
  std::string after;

  bool is_filtered() const { return !words.empty() || !stage.empty(); }
  Question parts() const {
    Question out;
    if (!words.empty()) out.emplace_back("q", words);
    if (!stage.empty()) out.emplace_back("stage", stage);
    if (descending) out.emplace_back("dir", "desc");
    return out;
  }
};

// Empty: none of that name.
std::string known_stage(const std::string& code) {
  const auto all = everywhere_they_stand();
  const bool known =
      std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.code == code; });
  return known ? code : std::string();
}

Wanted wanted_by(const PageContext& context) {
  return {.words = context.query("q"),
          .stage = known_stage(context.query("stage")),
          .descending = context.query("dir") == "desc",
          .after = context.query("after")};
}

struct Listed {
  std::vector<Row> rows;
  std::string next;   // the cursor of the page after this one
  bool more = false;  // of a search: not all
};

bool fits(const Wanted& wanted, const Row& row) {
  return wanted.stage.empty() || row.stands.code == wanted.stage;
}

// Goes from page to page of all volunteers until this one is full.
Result<Listed> in_order(const PageContext& context, const Wanted& wanted) {
  sync::store::ListQuery query;
  query.type = record_type(*Volunteer::descriptor())->number;
  query.fields = row_fields();
  query.sort_by = Volunteer::kFamilyNameFieldNumber;
  query.then_by = Volunteer::kGivenNameFieldNumber;
  query.descending = wanted.descending;
  query.after = wanted.after;
  query.limit = rows_a_page;
  Listed out;
  do {
    const auto page = context.records.reader().list(query);
    if (!page) return page.error();
    for (const auto& record : page->rows) {
      const Row row = row_of(record);
      if (fits(wanted, row)) out.rows.push_back(row);
    }
    out.next = query.after = page->next;
  } while (!out.next.empty() && out.rows.size() < rows_a_page);
  return out;
}

Result<Listed> found(const PageContext& context, const Wanted& wanted) {
  sync::store::SearchQuery query;
  query.text = wanted.words;
  query.class_max = every_class;
  query.types = types_of_volunteers();
  query.limit = found_max;
  const auto result = context.records.reader().search(query);
  if (!result) return result.error();
  Listed out;
  out.more = result->more;
  std::set<sync::DossierId> listed;
  for (const auto& hit : result->hits) {
    const auto id = volunteer_of(context, hit.dossier);
    if (!id) return id.error();
    if (!*id || !listed.insert(**id).second) continue;
    const auto row = row_of(context, **id);
    if (!row && row.error().kind == sync::ErrorKind::not_found) continue;  // a file left over
    if (!row) return row.error();
    if (fits(wanted, *row)) out.rows.push_back(*row);
  }
  return out;
}

// ---- the page

Html filters(const Wanted& wanted, const std::string& error) {
  Select stages{.field = {.name = "stage", .label = {.text = "Stage"}},
                .options = {{"", "All"}},
                .value = wanted.stage};
  for (const auto& each : everywhere_they_stand()) {
    stages.options.push_back({each.code, each.label});
  }
  Wanted kept = wanted;
  kept.words.clear();
  kept.stage.clear();
  return filter_box({.action = Url("/volunteers"),
                     .fields = text_input({.field = {.name = "q",
                                                     .label = {.text = "Name, skill or place"},
                                                     .error = error,
                                                     .classes = "govuk-input--width-20"},
                                           .value = wanted.words,
                                           .autocomplete = "off",
                                           .spellcheck = false}) +
                               select(stages),
                     .keep = kept.parts(),
                     .clear = query_url("/volunteers", kept.parts()),
                     .is_filtered = wanted.is_filtered()});
}

Cell name_heading(const Wanted& wanted) {
  if (!wanted.words.empty()) return {.content = "Name"};  // newest first: there is no other order
  Wanted other = wanted;
  other.descending = !wanted.descending;
  return sort_heading("Name", wanted.descending ? Sorting::descending : Sorting::ascending,
                      query_url("/volunteers", other.parts()));
}

Result<Html> table_of(const PageContext& context, const Wanted& wanted, const Listed& listed) {
  Table out{.caption = "Volunteers",
            .caption_classes = "govuk-visually-hidden",
            .head = {name_heading(wanted),
                     {.content = "Stage"},
                     {.content = "Roles"},
                     {.content = "Clearances"}},
            .first_cell_is_header = true};
  for (const auto& row : listed.rows) {
    auto cells = cells_of(context, row);
    if (!cells) return cells.error();
    out.rows.push_back(std::move(*cells));
  }
  return scroll_region("Volunteers table", table(out));
}

Html ways_on(const Wanted& wanted, const Listed& listed) {
  Pagination out;
  if (!wanted.after.empty()) {
    out.previous = PageLink{.href = query_url("/volunteers", wanted.parts()), .text = "First page"};
  }
  if (!listed.next.empty()) {
    auto parts = wanted.parts();
    parts.emplace_back("after", listed.next);
    out.next = PageLink{.href = query_url("/volunteers", parts), .text = "Next page"};
  }
  return out.previous || out.next ? pagination(out) : Html{};
}

Html nobody(const Wanted& wanted) {
  if (wanted.is_filtered()) {
    return h(
        R"(<p class="govuk-body">No volunteers match. Clear the filters to see all of them.</p>)");
  }
  return h(
      R"(<p class="govuk-body">No volunteers are recorded here yet. Add the first one, or bring in a file of them with the command "volunteer import".</p>)");
}

Response list_page(PageContext& context, const Wanted& wanted, const Html& list,
                   const std::string& error = {}) {
  const Html summary = when(!error.empty(), [&] {
    return error_summary({.items = {{error, "q"}}});
  });
  const auto missing = older_records_note(context);
  if (!missing) return problem(context, missing.error());
  return show(
      context,
      {.title = "Volunteers",
       .has_error = !error.empty(),
       .main =
           summary + saved_banner(context) + h(R"(<h1 class="govuk-heading-l">Volunteers</h1>)") +
           when(
               context.records.viewer().writes_any(record_type(*Volunteer::descriptor())->number),
               [] { return button({.text = "Add a volunteer", .href = Url("/volunteers/new")}); }) +
           filters(wanted, error) + *missing + list});
}

Response show_list(PageContext& context) {
  const auto volunteer = record_type(*Volunteer::descriptor())->number;
  if (auto seen = context.records.viewer().check_seen(volunteer); !seen) {
    return problem(context, seen.error());
  }
  const Wanted wanted = wanted_by(context);
  const auto listed = wanted.words.empty() ? in_order(context, wanted) : found(context, wanted);
  if (!listed) {
    const bool words_wrong =
        !wanted.words.empty() && listed.error().kind == sync::ErrorKind::invalid;
    return words_wrong ? list_page(context, wanted, {}, listed.error().message)
                       : problem(context, listed.error());
  }
  if (listed->rows.empty())
    return list_page(context, wanted, nobody(wanted) + ways_on(wanted, *listed));
  const auto rows = table_of(context, wanted, *listed);
  if (!rows) return problem(context, rows.error());
  const Html more = when(listed->more, [] {
    return h(R"(<p class="govuk-body">There are more. Add another word to narrow it down.</p>)");
  });
  return list_page(context, wanted, *rows + more + ways_on(wanted, *listed));
}

}  // namespace

void add_list_page(SitePages& pages) { pages.get("/volunteers", show_list); }

}  // namespace throughgate::node::web::volunteers
