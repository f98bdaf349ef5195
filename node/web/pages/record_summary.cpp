#include "node/web/pages/record_summary.h"

#include <algorithm>

#include "node/field_names.h"
#include "node/shown_values.h"
#include "node/stages.h"
#include "node/web/components/messages.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"

namespace throughgate::node::web {
namespace {

using google::protobuf::FieldDescriptor;
using sync::OpKind;
using sync::Policy;
using sync::store::FieldView;
using sync::store::OpView;
using sync::store::RecordView;

Html not_recorded() { return h("Not recorded"); }
Html suspect_tag() { return tag("Made on a computer that was stolen", TagColour::red); }
Html not_sent_tag() { return tag("Not sent yet", TagColour::yellow); }

// Line breaks stay as they were typed.
Html as_typed(const std::string& text) { return h(R"(<span class="as-typed">{}</span>)", text); }

// Which words a value is marked with.
enum class Marks {
  all,
  but_not_sent,  // said once for many
};

// One change that stands, and whether it has left this computer.
Html one_value(const FieldDescriptor& field, const OpView& op, const CodeLists& codes,
               Marks marks) {
  const Html value =
      op.removed ? tag("Removed", TagColour::grey) : as_typed(text_of(field, op.value, codes));
  const Html with_suspicion = op.is_suspect ? h("{} {}", value, suspect_tag()) : value;
  const bool unsent = op.is_provisional() && marks == Marks::all;
  return unsent ? h("{} {}", with_suspicion, not_sent_tag()) : with_suspicion;
}

Html note(const FieldDescriptor& field, const OpView& op, const CodeLists& codes, Marks marks) {
  const std::string who = op.actor_name.empty() ? std::string("Somebody") : op.actor_name;
  return h(R"(<li>{}<br><span class="govuk-hint">{}, {}</span></li>)",
           one_value(field, op, codes, marks), who,
           date_time_text(static_cast<std::int64_t>(op.effective_ms)));
}

Html listed(const FieldDescriptor& field, const FieldView& view, const CodeLists& codes,
            Marks marks) {
  const auto ops = view.listed();
  const bool notes = view.policy == Policy::append;
  if (ops.size() == 1 && !notes) return one_value(field, *ops.front(), codes, marks);
  return h(R"(<ul class="govuk-list">{}</ul>)", each(ops, [&](const OpView* op) {
             return notes ? note(field, *op, codes, marks)
                          : h("<li>{}</li>", one_value(field, *op, codes, marks));
           }));
}

bool is_partly_provisional(const FieldView& view) {
  return std::any_of(view.ops.begin(), view.ops.end(),
                     [](const OpView& op) { return op.is_provisional(); });
}

bool is_wholly_provisional(const FieldView& view) {
  return std::all_of(view.ops.begin(), view.ops.end(),
                     [](const OpView& op) { return op.is_provisional(); });
}

Html stage(const FieldDescriptor& field, const FieldView* view, Marks marks) {
  const Html label = h("{}", stage_label(field, view ? view->state : 0));
  const bool moved_here_only = view && marks == Marks::all && is_partly_provisional(*view);
  const bool suspect = view && std::any_of(view->ops.begin(), view->ops.end(),
                                           [](const OpView& op) { return op.is_suspect; });
  const Html marked = suspect ? h("{} {}", label, suspect_tag()) : label;
  return moved_here_only ? h("{} {}", marked, not_sent_tag()) : marked;
}

bool stands(const FieldView* view) {
  if (!view) return false;
  if (view->policy == Policy::set || view->policy == Policy::append) return !view->listed().empty();
  const auto* shown = view->shown();
  return shown && (shown->kind != OpKind::clear || view->in_review);
}

bool is_stage(const FieldDescriptor& field) {
  return rule_of(field).policy() == schema::FieldRule::LIFECYCLE;
}

const FieldView* view_of(const RecordView& record, const FieldDescriptor& field) {
  return record.field(static_cast<std::uint32_t>(field.number()));
}

Html shown_with(const RecordView& record, const FieldDescriptor& field, const CodeLists& codes,
                Marks marks) {
  const auto number = static_cast<std::uint32_t>(field.number());
  if (record.is_on_request(number)) return h("Shown once you say why you look");
  if (record.is_hidden(number)) return h("You may not see this");
  const FieldView* view = view_of(record, field);
  if (is_stage(field)) return stage(field, view, marks);
  if (!stands(view)) return not_recorded();
  Html out;
  if (view->policy == Policy::set || view->policy == Policy::append) {
    out = listed(field, *view, codes, marks);
  } else {
    const auto* shown = view->shown();
    const Html emptied = shown->is_suspect ? h("Emptied {}", suspect_tag()) : h("Emptied");
    out = shown->kind == OpKind::clear ? emptied : one_value(field, *shown, codes, marks);
  }
  if (view->in_review)
    out += h("<br>{}", in_review_remark(record.name, view->field, record.dossier.own_role));
  return out;
}

Html dispute_beside(const RecordView& record, const FieldDescriptor& field,
                    const DisputedFields* disputed) {
  if (!disputed) return {};
  const auto found = disputed->find({record.name, static_cast<std::uint32_t>(field.number())});
  if (found == disputed->end()) return {};
  return h(R"(<br>{} <span class="as-typed">{}</span>)", tag("Said to be wrong", TagColour::orange),
           in_words(found->second));
}

}  // namespace

Html shown_field(const RecordView& record, const FieldDescriptor& field, const CodeLists& codes) {
  return shown_with(record, field, codes, Marks::all);
}

std::string shown_line(const RecordView& record, std::string_view name, const CodeLists& codes) {
  const auto* type = record_type(record.name.type);
  const auto* field = type ? field_named(*type, name) : nullptr;
  if (!field) return {};
  const FieldView* view = view_of(record, *field);
  if (is_stage(*field)) return stage_label(*field, view ? view->state : 0);
  return view ? joined(*field, values_in_boxes(*view), codes) : std::string();
}

Html record_card(const RecordView& record, const RecordCard& card, const CodeLists& codes) {
  const auto* type = record_type(record.name.type);
  std::vector<const FieldDescriptor*> shown;
  bool sent = false;  // anything in it
  for (const auto& name : card.fields) {
    const auto* field = type ? field_named(*type, name) : nullptr;
    if (!field) continue;
    const auto* view = view_of(record, *field);
    const bool always =
        record.is_hidden(static_cast<std::uint32_t>(field->number())) || is_stage(*field) ||
        std::find(card.always.begin(), card.always.end(), name) != card.always.end();
    if (!always && !stands(view)) continue;
    shown.push_back(field);
    sent = sent || (view && !is_wholly_provisional(*view));
  }
  const bool once = !sent && std::any_of(shown.begin(), shown.end(), [&](const auto* field) {
    return view_of(record, *field) != nullptr;
  });
  SummaryList list{.card = SummaryCard{
                       .title = once ? h("{} {}", card.title, not_sent_tag()) : Content(card.title),
                       .actions = card.actions}};
  for (const auto* field : shown) {
    list.rows.push_back(
        {rule_of(*field).label(),
         shown_with(record, *field, codes, once ? Marks::but_not_sent : Marks::all) +
             dispute_beside(record, *field, card.disputed),
         {}});
  }
  if (list.rows.empty()) list.rows.push_back({"Nothing recorded yet", Content(), {}});
  return summary_list(list);
}

std::vector<crypto::Bytes> values_in_boxes(const FieldView& field) {
  std::vector<crypto::Bytes> out;
  for (const auto* op : field.listed()) {
    if (op->removed || op->kind == OpKind::clear) continue;
    if (field.policy == Policy::append || op->kind == OpKind::set || op->kind == OpKind::add) {
      out.push_back(op->value);
    }
  }
  return out;
}

Html in_review_remark(const sync::store::RecordName& record, std::uint32_t field,
                      std::optional<sync::Role> role) {
  const bool may_decide = role == sync::Role::owner || role == sync::Role::central;
  return h(
      R"({} <a class="govuk-link no-print" href="{}">{}<span class="govuk-visually-hidden">: {}</span></a>)",
      tag("Changed in two places", TagColour::orange), Url(conflict_address(record, field)),
      may_decide ? "Decide which holds" : "See both", label_of(record.type, field));
}

}  // namespace throughgate::node::web
