#include "node/erasure/erasure_plan.h"

#include <algorithm>

#include "node/dossier_kinds.h"
#include "node/erasure/listed.h"
#include "node/whole_name.h"
#include "records/handover.pb.h"

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::RecordName;

// What belongs to a volunteer and stands in dossiers of its own.
constexpr schema::DossierKind beside_a_volunteer[] = {schema::VOLUNTEER_FILE, schema::VETTING_NOTES,
                                                      schema::DIVERSITY};

Result<std::vector<RecordName>> naming(const RecordService& records, const RecordType& type,
                                       std::string_view field, const DossierId& id) {
  const auto* descriptor = field_named(type, field);
  return records.whole().find(type.number, static_cast<std::uint32_t>(descriptor->number()),
                              id.view());
}

Result<Done> add(const RecordService& records, const DossierId& id, ErasurePlan& plan) {
  auto going = going_record(records, id);
  if (!going) return going.error();
  plan.going.push_back(*std::move(going));
  return Done{};
}

Result<Done> add_beside_volunteer(const RecordService& records, ErasurePlan& plan) {
  for (const auto kind : beside_a_volunteer) {
    const auto& type = *root_record_type(kind);
    const auto found = naming(records, type, unique_field(kind), plan.subject);
    if (!found) return found.error();
    for (const auto& name : *found) {
      if (auto done = add(records, name.dossier, plan); !done) return done;
    }
  }
  return Done{};
}

// The record of the person that the handover's facts were copied from, if it is here.
Result<std::optional<DossierId>> person_of(const RecordService& records,
                                           const DossierId& handover) {
  const auto& type = *record_type(*Handover::descriptor());
  const auto record = records.whole().read({handover, {}, type.number});
  if (!record) return record.error();
  const auto source = shown_in(*record, Handover::kPersonSourceFieldNumber);
  const auto id = DossierId::from(crypto::as_bytes(source));
  if (!id || !records.whole().dossier(*id)) return std::optional<DossierId>();
  return id;
}

Result<Done> add_person(const RecordService& records, WithPerson with_person, ErasurePlan& plan) {
  const auto person = person_of(records, plan.subject);
  if (!person) return person.error();
  if (!*person) {
    if (with_person == WithPerson::no) return Done{};
    return Error{ErrorKind::invalid,
                 "No record of the person stands behind this handover here. Leave --with-person "
                 "out. Nothing was asked for."};
  }
  const auto others =
      naming(records, *record_type(*Handover::descriptor()), "person_source", **person);
  if (!others) return others.error();
  const bool is_last = others->size() == 1;
  if (with_person == WithPerson::yes && !is_last) {
    return Error{ErrorKind::invalid,
                 "There are other handovers of this person, so the person's own record stays. "
                 "Leave --with-person out. Nothing was asked for."};
  }
  if (with_person == WithPerson::yes) return add(records, **person, plan);
  if (is_last) {
    plan.notes.emplace_back(
        "This is the last handover of a person whose own record stays. To erase that with it, add "
        "--with-person.");
  }
  return Done{};
}

}  // namespace

Result<GoingRecord> going_record(const RecordService& records, const DossierId& id) {
  GoingRecord out;
  out.id = id;
  const auto held = records.whole().dossier(id);
  if (!held && held.error().kind == ErrorKind::not_found) return out;
  if (!held) return held.error();
  out.type = held->root_type;
  if (const auto* type = record_type(held->root_type)) {
    out.kind = rule_of(*type->descriptor).label();
  }
  const auto name = name_if_known(records, id);  // as far as whoever asks may see it
  if (!name) return name.error();
  out.name = *name;
  for (const auto& member : held->members) out.held_by.push_back(member.organisation);
  return out;
}

Result<ErasurePlan> plan_erasure(const RecordService& records, const DossierId& subject,
                                 WithPerson with_person) {
  if (auto may = records.viewer().check(Act::erase); !may) return may.error();
  const auto held = records.whole().dossier(subject);
  if (!held) return held.error();
  if (held->own_role != sync::Role::owner) {
    const auto* owner = held->member(sync::Role::owner);
    return Error{ErrorKind::denied,
                 "Only " +
                     (owner ? organisation_name(records.node(), owner->organisation)
                            : std::string("whoever keeps it")) +
                     ", which keeps this record, may ask for it to be erased. Nothing was asked "
                     "for."};
  }
  ErasurePlan plan;
  plan.subject = subject;
  if (auto done = add(records, subject, plan); !done) return done.error();
  const auto* type = record_type(held->root_type);
  const auto kind = type ? type->dossier : schema::DOSSIER_KIND_UNSPECIFIED;
  if (kind == schema::ERASURE || kind == schema::HOLD || kind == schema::SITE) {
    return Error{ErrorKind::invalid,
                 "A record of this kind is not erased: it names nobody, and what it says is "
                 "needed. Nothing was asked for."};
  }
  if (kind == schema::VOLUNTEER) {
    if (auto done = add_beside_volunteer(records, plan); !done) return done.error();
  }
  if (kind == schema::CASE) {
    if (auto done = add_person(records, with_person, plan); !done) return done.error();
  } else if (with_person == WithPerson::yes) {
    return Error{ErrorKind::invalid,
                 "--with-person goes with a handover only. Nothing was asked for."};
  }
  std::set<DossierId> ids;
  for (const auto& going : plan.going) ids.insert(going.id);
  auto holds = holds_on(records, ids);
  if (!holds) return holds.error();
  plan.holds = *std::move(holds);
  return plan;
}

Result<std::vector<DossierId>> held_together(const RecordService& records,
                                             const DossierId& subject) {
  std::vector<DossierId> out{subject};
  const auto held = records.whole().dossier(subject);
  if (!held) return held.error();
  if (held->root_type == root_record_type(schema::SITE)->number) return out;
  const auto plan = plan_erasure(records, subject);
  if (!plan && plan.error().kind != ErrorKind::denied) return plan.error();
  for (std::size_t i = 1; plan && i < plan->going.size(); ++i) out.push_back(plan->going[i].id);
  return out;
}

}  // namespace throughgate::node
