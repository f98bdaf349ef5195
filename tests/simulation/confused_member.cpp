#include "tests/simulation/confused_member.h"

#include <algorithm>

#include "hub/stored_order.h"
#include "schema/wire.pb.h"
#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/signed_verdict.h"
#include "sync/wire_values.h"
#include "tests/simulation/handover_fields.h"

namespace throughgate::simulation {
namespace {

using sync::EntryKind;
using sync::Hash;
using sync::Header;
using sync::Membership;
using sync::Outcome;
using sync::Reason;
using sync::to_wire;

template <class Message>
crypto::Bytes bytes_of(const Message& message) {
  crypto::Bytes out(message.ByteSizeLong());
  message.SerializeToArray(out.data(), static_cast<int>(out.size()));
  return out;
}

// What the hub keeps of a dossier, and the number of all it has ever had to tell: that grows, too,
// when a dossier that recovers opens.
struct Kept {
  std::uint64_t change = 0, dossiers = 0, entries = 0;
  Hash head{};

  friend bool operator==(const Kept&, const Kept&) = default;
};

Kept kept_by(HubMachine& hub, const sync::DossierId& id) {
  Kept kept;
  const auto counts = hub.sequencer().counts();
  if (!counts) return kept;
  kept.dossiers = counts->dossiers;
  kept.entries = counts->entries;
  auto transaction = hub::StoreTransaction::begin(hub.store());
  if (counts->recovering == 0) kept.change = hub.store().state().change;
  if (const auto chain = hub.store().chain(id)) kept.head = chain->head;
  return kept;
}

// The last of a stream that somebody else writes.
std::optional<sync::StreamTip> foreign_stream(const hub::StoredOrder& order,
                                              const sync::NodeId& own, sync::StreamId& stream) {
  for (std::uint64_t dsn = order.length(); dsn > 0; --dsn) {
    const auto placed = order.read(dsn);
    const auto header = placed ? sync::decode_header(placed->entry.header).header : std::nullopt;
    if (!header || header->author == own) continue;
    stream = header->stream;
    return order.tip(stream);
  }
  return std::nullopt;
}

}  // namespace

void ConfusedMember::write(NodeMachine& machine, HubMachine& hub, const sync::DossierId& id,
                           Findings& findings) {
  const auto wrong = wrong_entries(machine, hub, id);
  if (!wrong.empty()) send(machine, hub, id, wrong, findings);
}

void ConfusedMember::write_as_revoked(NodeMachine& revoked, NodeMachine& carrier, HubMachine& hub,
                                      const sync::DossierId& id, Findings& findings) {
  std::vector<Wrong> out;
  {
    auto transaction = hub::StoreTransaction::begin(hub.store());
    const hub::StoredOrder order(hub.store(), id);
    if (order.length() == 0) return;
    Header header;
    header.dossier = id;
    header.author = revoked.node().identity().node;
    header.stream = sync::StreamId::random(random_);
    header.seq = 1;
    header.base_dsn = order.length();
    header.base_head = order.chain_at(header.base_dsn).value_or(Hash{});
    header.membership_version = order.memberships().number_at(header.base_dsn);
    header.epoch = order.memberships().epoch_at(header.base_dsn).value_or(sync::EpochId{});
    add(header, {}, Reason::revoked, revoked.node(), out);
  }
  send(carrier, hub, id, out, findings);
}

void ConfusedMember::send(NodeMachine& machine, HubMachine& hub, const sync::DossierId& id,
                          const std::vector<Wrong>& wrong, Findings& findings) {
  const auto asked = request(machine, hub, wrong);
  if (!asked) return;  // it may not even sign in
  const Kept before = kept_by(hub, id);
  const auto answer = hub.handle(hub::Endpoint::sync, *asked);
  if (!answer.is_done()) return;
  const auto heard = compare(answer.bytes, wrong);
  if (!heard.empty()) findings.emplace("refused", heard);
  Kept after = kept_by(hub, id);
  if (before.change == 0) after.change = 0;  // something may have opened meanwhile
  if (after != before) {
    findings.emplace("refused", "what the hub refused has changed what it keeps");
  }
}

// ---- what it writes

void ConfusedMember::add(Header header, sync::Bytes clear, Reason refused_for,
                         const node::OpenNode& node, std::vector<Wrong>& out) {
  sync::ChangeSet change_set;
  change_set.clock_ms = time_.now_ms();
  change_set.actor.id.bytes[0] = 1;
  change_set.ops = {{fields()[0], sync::OpKind::set, text("never"), {}, {}, false}};
  const auto entry = sync::seal_and_sign(std::move(header), std::move(clear), change_set,
                                         crypto::ContentKey::generate(random_),
                                         node.identity().signing_key, random_);
  if (entry) out.push_back({entry->bytes(), refused_for});
}

std::vector<ConfusedMember::Wrong> ConfusedMember::wrong_entries(NodeMachine& machine,
                                                                 HubMachine& hub,
                                                                 const sync::DossierId& id) {
  std::vector<Wrong> out;
  const auto& node = machine.node();
  auto transaction = hub::StoreTransaction::begin(hub.store());
  const hub::StoredOrder order(hub.store(), id);
  const auto& memberships = order.memberships();
  const auto role = memberships.role_now(node.identity().organisation);
  if (!role || !sync::may_write_entries(*role)) return out;

  const std::uint64_t last = order.length();
  Header good;
  good.dossier = id;
  good.author = node.identity().node;
  good.stream = sync::StreamId::random(random_);
  good.seq = 1;
  good.membership_version = memberships.number_at(last);
  good.epoch = memberships.epoch_at(last).value_or(sync::EpochId{});
  good.base_dsn = last;
  good.base_head = order.chain_at(last).value_or(Hash{});

  const auto fresh = [&] {
    Header header = good;
    header.stream = sync::StreamId::random(random_);
    return header;
  };
  Header header = fresh();
  header.epoch = sync::EpochId::random(random_);
  add(header, {}, Reason::epoch, node, out);
  header = fresh();
  ++header.membership_version;
  add(header, {}, Reason::membership_version, node, out);
  header = fresh();
  if (const auto tip = foreign_stream(order, good.author, header.stream)) {
    header.seq = tip->seq + 1;
    header.previous = tip->entry;
    add(header, {}, Reason::stream_taken, node, out);
  }
  if (sync::leads(role)) {
    header = fresh();
    header.kind = EntryKind::redact;
    sync::Redaction target{last, {}};
    random_.fill(target.entry);
    add(header, target.encode(), Reason::redact_target, node, out);
  }
  wrong_memberships(good, order, node, out);
  return out;
}

void ConfusedMember::wrong_memberships(const Header& good, const hub::StoredOrder& order,
                                       const node::OpenNode& node, std::vector<Wrong>& out) {
  const auto& own = node.identity().organisation;
  const auto& now = *order.memberships().current();
  Header header = good;
  header.kind = EntryKind::membership;
  header.stream = sync::StreamId::random(random_);

  // Somebody goes, and the key that they hold stays.
  Membership next = now.membership;
  next.number = now.membership.number + 1;
  next.previous = now.entry;
  next.dossier_random = {};
  const auto goes = std::find_if(next.members.begin(), next.members.end(), [&](const auto& member) {
    return member.organisation != own && member.role != sync::Role::owner;
  });
  if (sync::leads(now.membership.role_of(own)) && goes != next.members.end()) {
    next.members.erase(goes);
    header.membership_version = next.number;
    add(header, next.encode(), Reason::key_kept_after_removal, node, out);
  }

  // A beginning, of a dossier that has one; and of one whose name is not theirs to give.
  Membership first = now.membership;
  first.number = 1;
  first.previous = {};
  random_.fill(first.dossier_random);
  header.membership_version = 1;
  header.epoch = first.epoch();
  header.base_dsn = 0;
  header.base_head = sync::chain_start(good.dossier);
  header.stream = sync::StreamId::random(random_);
  add(header, first.encode(), Reason::second_first_entry, node, out);
  header.dossier = sync::DossierId::random(random_);
  header.base_head = sync::chain_start(header.dossier);
  header.stream = sync::StreamId::random(random_);
  add(header, first.encode(), Reason::first_entry, node, out);
}

// ---- what it sends, and hears

std::optional<crypto::Bytes> ConfusedMember::request(NodeMachine& machine, HubMachine& hub,
                                                     const std::vector<Wrong>& wrong) {
  const auto& identity = machine.node().identity();
  schema::HelloRequest hello;
  hello.set_node(to_wire(identity.node.view()));
  hello.set_protocol(hub::protocol_version);
  const auto answer = hub.handle(hub::Endpoint::hello, bytes_of(hello));
  schema::HelloReply reply;
  if (!answer.is_done() ||
      !reply.ParseFromArray(answer.bytes.data(), static_cast<int>(answer.bytes.size()))) {
    return std::nullopt;
  }
  schema::SyncRequest request;
  auto& credential = *request.mutable_credential();
  credential.set_node(hello.node());
  credential.set_challenge(reply.challenge());
  credential.set_signature(to_wire(identity.signing_key.sign(
      sync::contexts::challenge_answer,
      crypto::as_bytes(reply.challenge() + reply.instance() + hello.node()))));
  request.set_directory_version(machine.node().directory().version());
  for (const auto& [entry, refused_for] : wrong) {
    auto& group = *request.add_entries();
    group.set_dossier(to_wire(sync::decode_header(entry.header).header->dossier.view()));
    auto& out = *group.add_entries();
    out.set_header(to_wire(entry.header));
    out.set_signature(to_wire(entry.signature));
    out.set_clear(to_wire(entry.clear));
    out.set_sealed(to_wire(entry.sealed));
  }
  return bytes_of(request);
}

// Everything is refused, each for its own reason, or put off by a hub that recovers.
std::string ConfusedMember::compare(const crypto::Bytes& bytes,
                                    const std::vector<Wrong>& wrong) const {
  schema::SyncReply reply;
  reply.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  if (reply.answers_size() != static_cast<int>(wrong.size())) return "not each entry was answered";
  for (int i = 0; i < reply.answers_size(); ++i) {
    const auto expected = wrong[static_cast<std::size_t>(i)].refused_for;
    const auto verdict =
        sync::decode_verdict(crypto::as_bytes(reply.answers(i).verdict().bytes()), {});
    const sync::Ruling refused{Outcome::rejected, expected};
    const sync::Ruling put_off{Outcome::hold, Reason::hub_recovering};
    if (verdict && (verdict->ruling == refused || verdict->ruling == put_off)) continue;
    return "a confused member was to hear " + name_of(refused) + " and heard " +
           (verdict ? name_of(verdict->ruling) : "that all is well");
  }
  return {};
}

}  // namespace throughgate::simulation
