#include "node/desk/erasures.h"

#include <algorithm>
#include <map>

#include "node/days.h"
#include "node/desk/revocations.h"
#include "node/dossier_kinds.h"
#include "records/link.pb.h"
#include "sync/store/erasure_post.h"

namespace throughgate::node {
namespace {

using schema::ErasureRequest;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::Role;
using sync::store::Purpose;
using sync::store::UnitOfWork;

const RecordType& request_type() { return *record_type(*ErasureRequest::descriptor()); }

// Whoever is not the owner here, or could not have made that id, asks for what is another's.
bool made_by(const NamedRecord& named, const sync::OrganisationId& owner,
             const sync::Directory& directory) {
  const auto* author = directory.node(named.author);
  return author &&
         sync::make_dossier_id(owner, author->verify_key, named.dossier_random) == named.id;
}

bool is_of_the_store(const Error& error) {
  return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::corrupt;
}

Error not_open(const ErasureAsked& asked) {
  return {ErrorKind::invalid,
          "This request is not open any more: " + state_in_words(asked) + ". Nothing was changed."};
}

}  // namespace

// ---- what is asked for

Result<Done> DeskErasures::check_whose(const NamedRecord& named, Considered& out) {
  const auto held = records_.whole().dossier(named.id);
  if (!held && held.error().kind != ErrorKind::not_found) return held.error();
  const auto* owner = held ? held->member(Role::owner) : nullptr;
  const bool theirs = owner ? owner->organisation == out.asked.by
                            : made_by(named, out.asked.by, records_.node().directory());
  if (!theirs && !records_.node().directory().is_erased(named.id)) {
    out.against.push_back("It names a record (" + named.id.hex().substr(0, 8) +
                          ") that is not this organisation's.");
  }
  return Done{};
}

// Whoever owns the record has no copy of it: theirs is the record, and others rely on that.
Result<Done> DeskErasures::check_copy(const NamedRecord& named, Considered& out) {
  const auto held = records_.whole().dossier(named.id);
  if (!held && held.error().kind != ErrorKind::not_found) return held.error();
  const auto* owner = held ? held->member(Role::owner) : nullptr;
  if (!owner || owner->organisation == out.asked.by) {
    out.against.push_back("It names a record (" + named.id.hex().substr(0, 8) + ") of which " +
                          (owner ? "this organisation is the owner: its copy is the record itself."
                                 : "nothing is known here."));
  } else if (!sync::leads(held->own_role)) {
    out.against.push_back("It names a record (" + named.id.hex().substr(0, 8) +
                          ") in which the central team takes no part any more.");
  }
  return Done{};
}

// Links stand with the desk alone, and say nothing without the records that they link.
Result<Done> DeskErasures::add_links(const DossierId& record, Considered& out) {
  const auto& link = *record_type(*schema::Link::descriptor());
  for (const int field : {schema::Link::kFirstFieldNumber, schema::Link::kSecondFieldNumber}) {
    const auto found =
        records_.whole().find(link.number, static_cast<std::uint32_t>(field), record.view());
    if (!found) return found.error();
    for (const auto& name : *found) {
      const bool known = std::any_of(out.going.begin(), out.going.end(),
                                     [&](const auto& going) { return going.id == name.dossier; });
      if (known) continue;
      auto going = going_record(records_, name.dossier);
      if (!going) return going.error();
      out.going.push_back(*std::move(going));
    }
  }
  return Done{};
}

Result<Done> DeskErasures::add_going(Considered& out) {
  for (const auto& named : out.asked.records) {
    auto going = going_record(records_, named.id);
    if (!going) return going.error();
    const bool own_copy = out.asked.is_own_copy();
    if (going->held_by.empty() || own_copy) going->held_by = {out.asked.by};
    out.going.push_back(*std::move(going));
    if (auto done = own_copy ? check_copy(named, out) : check_whose(named, out); !done) return done;
  }
  if (out.asked.is_own_copy()) return Done{};
  for (const auto& named : out.asked.records) {
    if (auto done = add_links(named.id, out); !done) return done;
  }
  return Done{};
}

Result<Considered> DeskErasures::consider(const DossierId& request) {
  if (auto desk = desk_.is_desk(); !desk) return desk.error();
  auto asked = read_request(records_, request);
  if (!asked) return asked.error();
  Considered out{*std::move(asked), {}, {}, {}};
  if (auto done = add_going(out); !done) return done.error();
  std::set<DossierId> ids;
  for (const auto& going : out.going) ids.insert(going.id);
  auto holds = holds_on(records_, ids);
  if (!holds) return holds.error();
  out.holds = *std::move(holds);
  for (const auto& hold : out.holds) {
    out.against.push_back("A legal hold keeps it: " + in_words(hold, records_.node()) + ".");
  }
  if (out.asked.records.empty() || out.asked.unreadable > 0) {
    out.against.emplace_back(
        "It does not say which records, in a way this program reads and in their own name.");
  }
  return out;
}

Result<std::vector<Considered>> DeskErasures::requests(bool all) {
  if (auto desk = desk_.is_desk(); !desk) return desk.error();
  const auto known = all_requests(records_);
  if (!known) return known.error();
  std::vector<Considered> out;
  for (const auto& asked : *known) {
    if (!all && !asked.is_open()) continue;
    auto considered = consider(asked.id);
    if (!considered) return considered.error();
    out.push_back(*std::move(considered));
  }
  return out;
}

// ---- the desk's answer

Result<Done> DeskErasures::sign(const DossierId& request, const By& by) {
  if (auto may = records_.viewer().check(Act::desk); !may) return may;
  const auto considered = consider(request);
  if (!considered) return considered.error();
  const bool signed_before = considered->asked.state == ErasureRequest::SIGNED;
  if (considered->asked.erased_in && signed_before) return not_open(considered->asked);
  if (!considered->asked.erased_in) {
    if (!considered->asked.is_open() && !signed_before) return not_open(considered->asked);
    if (!considered->against.empty()) {
      return Error{ErrorKind::denied, considered->against.front() + " Nothing was erased."};
    }
    // Looked through before anything goes, unless it is what the request says already.
    if (by.reason != considered->asked.reason) {
      if (auto fit = records_.check_text(request, {}, by.reason); !fit) return fit;
    }
    if (considered->asked.is_own_copy()) {
      const auto gone = let_copy_go(*considered, by);
      return gone ? Result<Done>(Done{}) : gone.error();
    }
    std::vector<DossierId> going;
    for (const auto& each : considered->going) going.push_back(each.id);
    if (auto done = desk_.erase(going); !done) return done;
  }
  return signed_before ? Result<Done>(Done{}) : note_signed(request, by);
}

Result<Done> DeskErasures::note_signed(const DossierId& request, const By& by) {
  const auto form = records_.open({request, {}, request_type().number});
  if (!form) return form.error();
  records_.take_text_as_it_stands();  // it was looked through, and what is signed is signed
  const auto saved = records_.set_fields(*form, {{"state", "SIGNED"}}, by);
  return saved ? Result<Done>(Done{}) : saved.error();
}

// False: a change of members that is on its way comes first; the next visit goes on.
Result<bool> DeskErasures::let_copy_go(const Considered& considered, const By& by) {
  const auto& leaving = considered.asked.by;
  for (const auto& going : considered.going) {
    const auto held = records_.whole().dossier(going.id);
    if (!held) return held.error();
    const bool is_member =
        std::any_of(held->members.begin(), held->members.end(),
                    [&](const sync::Member& each) { return each.organisation == leaving; });
    if (!is_member) continue;
    const auto left = records_.node().admission().change_members(
        going.id, {sync::store::MemberChange::Kind::remove, leaving}, records_.authorship(by));
    if (!left && left.error().kind == ErrorKind::stale) return false;
    if (!left) return left.error();
  }
  if (auto noted = note_signed(considered.asked.id, by); !noted) return noted.error();
  return true;
}

// One that cannot go keeps none of the others, and no visit from its end: it stays open.
Result<std::size_t> DeskErasures::let_copies_go(const By& by) {
  const auto open = requests();
  if (!open) return open.error();
  std::size_t count = 0;
  for (const auto& each : *open) {
    if (!each.asked.is_own_copy() || !each.against.empty()) continue;
    const auto gone = let_copy_go(each, by);
    if (!gone && is_of_the_store(gone.error())) return gone.error();
    count += gone && *gone ? 1 : 0;
  }
  return count;
}

// By the desk's own rule of that name, and by what it sees of the record itself.
Result<bool> DeskErasures::is_scheduled(const Considered& considered,
                                        const RetentionSchedule& schedule,
                                        const std::string& today) {
  const auto& asked = considered.asked;
  const auto* rule = schedule.rule(asked.rule);
  // A rule for parts of a record says nothing of the whole.
  if (!rule || how_it_goes(rule->from) != Goes::everywhere ||
      asked.ground != ErasureRequest::PERIOD_OVER || !considered.against.empty() ||
      !day_after(asked.due_on, 0) || asked.due_on >= today) {
    return false;
  }
  for (const auto& named : asked.records) {
    const auto over = is_over_as_seen(records_, *rule, named.id, today);
    if (!over) return over.error();
    if (over->has_value() && !**over) return false;
  }
  return true;
}

Result<std::size_t> DeskErasures::sign_scheduled(const RetentionSchedule& schedule,
                                                 const std::string& today) {
  const auto open = requests();
  if (!open) return open.error();
  std::vector<DossierId> going;
  std::size_t count = 0;
  for (const auto& each : *open) {
    const auto scheduled = is_scheduled(each, schedule, today);
    if (!scheduled) return scheduled.error();
    if (!*scheduled) continue;
    ++count;
    for (const auto& record : each.going) going.push_back(record.id);
  }
  if (auto done = desk_.erase(going); !done) return done.error();
  return count;
}

Result<Saved> DeskErasures::refuse(const DossierId& request, const std::string& reason,
                                   const By& by) {
  if (auto may = records_.viewer().check(Act::desk); !may) return may.error();
  if (is_blank(reason)) {
    return Error{ErrorKind::invalid, "Say why. Nothing was changed."};
  }
  const auto considered = consider(request);
  if (!considered) return considered.error();
  if (!considered->asked.is_open()) return not_open(considered->asked);
  const auto form = records_.open({request, {}, request_type().number});
  if (!form) return form.error();
  return records_.set_fields(*form, {{"state", "REFUSED"}, {"answer", reason}}, {by.actor, reason});
}

// ---- who has not said so yet

Result<std::vector<Outstanding>> DeskErasures::outstanding() {
  if (auto desk = desk_.is_desk(); !desk) return desk.error();
  const auto& directory = records_.node().directory();
  UnitOfWork work(records_.node().database(), Purpose::reading);
  std::map<sync::Witness, std::uint64_t> said;
  for (const auto& receipt : sync::store::erasure_receipts(work)) {
    said[receipt.witness] = receipt.erased_to;
  }
  std::vector<Outstanding> out;
  const auto add = [&](const sync::Witness& witness, std::string who, std::uint64_t from_version,
                       std::uint64_t heard_ms) {
    Outstanding each{std::move(who), said[witness], heard_ms, {}};
    for (const auto& [id, version] : directory.erased()) {
      if (version > each.erased_to && version >= from_version) each.owed.push_back(id);
    }
    if (!each.owed.empty()) out.push_back(std::move(each));
  };
  for (const auto& [id, node] : directory.nodes()) {
    if (node.revoked_in) continue;
    add({sync::WitnessKind::node, id.bytes},
        organisation_name(records_.node(), node.organisation) + ", " + node.label, node.enrolled_in,
        last_heard_ms(work, id));
  }
  add({sync::WitnessKind::hub, directory.hub_instance().bytes}, "the central exchange", 0, 0);
  if (auto done = work.commit(); !done) return done.error();
  std::stable_sort(out.begin(), out.end(), [](const Outstanding& a, const Outstanding& b) {
    return a.owed.size() > b.owed.size();
  });
  return out;
}

}  // namespace throughgate::node
