// What stands in two places in a handover, on the screen and on paper: whoever takes the sheet to
// the gate reads both values and who said which.
#include <algorithm>

#include "node/field_names.h"
#include "node/handovers/change_words.h"
#include "node/shown_values.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/handovers/case_view.h"
#include "node/web/pages/record_title.h"

namespace throughgate::node::web {
namespace {

using schema::Flag;
using sync::store::FieldView;
using sync::store::OpStanding;
using sync::store::OpView;
using sync::store::RecordView;

// Whoever keeps it decides; the central team does when it is asked to.
std::string decider_in(const PageContext& context, const RecordView& record) {
  const auto* keeper = record.dossier.member(sync::Role::owner);
  if (!keeper) return "Somebody";
  return keeper->organisation == context.node.identity().organisation
             ? "Your organisation"
             : place_name(context.node, keeper->organisation);
}

Html one_of_them(const PageContext& context, const RecordView& record, const OpView& op) {
  const std::string who = op.actor_name.empty() ? std::string("Somebody") : op.actor_name;
  return h("<li>{}: {}, {}{}</li>", value_in_words(record.name, op, context.codes), who,
           place_name(context.node, op.organisation),
           op.standing == OpStanding::shown ? " (shown until then)" : "");
}

Html both(const PageContext& context, const RecordView& record, const FieldView& field,
          const std::string& of) {
  std::vector<const OpView*> values;
  for (const auto& op : field.ops) {
    const bool stands = op.standing == OpStanding::shown || op.standing == OpStanding::beside;
    if (stands) values.push_back(&op);
  }
  std::stable_partition(values.begin(), values.end(),
                        [](const OpView* op) { return op->standing == OpStanding::shown; });
  return inset_text(h(
      R"(Changed in two places: <a class="govuk-link" href="{}">{}</a>{}. {} has to say which value holds.<ul class="govuk-list govuk-list--bullet two-places">{}</ul>)",
      Url(conflict_address(record.name, field.field)), label_of(record.name.type, field.field), of,
      decider_in(context, record),
      each(values, [&](const OpView* op) { return one_of_them(context, record, *op); })));
}

Html all_in(const PageContext& context, const RecordView& record, const std::string& of) {
  return each(record.fields, [&](const FieldView& field) {
    return field.in_review ? both(context, record, field, of) : Html{};
  });
}

}  // namespace

sync::Result<Html> two_places_part(const PageContext& context, const CaseFile& file) {
  Html out = all_in(context, file.root, "");
  for (const auto& flag : file.flags) {
    const bool differs = std::any_of(flag.fields.begin(), flag.fields.end(),
                                     [](const auto& field) { return field.second.in_review; });
    if (!differs) continue;
    const auto record = context.records.reader().read(flag.name);
    if (!record) return record.error();
    out += all_in(context, *record, " of \"" + instruction_in_words(flag, context.codes) + "\"");
  }
  return out;
}

}  // namespace throughgate::node::web
