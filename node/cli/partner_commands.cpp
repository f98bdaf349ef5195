// handover: who takes part after it was shared.
#include "node/cli/handover_group.h"
#include "node/cli/words.h"
#include "node/dossier_kinds.h"
#include "node/handovers/data_classes.h"
#include "node/sharing/shared_with.h"

namespace throughgate::node::cli {
namespace {

using schema::Handover;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<sync::OrganisationId> organisation_named(const OnHandover& on) {
  return organisation_meant(on.records.node().directory(), on.options.partner);
}

// Where nobody is named, the partner is meant.
Result<Done> remove_partner(const OnHandover& on) {
  const auto file = on.flow().read(on.handover);
  if (!file) return file.error();
  const auto* partner = file->root.dossier.member(sync::Role::receiver);
  if (on.options.partner.empty() && !partner) {
    return Error{ErrorKind::invalid, "No partner takes part. Say who, with --with."};
  }
  const auto who = on.options.partner.empty() ? Result<sync::OrganisationId>(partner->organisation)
                                              : organisation_named(on);
  if (!who) return who.error();
  return on.print(on.flow().remove_partner(on.handover, *who, on.by()),
                  "Sharing ends once this has been sent. Their computers delete their copies when "
                  "they are next online.");
}

Result<Done> add_partner(const OnHandover& on) {
  const auto who = organisation_named(on);
  if (!who) return who.error();
  const bool writes = on.options.text == "contributor";
  return on.print(
      on.flow().add_partner(on.handover, *who,
                            writes ? sync::Role::contributor : sync::Role::reader, on.by()),
      "They take part once this has been sent.");
}

Result<Done> name_backup(const OnHandover& on) {
  if (on.options.partner.empty()) {
    return on.print(on.flow().name_backup(on.handover, std::nullopt, on.by()),
                    "Nobody is named as backup any more.");
  }
  const auto who = organisation_named(on);
  if (!who) return who.error();
  return on.print(on.flow().name_backup(on.handover, *who, on.by()),
                  "The backup partner is saved. Nothing is shared with them.");
}

Result<Done> use_backup(const OnHandover& on) {
  return on.print(on.flow().use_backup(on.handover, on.by()),
                  "The backup partner is the partner now, once this has been sent.");
}

Result<Done> move_to(const OnHandover& on) {
  const auto where = organisation_named(on);
  if (!where) return where.error();
  return on.print(on.flow().move_to(on.handover, *where, on.by()),
                  "The other prison keeps this handover once this has been sent.");
}

Result<Done> who(const OnHandover& on) {
  const auto spans = shared_with(on.records, on.handover);
  if (!spans) return spans.error();
  std::vector<Row> rows;
  for (const auto& span : *spans) {
    std::string copies;
    for (const auto& copy : span.copies) copies += (copies.empty() ? "" : " ") + in_words(copy);
    const auto classes = classes_written_by(
        on.records, on.handover, span.until_ms.value_or(std::numeric_limits<std::int64_t>::max()));
    if (!classes) return classes.error();
    rows.push_back({span.name, std::string(role_in_words(span.role)), in_words(span), span.reason,
                    copies, classes_in_words(*classes, on.records.codes())});
  }
  on.command.out.table({"name", "part", "when", "reason", "copies", "what could reach them"}, rows,
                       "Nobody.");
  return Done{};
}

}  // namespace

void add_partner_commands(HandoverGroup& group) {
  auto& options = *group.options;
  const auto needs_reason = [](CLI::App* command) {
    command->get_option("--reason")->required();
    return command;
  };
  group.add("who", "who can see it, and who could", who, Meant::by_name_too);
  needs_reason(group.add_step("remove-partner", "stop sharing it with somebody", remove_partner))
      ->add_option("--with", options.partner, "who; the partner if not given");
  auto* add =
      needs_reason(group.add_step("add-partner", "let somebody else take part", add_partner));
  add->add_option("--with", options.partner, "who: name or number")->required();
  add->add_option("--as", options.text, "contributor or reader")
      ->required()
      ->check(CLI::IsMember({"contributor", "reader"}));
  group.add_step("backup", "name who could take over from the partner", name_backup)
      ->add_option("--with", options.partner, "who; nobody any more if not given");
  needs_reason(group.add_step("use-backup", "hand it to the backup partner", use_backup));
  needs_reason(group.add_step("move-to", "the person is in another prison", move_to))
      ->add_option("PRISON", options.partner, "name or number")
      ->required();
}

}  // namespace throughgate::node::cli
