#include "sync/directory.h"

#include <algorithm>
#include <tuple>

#include "schema/directory.pb.h"
#include "sync/contexts.h"
#include "sync/layout.h"
#include "sync/limits.h"
#include "sync/parse.h"

namespace throughgate::sync {
namespace {

constexpr std::uint16_t format = 1;
constexpr std::uint16_t format_with_root_list = 2;
constexpr std::size_t body_bytes_max = 1 << 20;
constexpr std::size_t name_bytes_max = 200;

struct StepHeader {
  std::uint64_t version = 0;
  Hash previous{};
  std::uint64_t issued_at_ms = 0;
  std::uint64_t expires_at_ms = 0;
  std::uint32_t body_length = 0;
  Hash body_hash{};
  std::optional<Hash> root_list_hash{};
};

Bytes encode(const StepHeader& header) {
  LayoutWriter out;
  out.u16(header.root_list_hash ? format_with_root_list : format)
      .u64(header.version)
      .bytes(header.previous)
      .u64(header.issued_at_ms);
  out.u64(header.expires_at_ms).u32(header.body_length).bytes(header.body_hash);
  if (header.root_list_hash) out.bytes(*header.root_list_hash);
  return out.take();
}

std::optional<StepHeader> decode(ByteView bytes) {
  LayoutReader in(bytes);
  const auto found = in.u16();
  if (found != format && found != format_with_root_list) return std::nullopt;
  StepHeader header;
  header.version = in.u64();
  header.previous = in.array<32>();
  header.issued_at_ms = in.u64();
  header.expires_at_ms = in.u64();
  header.body_length = in.u32();
  header.body_hash = in.array<32>();
  if (found == format_with_root_list) header.root_list_hash = in.array<32>();
  return in.finished() ? std::optional(header) : std::nullopt;
}

bool is_of_a_newer_program(ByteView header) {
  LayoutReader in(header);
  return in.u16() > format_with_root_list && !in.failed();
}

Error refused(const char* what) {
  return {ErrorKind::rejected, std::string("The central list was refused: ") + what};
}

template <class AnyId>
std::optional<AnyId> id_of(const std::string& bytes) {
  return AnyId::from(crypto::as_bytes(bytes));
}

std::optional<Organisation> read(const schema::DirectoryOrganisation& in) {
  const auto id = id_of<OrganisationId>(in.id());
  const auto recovery_key = crypto::to_array<32>(crypto::as_bytes(in.recovery_key()));
  if (!id || id->is_zero() || !recovery_key || in.kind() < 1 || in.kind() > 3 ||
      in.name().empty() || in.name().size() > name_bytes_max ||
      in.establishment().size() > name_bytes_max) {
    return std::nullopt;
  }
  Organisation out{*id, in.name(), static_cast<OrganisationKind>(in.kind()), *recovery_key,
                   in.establishment()};
  if (in.sheet_key().empty()) return out;
  const auto sheet_key = crypto::to_array<32>(crypto::as_bytes(in.sheet_key()));
  if (!sheet_key) return std::nullopt;
  out.sheet_key = *sheet_key;
  return out;
}

std::optional<EnrolledNode> read(const schema::DirectoryNode& in, std::uint64_t version) {
  const auto id = id_of<NodeId>(in.id());
  const auto organisation = id_of<OrganisationId>(in.organisation());
  const auto verify_key = crypto::to_array<32>(crypto::as_bytes(in.verify_key()));
  const auto box_key = crypto::to_array<32>(crypto::as_bytes(in.box_key()));
  if (!id || id->is_zero() || !organisation || !verify_key || !box_key ||
      in.label().size() > name_bytes_max) {
    return std::nullopt;
  }
  EnrolledNode out{*id, *organisation, *verify_key, *box_key, in.label(), version, std::nullopt};
  if (in.vouch().empty()) return out;
  const auto vouch = crypto::to_array<64>(crypto::as_bytes(in.vouch()));
  if (!vouch) return std::nullopt;
  out.vouch = *vouch;
  return out;
}

std::optional<Agreement> read(const schema::SharingAgreement& in) {
  const auto id = crypto::to_array<16>(crypto::as_bytes(in.id()));
  const auto from = id_of<OrganisationId>(in.from());
  const auto to = id_of<OrganisationId>(in.to());
  if (!id || !from || !to || in.reference().size() > name_bytes_max) return std::nullopt;
  return Agreement{*id,
                   *from,
                   *to,
                   {in.dossier_kinds().begin(), in.dossier_kinds().end()},
                   in.expires_at_ms(),
                   in.reference()};
}

}  // namespace

bool is_vouched_for(const EnrolledNode& node, const Organisation& organisation) {
  const Vouch vouch{organisation.sheet_key, node.vouch};
  return !vouch.is_there() ||
         holds(vouch, {node.organisation, node.id, node.verify_key, node.box_key});
}

Hash head_of(const DirectoryStep& step) {
  return crypto::hash(contexts::directory_hash, {step.header});
}

DirectoryStep Directory::sign_next(const schema::DirectoryBody& body, std::uint64_t issued_at_ms,
                                   std::uint64_t expires_at_ms,
                                   const crypto::SigningKey& directory_key,
                                   ByteView root_list) const {
  const std::string text = body.SerializeAsString();
  DirectoryStep step;
  step.body.assign(text.begin(), text.end());
  StepHeader header{version_ + 1,
                    last_,
                    issued_at_ms,
                    expires_at_ms,
                    static_cast<std::uint32_t>(step.body.size()),
                    crypto::hash(contexts::directory_hash, {step.body})};
  if (!root_list.empty()) {
    step.root_list.assign(root_list.begin(), root_list.end());
    header.root_list_hash = crypto::hash(contexts::directory_hash, {root_list});
  }
  step.header = encode(header);
  step.signature = directory_key.sign(contexts::directory_signature, step.header);
  return step;
}

// Read as a whole before any is made, so that a step costs what it changes.
struct Directory::Changes {
  std::map<OrganisationId, Organisation> organisations;
  std::map<NodeId, EnrolledNode> nodes;
  std::set<NodeId> revoked;
  std::map<NodeId, std::pair<RevocationReason, std::uint64_t>> said_of_revoked;
  std::map<ByteArray<16>, Agreement> agreements;
  std::set<DossierId> erased;
  std::optional<schema::DirectoryPolicy> policy;
  std::optional<std::pair<crypto::VerifyKey, InstanceId>> hub;
};

bool Directory::is_next(const DirectoryStep& step) const {
  const auto header = decode(step.header);
  return header && header->version == version_ + 1;
}

// Of a step that brings none, the one in force.
Result<std::optional<RootList>> Directory::read_root_list(const DirectoryStep& step,
                                                          const Hash& root_list_hash,
                                                          const Anchor& anchor) const {
  if (step.root_list.size() > root_list_bytes_max ||
      root_list_hash != crypto::hash(contexts::directory_hash, {step.root_list})) {
    return refused("the root list in it is damaged.");
  }
  const auto list = decode_root_list(step.root_list);
  if (!list) return refused("the root list in it is not in a form this program reads.");
  if (!check(*list, root())) return refused("the root key holders have not signed it so.");
  // Whom the anchor vouches for: a list that it is the hash of, or one that names it as a key.
  const bool is_vouched_for = root() || (version_ == 0 && root_hash(list->list) == anchor.root) ||
                              list->list.directory_keys == std::vector{anchor.root};
  if (!is_vouched_for) return refused("it stands under another root than this computer's.");
  return std::optional(list->list);
}

Result<Done> Directory::apply(const DirectoryStep& step, const Anchor& anchor) {
  const auto header = decode(step.header);
  if (!header && is_of_a_newer_program(step.header)) {
    return Error{ErrorKind::newer,
                 "The central list is of a newer program than this one. Update this program."};
  }
  if (!header) return refused("it is not in a form this program reads.");
  if (header->version != version_ + 1) {
    return Error{ErrorKind::stale, "This is not the next version of the central list."};
  }
  auto found = header->root_list_hash ? read_root_list(step, *header->root_list_hash, anchor)
                                      : Result(root_);
  if (!found) return found.error();
  std::optional<RootList> root = *std::move(found);
  if (!header->root_list_hash && !step.root_list.empty()) return refused("it is damaged.");
  const auto keys = root ? root->directory_keys : std::vector{anchor.root};
  const auto has_signed = [&](const crypto::VerifyKey& key) {
    return crypto::verify(key, contexts::directory_signature, step.header, step.signature);
  };
  if (std::none_of(keys.begin(), keys.end(), has_signed)) {
    return refused("it is not signed by the central team.");
  }
  if (header->previous != last_) return refused("it does not follow the list held here.");
  const auto head = head_of(step);
  if (header->version == anchor.version && head != anchor.head) {
    return refused("it is not the one that the central team told this computer of.");
  }
  if (step.body.size() > body_bytes_max || header->body_length != step.body.size() ||
      header->body_hash != crypto::hash(contexts::directory_hash, {step.body})) {
    return refused("its content is damaged.");
  }
  schema::DirectoryBody body;
  if (!parse(step.body, body)) return refused("its content cannot be read.");
  auto changes = read_changes(body, header->version, root ? &*root : nullptr);
  if (!changes) return changes.error();
  make(*std::move(changes), header->version);
  last_ = head;
  expires_at_ms_ = header->expires_at_ms;
  root_ = std::move(root);
  return Done{};
}

Result<Directory::Changes> Directory::read_changes(const schema::DirectoryBody& body,
                                                   std::uint64_t version,
                                                   const RootList* root) const {
  Changes out;
  auto central = this->central();
  for (const auto& each : body.organisations()) {
    auto organisation = read(each);
    if (!organisation) return refused("an organisation in it is not complete.");
    const auto* listed = this->organisation(organisation->id);
    if (listed && listed->kind != organisation->kind) {
      return refused("it makes an organisation one of another kind.");
    }
    if (listed && std::tie(listed->recovery_key, listed->sheet_key) !=
                      std::tie(organisation->recovery_key, organisation->sheet_key)) {
      return refused("it gives an organisation another recovery sheet.");
    }
    if (organisation->kind == OrganisationKind::central &&
        central.value_or(organisation->id) != organisation->id) {
      return refused("it lists a second central team.");
    }
    if (organisation->kind == OrganisationKind::central) central = organisation->id;
    if (!out.organisations.emplace(organisation->id, *organisation).second) {
      return refused("it lists an organisation twice.");
    }
  }
  for (const auto& each : body.nodes()) {
    auto node = read(each, version);
    if (!node) return refused("a computer in it is not complete.");
    const auto* listed = organisation(node->organisation);
    const auto added = out.organisations.find(node->organisation);
    if (!listed && added == out.organisations.end()) {
      return refused("a computer in it is not complete.");
    }
    if (!is_vouched_for(*node, listed ? *listed : added->second)) {
      return refused("a computer in it was not set up with its organisation's recovery sheet.");
    }
    if (nodes_.contains(node->id) || !out.nodes.emplace(node->id, *node).second) {
      return refused("it lists a computer twice.");
    }
  }
  for (const auto& each : body.revoked_nodes()) {
    const auto id = id_of<NodeId>(each);
    if (!id || (!nodes_.contains(*id) && !out.nodes.contains(*id))) {
      return refused("it withdraws a computer that it does not list.");
    }
    if (!out.revoked.insert(*id).second) return refused("it withdraws a computer twice.");
  }
  for (const auto& each : body.revocations()) {
    const auto id = id_of<NodeId>(each.node());
    const auto* listed = id ? node(*id) : nullptr;
    if (!id || !(out.revoked.contains(*id) || (listed && listed->revoked_in))) {
      return refused("it says why of a computer that it does not withdraw.");
    }
    if (each.reason() < 0 || each.reason() > 255 || each.suspect_since_ms() > counter_max) {
      return refused("what it says of a computer withdrawn cannot be read.");
    }
    const auto reason = static_cast<RevocationReason>(each.reason());
    if (!out.said_of_revoked.emplace(*id, std::pair(reason, each.suspect_since_ms())).second) {
      return refused("it says twice why it withdraws a computer.");
    }
  }
  for (const auto& each : body.accidents()) {
    const auto id = id_of<NodeId>(each.node());
    if (!id || !nodes_.contains(*id) || each.entry().size() != Hash{}.size()) {
      return refused("an accident in it is of no computer that it lists.");
    }
  }
  if (body.has_opening() && !id_of<InstanceId>(body.opening().instance())) {
    return refused("it opens records at no exchange.");
  }
  for (const auto& each : body.opening().dossiers()) {
    if (!id_of<DossierId>(each)) return refused("a record that it opens is not complete.");
  }
  for (const auto& each : body.agreements()) {
    auto agreement = read(each);
    if (!agreement) return refused("an agreement in it is not complete.");
    if (!out.agreements.emplace(agreement->id, *agreement).second) {
      return refused("it lists an agreement twice.");
    }
  }
  for (const auto& each : body.erased_dossiers()) {
    const auto dossier = id_of<DossierId>(each);
    if (!dossier) return refused("an erasure in it is not complete.");
    if (!out.erased.insert(*dossier).second) return refused("it erases a record twice.");
  }
  if (body.has_policy()) out.policy = body.policy();
  if (body.has_hub()) {
    const auto key = crypto::to_array<32>(crypto::as_bytes(body.hub().verify_key()));
    const auto instance = id_of<InstanceId>(body.hub().instance());
    if (!key || !instance) return refused("the central exchange in it is not complete.");
    out.hub = {*key, *instance};
  }
  const auto& hub_key = out.hub ? out.hub->first : hub_key_;
  if (root && hub_key != crypto::VerifyKey{} && !root->has_hub_key(hub_key)) {
    return refused("the root list does not name the key of its central exchange.");
  }
  return out;
}

void Directory::make(Changes changes, std::uint64_t version) {
  version_ = version;
  for (auto& [id, organisation] : changes.organisations) {
    organisations_[id] = std::move(organisation);
  }
  nodes_.merge(changes.nodes);
  for (const auto& id : changes.revoked) {
    auto& revoked_in = nodes_.at(id).revoked_in;
    if (!revoked_in) revoked_in = last_revocation_ = version;
  }
  for (const auto& [id, said] : changes.said_of_revoked) {
    std::tie(nodes_.at(id).reason, nodes_.at(id).suspect_since_ms) = said;
  }
  for (auto& [id, agreement] : changes.agreements) agreements_[id] = std::move(agreement);
  for (const auto& dossier : changes.erased) {
    if (erased_.emplace(dossier, version).second) last_erasure_ = version;
  }
  if (changes.policy) {
    volunteers_shared_with_desk_ = changes.policy->volunteers_shared_with_desk();
    minimum_protocol_ = changes.policy->minimum_protocol();
    minimum_program_ = changes.policy->minimum_program();
  }
  if (!changes.hub) return;
  const bool is_another = changes.hub->first != hub_key_;
  if (is_another && hub_key_ != crypto::VerifyKey{}) former_hub_keys_.push_back(hub_key_);
  std::tie(hub_key_, hub_instance_) = *changes.hub;
}

const EnrolledNode* Directory::node(const NodeId& id) const {
  const auto found = nodes_.find(id);
  return found == nodes_.end() ? nullptr : &found->second;
}

const Organisation* Directory::organisation(const OrganisationId& id) const {
  const auto found = organisations_.find(id);
  return found == organisations_.end() ? nullptr : &found->second;
}

std::optional<OrganisationId> Directory::central() const {
  for (const auto& [id, organisation] : organisations_) {
    if (organisation.kind == OrganisationKind::central) return id;
  }
  return std::nullopt;
}

std::vector<const EnrolledNode*> Directory::active_nodes(const OrganisationId& organisation) const {
  std::vector<const EnrolledNode*> out;
  for (const auto& [id, node] : nodes_) {
    if (node.organisation == organisation && !node.revoked_in) out.push_back(&node);
  }
  return out;
}

std::vector<Recipient> Directory::key_holders(const OrganisationId& organisation) const {
  std::vector<Recipient> out{{RecipientKind::recovery_key, organisation.bytes}};
  for (const auto* node : active_nodes(organisation)) {
    out.push_back({RecipientKind::node, node->id.bytes});
  }
  return out;
}

std::optional<AuthorStanding> Directory::standing(const NodeId& author,
                                                  std::uint64_t at_version) const {
  const auto* found = node(author);
  if (!found || found->enrolled_in > at_version) return std::nullopt;
  const bool revoked = found->revoked_in && *found->revoked_in <= at_version;
  return AuthorStanding{found->organisation, found->verify_key, revoked};
}

bool Directory::may_share(const OrganisationId& from, const OrganisationId& to,
                          std::uint32_t dossier_kind, std::uint64_t now_ms) const {
  for (const auto& [id, agreement] : agreements_) {
    if (agreement.from == from && agreement.to == to &&
        agreement.dossier_kinds.contains(dossier_kind) && agreement.expires_at_ms > now_ms) {
      return true;
    }
  }
  return false;
}

}  // namespace throughgate::sync
