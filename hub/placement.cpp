#include "hub/placement.h"

#include <algorithm>

#include "hub/wire.h"

namespace throughgate::hub {
namespace {

using schema::EntryAnswer;
using sync::Outcome;
using sync::Reason;
using sync::Ruling;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

std::size_t size_of(const sync::SignedEntry& entry) {
  return entry.header.size() + entry.signature.size() + entry.clear.size() + entry.sealed.size();
}

EntryAnswer plain(EntryAnswer::Plain what) {
  EntryAnswer answer;
  answer.set_plain(what);
  return answer;
}

// What only the hub remembers, for judge().
class HubMemory final : public sync::FinalVerdicts {
 public:
  HubMemory(HubStore& store, const EnvelopeShelf& shelf, const sync::Header& header)
      : store_(store), shelf_(shelf), header_(header) {}
  bool is_closed(const StreamId& stream) const override {
    return store_.is_closed(header_.dossier, stream, header_.author);
  }
  bool is_refused(const Hash& entry) const override {
    return store_.final_verdict(entry).has_value();
  }
  bool envelopes_present(const sync::Membership& membership) const override {
    return shelf_.covers(header_.dossier, membership);
  }

 private:
  HubStore& store_;
  const EnvelopeShelf& shelf_;
  const sync::Header& header_;
};

}  // namespace

Tally& Tally::operator+=(const Tally& other) {
  accepted += other.accepted;
  duplicate += other.duplicate;
  need_full += other.need_full;
  held += other.held;
  rejected += other.rejected;
  fork += other.fork;
  bad += other.bad;
  damaged += other.damaged;
  return *this;
}

void Placement::answer(const schema::EntryGroup& group, std::vector<EntryAnswer>& answers) {
  const auto dossier = wire::id<DossierId>(group.dossier()).value_or(DossierId{});
  sync::WireExpander expander(dossier, round_.order(dossier));
  for (const auto& in : group.entries()) {
    answers.push_back(answer_one(dossier, group, in, expander));
    if (answers.back().plain() == EntryAnswer::NEED_FULL) ++tally_.need_full;
    if (answers.back().plain() == EntryAnswer::BAD) ++tally_.bad;
  }
}

EntryAnswer Placement::answer_one(const DossierId& dossier, const schema::EntryGroup& group,
                                  const schema::WireEntry& in, sync::WireExpander& expander) {
  auto expansion = expander.expand(group, in);
  if (!expansion.entry) {
    const bool full = expansion.fault == sync::WireExpander::Fault::need_full;
    return plain(full ? EntryAnswer::NEED_FULL : EntryAnswer::BAD);
  }
  const Hash hash = sync::entry_hash(expansion.entry->header);
  const auto decoded = sync::decode_header(expansion.entry->header);
  if (!decoded.header) {
    if (decoded.fault != sync::HeaderFault::version_unknown) return plain(EntryAnswer::BAD);
    ++tally_.held;  // nobody here can read it, so nothing of it is kept
    return verdict(dossier, hash, {Outcome::hold, Reason::update_needed}, round_.now_ms());
  }
  const auto& directory = round_.directory();
  const auto author = directory.standing(decoded.header->author, directory.version());
  if (decoded.header->dossier != dossier) return plain(EntryAnswer::BAD);
  if (!author) return plain(expansion.was_full ? EntryAnswer::BAD : EntryAnswer::NEED_FULL);
  auto verified = sync::verify(*std::move(expansion.entry), author->key);
  if (!verified.entry) {
    const bool misread = !expansion.was_full && verified.bad == sync::Bad::signature;
    return plain(misread ? EntryAnswer::NEED_FULL : EntryAnswer::BAD);
  }
  expander.note(*verified.entry);
  return judge_one(*verified.entry, *author);
}

EntryAnswer Placement::judge_one(const sync::VerifiedEntry& entry,
                                 const sync::AuthorStanding& author) {
  const auto& header = entry.header();
  HubStore& store = round_.store();
  if (round_.directory().is_erased(header.dossier)) {  // so not even the verdict is remembered
    ++tally_.rejected;
    return verdict(header.dossier, entry.hash(), {Outcome::rejected, Reason::erased},
                   round_.now_ms());
  }
  const auto* first =
      entry.membership() && entry.membership()->number == 1 ? entry.membership() : nullptr;
  // Even of what has a place: until the dossier opens, another order may yet come instead.
  if (recovery_.is_recovering(header.dossier, first)) return hold_until_open(entry);
  const auto placed = round_.order(header.dossier).find(header.stream, header.seq);
  if (placed && placed->entry == entry.hash()) {
    ++tally_.duplicate;
    return accepted(header.dossier, entry.hash(), {Outcome::duplicate, Reason::none}, placed->dsn);
  }
  if (const auto said = store.final_verdict(entry.hash())) {
    return repeat(header.dossier, entry.hash(), *said);
  }
  const HubMemory memory(store, shelf_, header);
  const Ruling ruling = sync::judge(entry, author, round_.order(header.dossier), memory);
  // An order in which it has its place may still come: a final word would be wrong then.
  if (ruling.is_final() && recovery_.is_recovering(header.dossier)) return hold_until_open(entry);
  if (ruling.is_final()) return close(entry, author, ruling);
  if (ruling.outcome == Outcome::hold) return hold(entry, author, ruling.reason);
  return place(entry, author);
}

EntryAnswer Placement::hold_until_open(const sync::VerifiedEntry& entry) {
  ++tally_.held;
  return verdict(entry.header().dossier, entry.hash(), {Outcome::hold, Reason::hub_recovering},
                 round_.now_ms());
}

// Not yet; and after two weeks, never.
EntryAnswer Placement::hold(const sync::VerifiedEntry& entry, const sync::AuthorStanding& author,
                            Reason reason) {
  const auto& dossier = entry.header().dossier;
  const auto since = round_.store().held_since_ms(entry.hash());
  if (since && round_.now_ms() > *since + hold_ms_max) {
    return close(entry, author, {Outcome::rejected, Reason::expired});
  }
  if (!since) {  // a note takes room too
    if (!takes_bytes(entry, author.organisation)) reason = Reason::over_quota;
    if (reason != Reason::over_quota) {
      round_.store().note_hold(dossier, entry.hash(), round_.now_ms());
    }
  }
  ++tally_.held;
  return verdict(dossier, entry.hash(), {Outcome::hold, reason}, round_.now_ms());
}

// Never: remembered, its stream closed, its parts into the late box.
EntryAnswer Placement::close(const sync::VerifiedEntry& entry, const sync::AuthorStanding& author,
                             const Ruling& ruling) {
  const auto& header = entry.header();
  HubStore& store = round_.store();
  const std::uint64_t late = store.late_bytes(author.organisation) + size_of(entry.bytes());
  if (late > round_.limits().late_bytes_max) {  // what could not be kept must not be refused
    ++tally_.held;
    return verdict(header.dossier, entry.hash(), {Outcome::hold, Reason::over_quota},
                   round_.now_ms());
  }
  FinalVerdict said{ruling, round_.now_ms(), {}, {}};
  const StoredOrder& order = round_.order(header.dossier);
  if (const auto other =
          ruling.outcome == Outcome::fork ? order.find(header.stream, header.seq) : std::nullopt) {
    if (const auto proof = order.read(other->dsn)) {
      said.fork_header = proof->entry.header;
      said.fork_signature = proof->entry.signature;
    }
  }
  store.add_final_verdict(entry, said, author.organisation);
  return repeat(header.dossier, entry.hash(), said);
}

bool Placement::within_quota(const sync::VerifiedEntry& entry, const OrganisationId& author) {
  const bool begins = round_.order(entry.header().dossier).length() == 0;
  if (begins && round_.store().dossiers_owned(author) >= round_.limits().dossiers_max) return false;
  return takes_bytes(entry, author);
}

// Whether the author's organisation may send so much more today; if so, it has.
bool Placement::takes_bytes(const sync::VerifiedEntry& entry, const OrganisationId& author) {
  const std::uint64_t day = round_.now_ms() / day_ms;
  const std::uint64_t bytes = size_of(entry.bytes());
  if (round_.store().bytes_on(author, day) + bytes > round_.limits().bytes_per_day_max) {
    return false;
  }
  round_.store().add_bytes(author, day, bytes);
  return true;
}

EntryAnswer Placement::place(const sync::VerifiedEntry& entry, const sync::AuthorStanding& author) {
  const DossierId& dossier = entry.header().dossier;
  if (!within_quota(entry, author.organisation)) {
    ++tally_.held;
    return verdict(dossier, entry.hash(), {Outcome::hold, Reason::over_quota}, round_.now_ms());
  }
  StoredOrder& order = round_.order(dossier);
  const auto* now = order.memberships().current();
  const auto before = now ? members_of(now->membership) : std::set<OrganisationId>{};
  const sync::OrderRecord record{order.length() + 1, entry.hash(), round_.directory().version(),
                                 std::max(round_.now_ms(), order.chain().accepted_at_ms)};
  order.append(entry, record, author.organisation);
  order.set_signed_by(round_.state().instance);
  round_.store().forget_hold(entry.hash());
  tell_of(entry, before);
  ++tally_.accepted;
  return accepted(dossier, entry.hash(), {Outcome::accepted, Reason::none}, record.dsn);
}

void Placement::tell_of(const sync::VerifiedEntry& entry, const std::set<OrganisationId>& before) {
  const DossierId& dossier = entry.header().dossier;
  const auto* now = round_.order(dossier).memberships().current();
  auto told = before;
  std::set<OrganisationId> added;
  for (const auto& organisation : members_of(now->membership)) {
    if (told.insert(organisation).second) added.insert(organisation);
  }
  round_.tell(dossier, told, added);
  if (now->entry == entry.hash()) round_.store().number_late_anew(dossier);  // who leads may be new
  if (now->entry == entry.hash()) shelf_.epoch_began(dossier, now->membership);
}

// ---- answers

EntryAnswer Placement::accepted(const DossierId& dossier, const Hash& entry, const Ruling& ruling,
                                std::uint64_t dsn) {
  const auto& memberships = round_.order(dossier).memberships();
  if (memberships.role_now(round_.caller().organisation)) return plain(EntryAnswer::ACCEPTED);
  return verdict(dossier, entry, ruling, round_.now_ms(), dsn);
}

EntryAnswer Placement::verdict(const DossierId& dossier, const Hash& entry, const Ruling& ruling,
                               std::uint64_t given_at_ms, std::uint64_t dsn) {
  sync::SignedVerdict said{round_.state().instance, dossier, entry, ruling, dsn, given_at_ms, {}};
  sync::sign(said, hub_key_);
  EntryAnswer answer;
  answer.mutable_verdict()->set_bytes(wire::text(said.encode()));
  answer.mutable_verdict()->set_signature(wire::text(said.signature));
  return answer;
}

EntryAnswer Placement::repeat(const DossierId& dossier, const Hash& entry,
                              const FinalVerdict& said) {
  ++(said.ruling.outcome == Outcome::fork ? tally_.fork : tally_.rejected);
  auto answer = verdict(dossier, entry, said.ruling, said.given_at_ms);
  if (!said.fork_header.empty()) {
    answer.set_fork_header(wire::text(said.fork_header));
    answer.set_fork_signature(wire::text(said.fork_signature));
  }
  return answer;
}

}  // namespace throughgate::hub
