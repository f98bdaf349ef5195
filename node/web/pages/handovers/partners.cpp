// Who takes part in a handover after it was shared: somebody more, somebody less, the backup
// instead of the partner, another prison.
#include "node/web/pages/handovers/partners.h"

#include "node/dossier_kinds.h"
#include "node/handovers/basis.h"
#include "node/handovers/data_classes.h"
#include "node/web/components/messages.h"
#include "node/web/pages/handovers/handover_pages.h"
#include "node/web/pages/handovers/step_form.h"

namespace throughgate::node::web {
namespace {

using schema::Handover;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using Kind = StepQuestion::Kind;

Html paragraph(const std::string& words) { return h(R"(<p class="govuk-body">{}</p>)", words); }

auto says(const char* words) {
  return [words](const PageContext&, const CaseFile&) { return paragraph(words); };
}
auto always(const char* code) {
  return [code](const StepAnswers&) { return std::string(code); };
}

Result<sync::OrganisationId> organisation_in(const StepAnswers& typed) {
  const auto bytes = crypto::from_hex(typed.text("organisation"));
  const auto id = bytes ? sync::OrganisationId::from(*bytes) : std::nullopt;
  if (id) return *id;
  return Error{ErrorKind::invalid, "Select one of the organisations that are offered."};
}

By by_reason(const PageContext& context, const StepAnswers& typed) {
  By by = context.by();
  by.reason = typed.text("reason");
  return by;
}

StepQuestion why(const char* hint) {
  return {.name = "reason",
          .label = "Why",
          .kind = Kind::long_text,
          .hint = hint,
          .needed = "Enter why"};
}

bool takes_part(const CaseFile& file, const sync::OrganisationId& id) {
  for (const auto& member : file.root.dossier.members) {
    if (member.organisation == id) return true;
  }
  return false;
}

// ---- somebody less

std::vector<StepQuestion> remove_questions(const PageContext& context, const CaseFile& file) {
  StepQuestion who{.name = "organisation",
                   .label = "Stop sharing with",
                   .kind = Kind::one_of,
                   .needed = "Select with whom you stop sharing"};
  for (const auto& member : partners_of(file)) {
    who.choices.emplace_back(member.organisation.hex(),
                             organisation_name(context.node, member.organisation));
    who.choice_hints[member.organisation.hex()] = std::string(role_in_words(member.role));
  }
  return {who, why("They can read this, and so can everybody who takes part")};
}

StepPage remove_page() {
  return {.step = Step::remove_partner,
          .title = "Stop sharing with somebody",
          .button = "Stop sharing",
          .is_warning = true,
          .before = says("They cannot see anything written after this has been sent. Their "
                         "computers delete their copies when they are next online, and say so. "
                         "Where they have no network, ring them, and give them a file: it tells "
                         "their computers. What they have read, printed or copied cannot be called "
                         "back."),
          .questions = remove_questions,
          .take = [](PageContext& context, const CaseFile& file,
                     const StepAnswers& typed) -> Result<Saved> {
            const auto who = organisation_in(typed);
            if (!who) return who.error();
            return Handovers(context.records)
                .remove_partner(file.id(), *who, by_reason(context, typed));
          },
          .outcome = always("removed")};
}

// ---- somebody more

std::vector<StepQuestion> add_questions(const PageContext& context, const CaseFile& file) {
  StepQuestion who{.name = "organisation",
                   .label = "Who",
                   .kind = Kind::one_of,
                   .hint = "Partners with a current sharing agreement",
                   .needed = "Select who takes part"};
  for (const auto& partner : partners_for(context, file)) {
    if (takes_part(file, partner.id)) continue;
    who.choices.emplace_back(partner.id.hex(), partner.name);
    who.choice_hints[partner.id.hex()] =
        partner.lacks.empty() ? "The ground for sharing is recorded." : partner.lacks;
  }
  return {who,
          {.name = "part",
           .label = "What they may do",
           .kind = Kind::one_of,
           .needed = "Select what they may do",
           .choices = {{"contributor", "Read it and add to it"}, {"reader", "Read it"}}},
          why("Everybody who takes part can read this")};
}

Html before_adding(const PageContext& context, const CaseFile& file) {
  return paragraph("They get all that stands in this handover, from its beginning: " +
                   classes_in_words(classes_held(file), context.codes) + ".") +
         h(R"(<p class="govuk-body">It needs a ground that names all of this. <a class="govuk-link" href="{}">Record the ground for sharing</a></p>)",
           Url(case_address(file, "basis")));
}

StepPage add_page() {
  return {.step = Step::add_partner,
          .title = "Let somebody else take part",
          .button = "Let them take part",
          .before = before_adding,
          .questions = add_questions,
          .take = [](PageContext& context, const CaseFile& file,
                     const StepAnswers& typed) -> Result<Saved> {
            const auto who = organisation_in(typed);
            if (!who) return who.error();
            const bool writes = typed.text("part") == "contributor";
            return Handovers(context.records)
                .add_partner(file.id(), *who, writes ? sync::Role::contributor : sync::Role::reader,
                             by_reason(context, typed));
          },
          .outcome = always("added")};
}

// ---- the backup

std::vector<StepQuestion> backup_questions(const PageContext& context, const CaseFile& file) {
  StepQuestion who{.name = "organisation",
                   .label = "Backup partner",
                   .kind = Kind::one_of,
                   .needed = "Select the backup partner"};
  const auto* partner = file.root.dossier.member(sync::Role::receiver);
  for (const auto& each : partners_for(context, file)) {
    if (partner && partner->organisation == each.id) continue;
    who.choices.emplace_back(each.id.hex(), each.name);
  }
  who.choices.emplace_back("none", "Nobody");
  return {who};
}

StepPage backup_page() {
  return {.step = Step::backup,
          .title = "Name a backup partner",
          .button = "Save",
          .before = says("Whom this handover can go to if the partner cannot take it. Nothing is "
                         "shared with them until you hand it to them."),
          .questions = backup_questions,
          .take = [](PageContext& context, const CaseFile& file,
                     const StepAnswers& typed) -> Result<Saved> {
            Handovers flow(context.records);
            if (typed.text("organisation") == "none") {
              return flow.name_backup(file.id(), std::nullopt, context.by());
            }
            const auto who = organisation_in(typed);
            if (!who) return who.error();
            return flow.name_backup(file.id(), *who, context.by());
          },
          .outcome = always("backup")};
}

Html before_use(const PageContext& context, const CaseFile& file) {
  const auto backup = sync::OrganisationId::from(file.value(Handover::kBackupFieldNumber));
  const auto* partner = file.root.dossier.member(sync::Role::receiver);
  const std::string name = backup ? organisation_name(context.node, *backup) : "the backup partner";
  Html out = paragraph(name + " becomes the partner and gets all that stands in this handover.");
  if (partner) {
    out += paragraph(organisation_name(context.node, partner->organisation) +
                     " no longer takes part: it cannot see anything written after this has been "
                     "sent, and its computers delete their copies.");
  }
  const auto may = backup ? check_basis(file, *backup, context.node, context.codes)
                          : Result<sync::Done>(sync::Done{});
  if (!may) {
    out += inset_text(h(R"({} <a class="govuk-link" href="{}">Record the ground for sharing</a>)",
                        may.error().message, Url(case_address(file, "basis"))));
  }
  return out;
}

StepPage use_backup_page() {
  return {.step = Step::use_backup,
          .title = "Hand it to the backup partner",
          .button = "Hand it over",
          .is_warning = true,
          .before = before_use,
          .questions =
              [](const PageContext&, const CaseFile&) {
                return std::vector<StepQuestion>{why("Everybody who takes part can read this")};
              },
          .take =
              [](PageContext& context, const CaseFile& file, const StepAnswers& typed) {
                return Handovers(context.records).use_backup(file.id(), by_reason(context, typed));
              },
          .outcome = always("handed-on")};
}

// ---- another prison

std::vector<StepQuestion> move_questions(const PageContext& context, const CaseFile&) {
  StepQuestion where{.name = "organisation",
                     .label = "Prison",
                     .kind = Kind::one_of,
                     .hint = "Prisons that you have a current sharing agreement with",
                     .needed = "Select the prison"};
  for (const auto& [id, listed] : context.node.directory().organisations()) {
    if (check_agreement(context.node.identity().organisation, id, sync::OrganisationKind::prison,
                        context.node)) {
      where.choices.emplace_back(id.hex(), listed.name);
    }
  }
  return {where, why("Everybody who takes part can read this")};
}

StepPage move_page() {
  return {.step = Step::move_to,
          .title = "The person is in another prison",
          .button = "Move the handover",
          .is_warning = true,
          .before = says("The other prison keeps this handover from then on and does what is left "
                         "to be done. You can still read it. The person's own record stays here: "
                         "the other prison begins one of its own. This cannot be undone from "
                         "here."),
          .questions = move_questions,
          .take = [](PageContext& context, const CaseFile& file,
                     const StepAnswers& typed) -> Result<Saved> {
            const auto where = organisation_in(typed);
            if (!where) return where.error();
            return Handovers(context.records).move_to(file.id(), *where, by_reason(context, typed));
          },
          .outcome = always("moved")};
}

}  // namespace

void add_partner_pages(SitePages& pages) {
  for (const auto& page :
       {remove_page(), add_page(), backup_page(), use_backup_page(), move_page()}) {
    add_step_page(pages, page);
  }
}

}  // namespace throughgate::node::web
