#include "sync/store/unpacking.h"

#include <algorithm>
#include <map>

#include "sync/signed_verdict.h"
#include "sync/store/by_hand.h"
#include "sync/store/deliveries.h"
#include "sync/store/erasure_post.h"
#include "sync/store/fork_shown.h"
#include "sync/store/placing.h"
#include "sync/store/purge_post.h"
#include "sync/store/reauthoring.h"
#include "sync/store/settings_table.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

// How one dossier of a bundle fared. Where it is not `taken`, nothing of it is kept.
enum class Fared { taken, unsound, not_ours };

// The order that a signed head proves, and H at each of its places.
struct ProvenOrder {
  SignedHead head;
  std::vector<OrderRecord> records;
  std::vector<Hash> chain;  // from H_0 on

  bool holds(const Hash& entry) const { return versions.contains(entry); }
  std::map<Hash, std::uint64_t> versions;  // of the directory, by which each was judged
};

class DossierUnpacking {
 public:
  DossierUnpacking(UnitOfWork& work, const DossierId& id, const NodeContext& context,
                   const std::optional<NodeId>& maker, UnpackedCounts& counts)
      : work_(work),
        context_(context),
        maker_(maker),
        counts_(counts),
        key_post_(context, round_),
        was_here_(StoredDossier::exists(work, id)),
        replica_(work, id, context) {}

  Fared take(const schema::CarriedDossier& in) {
    if (!read_entries(in) || !read_order(in)) return Fared::unsound;
    if (!take_envelopes(in) || !place_all(in) || !hold_rest()) return Fared::unsound;
    if (work_.failed()) return Fared::taken;  // its error is the unit's
    key_post_.open(replica_);
    counts_.keys += round_.counts.keys;
    if (!is_ours()) return Fared::not_ours;
    replica_.finish();
    key_post_.touch(stored().id());
    key_post_.seal_wanted(work_);
    take_digests(in);
    return Fared::taken;
  }

 private:
  StoredDossier& stored() { return replica_.stored(); }

  // Whoever never had it need not hear that they take part no longer.
  bool is_ours() const {
    const auto& own = context_.identity.organisation;
    if (!was_here_ && !order_ && !replica_.role_now(own)) return false;
    const auto all = replica_.dated_memberships();
    return std::any_of(all.begin(), all.end(), [&](const DatedMembership& each) {
      return each.membership.role_of(own).has_value();
    });
  }

  // ---- reading

  bool read_entries(const schema::CarriedDossier& in) {
    const WireExpander expander(stored().id(), stored());
    for (const auto& each : in.entries().entries()) {
      if (each.header().empty()) return false;  // bundles carry the full form
      auto expanded = expander.expand(in.entries(), each);
      if (!expanded.entry) return false;
      const Hash hash = entry_hash(expanded.entry->header);
      if (entries_.emplace(hash, *std::move(expanded.entry)).second) as_they_came_.push_back(hash);
    }
    return true;
  }

  // False when what claims to be the order is not what the hub signed. One signed by an earlier key
  // of the hub proves nothing here: what it orders counts as without a place.
  bool read_order(const schema::CarriedDossier& in) {
    if (!in.has_head()) return in.records_size() == 0;
    ProvenOrder order;
    const auto head = from_wire(in.head());
    if (!head || head->head.dossier != stored().id() ||
        head->head.dsn != static_cast<std::uint64_t>(in.records_size())) {
      return false;
    }
    order.head = *head;
    order.chain.push_back(chain_start(stored().id()));
    for (const auto& each : in.records()) {
      const auto entry = hash_from_wire(each.entry());
      if (!entry) return false;
      const OrderRecord record{order.records.size() + 1, *entry, each.directory_version(),
                               each.accepted_at_ms()};
      if (!can_be_kept(record)) return false;
      order.chain.push_back(chain_next(order.chain.back(), record));
      order.records.push_back(record);
      order.versions.emplace(*entry, record.directory_version);
    }
    if (order.chain.back() != head->head.chain) return false;
    if (verify(*head, context_.directory.hub_key())) order_ = std::move(order);
    return true;
  }

  // ---- keys

  bool take_envelopes(const schema::CarriedDossier& in) {
    for (const auto& each : in.envelopes()) {
      const auto list = envelope_list_from_wire(each);
      if (!list || list->dossier != stored().id()) return false;
      const auto* sender = context_.directory.node(list->sender);
      if (!sender) continue;
      if (!verify(*list, sender->verify_key)) return false;
      // What the hub has given out it holds; of others' it may not have heard.
      replica_.keys().keep(*list, maker_.has_value());
      replica_.touch_key();
    }
    return true;
  }

  // ---- the order

  bool is_on_our_chain() {
    const auto both = std::min(stored().length(), order_->head.head.dsn);
    return stored().chain_at(both) == order_->chain[both];
  }

  bool is_of_newest_instance() const {
    return order_->head.root.instance == context_.directory.hub_instance();
  }
  // Of two signed heads the newest instance's wins. Of one and the same only the hub can say which
  // holds.
  bool is_of_newer_instance() {
    return is_of_newest_instance() && !stored().is_confirmed(order_->head.root.instance);
  }

  void forget_heard_from_earlier_life() {
    const auto heard = stored().heard_proof();
    if (heard && heard->root.instance != order_->head.root.instance) stored().forget_heard();
  }

  // What an earlier life of the hub had told of, and the newest one may never reach, is not waited
  // for; and what others said of places beyond the part in common they said of another order.
  void forget_earlier_life() {
    if (!is_of_newest_instance()) return;
    const auto& now = order_->head.root.instance;
    forget_heard_from_earlier_life();
    const auto last_visited = SettingsTable(work_).find(setting::hub_instance);
    const bool was_told_by_it = last_visited == Bytes(now.bytes.begin(), now.bytes.end());
    if (is_of_newer_instance() && !was_told_by_it) {
      forget_digests(work_, stored().id(), common_part());
    }
  }

  std::uint64_t common_part() {
    std::uint64_t dsn = std::min(stored().length(), order_->head.head.dsn);
    while (stored().chain_at(dsn) != order_->chain[dsn]) --dsn;  // at 0 all chains are the same
    return dsn;
  }

  bool all_are_here() {
    for (std::uint64_t dsn = stored().length() + 1; dsn <= order_->head.head.dsn; ++dsn) {
      const Hash& entry = order_->records[dsn - 1].entry;
      if (!entries_.contains(entry) && !stored().find(entry)) return false;
    }
    return true;
  }

  // An entry of another part of the bundle may be here already, brought by hand.
  SignedEntry bytes_of(const Hash& entry) {
    if (const auto found = entries_.find(entry); found != entries_.end()) return found->second;
    const auto row = stored().find(entry);
    const auto held = row ? stored().load(*row) : std::nullopt;
    return held ? held->entry.bytes() : SignedEntry{};
  }

  // False where an entry does not hold, or must not have the place that it has.
  bool place_all(const schema::CarriedDossier& in) {
    if (!order_) return true;
    forget_earlier_life();
    if (!is_on_our_chain() && stored().proven() < stored().length()) drop_unproven(replica_);
    if (!is_on_our_chain() && is_of_newer_instance()) {
      take_back_above(replica_, common_part(), context_.clock());
    }
    if (!is_on_our_chain()) {
      counts_.waiting += static_cast<std::size_t>(in.entries().entries_size());
      is_other_order_ = true;
      return true;
    }
    if (is_of_newer_instance()) {
      fetch_bare_again(replica_);
      forget_heard_from_earlier_life();  // the proof of what was taken back
    }
    if (order_->head.head.dsn <= stored().length()) return true;
    if (!all_are_here()) return true;
    for (std::uint64_t dsn = stored().length() + 1; dsn <= order_->head.head.dsn; ++dsn) {
      const OrderRecord& record = order_->records[dsn - 1];
      SignedEntry entry = bytes_of(record.entry);
      const auto header = decode_header(entry.header).header;
      const bool is_own = header && header->author == context_.identity.node;
      const auto placing = place_next(replica_, std::move(entry), {stored().id(), record}, context_,
                                      context_.clock());
      if (placing == Placing::parked) {
        is_parked_ = true;
        if (stored().heard() < order_->head.head.dsn) stored().set_heard(order_->head);
        return true;
      }
      if (placing != Placing::placed) return false;
      ++(is_own ? counts_.own_placed : counts_.placed);
    }
    stored().set_proof(order_->head);
    stored().set_confirmed(order_->head.root.instance);
    reach_heard_head(replica_);
    return true;
  }

  // ---- what has no place

  bool is_to_be_held(const Hash& entry) {
    const bool has_place_elsewhere = order_ && order_->holds(entry);
    if (has_place_elsewhere && (is_other_order_ || is_parked_)) return false;
    return !stored().find(entry);
  }

  bool hold_rest() {
    for (const auto& hash : as_they_came_) {
      if (is_to_be_held(hash) && !hold(entries_.at(hash))) return false;
    }
    return true;
  }

  bool hold(const SignedEntry& bytes) {
    if (is_of_later_version(bytes.header)) {
      if (!park_by_hand(work_, bytes)) ++counts_.waiting;
      return true;
    }
    if (bytes.sealed.empty()) return true;  // by itself it would be taken for nothing
    const auto header = decode_header(bytes.header).header;
    if (!header) return false;
    const auto author = standing_of(*header, entry_hash(bytes.header));
    if (!author || author->revoked) {
      ++(author ? counts_.refused : counts_.waiting);
      return true;
    }
    const auto verified = verify(bytes, author->key);
    if (!verified.entry) return false;
    // Who carries it may have had it in good faith: its author lies, and the rest is sound.
    const bool held = hold_by_hand(replica_, *verified.entry, *author, context_);
    ++(held ? counts_.by_hand : counts_.refused);
    return true;
  }

  // What has its place keeps it, though its author was withdrawn since: it waits for the parts that
  // bring the rest of the order.
  std::optional<AuthorStanding> standing_of(const Header& header, const Hash& entry) const {
    const bool has_place = order_ && order_->holds(entry);
    const auto version = has_place ? order_->versions.at(entry) : context_.directory.version();
    return context_.directory.standing(header.author, version);
  }

  // ---- delivery

  // What the maker says that it holds, or the hub that others do; the newest of each counts. Of an
  // order of an earlier life of the hub it says nothing that those speak of who hold the newest.
  void take_digests(const schema::CarriedDossier& in) {
    if (!order_ || is_other_order_ || !is_of_newest_instance()) return;
    schema::SyncReply reply;
    for (const auto& each : in.digests()) {
      const auto node = maker_ ? maker_ : id_from_wire<NodeId>(each.node());
      const auto* listed = node ? context_.directory.node(*node) : nullptr;
      if (!listed || !replica_.role_now(listed->organisation) || is_old(*node, each.dsn()))
        continue;
      auto& out = *reply.add_digests();
      out = each;
      out.set_dossier(to_wire(stored().id().view()));
      out.set_node(to_wire(node->view()));
    }
    if (reply.digests_size() == 0) return;
    round_.instance = order_->head.root.instance;
    Deliveries(context_, round_).take_digests(work_, reply, context_.clock());
  }

  bool is_old(const NodeId& node, std::uint64_t dsn) {
    const auto newest = work_.first("SELECT dsn FROM digest WHERE dossier = ? AND node = ?",
                                    bound(stored().id().view(), node.view()), unsigned_column);
    return dsn > order_->head.head.dsn || (newest && *newest >= dsn);
  }

  UnitOfWork& work_;
  const NodeContext& context_;
  const std::optional<NodeId>& maker_;
  UnpackedCounts& counts_;
  RoundUnderWay round_;
  KeyPost key_post_;
  const bool was_here_;
  Replica replica_;

  std::map<Hash, SignedEntry> entries_;
  std::vector<Hash> as_they_came_;
  std::optional<ProvenOrder> order_;
  bool is_other_order_ = false;  // than the one held here
  bool is_parked_ = false;       // a later version stands in the way
};

// The hub's final word on an entry held here. One of an earlier life of the hub counts no more.
void take_verdict(UnitOfWork& work, const schema::CarriedVerdict& in, const NodeContext& context,
                  UnpackedCounts& counts) {
  const auto signature = crypto::to_array<64>(crypto::as_bytes(in.verdict().signature()));
  const auto verdict =
      signature ? decode_verdict(crypto::as_bytes(in.verdict().bytes()), *signature) : std::nullopt;
  if (!verdict || !verify(*verdict, context.directory.hub_key()) || !verdict->ruling.is_final() ||
      verdict->instance != context.directory.hub_instance() ||
      !StoredDossier::exists(work, verdict->dossier)) {
    return;
  }
  Replica replica(work, verdict->dossier, context);
  const auto row = replica.stored().find(verdict->entry);
  const auto held = row ? replica.stored().load(*row) : std::nullopt;
  if (!held || held->dsn || held->standing > Standing::carried) return;
  if (verdict->ruling.outcome == Outcome::fork &&
      !shows_fork(replica.stored(), verdict->entry, in.fork_header(), in.fork_signature(),
                  context.directory)) {
    return;
  }
  take_final_verdict(replica, verdict->entry, verdict->ruling, context.clock());
  replica.finish();
  ++counts.refused;
}

// At owner and desk: who says that nothing is left of what is no longer shared with them.
void take_purge_receipts(UnitOfWork& work, const schema::Bundle& bundle, const NodeContext& context,
                         UnpackedCounts& counts) {
  for (const auto& each : bundle.purge_receipts()) {
    const auto receipt = verified_purge_receipt(each, context.directory);
    if (!receipt) ++counts.unsound;
    if (!receipt || !StoredDossier::exists(work, receipt->dossier)) continue;
    const Replica replica(work, receipt->dossier, context);
    if (leads(replica.role_now(context.identity.organisation))) keep_receipt(work, *receipt);
  }
}

// At the desk: who says that nothing is left of what was erased.
void take_erasure_receipts(UnitOfWork& work, const schema::Bundle& bundle,
                           const NodeContext& context, UnpackedCounts& counts) {
  if (context.directory.central() != context.identity.organisation) return;
  for (const auto& each : bundle.erasure_receipts()) {
    const auto receipt = verified_receipt(each, context.directory);
    if (receipt) keep_receipt(work, *receipt);
    if (!receipt) ++counts.unsound;
  }
}

}  // namespace

UnpackedCounts& UnpackedCounts::operator+=(const UnpackedCounts& other) {
  placed += other.placed;
  own_placed += other.own_placed;
  by_hand += other.by_hand;
  keys += other.keys;
  refused += other.refused;
  waiting += other.waiting;
  unsound += other.unsound;
  not_ours += other.not_ours;
  erased += other.erased;
  return *this;
}

Result<UnpackedCounts> Unpacking::take(const schema::Bundle& bundle) {
  UnpackedCounts counts;
  for (const auto& each : bundle.dossiers()) {
    const auto id = id_from_wire<DossierId>(each.entries().dossier());
    if (!id || context_.directory.is_erased(*id)) {
      ++(id ? counts.erased : counts.unsound);
      continue;
    }
    UnitOfWork work(database_);
    const auto head = from_wire(each.head());
    const bool is_proven =
        head && head->head.dossier == *id && verify(*head, context_.directory.hub_key());
    if (!is_news(work, *id,
                 is_proven ? head->head.dsn : 0)) {  // a stick from before it was deleted here
      counts.not_ours += each.is_removal() ? 0U : 1U;
      continue;
    }
    UnpackedCounts of_this = {};
    const auto fared = DossierUnpacking(work, *id, context_, maker_, of_this).take(each);
    if (work.failed()) return work.error();
    if (fared == Fared::taken) {
      if (auto done = work.commit(); !done) return done.error();
      counts += of_this;
    } else {
      // That it takes part no longer need not be told of what never was here.
      const bool is_news_to_none = fared == Fared::not_ours && each.is_removal();
      if (!is_news_to_none) ++(fared == Fared::unsound ? counts.unsound : counts.not_ours);
    }
  }
  UnitOfWork work(database_);
  for (const auto& each : bundle.verdicts()) take_verdict(work, each, context_, counts);
  take_erasure_receipts(work, bundle, context_, counts);
  take_purge_receipts(work, bundle, context_, counts);
  if (auto done = work.commit(); !done) return done.error();
  return counts;
}

}  // namespace throughgate::sync::store
