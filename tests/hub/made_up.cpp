#include "tests/hub/made_up.h"

#include <catch_amalgamated.hpp>

#include "hub/wire.h"
#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::hub::testing {

crypto::DatabaseKey hub_file_key() {
  crypto::DatabaseKey key;
  std::fill(key.writable().begin(), key.writable().end(), std::uint8_t{7});
  return key;
}

namespace {

sync::store::OpenOptions on(const simulation::FaultyDisk& disk) {
  sync::store::OpenOptions options;
  options.vfs = disk.vfs_name();
  return options;
}

Node make(const OrganisationId& organisation, crypto::Random& random) {
  return {organisation, NodeId::random(random), crypto::SigningKey::generate(random)};
}

void put(const OrganisationId& id, schema::DirectoryOrganisation::Kind kind,
         schema::DirectoryBody& body) {
  auto& out = *body.add_organisations();
  out.set_id(wire::text(id.bytes));
  out.set_name("Made-up organisation");
  out.set_kind(kind);
  out.set_recovery_key(std::string(32, 'r'));
}

void put(const Node& node, schema::DirectoryBody& body) {
  auto& out = *body.add_nodes();
  out.set_id(wire::text(node.id.bytes));
  out.set_organisation(wire::text(node.organisation.bytes));
  out.set_verify_key(wire::text(node.key.verify_key()));
  out.set_box_key(std::string(32, 'b'));
}

}  // namespace

// ---- the world

World::World()
    : directory_key(crypto::SigningKey::generate(random)),
      prison(OrganisationId::random(random)),
      partner(OrganisationId::random(random)),
      other(OrganisationId::random(random)),
      central(OrganisationId::random(random)),
      prison_a(make(prison, random)),
      prison_b(make(prison, random)),
      partner_a(make(partner, random)),
      other_a(make(other, random)),
      desk(make(central, random)) {
  REQUIRE(SqliteStore::create(hub_file, hub_file_key(), random, on(disk)));
  start();
  {
    auto transaction = StoreTransaction::begin(*store_);
    REQUIRE(transaction);
    store_->trust(directory_key.verify_key());
    REQUIRE(transaction->commit());
  }
  sign([&](schema::DirectoryBody& body) {
    put(prison, schema::DirectoryOrganisation::PRISON, body);
    put(partner, schema::DirectoryOrganisation::PARTNER, body);
    put(other, schema::DirectoryOrganisation::PARTNER, body);
    put(central, schema::DirectoryOrganisation::CENTRAL, body);
    for (const auto* node : {&prison_a, &prison_b, &partner_a, &other_a, &desk}) put(*node, body);
    body.mutable_hub()->set_verify_key(wire::text(sequencer_->verify_key()));
    body.mutable_hub()->set_instance(wire::text(sequencer_->state().instance.bytes));
  });
  hand_over();
}

World::Between World::between;

void World::start() {
  open();
  forget_tokens();
}

void World::go_back_to(const simulation::FaultyDisk::Image& copy, const SeededRandom& chance) {
  api_.reset();
  sequencer_.reset();
  store_.reset();
  disk.load(copy);
  open();
  random = chance;
}

void World::open() {
  api_.reset();
  sequencer_.reset();
  store_.reset();
  auto opened = SqliteStore::open(hub_file, hub_file_key(), on(disk));
  REQUIRE(opened);
  store_ = *std::move(opened);
  auto keys = store_->keys();
  REQUIRE(keys);
  sequencer_ = std::make_unique<Sequencer>(*store_, *std::move(keys), limits, random);
  REQUIRE(sequencer_->refresh());
  // Under a disk that fails the hub is begun again and again, and knows those who have signed in.
  if (between) api_random_ = SeededRandom{2};
  api_ = std::make_unique<SyncApi>(*sequencer_, between ? api_random_ : random);
}

void World::forget_tokens() {
  for (auto* node : {&prison_a, &prison_b, &partner_a, &other_a, &desk}) node->token.clear();
}

void World::put_back(const simulation::FaultyDisk::Image& copy) {
  api_.reset();
  sequencer_.reset();
  store_.reset();
  disk.load(copy);
  start();
}

Chain World::chain(const DossierId& dossier) {
  return look(dossier, [](const StoredOrder& order) { return order.chain(); });
}

sync::Head World::place(const DossierId& dossier, std::uint64_t dsn) {
  return look(dossier, [&](const StoredOrder& order) {
    return sync::Head{dossier, dsn, order.chain_at(dsn).value_or(Hash{})};
  });
}

Node World::make_node(const OrganisationId& organisation) { return make(organisation, random); }

void World::sign(const std::function<void(schema::DirectoryBody&)>& write) {
  schema::DirectoryBody body;
  write(body);
  steps.push_back(desk_directory_.sign_next(body, now_ms, now_ms + 365 * day_ms, directory_key));
  REQUIRE(desk_directory_.apply(steps.back(), directory_key.verify_key()));
}

void World::enrol(const Node& node) {
  sign([&](auto& body) { put(node, body); });
}
void World::revoke(const Node& node) {
  sign([&](auto& body) { body.add_revoked_nodes(wire::text(node.id.bytes)); });
}
void World::erase(const DossierId& dossier) {
  sign([&](auto& body) { body.add_erased_dossiers(wire::text(dossier.bytes)); });
}
void World::name_hub() {
  sign([&](schema::DirectoryBody& body) {
    body.mutable_hub()->set_verify_key(wire::text(sequencer_->verify_key()));
    body.mutable_hub()->set_instance(wire::text(sequencer_->state().instance.bytes));
  });
}
void World::hand_over() { REQUIRE(sequencer_->take_directory(steps, now_ms)); }

void World::declare_restore() {
  REQUIRE(sequencer_->begin_new_instance());
  name_hub();
  hand_over();
  forget_tokens();
}

// ---- speaking

Answer World::call(Endpoint endpoint, const google::protobuf::Message& request) {
  if (between) return between(*this, endpoint, request);
  return api_->handle(endpoint, crypto::as_bytes(request.SerializeAsString()), now_ms);
}

schema::Credential World::credential(Node& node) {
  schema::Credential out;
  out.set_node(wire::text(node.id.bytes));
  if (!node.token.empty()) {
    out.set_token(wire::text(node.token));
    return out;
  }
  schema::HelloRequest hello;
  hello.set_node(wire::text(node.id.bytes));
  hello.set_protocol(protocol_version);
  const Answer answer = call(Endpoint::hello, hello);
  REQUIRE(answer.status == 200);
  schema::HelloReply reply;
  REQUIRE(reply.ParseFromArray(answer.bytes.data(), static_cast<int>(answer.bytes.size())));
  const Bytes message = sync::LayoutWriter()
                            .bytes(crypto::as_bytes(reply.challenge()))
                            .bytes(crypto::as_bytes(reply.instance()))
                            .bytes(node.id.bytes)
                            .take();
  out.set_challenge(reply.challenge());
  out.set_signature(
      wire::text(node.key.sign(throughgate::sync::contexts::challenge_answer, message)));
  return out;
}

Answer World::try_sync(Node& node, schema::SyncRequest request) {
  *request.mutable_credential() = credential(node);
  request.set_cursor(wire::text(node.cursor));
  request.set_directory_version(node.directory_version);
  return call(Endpoint::sync, request);
}

schema::SyncReply World::sync(Node& node, schema::SyncRequest request) {
  const Answer answer = try_sync(node, std::move(request));
  INFO(answer.error);
  REQUIRE(answer.status == 200);
  schema::SyncReply reply;
  REQUIRE(reply.ParseFromArray(answer.bytes.data(), static_cast<int>(answer.bytes.size())));
  if (!reply.token().empty()) node.token = wire::bytes(reply.token());
  node.cursor = wire::bytes(reply.cursor());
  node.directory_version += static_cast<std::uint64_t>(reply.directory_size());
  return reply;
}

schema::FetchReply World::fetch(Node& node, const DossierId& dossier, std::uint64_t after,
                                std::uint32_t bytes_max) {
  schema::FetchRequest request;
  *request.mutable_credential() = credential(node);
  request.set_bytes_max(bytes_max);
  wire::set(place(dossier, after), *request.add_after());
  const Answer answer = call(Endpoint::fetch, request);
  INFO(answer.error);
  REQUIRE(answer.status == 200);
  schema::FetchReply reply;
  REQUIRE(reply.ParseFromArray(answer.bytes.data(), static_cast<int>(answer.bytes.size())));
  return reply;
}

// ---- dossiers

TestDossier::TestDossier(World& of, std::vector<sync::Member> members)
    : world(of), key(crypto::ContentKey::generate(of.random)) {
  if (members.empty()) {
    members = {{world.prison, sync::Role::owner},
               {world.partner, sync::Role::receiver},
               {world.central, sync::Role::central}};
  }
  first.number = 1;
  first.dossier_random = world.random.bytes<16>();
  first.members = std::move(members);
  std::sort(first.members.begin(), first.members.end(),
            [](const auto& a, const auto& b) { return a.organisation < b.organisation; });
  id = sync::make_dossier_id(world.prison, world.prison_a.key.verify_key(), first.dossier_random);
  first.key_commitment = sync::key_commitment(key, id);
}

sync::VerifiedEntry TestDossier::write(const Node& author, Stream& stream, const Draft& draft) {
  return world.look(
      id, [&](const StoredOrder& order) { return write_on(order, author, stream, draft); });
}

sync::VerifiedEntry TestDossier::write_on(const StoredOrder& order, const Node& author,
                                          Stream& stream, const Draft& draft) {
  sync::Header header;
  header.kind = draft.kind;
  header.dossier = id;
  header.author = author.id;
  header.stream = stream.id;
  header.seq = stream.seq + 1;
  header.previous = stream.tip;
  header.base_dsn = draft.base.value_or(order.length());
  header.base_head =
      draft.base_head ? *draft.base_head : order.chain_at(header.base_dsn).value_or(Hash{});
  header.dependencies = draft.dependencies;
  const std::uint64_t since = std::max<std::uint64_t>(header.base_dsn, 1);
  header.membership_version = std::max(order.memberships().number_at(since), 1u);
  header.epoch = order.memberships().epoch_at(since).value_or(first.epoch());
  if (const auto membership = sync::decode_membership(draft.clear);
      draft.kind == sync::EntryKind::membership) {
    header.membership_version = membership->number;
  }
  sync::ChangeSet changes;
  changes.reason = draft.reason;
  auto entry = sync::seal_and_sign(header, draft.clear, changes, key, author.key, world.random);
  REQUIRE(entry);
  ++stream.seq;
  stream.tip = entry->hash();
  return *std::move(entry);
}

sync::VerifiedEntry TestDossier::write_first(Stream& stream) {
  return write(world.prison_a, stream, membership_draft(first));
}

sync::Membership TestDossier::next_membership() {
  const auto now =
      world.look(id, [](const StoredOrder& order) { return *order.memberships().current(); });
  sync::Membership next = now.membership;
  ++next.number;
  next.previous = now.entry;
  next.dossier_random = {};
  return next;
}

Draft TestDossier::membership_draft(const sync::Membership& membership) {
  Draft draft;
  draft.kind = sync::EntryKind::membership;
  draft.clear = membership.encode();
  return draft;
}

Draft TestDossier::redaction_draft(std::uint64_t dsn, const Hash& entry) {
  Draft draft;
  draft.kind = sync::EntryKind::redact;
  draft.clear = sync::Redaction{dsn, entry}.encode();
  return draft;
}

void TestDossier::renew_key(sync::Membership& membership) {
  membership.key_commitment = sync::key_commitment(crypto::ContentKey::generate(world.random), id);
}

sync::EnvelopeList TestDossier::envelopes(const Node& sender, const EpochId& epoch,
                                          const std::vector<sync::Recipient>& recipients) {
  sync::EnvelopeList list{sender.id, id, epoch, {}, {}};
  for (const auto& recipient : recipients) {
    list.envelopes.push_back({recipient, world.random.bytes<sync::envelope_bytes>()});
  }
  sync::sign(list, sender.key);
  return list;
}

std::vector<sync::Recipient> TestDossier::recovery_keys(const sync::Membership& membership) {
  std::vector<sync::Recipient> out;
  for (const auto& member : membership.members) {
    out.push_back({sync::RecipientKind::recovery_key, member.organisation.bytes});
  }
  return out;
}

Stream TestDossier::begin() {
  Stream stream = new_stream();
  auto request = with({write_first(stream)});
  testing::add(request, envelopes(world.prison_a, first.epoch(), recovery_keys(first)));
  CHECK(ruling_of(world, world.sync(world.prison_a, request)).outcome == sync::Outcome::accepted);
  return stream;
}

void TestDossier::add(Node& author, Stream& stream) {
  const auto reply = world.sync(author, with({write(author, stream)}));
  REQUIRE(ruling_of(world, reply).outcome == sync::Outcome::accepted);
}

// ---- requests and answers

schema::SyncRequest with(const std::vector<sync::VerifiedEntry>& entries, sync::WireForm form) {
  schema::SyncRequest request;
  for (const auto& entry : entries) {
    const auto name = wire::text(entry.header().dossier.bytes);
    const int last = request.entries_size() - 1;
    auto& group = last >= 0 && request.entries(last).dossier() == name
                      ? *request.mutable_entries(last)
                      : *request.add_entries();
    sync::add_to_group(entry, form, group);
  }
  return request;
}

schema::SyncRequest with_digest(const TestDossier& dossier, std::uint64_t dsn, char mark) {
  schema::SyncRequest request;
  auto& out = *request.add_digests();
  out.set_dossier(wire::text(dossier.id.bytes));
  out.set_dsn(dsn);
  out.set_policy_version(std::string(16, 'p'));
  out.set_digest(std::string(16, mark));
  return request;
}

sync::Recipient recipient(const Node& node) { return {sync::RecipientKind::node, node.id.bytes}; }

std::vector<sync::Member> without(std::vector<sync::Member> members, const OrganisationId& who) {
  std::erase_if(members, [&](auto& member) { return member.organisation == who; });
  return members;
}

schema::SyncRequest& add(schema::SyncRequest& request, const sync::EnvelopeList& list) {
  auto& out = *request.add_envelopes();
  out.set_bytes(wire::text(list.encode()));
  out.set_signature(wire::text(list.signature));
  return request;
}

void put(const sync::SignedHead& head, schema::WireHeadProof& out) {
  wire::set(head.head, *out.mutable_head());
  out.mutable_root()->set_bytes(wire::text(head.root.encode()));
  out.mutable_root()->set_signature(wire::text(head.signature));
  for (const auto& step : head.path) {
    out.add_path(std::string(1, step.sibling_is_left ? '\1' : '\0') + wire::text(step.sibling));
  }
}

schema::SyncRequest& add(schema::SyncRequest& request, const sync::SignedHead& head,
                         const std::vector<sync::Head>& locator) {
  auto& out = *request.add_presented();
  put(head, *out.mutable_proof());
  for (const auto& place : locator) wire::set(place, *out.add_locator());
  return request;
}

std::optional<sync::SignedVerdict> verdict_of(const schema::EntryAnswer& answer) {
  const auto signature = wire::array<64>(answer.verdict().signature());
  if (!signature) return std::nullopt;
  return sync::decode_verdict(crypto::as_bytes(answer.verdict().bytes()), *signature);
}

sync::Ruling ruling_of(World& world, const schema::SyncReply& reply, int index) {
  REQUIRE(index < reply.answers_size());
  const auto& answer = reply.answers(index);
  switch (answer.plain()) {
    case schema::EntryAnswer::ACCEPTED:
      return {sync::Outcome::accepted, sync::Reason::none};
    case schema::EntryAnswer::NEED_FULL:
      return {sync::Outcome::need_full, sync::Reason::none};
    default:
      break;
  }
  const auto verdict = verdict_of(answer);
  REQUIRE(verdict);
  CHECK(sync::verify(*verdict, world.sequencer().verify_key()));
  CHECK(verdict->instance == world.sequencer().state().instance);
  return verdict->ruling;
}

sync::Ruling send(World& world, Node& carrier, const sync::VerifiedEntry& entry) {
  return ruling_of(world, world.sync(carrier, with({entry})));
}

std::uint64_t late_entries(World& world) { return world.sequencer().counts()->late; }

std::vector<sync::SignedHead> heads_of(const schema::SyncReply& reply) {
  if (!reply.has_heads()) return {};
  sync::SignedHeads heads;
  const auto root = sync::decode_heads_root(crypto::as_bytes(reply.heads().root().bytes()));
  const auto signature = wire::array<64>(reply.heads().root().signature());
  REQUIRE(root);
  REQUIRE(signature);
  heads.root = *root;
  heads.signature = *signature;
  for (const auto& head : reply.heads().heads()) heads.heads.push_back(*wire::head(head));
  return sync::separate(heads);
}

}  // namespace throughgate::hub::testing
