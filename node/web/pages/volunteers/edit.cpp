// A volunteer begun and changed, and what is added to one: clearances, training, roles, and the
// records of the file.
#include "node/web/pages/volunteers/volunteer_pages.h"

#include <algorithm>

#include "node/volunteers/identity_in.h"
#include "node/volunteers/recorded.h"
#include "node/web/components/messages.h"
#include "node/web/pages/volunteers/place.h"
#include "records/volunteer.pb.h"

namespace throughgate::node::web::volunteers {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::Role;
using sync::store::RecordName;

const RecordType& volunteer_type() { return *record_type(*schema::Volunteer::descriptor()); }

// The page that shows records of this kind.
std::string home_of(const Place& place, const RecordType& type) {
  return place.address + (type.dossier == schema::VOLUNTEER_FILE ? "/file" : "");
}

// ---- a new volunteer

EditPage new_volunteer_page(const PageContext& context) {
  auto form = form_of(context, volunteer_type(), Role::owner);
  form.sections.pop_back();  // nobody begins with an exclusion
  return {.form = std::move(form),
          .title = "Add a volunteer",
          .caption = "",
          .address = "/volunteers/new",
          .back = "/volunteers"};
}

Response show_new_volunteer(PageContext& context) {
  const auto& viewer = context.records.viewer();
  if (!viewer.writes_any(volunteer_type().number)) {
    return problem(context,
                   {ErrorKind::denied, "Your roles at this site do not let you add volunteers."});
  }
  return show_new(context, new_volunteer_page(context));
}

// Two records of one volunteer would each hold half of what is known.
Result<std::optional<Doubt>> recorded_already(PageContext& context,
                                              const std::vector<FieldInput>& inputs) {
  const auto recorded = RecordedVolunteers::read(context.records);
  if (!recorded) return recorded.error();
  const auto alike = recorded->alike(identity_in(inputs, context.records.codes()));
  if (alike.empty()) return std::optional<Doubt>();
  std::string about;
  for (const auto& each : alike) about += each.id.hex();
  const Html people = each(alike, [](const RecordedVolunteers::Alike& each) {
    // In a tab of its own: what was typed stays.
    return h(
        R"(<li><a class="govuk-notification-banner__link" href="{}" target="_blank" rel="noopener">{} (opens in a new tab)</a>: {}</li>)",
        Url(address_of("/volunteers", each.id)), each.name, each.because);
  });
  return std::optional<Doubt>(Doubt{
      notification_banner(
          {.html = h(
               R"(<p class="govuk-notification-banner__heading">This may be somebody who is recorded already. Nothing was saved yet.</p>
<ul class="govuk-list govuk-list--bullet">{}</ul>
<p class="govuk-body">If it is somebody else, tick the box at the end of the form and save again.</p>)",
               people)}),
      "This is somebody else: add them", std::move(about)});
}

Response take_new_volunteer(PageContext& context) {
  return take_new(
      context, new_volunteer_page(context), {},
      [&](const auto& inputs, const By& by) -> Result<std::string> {
        const auto saved = context.records.new_record(volunteer_type(), inputs, by);
        if (!saved) return saved.error();
        return address_of("/volunteers", saved->record.dossier);
      },
      [&](const auto& inputs) { return recorded_already(context, inputs); });
}

// ---- a record of a volunteer, or of the file

// One part of a long record at a time: "?part=2" is the third of sections_of().
void keep_part(const std::string& part, EditPage& page) {
  auto& sections = page.form.sections;
  const std::size_t index =
      part.size() == 1 ? static_cast<std::size_t>(part[0] - '0') : sections.size();
  if (index >= sections.size()) return;
  page.address += "?part=" + part;
  page.title = sections[index].heading;
  sections = {{"", sections[index].fields}};
}

EditPage change_page(const PageContext& context, const Place& place, const RecordName& name,
                     Role own_role) {
  const auto& type = *record_type(name.type);
  const bool root = &type == &volunteer_type();
  EditPage out{
      .form = form_of(context, type, own_role),
      .title = root ? "Change details" : "Change " + in_sentence(type),
      .caption = place.name,
      .address = root ? place.address + "/change" : record_address(place, name) + "/change",
      .back = home_of(place, type)};
  if (type.root) keep_part(context.query("part"), out);
  return out;
}

using WithRecord = Response (*)(PageContext&, const EditPage&, const RecordName&);

// `denied` where no question could be asked of this person.
sync::Result<sync::Done> check_asked(const PageContext& context, const RecordType& type) {
  const auto& viewer = context.records.viewer();
  if (viewer.writes_any(type.number)) return sync::Done{};
  if (auto seen = viewer.check_seen(type.number); !seen) return seen;
  return Error{ErrorKind::denied, "Your roles at this site let you read this, and not change it."};
}

Response with_record(PageContext& context, const Place& place, const RecordName& name,
                     WithRecord then) {
  if (auto asked = check_asked(context, *record_type(name.type)); !asked) {
    return problem(context, asked.error());
  }
  const auto held = context.records.reader().dossier(name.dossier);
  if (!held) return problem(context, held.error());
  if (!held->own_role || !sync::may_write_entries(*held->own_role)) {
    return problem(
        context, {ErrorKind::denied, "Your organisation may read this record but not change it."});
  }
  return then(context, change_page(context, place, name, *held->own_role), name);
}

SitePages::Handler root_change(WithRecord then) {
  return [then](PageContext& context) {
    const auto place = place_in(context);
    if (!place) return problem(context, place.error());
    return with_record(context, *place, place->record.name, then);
  };
}

SitePages::Handler record_change(WithRecord then) {
  return [then](PageContext& context) {
    const auto place = place_in(context);
    if (!place) return problem(context, place.error());
    const auto name = record_in(context, *place);
    if (!name) return problem(context, name.error());
    return with_record(context, *place, *name, then);
  };
}

// ---- something added

struct Addition {
  EditPage page;
  const RecordType* type = nullptr;
  sync::DossierId dossier;  // where it goes; of a file that is begun: unused
};

EditPage addition_page(const PageContext& context, const Place& place, const RecordType& type,
                       Role own_role) {
  const bool file = type.root;
  return {.form = form_of(context, type, own_role),
          .title = file ? "Start the volunteer file" : "Add " + in_sentence(type),
          .caption = place.name,
          .address = place.address + "/add/" + type.name,
          .back = file ? place.address : home_of(place, type),
          .save_text = file ? "Save" : "Add"};
}

// Only the organisation that keeps a volunteer keeps a file of them.
Result<Addition> addition_in(const PageContext& context, const Place& place) {
  const auto* type = record_type(context.visit.path.get("type"));
  const bool travels = type && type->dossier == schema::VOLUNTEER;
  const bool starts_file = type && type->dossier == schema::VOLUNTEER_FILE && type->root;
  const auto kinds = added_to(travels ? schema::VOLUNTEER : schema::VOLUNTEER_FILE);
  if (!starts_file && std::find(kinds.begin(), kinds.end(), type) == kinds.end()) {
    return Error{ErrorKind::not_found, "Nothing of this kind is added to a volunteer."};
  }
  if (!place.is_written_here()) {
    return Error{ErrorKind::denied, "Your organisation may read this record but not change it."};
  }
  if (travels) {
    return Addition{addition_page(context, place, *type, *place.record.dossier.own_role), type,
                    place.id};
  }
  const auto file = file_of(context, place.id);
  if (!file) return file.error();
  if (type->root == file->has_value()) {
    return Error{ErrorKind::not_found, type->root ? "There is a file of this volunteer already."
                                                  : "There is no file of this volunteer yet."};
  }
  return Addition{addition_page(context, place, *type, Role::owner), type,
                  *file ? (*file)->dossier : sync::DossierId{}};
}

Response show_addition(PageContext& context) {
  const auto place = place_in(context);
  if (!place) return problem(context, place.error());
  const auto addition = addition_in(context, *place);
  return addition ? show_new(context, addition->page) : problem(context, addition.error());
}

Response take_addition(PageContext& context) {
  const auto place = place_in(context);
  if (!place) return problem(context, place.error());
  const auto addition = addition_in(context, *place);
  if (!addition) return problem(context, addition.error());
  std::vector<FieldInput> given;
  if (addition->type->root) given.push_back({"volunteer", place->id.hex()});
  return take_new(
      context, addition->page, given, [&](const auto& inputs, const By& by) -> Result<std::string> {
        const auto saved =
            addition->type->root
                ? context.records.new_record(*addition->type, inputs, by)
                : context.records.new_record_in(addition->dossier, *addition->type, inputs, by);
        if (!saved) return saved.error();
        return home_of(*place, *addition->type);
      });
}

}  // namespace

void add_edit_pages(SitePages& pages) {
  pages.get("/volunteers/new", show_new_volunteer);
  pages.post("/volunteers/new", take_new_volunteer);
  pages.get("/volunteers/:id/change", root_change(show_change));
  pages.post("/volunteers/:id/change", root_change(take_change));
  pages.get("/volunteers/:id/add/:type", show_addition);
  pages.post("/volunteers/:id/add/:type", take_addition);
  pages.get("/volunteers/:id/records/:type/:record/change", record_change(show_change));
  pages.post("/volunteers/:id/records/:type/:record/change", record_change(take_change));
}

}  // namespace throughgate::node::web::volunteers
