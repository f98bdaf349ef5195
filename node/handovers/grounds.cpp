#include "node/handovers/grounds.h"

#include <algorithm>
#include <set>

#include "node/days.h"
#include "node/dossier_kinds.h"
#include "node/handovers/basis.h"
#include "node/handovers/data_classes.h"
#include "node/handovers/offered_steps.h"
#include "node/records/formats.h"

namespace throughgate::node {
namespace {

using schema::Disclosure;
using schema::Handover;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::OpDraft;
using sync::store::RecordRow;

constexpr std::size_t rows_a_page = 500;

std::string shown_day(const std::string& iso) { return shown_text(schema::FieldRule::DATE, iso); }

std::optional<sync::OrganisationId> partner_in(const RecordRow& row) {
  return sync::OrganisationId::from(crypto::as_bytes(text_in(row, Disclosure::kToFieldNumber)));
}

// Withdrawn, or disputed: sharing stops first and is discussed afterwards.
bool was_ended(const RecordRow& row) {
  const auto standing = number_in(row, Disclosure::kStandingFieldNumber);
  return standing == Disclosure::ENDED || standing == Disclosure::DISPUTED;
}

bool has_run_out(const RecordRow& row, const std::string& today) {
  const std::string expires = text_in(row, Disclosure::kExpiresOnFieldNumber);
  return !expires.empty() && expires < today;
}

// Of one partner's grounds; nullopt: one holds, or none was ever recorded. One that was ended stops
// sharing whatever else was recorded, as it lets nobody in either: see check_basis().
std::optional<WithoutGround> why_over(const CaseFile& file, const sync::OrganisationId& partner,
                                      const std::string& today) {
  std::string last_day;
  bool is_in_force = false;
  for (const auto& row : file.disclosures) {
    if (partner_in(row) != partner) continue;
    if (was_ended(row)) {
      return WithoutGround{partner, "The ground for sharing was ended, or is disputed.", false};
    }
    is_in_force = is_in_force || !has_run_out(row, today);
    last_day = std::max(last_day, text_in(row, Disclosure::kExpiresOnFieldNumber));
  }
  if (is_in_force || last_day.empty()) return std::nullopt;
  return WithoutGround{
      partner, "The ground for sharing ran out: its last day was " + shown_day(last_day) + ".",
      true};
}

// The handovers that have a ground which may be over.
Result<std::set<DossierId>> to_look_at(const RecordService& records, const std::string& today) {
  std::set<DossierId> out;
  sync::store::ListQuery query;
  query.type = record_type(*Disclosure::descriptor())->number;
  query.fields = {Disclosure::kStandingFieldNumber, Disclosure::kExpiresOnFieldNumber};
  query.limit = rows_a_page;
  do {
    const auto page = records.whole().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) {
      if (was_ended(row) || has_run_out(row, today)) out.insert(row.name.dossier);
    }
    query.after = page->next;
  } while (!query.after.empty());
  return out;
}

By program(const std::string& reason) {
  return {sync::Actor{sync::ActorId{}, "Throughgate", "program"}, reason};
}

// Named by grounds in force for this partner; nullopt: no ground was ever recorded for them.
std::optional<std::set<std::string>> named_for(const CaseFile& file,
                                               const sync::OrganisationId& partner,
                                               const std::string& today) {
  std::optional<std::set<std::string>> out;
  for (const auto& row : file.disclosures) {
    if (partner_in(row) != partner) continue;
    if (!out) out.emplace();
    if (was_ended(row) || has_run_out(row, today)) continue;
    for (const auto& code : texts_in(row, Disclosure::kClassesFieldNumber)) out->insert(code);
  }
  return out;
}

// What these ops put in, by class. Of what is planned and reported for the gate both ends write.
std::vector<std::string> classes_added(const std::vector<OpDraft>& ops) {
  std::vector<std::string> out;
  for (const auto& op : ops) {
    const bool adds = op.kind == sync::OpKind::set || op.kind == sync::OpKind::add ||
                      op.kind == sync::OpKind::append;
    if (!adds || op.value.empty()) continue;
    const auto code = class_of(op.field.record_type, op.field.field);
    if (!code || *code == "GATE_PLAN" || *code == "OUTCOMES") continue;
    if (std::find(out.begin(), out.end(), *code) == out.end()) out.push_back(*code);
  }
  return out;
}

}  // namespace

std::vector<WithoutGround> without_ground(const CaseFile& file, const std::string& today) {
  std::vector<WithoutGround> out;
  for (const auto& member : partners_of(file)) {
    if (auto why = why_over(file, member.organisation, today)) out.push_back(*std::move(why));
  }
  return out;
}

std::optional<std::string> ground_running_out(const CaseFile& file, const std::string& today,
                                              int days) {
  const auto until = day_after(today, days);
  std::optional<std::string> out;
  for (const auto& member : partners_of(file)) {
    std::optional<std::string> last;  // of the ground that lasts longest; empty: one has no end
    for (const auto& row : file.disclosures) {
      if (partner_in(row) != member.organisation || was_ended(row) || has_run_out(row, today)) {
        continue;
      }
      const std::string expires = text_in(row, Disclosure::kExpiresOnFieldNumber);
      if (!last || expires.empty() || (!last->empty() && expires > *last)) last = expires;
    }
    const bool soon = last && !last->empty() && until && *last <= *until;
    if (soon && (!out || *last < *out)) out = last;
  }
  return out;
}

Result<std::vector<DossierId>> shared_without_ground(RecordService& records, std::uint64_t now_ms) {
  const std::string today = iso_day(now_ms);
  const auto ids = to_look_at(records, today);
  if (!ids) return ids.error();
  std::vector<DossierId> out;
  for (const auto& id : *ids) {
    const auto file = read_case(records, id, Look::judged);
    if (!file || file->role() != sync::Role::owner) continue;
    if (!without_ground(*file, today).empty()) out.push_back(id);
  }
  return out;
}

Result<std::set<DossierId>> without_ground_for(const RecordService& records,
                                               const sync::OrganisationId& partner,
                                               std::uint64_t now_ms) {
  const std::string today = iso_day(now_ms);
  const auto ids = to_look_at(records, today);
  if (!ids) return ids.error();
  std::set<DossierId> out;
  for (const auto& id : *ids) {
    const auto file = read_case(records, id, Look::judged);
    if (!file) continue;  // not a handover that opens here: nothing of it is packed either
    for (const auto& each : without_ground(*file, today)) {
      if (each.partner == partner) out.insert(id);
    }
  }
  return out;
}

Result<SharingStopped> stop_sharing_without_ground(RecordService& records, std::uint64_t now_ms) {
  const auto ids = shared_without_ground(records, now_ms);
  if (!ids) return ids.error();
  SharingStopped out;
  for (const auto& id : *ids) {
    const auto file = read_case(records, id, Look::judged);
    if (!file) {
      ++out.refused;
      continue;
    }
    const auto over = without_ground(*file, iso_day(now_ms));
    if (over.empty()) continue;
    // One change of members at a time: of several partners the others go with the next visits.
    const auto saved =
        Handovers(records).remove_partner(id, over.front().partner, program(over.front().reason));
    if (saved) {
      ++out.stopped;
    } else if (saved.error().kind == ErrorKind::unavailable) {
      return saved.error();  // the disk: no other record fares better
    } else if (saved.error().kind != ErrorKind::stale) {
      ++out.refused;
    }  // else a change of members that is on its way comes first; the next visit goes on
  }
  return out;
}

Result<Done> check_grounds_name(const RecordService& records, const DossierId& dossier,
                                const std::vector<OpDraft>& ops) {
  const auto added = classes_added(ops);
  if (added.empty()) return Done{};
  const auto file = read_case(records, dossier, Look::judged);
  if (!file || file->role() != sync::Role::owner) return Done{};
  const std::string today = iso_day(records.node().now_ms());
  for (const auto& member : partners_of(*file)) {
    const auto named = named_for(*file, member.organisation, today);
    if (!named) continue;
    std::vector<std::string> missing;
    for (const auto& code : added) {
      if (!named->contains(code)) missing.push_back(code);
    }
    if (missing.empty()) continue;
    return Error{ErrorKind::denied,
                 "No ground in force for sharing with " +
                     organisation_name(records.node(), member.organisation) +
                     " names this: " + classes_in_words(missing, records.codes()) +
                     ". Record a ground that names it first, or leave it out. Nothing was saved."};
  }
  return Done{};
}

}  // namespace throughgate::node
