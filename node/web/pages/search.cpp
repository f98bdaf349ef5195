// Names, skills and places looked for in everything that is kept here, by kind. The address holds
// the words looked for; it goes no further than from this computer's browser to itself.
#include <algorithm>

#include "node/dossier_kinds.h"
#include "node/search.h"
#include "node/web/components/filter_box.h"
#include "node/web/components/messages.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/older_records.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/record_title.h"
#include "node/web/pages/volunteers/place.h"
#include "node/web/pages/volunteers/row.h"

namespace throughgate::node::web {
namespace {

using sync::Result;

constexpr std::size_t found_max = 25;  // of a kind: what a person looks through
constexpr std::size_t fields_max = 4;  // of one record

struct Kind {
  std::string heading;
  std::vector<schema::DossierKind> dossiers;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {"Handovers", {schema::CASE}},
      {"Volunteers", {schema::VOLUNTEER, schema::VOLUNTEER_FILE}},
      {"People in prison", {schema::PERSON}},
      {"Roles, programmes and staff", {schema::SITE}},
      {"Sessions and incidents", {schema::DIARY, schema::INCIDENT}},
  };
  return all;
}

std::vector<std::uint32_t> types_in(const Kind& kind) {
  std::vector<std::uint32_t> out;
  for (const auto dossier : kind.dossiers) {
    for (const auto* type : record_types_in(dossier)) out.push_back(type->number);
  }
  return out;
}

// ---- what was found

// "Clearance, Setting: Prison": of the record that the dossier is about, without its kind.
std::string line_of(const FoundField& field) {
  const auto* type = record_type(field.record.type);
  const std::string kind = type && !type->root ? rule_of(*type->descriptor).label() + ", " : "";
  return kind + field.label + ": " + field.value;
}

// One entry of the list: a volunteer's two parts are one.
struct Entry {
  std::string title;
  std::optional<std::string> address;
  std::vector<std::string> lines;
  std::string stopped;  // "Excluded": a volunteer who may hold no sessions
};

Result<std::optional<Entry>> entry_of(const PageContext& context, const FoundDossier& found) {
  const auto is_not_seen = [](const auto& held) {
    return !held && (held.error().kind == sync::ErrorKind::not_found ||
                     held.error().kind == sync::ErrorKind::denied);
  };
  auto dossier = context.records.reader().dossier(found.dossier);
  if (is_not_seen(dossier)) return std::optional<Entry>();
  if (!dossier) return dossier.error();
  const auto* root = record_type(dossier->root_type);
  if (root && root->dossier == schema::VOLUNTEER_FILE) {
    const auto volunteer = volunteers::volunteer_of(context, found.dossier);
    if (!volunteer) return volunteer.error();
    if (!*volunteer) return std::optional<Entry>();
    dossier = context.records.reader().dossier(**volunteer);
    if (is_not_seen(dossier)) return std::optional<Entry>();
    if (!dossier) return dossier.error();
  }
  Entry out{record_title(context.records, *dossier),
            page_address(dossier->id, dossier->root_type),
            {},
            {}};
  for (const auto& field : found.fields) out.lines.push_back(line_of(field));
  const auto* kind = record_type(dossier->root_type);
  if (kind && kind->dossier == schema::VOLUNTEER) {
    const auto row = volunteers::row_of(context, dossier->id);
    if (!row) return row.error();
    if (row->stands.is_stopped) out.stopped = row->stands.label;
  }
  return std::optional(std::move(out));
}

void add_entry(Entry entry, std::vector<Entry>& entries) {
  const auto same = std::find_if(entries.begin(), entries.end(), [&](const Entry& other) {
    return entry.address && other.address == entry.address;
  });
  if (same == entries.end()) {
    entries.push_back(std::move(entry));
  } else {
    same->lines.insert(same->lines.end(), entry.lines.begin(), entry.lines.end());
  }
}

struct Group {
  std::string heading;
  std::vector<Entry> entries;
  bool more = false;
};

Result<Group> group_of(const PageContext& context, const Kind& kind, const std::string& words) {
  const auto found = search_records(context.records, words, types_in(kind), found_max);
  if (!found) return found.error();
  Group out{kind.heading, {}, found->more};
  for (const auto& dossier : found->dossiers) {
    auto entry = entry_of(context, dossier);
    if (!entry) return entry.error();
    if (*entry) add_entry(std::move(**entry), out.entries);
  }
  return out;
}

// ---- the page

Html entry_item(const Entry& entry) {
  const Html title = entry.address ? h(R"(<a class="govuk-link" href="{}">{}</a>)",
                                       Url(*entry.address), entry.title)
                                   : h("{}", entry.title);
  Html lines;
  for (std::size_t i = 0; i < std::min(entry.lines.size(), fields_max); ++i) {
    lines += h(R"(<li>{}</li>)", entry.lines[i]);
  }
  if (entry.lines.size() > fields_max) {
    lines += h(
        "<li>and in {} more</li>",
        count_text(static_cast<std::int64_t>(entry.lines.size() - fields_max), "place", "places"));
  }
  return h(
      R"(<li class="found"><h3 class="govuk-heading-s">{}{}</h3><ul class="govuk-list">{}</ul></li>)",
      title,
      when(!entry.stopped.empty(), [&] { return h(" {}", tag(entry.stopped, TagColour::red)); }),
      lines);
}

Html group_part(const Group& group) {
  if (group.entries.empty()) return {};
  return h(
      R"(<section><h2 class="govuk-heading-m">{}</h2><ul class="govuk-list">{}</ul>{}</section>)",
      group.heading, each(group.entries, entry_item), when(group.more, [&] {
        return h(
            R"(<p class="govuk-body">These are the newest {}. There are more: add another word to narrow them down.</p>)",
            group.entries.size());
      }));
}

Html question(const std::string& words, const std::string& error) {
  return filter_box({.action = Url("/search"),
                     .fields = text_input({.field = {.name = "q",
                                                     .label = {.text = "Words to look for"},
                                                     .hint = "A name, a skill or a place; the last "
                                                             "word may be unfinished",
                                                     .error = error,
                                                     .classes = "govuk-input--width-20"},
                                           .value = words,
                                           .autocomplete = "off",
                                           .spellcheck = false}),
                     .clear = Url("/search"),
                     .button_text = "Search"});
}

Response search_page(const PageContext& context, const std::string& words, const Html& found,
                     const std::string& error = {}) {
  const Html summary = when(!error.empty(), [&] {
    return error_summary({.items = {{error, "q"}}});
  });
  return show(context, {.title = "Search",
                        .has_error = !error.empty(),
                        .main = h(R"({}<h1 class="govuk-heading-l">Search</h1>{}{})", summary,
                                  question(words, error), found)});
}

Response show_search(PageContext& context) {
  const std::string& words = context.query("q");
  if (!context.visit.query.has("q")) return search_page(context, "", {});
  const auto missing = older_records_note(context);
  if (!missing) return problem(context, missing.error());
  Html found;
  for (const auto& kind : kinds()) {
    const auto group = group_of(context, kind, words);
    if (!group && group.error().kind == sync::ErrorKind::invalid) {
      return search_page(context, words, {}, group.error().message);
    }
    if (!group) return problem(context, group.error());
    found += group_part(*group);
  }
  if (found.empty()) {
    found = h(
        R"(<p class="govuk-body">No name, skill or place on this computer holds these words. Try fewer words, or only the beginning of one.</p>)");
  }
  return search_page(context, words, *missing + found);
}

}  // namespace

void add_search_page(SitePages& pages) { pages.get("/search", show_search); }

}  // namespace throughgate::node::web
