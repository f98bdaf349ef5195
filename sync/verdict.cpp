#include "sync/verdict.h"

#include "sync/order.h"

namespace throughgate::sync {
namespace {

constexpr Ruling accepted{};
Ruling hold(Reason reason) { return {Outcome::hold, reason}; }
Ruling rejected(Reason reason) { return {Outcome::rejected, reason}; }

// A seq that has a place already: the same entry again, another author's stream, or a fork.
std::optional<Ruling> judge_place(const VerifiedEntry& entry, const OrderView& order) {
  const Header& header = entry.header();
  const auto tip = order.tip(header.stream);
  if (tip && tip->author != header.author) return rejected(Reason::stream_taken);
  const auto holder = order.placed(header.stream, header.seq);
  if (!holder) return std::nullopt;
  if (*holder == entry.hash()) return Ruling{Outcome::duplicate, Reason::none};
  return Ruling{Outcome::fork, Reason::none};
}

Ruling judge_first(const VerifiedEntry& entry, const AuthorStanding& author,
                   const FinalVerdicts& finals) {
  const Membership* membership = entry.membership();
  if (!membership || membership->number != 1) return hold(Reason::dossier_unknown);
  if (!begins_its_dossier(entry, author)) return rejected(Reason::first_entry);
  if (!finals.envelopes_present(*membership)) return hold(Reason::envelopes_missing);
  return accepted;
}

Ruling judge_role(const OrganisationId& organisation, const MembershipHistory& memberships) {
  const auto role = memberships.role_now(organisation);
  if (role && may_write_entries(*role)) return accepted;
  if (role) return rejected(Reason::reader);
  return memberships.was_ever_member(organisation) ? rejected(Reason::not_a_member)
                                                   : hold(Reason::not_yet_a_member);
}

Ruling judge_stream(const Header& header, const OrderView& order) {
  const auto tip = order.tip(header.stream);
  const std::uint64_t seq = tip ? tip->seq : 0;
  const Hash last = tip ? tip->entry : Hash{};
  // A predecessor other than the one placed will be a fork when it is shown; alone it proves
  // nothing.
  if (header.seq != seq + 1 || header.previous != last) return hold(Reason::predecessor_missing);
  return accepted;
}

Ruling judge_dependencies(const Header& header, const OrderView& order,
                          const FinalVerdicts& finals) {
  for (const auto& dependency : header.dependencies) {
    const auto placed = order.placed(dependency.stream, dependency.seq);
    if (placed ? *placed != dependency.entry : finals.is_refused(dependency.entry)) {
      return rejected(Reason::dependency);
    }
    if (!placed) return hold(Reason::dependency_missing);
  }
  return accepted;
}

// At base 0 the author had not yet seen any order: the first entry must be its own, or carried to
// it.
bool knows_first_entry(const Header& header, const OrderView& order) {
  const auto first = order.first_entry();
  if (!first) return false;
  if (header.stream == first->stream) return header.seq > first->seq;
  for (const auto& dependency : header.dependencies) {
    if (dependency.stream == first->stream) return true;
  }
  return false;
}

Ruling judge_epoch(const VerifiedEntry& entry, const OrderView& order) {
  const Header& header = entry.header();
  const auto& memberships = order.memberships();
  const bool at_start = header.base_dsn == 0;
  if (at_start && !knows_first_entry(header, order)) return rejected(Reason::base);
  const std::uint64_t since = at_start ? 1 : header.base_dsn;
  if (!entry.membership() && header.membership_version != memberships.number_at(since)) {
    return rejected(Reason::membership_version);
  }
  // A MEMBERSHIP, and whatever was written before any order was seen: the epoch at the base, no
  // later one.
  const bool usable = entry.membership() || at_start
                          ? header.epoch == memberships.epoch_at(since)
                          : memberships.epoch_usable(header.epoch, since);
  return usable ? accepted : rejected(Reason::epoch);
}

bool removes_somebody(const Membership& before, const Membership& after) {
  for (const auto& member : before.members) {
    if (!after.role_of(member.organisation)) return true;
  }
  return false;
}

Ruling judge_membership(const VerifiedEntry& entry, const AuthorStanding& author,
                        const OrderView& order, const FinalVerdicts& finals) {
  const Membership& next = *entry.membership();
  const auto& memberships = order.memberships();
  if (!memberships.takes_effect(next, author.organisation)) return accepted;  // in its place, inert

  const Membership& now = memberships.current()->membership;
  const bool same_key = next.key_commitment == now.key_commitment;
  if (same_key && removes_somebody(now, next)) return rejected(Reason::key_kept_after_removal);
  if (!same_key && memberships.epoch_known(next.epoch())) return rejected(Reason::epoch);
  if (!same_key && !finals.envelopes_present(next)) return hold(Reason::envelopes_missing);
  return accepted;
}

Ruling judge_redaction(const VerifiedEntry& entry, const AuthorStanding& author,
                       const OrderView& order) {
  const auto role = order.memberships().role_now(author.organisation);
  if (!leads(role)) return rejected(Reason::redact_role);
  const Redaction& target = *entry.redaction();
  const auto kind = order.kind_at(target.dsn);
  const bool fits = target.dsn <= entry.header().base_dsn &&
                    order.entry_at(target.dsn) == target.entry && kind &&
                    *kind != EntryKind::redact;
  return fits ? accepted : rejected(Reason::redact_target);
}

Ruling judge_next(const VerifiedEntry& entry, const AuthorStanding& author, const OrderView& order,
                  const FinalVerdicts& finals) {
  const Header& header = entry.header();
  if (entry.membership() && entry.membership()->number == 1) {
    return rejected(Reason::second_first_entry);
  }
  const auto passes = [](const Ruling& ruling) { return ruling.outcome == Outcome::accepted; };

  if (auto r = judge_role(author.organisation, order.memberships()); !passes(r)) return r;
  if (auto r = judge_stream(header, order); !passes(r)) return r;
  if (order.chain_at(header.base_dsn) != header.base_head) return rejected(Reason::base);
  if (auto r = judge_dependencies(header, order, finals); !passes(r)) return r;
  if (auto r = judge_epoch(entry, order); !passes(r)) return r;
  if (entry.membership()) return judge_membership(entry, author, order, finals);
  if (entry.redaction()) return judge_redaction(entry, author, order);
  return accepted;
}

}  // namespace

bool begins_its_dossier(const VerifiedEntry& entry, const AuthorStanding& author) {
  const Header& header = entry.header();
  const Membership* membership = entry.membership();
  return membership && membership->number == 1 && header.seq == 1 && header.base_dsn == 0 &&
         header.base_head == chain_start(header.dossier) && header.dependencies.empty() &&
         header.epoch == membership->epoch() && membership->owner() == author.organisation &&
         header.dossier ==
             make_dossier_id(author.organisation, author.key, membership->dossier_random);
}

Ruling judge(const VerifiedEntry& entry, const AuthorStanding& author, const OrderView& order,
             const FinalVerdicts& finals) {
  if (order.chain_at(0) != chain_start(entry.header().dossier)) {
    return hold(Reason::dossier_unknown);
  }
  const auto placed = judge_place(entry, order);
  const bool has_its_place = placed && placed->outcome == Outcome::duplicate;
  if (author.revoked && !has_its_place) return rejected(Reason::revoked);
  if (placed) return *placed;
  const Ruling ruling = order.length() == 0 ? judge_first(entry, author, finals)
                                            : judge_next(entry, author, order, finals);
  if (!ruling.is_final() && finals.is_closed(entry.header().stream)) {
    return rejected(Reason::stream_closed);
  }
  return ruling;
}

}  // namespace throughgate::sync
