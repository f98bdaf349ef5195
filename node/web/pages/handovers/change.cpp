// Changing the facts of a handover by section, its needs and its do's and don'ts; planning.
#include <algorithm>

#include "node/handovers/handovers.h"
#include "node/handovers/offered_steps.h"
#include "node/handovers/question.h"
#include "node/web/components/messages.h"
#include "node/web/pages/handovers/handover_pages.h"
#include "node/web/pages/handovers/record_edit.h"
#include "node/web/pages/handovers/sections.h"
#include "node/web/pages/handovers/step_links.h"

namespace throughgate::node::web {
namespace {

using google::protobuf::Descriptor;
using schema::Flag;
using schema::Handover;
using schema::Need;
using sync::ErrorKind;
using Answer = Response (*)(const PageContext&, const CaseFile&, const RecordEdit&);

// Why nothing of this handover is changed now; empty: it may be.
std::string refusal_if_over(const CaseFile& file) {
  if (!is_over(file.state)) return {};
  return "This handover is over: it is at \"" + stage_words(file.state) +
         "\". Nothing in it is changed any more.";
}

Response not_a_writer(const PageContext& context) {
  return problem(context,
                 {ErrorKind::denied, "Your organisation may read this but not change it."});
}

bool may_write_any(const PageContext& context, const CaseFile& file, const Descriptor& type,
                   const std::vector<int>& fields) {
  return std::any_of(fields.begin(), fields.end(), [&](int field) {
    return may_write(file, record_type(type)->number, field, context.node.policies());
  });
}

FieldSection fields_of(const Section& section) {
  FieldSection out;
  for (const int field : section.fields) {
    out.fields.push_back(Handover::descriptor()->FindFieldByNumber(field)->name());
  }
  return out;
}

// ---- the handover's own facts

Html question_words(const PageContext& context, const CaseFile& file, const Question& question) {
  const auto* partner = file.root.dossier.member(sync::Role::receiver);
  const std::string who =
      partner ? organisation_words(context, partner->organisation) : std::string("The partner");
  return inset_text(h(
      R"(<p class="govuk-body govuk-!-font-weight-bold">{} asked</p><p class="govuk-body as-typed">{}</p>)",
      who, question.words));
}

Response change_section(PageContext& context, const CaseFile& file, Answer answer) {
  const auto* section = handover_section(context.visit.path.get("section"));
  if (!section || !section->is_changed_here) return no_such_page(context);
  if (!may_write_any(context, file, *Handover::descriptor(), section->fields)) {
    return not_a_writer(context);
  }
  const bool answers = section->key == "notes" && file.role() == sync::Role::owner;
  const auto question = answers ? question_of(file) : std::nullopt;
  return answer(context, file,
                {.type = *record_type(*Handover::descriptor()),
                 .title = question ? "Answer what the partner asked"
                                   : "Change: " + std::string(section->title),
                 .address = case_address(file, "change/" + std::string(section->key)),
                 .sections = {fields_of(*section)},
                 .record = &file.root,
                 .beside_questions = question ? question_words(context, file, *question) : Html{},
                 .refusal = refusal_if_over(file)});
}

// ---- planning

Response plan(PageContext& context, const CaseFile& file, Answer answer) {
  const auto& link = link_of(Step::plan);
  std::string refusal;
  if (!is_offered(Step::plan, file, context.node)) {
    refusal = "This handover is at \"" + stage_words(file.state) +
              "\": the meeting and the gate are not planned from there.";
  }
  return answer(
      context, file,
      {.type = *record_type(*Handover::descriptor()),
       .title = link.words,
       .address = case_address(file, link.page),
       .sections = {fields_of(*handover_section("gate-plan"))},
       .outcome = "planned",
       .outcome_with_notes = file.state == Handover::PLANNED ? "saved-beside" : "planned-in-part",
       .record = &file.root,
       .save =
           [&](const node::Form& opened, const std::vector<FieldInput>& inputs, const By& by) {
             return Handovers(context.records).plan(file.id(), inputs, by, &opened);
           },
       .saves_nothing_typed = file.state != Handover::PLANNED,
       .refusal = std::move(refusal)});
}

// ---- what hangs on it

struct Part {
  const Descriptor& type;
  const char* page;  // "needs"
  const char* add;   // "Add a need"
  const char* change;
  std::vector<std::string> fields;
  std::vector<int> written;  // who may write one of these may add and change
};

const Part& needs() {
  static const Part part{*Need::descriptor(),
                         "needs",
                         "Add a need",
                         "Change a need",
                         {"pathway", "section", "need", "status", "responsible", "skills_wanted",
                          "due_on", "met_on", "updates"},
                         {Need::kNeedFieldNumber}};
  return part;
}

const Part& flags() {
  static const Part part{*Flag::descriptor(),
                         "flags",
                         "Add a do or don't",
                         "Change a do or don't",
                         {"kind", "instruction", "ring", "code", "confirmed_by", "standing",
                          "statement", "source", "author", "dated", "review_on"},
                         {Flag::kInstructionFieldNumber}};
  return part;
}

// How a ground for sharing is corrected, or ended. A new one is recorded on a page of its own.
const Part& grounds() {
  using schema::Disclosure;
  static const Part part{*Disclosure::descriptor(),
                         "grounds",
                         "",
                         "Change or end a ground for sharing",
                         {"standing", "ended_on", "regime", "basis", "purpose", "classes",
                          "expires_on", "evidence", "override_reason", "second_person"},
                         {Disclosure::kStandingFieldNumber}};
  return part;
}

Response change_part(PageContext& context, const CaseFile& file, const Part& part,
                     const sync::store::RecordView* record, Answer answer) {
  if (!may_write_any(context, file, part.type, part.written)) return not_a_writer(context);
  const std::string below = record ? record->name.record.hex() : "new";
  return answer(context, file,
                {.type = *record_type(part.type),
                 .title = record ? part.change : part.add,
                 .address = case_address(file, std::string(part.page) + "/" + below),
                 .sections = {{"", part.fields}},
                 .record = record,
                 .refusal = refusal_if_over(file)});
}

Response change_existing(PageContext& context, const CaseFile& file, const Part& part,
                         Answer answer) {
  const auto bytes = crypto::from_hex(context.visit.path.get("record"));
  const auto id = bytes ? sync::RecordId::from(*bytes) : std::nullopt;
  if (!id) return no_such_page(context);
  const auto record =
      context.records.reader().read({file.id(), *id, record_type(part.type)->number});
  if (!record) return problem(context, record.error());
  return change_part(context, file, part, &*record, answer);
}

void add_both(SitePages& pages, const std::string& pattern,
              const std::function<Response(PageContext&, const CaseFile&, Answer)>& handler) {
  pages.get(pattern, on_case([handler](PageContext& context, const CaseFile& file) {
              return handler(context, file, open_record_edit);
            }));
  pages.post(pattern, on_case([handler](PageContext& context, const CaseFile& file) {
               return handler(context, file, take_record_edit);
             }));
}

void add_part(SitePages& pages, const Part& part) {
  const std::string pattern = std::string("/handovers/:id/") + part.page;
  if (!std::string_view(part.add).empty()) {
    add_both(pages, pattern + "/new",
             [&part](PageContext& context, const CaseFile& file, Answer answer) {
               return change_part(context, file, part, nullptr, answer);
             });
  }
  add_both(pages, pattern + "/:record",
           [&part](PageContext& context, const CaseFile& file, Answer answer) {
             return change_existing(context, file, part, answer);
           });
}

}  // namespace

void add_change_pages(SitePages& pages) {
  add_both(pages, "/handovers/:id/change/:section", change_section);
  add_both(pages, std::string("/handovers/:id/") + link_of(Step::plan).page, plan);
  add_part(pages, needs());
  add_part(pages, flags());
  add_part(pages, grounds());
}

}  // namespace throughgate::node::web
