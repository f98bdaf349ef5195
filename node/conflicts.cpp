#include "node/conflicts.h"

#include <algorithm>

#include "node/date_rules.h"
#include "node/field_names.h"
#include "node/last_contact.h"
#include "node/records/formats.h"
#include "node/records/values.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::OpKind;
using sync::Policy;
using sync::Result;
using sync::Role;
using sync::store::FieldView;
using sync::store::OpDraft;
using sync::store::OpStanding;
using sync::store::OpView;
using sync::store::RecordName;
using sync::store::ReviewRow;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

Conflict conflict_in(const RecordName& record, const FieldView& view) {
  Conflict out{record, view.field, view.review_item.value_or(sync::Hash{}), {}};
  for (const auto& op : view.ops) {
    if (op.standing == OpStanding::shown || op.standing == OpStanding::beside) {
      out.siblings.push_back(op);
    }
  }
  return out;
}

}  // namespace

// A day from when both sides stood against each other as far as the exchange knows.
std::optional<std::uint64_t> owner_has_until_ms(const Conflict& conflict) {
  std::uint64_t last = 0;
  for (const auto& op : conflict.siblings) {
    if (!op.accepted_at_ms) return std::nullopt;
    last = std::max(last, *op.accepted_at_ms);
  }
  return last + day_ms;
}

Result<ConflictPage> Conflicts::list(const std::optional<ReviewRow>& after,
                                     std::size_t limit) const {
  const std::size_t wanted = std::min<std::size_t>(limit, 100);
  auto rows = records_.reader().in_review(after, wanted + 1);
  if (!rows) return rows.error();
  ConflictPage out;
  const bool more = rows->size() > wanted;
  if (more) rows->resize(wanted);
  for (const auto& row : *rows) {
    const auto view = records_.reader().review(row.name, row.field);
    if (!view) return view.error();
    if (view->in_review) out.conflicts.push_back(conflict_in(row.name, *view));
  }
  if (more) out.next = rows->back();
  return out;
}

Result<Conflict> Conflicts::show(const RecordName& record, std::uint32_t field) const {
  const auto view = records_.reader().review(record, field);
  if (!view) return view.error();
  if (!view->in_review) {
    return Error{ErrorKind::not_found, label_of(record.type, field) +
                                           ": nothing stands against anything here. Somebody may "
                                           "have decided already."};
  }
  return conflict_in(record, *view);
}

Result<Done> Conflicts::check_roles(const Conflict& conflict) const {
  if (auto may = records_.viewer().check(Act::decide); !may) return may;
  return records_.check_written({{conflict.record.field(conflict.field), OpKind::set, {}, {}, {}}});
}

Result<Done> Conflicts::may_resolve(const Conflict& conflict, bool desk_was_asked) const {
  if (auto may = check_roles(conflict); !may) return may;
  const auto dossier = records_.reader().dossier(conflict.record.dossier);
  if (!dossier) return dossier.error();
  if (dossier->own_role == Role::owner) return Done{};
  if (dossier->own_role != Role::central) {
    return Error{ErrorKind::denied,
                 "The organisation that keeps this record decides which value holds. Ring them if "
                 "it cannot wait."};
  }
  const auto until = owner_has_until_ms(conflict);
  const bool waited = until && records_.node().now_ms() >= *until;
  if (waited || desk_was_asked) return Done{};
  return Error{ErrorKind::denied,
               "The organisation that keeps this record has 24 hours to decide. Until then the "
               "central team decides only when asked."};
}

// As where it is typed into a form.
Result<Done> Conflicts::check_date(const sync::store::RecordName& record, const OpDraft& op) const {
  const auto present = records_.whole().ops(record);
  if (!present) return present.error();
  const auto problems =
      date_problems(*record_type(record.type), {op}, *present, latest_day(records_.node()));
  return problems.empty() ? Result<Done>(Done{}) : problems.front().error;
}

Result<OpDraft> Conflicts::op_for(const Conflict& conflict, const Resolution& resolution,
                                  Role role) const {
  const auto* field = field_of(conflict.record.type, conflict.field);
  const auto* policy = records_.node().policies().find(conflict.record.type, conflict.field);
  if (!field || !policy) {
    return Error{ErrorKind::invalid, "This program does not know this field. Update it."};
  }
  OpDraft op{conflict.record.field(conflict.field), OpKind::set, {}, {}, {}};
  if (resolution.keep) {
    const auto kept = std::find_if(conflict.siblings.begin(), conflict.siblings.end(),
                                   [&](const OpView& each) { return each.id == *resolution.keep; });
    if (kept == conflict.siblings.end() || kept->removed) {
      return Error{ErrorKind::invalid, "Choose one of the values that are shown."};
    }
    op.kind = kept->kind;
    op.value = kept->value;
  } else if (resolution.instead.empty()) {
    op.kind = OpKind::clear;
  } else {
    auto typed = value_of(*field, resolution.instead, records_.codes());
    if (!typed) return typed.error();
    op.value = std::move(*typed);
    if (auto fits = check_date(conflict.record, op); !fits) return fits.error();
  }
  const bool may_lower = policy->policy != Policy::strictest || policy->lower_by.has(role);
  for (const auto& each : conflict.siblings) {
    op.supersedes.push_back(each.id);
    if (!may_lower &&
        policy->severity_of(each.kind, each.value) > policy->severity_of(op.kind, op.value)) {
      return Error{ErrorKind::denied,
                   rule_of(*field).label() +
                       ": only the organisation that keeps this record may settle on the less "
                       "strict value."};
    }
  }
  return op;
}

Result<Saved> Conflicts::resolve(const Conflict& conflict, const Resolution& resolution,
                                 const By& by) {
  if (auto may = records_.viewer().check(Act::decide); !may) return may.error();
  if (is_blank(by.reason)) {
    return Error{ErrorKind::invalid, "Say why this value holds. Nothing was decided."};
  }
  auto now = show(conflict.record, conflict.field);
  if (!now && now.error().kind != ErrorKind::not_found) return now.error();
  if (!now || now->item != conflict.item) {
    return Error{ErrorKind::stale,
                 "This has changed since you opened it. Look at it again before you decide."};
  }
  if (auto may = may_resolve(*now, resolution.desk_was_asked); !may) return may.error();
  const auto dossier = records_.reader().dossier(conflict.record.dossier);
  if (!dossier) return dossier.error();
  auto op = op_for(*now, resolution, *dossier->own_role);
  if (!op) return op.error();
  return records_.save(conflict.record, {{std::move(*op)}, {}}, by);
}

}  // namespace throughgate::node
