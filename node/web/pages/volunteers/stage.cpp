// A volunteer moved on to another stage: those that may come next, and why.
#include "node/stages.h"

#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/messages.h"
#include "node/web/pages/change_reason.h"
#include "node/web/pages/question.h"
#include "node/web/pages/volunteers/place.h"
#include "node/web/pages/volunteers/volunteer_pages.h"
#include "records/volunteer.pb.h"

namespace throughgate::node::web::volunteers {
namespace {

using google::protobuf::FieldDescriptor;
using schema::Volunteer;
using sync::Error;
using sync::store::RecordName;

constexpr std::uint32_t status_number = Volunteer::kStatusFieldNumber;

const FieldDescriptor& status_field() {
  return *Volunteer::descriptor()->FindFieldByNumber(Volunteer::kStatusFieldNumber);
}

std::uint32_t stage_now(const Place& place) {
  const auto* view = place.record.field(status_number);
  return view ? view->state : 0;
}

// By number, which is the order in which a volunteer goes through them.
std::vector<std::uint32_t> next_stages(const PageContext& context, const Place& place) {
  std::vector<std::uint32_t> out;
  const auto* policy = context.node.policies().find(place.record.name.type, status_number);
  if (!policy || !place.record.dossier.own_role) return out;
  const std::uint32_t now = stage_now(place);
  for (int i = 0; i < status_field().enum_type()->value_count(); ++i) {
    const auto to = static_cast<std::uint32_t>(status_field().enum_type()->value(i)->number());
    if (to != now && policy->allows(now, to, *place.record.dossier.own_role)) out.push_back(to);
  }
  return out;
}

std::string name_of(std::uint32_t stage) {
  return status_field().enum_type()->FindValueByNumber(static_cast<int>(stage))->name();
}

// Why they paused or left, from the list; only this field of the record is asked beside the stage.
RecordForm why_form(const PageContext& context, const Place& place) {
  return {*record_type(place.record.name.type),
          {{"", {"stage_reason"}}},
          context.codes,
          context.node.policies(),
          *place.record.dossier.own_role,
          &context.records.viewer()};
}

Html questions(const PageContext& context, const Place& place, const FormState& state,
               const std::string& error) {
  Choices stages{
      .name = "to",
      .legend = Legend{.text = "Which stage comes next?", .classes = "govuk-fieldset__legend--m"},
      .error = error};
  for (const auto stage : next_stages(context, place)) {
    stages.items.push_back({.value = name_of(stage),
                            .text = stage_label(status_field(), stage),
                            .checked = context.field("to") == name_of(stage)});
  }
  return radios(stages) + record_fields(why_form(context, place), state) +
         reason_question(context, {.label = "Anything to add (optional)"});
}

// A stage moves nobody out of a suspension that stands beside it.
Html also_stopped(const Place& place) {
  const auto stands = place.where_they_stand();
  if (stands.stage_beside.empty()) return {};
  return h(
      R"(. Besides: {}. Another stage does not lift that: <a class="govuk-link" href="{}">{}</a> does.)",
      stands.label, Url(place.address + "/change?part=2"), "Suspend or exclude");
}

Response stage_page(PageContext& context, const Place& place, const FormState& state = {},
                    const std::string& error = {}) {
  FormState asked = state;
  asked.record = &place.record;
  const bool any = !next_stages(context, place).empty();
  const Html inside =
      opened_field(node::Form::of(place.record)) + questions(context, place, asked, error) +
      button_group(button({.text = "Move", .prevent_double_click = true}) +
                   h(R"(<a class="govuk-link" href="{}">Cancel</a>)", Url(place.address)));
  const Html main = h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}<h1 class="govuk-heading-l"><span class="govuk-caption-l">{}</span> Move to another stage</h1>
<p class="govuk-body">Now: {}{}</p>{}</div></div>)",
      when(!error.empty(),
           [&] {
             return error_summary({.items = {{error, any ? "to" : ""}}});
           }),
      place.name, stage_label(status_field(), stage_now(place)), also_stopped(place),
      any ? form({.action = Url(place.address + "/stage"), .csrf_token = context.visit.csrf_token},
                 inside)
          : h(R"(<p class="govuk-body">Your organisation cannot move it on from here.</p>)"));
  return show(context, {.title = "Move to another stage",
                        .has_error = !error.empty(),
                        .before_main = back_link(Url(place.address)),
                        .main = main});
}

sync::Result<Place> writable_place(const PageContext& context) {
  auto place = place_in(context);
  if (place && !place->is_written_here()) {
    return Error{sync::ErrorKind::denied,
                 "Your organisation may read this record but not change it."};
  }
  return place;
}

Response show_stage(PageContext& context) {
  const auto place = writable_place(context);
  return place ? stage_page(context, *place) : problem(context, place.error());
}

Response take_stage(PageContext& context) {
  const auto place = writable_place(context);
  if (!place) return problem(context, place.error());
  const auto ops = context.records.reader().ops(place->record.name);
  if (!ops) return problem(context, ops.error());
  const auto& sent = context.visit.form.fields;
  const auto opened = opened_in(sent);
  FormState state{.typed = &sent};
  if (opened) state.seen = values_seen(*opened, *ops);
  if (!opened || opened->record != place->record.name || context.field("to").empty()) {
    return stage_page(context, *place, state, "Choose which stage comes next.");
  }
  auto inputs = inputs_in(why_form(context, *place), sent, state.seen);
  inputs.push_back({"status", context.field("to")});
  const auto saved = context.records.set_fields(*opened, inputs, by_with_reason(context));
  if (!saved) return stage_page(context, *place, state, saved.error().message);
  return done(place->address, "moved");
}

}  // namespace

void add_stage_page(SitePages& pages) {
  pages.get("/volunteers/:id/stage", show_stage);
  pages.post("/volunteers/:id/stage", take_stage);
}

}  // namespace throughgate::node::web::volunteers
