#include "tests/sync/test_dossier.h"

#include <stdexcept>

namespace throughgate::sync::testing {
namespace {

constexpr std::uint64_t opened_at_ms = 1'800'000'000'000;  // January 2027

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::logic_error(result.error().message);
  return std::move(*result);
}

Membership make_first_membership(TestDossier& dossier) {
  Membership out;
  out.number = 1;
  out.dossier_random = dossier.random.bytes<16>();
  out.members = {{dossier.owner.organisation, Role::owner},
                 {dossier.receiver.organisation, Role::receiver},
                 {dossier.contributor.organisation, Role::contributor},
                 {dossier.reader.organisation, Role::reader},
                 {dossier.desk.organisation, Role::central}};
  std::sort(out.members.begin(), out.members.end(),
            [](const Member& a, const Member& b) { return a.organisation < b.organisation; });
  const auto id = make_dossier_id(dossier.owner.organisation, dossier.owner.key.verify_key(),
                                  out.dossier_random);
  out.key_commitment = key_commitment(dossier.key, id);
  return out;
}

}  // namespace

Author make_author(crypto::Random& random) {
  const auto organisation = OrganisationId::random(random);
  const auto node = NodeId::random(random);
  return {organisation, node, crypto::SigningKey::generate(random)};
}

Author make_sister(const Author& author, crypto::Random& random) {
  const auto node = NodeId::random(random);
  return {author.organisation, node, crypto::SigningKey::generate(random)};
}

TestDossier::TestDossier(std::uint64_t seed)
    : random(seed),
      owner(make_author(random)),
      receiver(make_author(random)),
      contributor(make_author(random)),
      reader(make_author(random)),
      desk(make_author(random)),
      stranger(make_author(random)),
      key(crypto::ContentKey::generate(random)),
      first_membership(make_first_membership(*this)),
      id(make_dossier_id(owner.organisation, owner.key.verify_key(),
                         first_membership.dossier_random)),
      order(id) {}

VerifiedEntry TestDossier::write(const Author& author, Stream& stream, Draft draft) {
  const std::uint64_t base = draft.base.value_or(order.length());
  const std::uint64_t since = std::max<std::uint64_t>(base, 1);
  const auto& memberships = order.memberships();
  Header header;
  header.kind = draft.kind;
  header.dossier = id;
  header.author = author.node;
  header.stream = stream.id;
  header.seq = draft.seq.value_or(stream.seq + 1);
  header.previous = draft.previous.value_or(stream.tip);
  header.membership_version =
      draft.membership_version.value_or(std::max(1U, memberships.number_at(since)));
  header.epoch =
      draft.epoch.value_or(memberships.epoch_at(since).value_or(first_membership.epoch()));
  header.base_dsn = base;
  header.base_head = draft.base_head.value_or(order.chain_at(base).value_or(Hash{}));
  header.dependencies = std::move(draft.dependencies);
  auto entry = value_of(seal_and_sign(std::move(header), std::move(draft.clear), draft.changes, key,
                                      author.key, random));
  stream.seq = entry.header().seq;
  stream.tip = entry.hash();
  return entry;
}

VerifiedEntry TestDossier::write_first(Stream& stream) {
  return write(owner, stream, membership_draft(first_membership));
}

Membership TestDossier::next_membership() const {
  const auto& now = *order.memberships().current();
  Membership next = now.membership;
  next.number += 1;
  next.previous = now.entry;
  next.dossier_random = {};
  return next;
}

Draft TestDossier::membership_draft(const Membership& membership) {
  Draft draft;
  draft.kind = EntryKind::membership;
  draft.membership_version = membership.number;
  draft.clear = membership.encode();
  return draft;
}

Draft TestDossier::redaction_draft(std::uint64_t dsn, const Hash& entry) {
  Draft draft;
  draft.kind = EntryKind::redact;
  draft.clear = Redaction{dsn, entry}.encode();
  draft.changes.copy.emplace();
  return draft;
}

Ruling TestDossier::judge(const VerifiedEntry& entry, const Author& author,
                          const FinalVerdicts& finals) const {
  return sync::judge(entry, author.standing(), order, finals);
}

void TestDossier::place(const VerifiedEntry& entry, const Author& author) {
  order.place(entry, author.organisation, 1, opened_at_ms + 1000 * order.length());
}

VerifiedEntry TestDossier::add(const Author& author, Stream& stream, Draft draft) {
  auto entry = write(author, stream, std::move(draft));
  place(entry, author);
  return entry;
}

VerifiedEntry TestDossier::begin(Stream& stream) {
  auto entry = write_first(stream);
  place(entry, owner);
  return entry;
}

ChangeSet change_of(std::vector<Op> ops, std::uint64_t clock_ms) {
  ChangeSet out;
  out.clock_ms = clock_ms;
  out.actor.id = {{0, 1, 2, 3, 4, 5, 6, 7}};
  out.ops = std::move(ops);
  return out;
}

Op set_op(std::uint32_t field, std::string_view value, std::vector<SeenName> supersedes) {
  Op op;
  op.field = {{}, 1, field};
  op.value = Bytes(value.begin(), value.end());
  op.supersedes = std::move(supersedes);
  return op;
}

}  // namespace throughgate::sync::testing
