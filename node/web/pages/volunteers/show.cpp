// One volunteer: the part that travels, and the file that stays.
#include <algorithm>

#include "node/dossier_kinds.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/record_summary.h"
#include "node/web/pages/rights/rights_pages.h"
#include "node/web/pages/volunteers/kinds.h"
#include "node/web/pages/volunteers/place.h"
#include "node/web/pages/volunteers/volunteer_pages.h"
#include "records/volunteer.pb.h"
#include "records/volunteer_file.pb.h"

namespace throughgate::node::web::volunteers {
namespace {

using sync::Result;
using sync::store::RecordView;

constexpr std::size_t all_sections = 100;

// Stage, standing and why, first: whether this volunteer may do anything at all.
RecordCard standing_card(const PageContext& context, const Place& place,
                         const DisputedFields& disputed) {
  RecordCard card{.title = "Where they stand",
                  .fields = {"status", "stage_reason", "standing", "standing_reason"},
                  .always = {"standing"},
                  .disputed = &disputed};
  if (place.is_written_here() && context.records.viewer().writes_any(place.record.name.type)) {
    card.actions.push_back(
        {.href = Url(place.address + "/stage"), .text = "Move to another stage"});
    card.actions.push_back(
        {.href = Url(place.address + "/change?part=2"), .text = "Suspend or exclude"});
  }
  return card;
}

// A card for each section, which leads to the form of that section.
Html section_cards(const PageContext& context, const RecordView& record, const std::string& address,
                   const DisputedFields& disputed, std::size_t count) {
  const auto sections = sections_of(*record_type(record.name.type));
  Html out;
  for (std::size_t i = 0; i < std::min(count, sections.size()); ++i) {
    RecordCard card{
        .title = sections[i].heading, .fields = sections[i].fields, .disputed = &disputed};
    if (is_written_here(record) && context.records.viewer().writes_any(record.name.type)) {
      card.actions.push_back({.href = Url(address + "/change?part=" + std::to_string(i))});
    }
    out += record_card(record, card, context.codes);
  }
  return out;
}

// Where something in the file is shown only to who says why: asks that, and shows the page again.
Html why_look_form(const PageContext& context, const std::string& address, const RecordView& root,
                   const std::string& error) {
  bool asks = false;
  for (const auto* type : record_types_in(record_type(root.name.type)->dossier)) {
    asks = asks || !context.records.viewer().on_request(type->number).empty();
  }
  if (!asks) return {};
  return inset_text(form(
      {.action = Url(address), .csrf_token = context.visit.csrf_token},
      text_input({.field = {.name = "why_look",
                            .label = {.text = "Why do you need to see all of this file?"},
                            .hint = "Some of it is shown only then. Your reason is kept with your "
                                    "name",
                            .error = error},
                  .autocomplete = "off"}) +
          button({.text = "Show all of it", .classes = "govuk-button--secondary"})));
}

Result<Html> kinds_in(const PageContext& context, const Place& place, const RecordView& root) {
  Html out;
  for (const auto* type : added_to(record_type(root.name.type)->dossier)) {
    const auto kind = kind_in(context, place, root, *type);
    if (!kind) return kind.error();
    out += *kind;
  }
  return out;
}

// A volunteer who may not work is the first thing anybody reads.
Html warning_of(const PageContext& context, const Place& place) {
  const auto stands = place.where_they_stand();
  if (!stands.is_stopped) return {};
  const std::string why = shown_line(place.record, "standing_reason", context.codes);
  return warning_text(stands.label + (why.empty() ? "" : ". " + why));
}

Html who_can_see(const PageContext& context, const RecordView& record) {
  return details({.summary = "Who can see this",
                  .text = h(R"(<ul class="govuk-list">{}</ul>)",
                            each(record.dossier.members, [&](const sync::Member& member) {
                              return h("<li>{}, {}</li>",
                                       organisation_name(context.node, member.organisation),
                                       role_in_words(member.role));
                            }))});
}

// The way to the file, where this site keeps one or may.
Result<Html> way_to_file(const PageContext& context, const Place& place) {
  const auto& viewer = context.records.viewer();
  const auto type = record_type(*schema::VolunteerFile::descriptor())->number;
  if (!viewer.sees_any(type)) return Html{};
  const auto file = file_of(context, place.id);
  if (!file) return file.error();
  if (!*file && !(place.is_written_here() && viewer.writes_any(type))) return Html{};
  const std::string address = place.address + (*file ? "/file" : "/add/volunteer-file");
  return h(
      R"(<h2 class="govuk-heading-m">Volunteer file</h2>
<p class="govuk-body">Address, next of kin, application, availability, supervision. It stays with this site.</p>{})",
      button({.text = *file ? "Open the volunteer file" : "Start the volunteer file",
              .classes = "govuk-button--secondary",
              .href = Url(address)}));
}

Html heading_of(const std::string& caption, const std::string& title) {
  return h(R"(<h1 class="govuk-heading-l"><span class="govuk-caption-l">{}</span> {}</h1>)",
           caption, title);
}

Html wide_column(const Html& inside) {
  return h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}</div></div>)",
      inside);
}

Html way_to_history(const std::string& address) {
  return h(
      R"(<p class="govuk-body"><a class="govuk-link" href="{}">Who changed what, and when</a></p>)",
      Url(address + "/history"));
}

Response show_volunteer(PageContext& context) {
  const auto place = place_in(context);
  if (!place) return problem(context, place.error());
  const auto kinds = kinds_in(context, *place, place->record);
  if (!kinds) return problem(context, kinds.error());
  const auto file = way_to_file(context, *place);
  if (!file) return problem(context, file.error());
  const auto disputed = disputed_in(context.records, place->id);
  if (!disputed) return problem(context, disputed.error());
  return show(
      context,
      {.title = place->name,
       .before_main = back_link(Url("/volunteers"), "All volunteers"),
       .main = wide_column(
           saved_banner(context) + heading_of("Volunteer", place->name) +
           warning_of(context, *place) +
           record_card(place->record, standing_card(context, *place, *disputed), context.codes) +
           section_cards(context, place->record, place->address, *disputed, 2) +
           way_to_history(place->address) + *kinds + *file + who_can_see(context, place->record) +
           ways_for_record(context, place->id))});
}

Response show_file(PageContext& context) {
  const auto place = place_in(context);
  if (!place) return problem(context, place.error());
  const auto type = record_type(*schema::VolunteerFile::descriptor())->number;
  if (auto seen = context.records.viewer().check_seen(type); !seen) {
    return problem(context, seen.error());
  }
  const auto name = file_of(context, place->id);
  if (!name) return problem(context, name.error());
  if (!*name) {
    return problem(context,
                   {sync::ErrorKind::not_found, "This site keeps no file of this volunteer yet."});
  }
  const auto file = context.records.reader().read(**name);
  if (!file) return problem(context, file.error());
  const auto kinds = kinds_in(context, *place, *file);
  if (!kinds) return problem(context, kinds.error());
  const auto disputed = disputed_in(context.records, file->name.dossier);
  if (!disputed) return problem(context, disputed.error());
  const bool is_asked = context.visit.request.head.method == Method::post;
  const std::string error = is_asked && is_blank(context.field("why_look"))
                                ? "Enter why you need to see all of this file"
                                : "";
  return show(
      context,
      {.title = "Volunteer file of " + place->name,
       .has_error = !error.empty(),
       .before_main = back_link(Url(place->address), place->name),
       .main = wide_column(when(!error.empty(),
                                [&] {
                                  return error_summary({.items = {{error, "why_look"}}});
                                }) +
                           saved_banner(context) + heading_of("Volunteer file", place->name) +
                           why_look_form(context, place->address + "/file", *file, error) +
                           section_cards(context, *file, record_address(*place, file->name),
                                         *disputed, all_sections) +
                           way_to_history(record_address(*place, file->name)) + *kinds +
                           who_can_see(context, *file))});
}

}  // namespace

void add_show_pages(SitePages& pages) {
  pages.get("/volunteers/:id", show_volunteer);
  pages.get("/volunteers/:id/file", show_file);
  pages.post("/volunteers/:id/file", show_file);
}

}  // namespace throughgate::node::web::volunteers

namespace throughgate::node::web {

// Fixed addresses come before those with a number in their place.
void add_volunteer_pages(SitePages& pages) {
  volunteers::add_list_page(pages);
  volunteers::add_edit_pages(pages);
  volunteers::add_stage_page(pages);
  volunteers::add_history_pages(pages);
  volunteers::add_kind_page(pages);
  volunteers::add_show_pages(pages);
}

}  // namespace throughgate::node::web
