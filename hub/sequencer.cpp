#include "hub/sequencer.h"

#include "hub/erasures.h"
#include "hub/late_box.h"
#include "hub/purges.h"
#include "hub/wire.h"
#include "sync/contexts.h"
#include "sync/directory_snapshot.h"
#include "sync/layout.h"
#include "sync/limits.h"

namespace throughgate::hub {
namespace {

constexpr std::size_t directory_bytes_per_reply_max = 512 << 10;
constexpr std::size_t cursor_bytes = 48;
constexpr std::size_t markless_cursor_bytes = 40;  // from before a request had a mark
constexpr std::uint64_t traces_pause_ms = 60'000;  // while another program reads the store

Error unavailable(const char* message) { return {ErrorKind::unavailable, message}; }

// Organisations that have a node in `after` which `before` does not list.
std::set<OrganisationId> enrolled_in(std::uint64_t version, const sync::Directory& directory) {
  std::set<OrganisationId> out;
  for (const auto& [id, node] : directory.nodes()) {
    if (node.enrolled_in == version) out.insert(node.organisation);
  }
  return out;
}

// A new node lacks its keys: those who can seal them are told.
void tell_of_new_nodes(Round& round, std::uint64_t version) {
  for (const auto& organisation : enrolled_in(version, round.directory())) {
    for (const auto& pointer : round.store().pointers_after(organisation, 0, SIZE_MAX >> 1)) {
      if (!round.order(pointer.dossier).memberships().role_now(organisation)) continue;
      round.tell_members(pointer.dossier);
    }
  }
}

}  // namespace

// ---- directory

Result<Done> Sequencer::refresh() {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  state_ = store_.state();
  const auto anchor = store_.anchor();
  if (anchor && store_.directory_version() != history_.directory().version()) {
    DirectoryHistory history;
    for (const auto& step : store_.directory_after(0, SIZE_MAX)) {
      if (auto applied = history.apply(step, *anchor); !applied) {
        return {ErrorKind::corrupt,
                "The central list in this store does not verify. Put back a backup, then run "
                "new-instance."};
      }
    }
    history_ = std::move(history);
  }
  return transaction->commit();
}

Result<Done> Sequencer::take_directory(const std::vector<sync::DirectoryStep>& steps,
                                       std::uint64_t now_ms) {
  for (const auto& step : steps) {  // anybody may bring them: those that are not next cost nothing
    if (!history_.directory().is_next(step)) continue;
    if (auto taken = take_step(step, now_ms); !taken) return taken;
  }
  return clear_traces(now_ms);
}

Result<Done> Sequencer::clear_traces(std::uint64_t now_ms) {
  const std::uint64_t due = history_.directory().last_erasure();
  if (due == 0 || said_for_ == std::pair(state_.instance, due)) return Done{};
  const auto look = [&]() -> Result<std::pair<bool, bool>> {
    auto transaction = StoreTransaction::begin(store_);
    if (!transaction) return transaction.error();
    const auto said = store_.receipt({sync::WitnessKind::hub, store_.state().instance.bytes});
    const std::pair found{store_.cleared_to() >= due, said && said->erased_to >= due};
    if (auto done = transaction->commit(); !done) return done.error();
    return found;
  };
  const auto found = look();
  if (!found) return found.error();
  const auto [cleared, said] = *found;
  if (cleared && said) {
    said_for_ = {state_.instance, due};
    return Done{};
  }
  if (!cleared) {
    if (now_ms < traces_tried_ms_ + traces_pause_ms) return Done{};
    auto traces = store_.erase_traces();
    if (!traces) {
      traces_tried_ms_ = now_ms;
      return traces.error().kind == ErrorKind::unavailable ? Result<Done>(Done{}) : traces;
    }
  }
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  store_.set_cleared_to(due);
  Round round(store_, history_, limits_, Caller{}, now_ms);
  sign_receipt(round, keys_.signing_key);
  if (auto done = transaction->commit(); !done) return done;
  return refresh();
}

Result<Done> Sequencer::take_step(const sync::DirectoryStep& step, std::uint64_t now_ms) {
  DirectoryHistory next = history_;
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  const auto anchor = store_.anchor();
  if (!anchor) {
    if (auto fault = store_.fault()) return *fault;
    return unavailable("This exchange has not yet been told whom to trust.");
  }
  if (auto applied = next.apply(step, *anchor); !applied) return applied;
  const auto& directory = next.directory();
  store_.add_directory_step(directory.version(), step);

  for (const auto& [dossier, version] : directory.erased()) {
    if (version == directory.version()) store_.erase(dossier);
  }
  if (!store_.state().began_ms && directory.hub_instance() == store_.state().instance) {
    store_.set_began(now_ms);
  }
  Round round(store_, next, limits_, Caller{}, now_ms);
  tell_of_new_nodes(round, directory.version());
  Recovery(round).heed_opening(step);
  Recovery(round).open_what_is_ready(nullptr);  // a revoked node is waited for no longer
  if (auto done = transaction->commit(); !done) return done;
  history_ = std::move(next);
  return refresh();
}

Result<Done> Sequencer::check_same_list(std::uint64_t version, ByteView head) {
  if (version == 0 || version > directory().version() || head.empty()) return Done{};
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  const auto held = store_.directory_after(version - 1, 1);
  if (auto done = transaction->commit(); !done) return done;
  if (held.empty() || crypto::as_text(sync::head_of(held.front())) == crypto::as_text(head)) {
    return Done{};
  }
  return {ErrorKind::rejected,
          "The central list here is not the one that the central exchange holds, and both are "
          "version " +
              std::to_string(version) +
              ": somebody has signed two. Nothing was exchanged, and recording goes on. Tell the "
              "central team."};
}

Result<Done> Sequencer::serves() const {
  const auto& directory = history_.directory();
  if (directory.version() == 0) {
    return unavailable("This exchange waits for the first central list from the central team.");
  }
  if (directory.hub_instance() != state_.instance || directory.hub_key() != verify_key()) {
    return unavailable(
        "This exchange has begun anew and waits for the central team to confirm it in the central "
        "list. Nothing is lost; try again later.");
  }
  return Done{};
}

// ---- cursors

Bytes Sequencer::make_cursor(const Told& told, std::size_t size) const {
  sync::LayoutWriter out;
  out.bytes(state_.instance.bytes).u64(told.whole).u64(told.place);
  if (size == cursor_bytes) out.bytes(told.mark);
  Bytes cursor = out.take();
  const auto check = crypto::keyed_hash(keys_.cursor_key.view(), sync::contexts::cursor, {cursor});
  cursor.insert(cursor.end(), check.begin(), check.begin() + 8);
  return cursor;
}

// One without a mark is from before there were any, and so is the request that it follows: in this
// memory that one has none either.
std::optional<Told> Sequencer::read_cursor(ByteView cursor) const {
  const bool is_marked = cursor.size() == cursor_bytes;
  if (!is_marked && cursor.size() != markless_cursor_bytes) return std::nullopt;
  sync::LayoutReader in(cursor);
  const auto instance = in.id<InstanceId>();
  Told told;
  told.whole = in.u64();
  told.place = in.u64();
  if (is_marked) told.mark = in.array<8>();
  if (instance != state_.instance) return std::nullopt;
  const Bytes made = make_cursor(told, cursor.size());
  return crypto::equal_in_constant_time(made, cursor) ? std::optional(told) : std::nullopt;
}

// ---- a node's requests

// A newcomer gets the newest snapshot that it can believe, and what follows it.
bool Sequencer::put_directory(const schema::SyncRequest& request, schema::SyncReply& reply) {
  std::uint64_t after_version = request.directory_version();
  reply.set_snapshot_version(store_.directory_snapshot_version());
  const std::uint64_t up_to = request.snapshot_up_to();
  if (after_version == 0 && up_to > 0) {
    const std::uint64_t told = up_to < sync::counter_max ? up_to : 0;
    const auto snapshot = store_.directory_snapshot(told > 0 ? told - 1 : up_to);
    const auto read = sync::read_snapshot(snapshot, store_.anchor().value_or(sync::Anchor()));
    const auto steps = read ? store_.directory_after(read->version(), directory_bytes_per_reply_max)
                            : std::vector<sync::DirectoryStep>{};
    if (read && sync::leads_to(told, read->version(), steps)) {
      after_version = read->version();
      reply.set_directory_snapshot(wire::text(snapshot));
    }
  }
  for (const auto& step : store_.directory_after(after_version, directory_bytes_per_reply_max)) {
    wire::set(step, *reply.add_directory());
    ++after_version;
  }
  return after_version >= directory().version();
}

// Anybody may bring one. It is kept where it comes to what the versions up to it come to here.
void Sequencer::take_snapshot(ByteView snapshot) {
  const auto anchor = store_.anchor();
  if (snapshot.empty() || !anchor) return;
  const auto read = sync::read_snapshot(snapshot, *anchor);
  if (!read || read->version() > directory().version() ||
      read->version() <= store_.directory_snapshot_version()) {
    return;
  }
  sync::Directory here;
  for (const auto& step : store_.directory_after(0, SIZE_MAX)) {
    if (here.version() == read->version()) break;
    if (!here.apply(step, *anchor)) return;
  }
  if (here.state() != read->state()) return;
  store_.add_directory_snapshot(read->version(), snapshot);
}

Error Sequencer::lost_memory() {
  if (auto begun = begin_new_instance(); !begun) return begun.error();
  return unavailable(
      "This exchange was put back from an older copy. It begins anew and waits for the central "
      "team to confirm it. Nothing is lost; try again later.");
}

Result<Tally> Sequencer::sync(const Caller& caller, const schema::SyncRequest& request,
                              std::uint64_t now_ms, schema::SyncReply& reply) {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  state_ = store_.state();
  Told told = read_cursor(crypto::as_bytes(request.cursor())).value_or(Told{});
  const bool is_of_this_memory =
      told.place <= state_.change && told.mark == store_.mark_at(told.place);
  Round round(store_, history_, limits_, caller, now_ms);
  Recovery recovery(round);
  EnvelopeShelf shelf(round, recovery);
  Placement placement(round, recovery, shelf, keys_.signing_key);
  recovery.end_when_due();

  for (const auto& replay : request.replays()) recovery.take(replay);
  bool missing = false;
  for (const auto& presented : request.presented()) {
    schema::HeadAnswer answer;
    if (!recovery.answer(presented, answer)) continue;
    missing |= answer.standing() == schema::HeadAnswer::MISSING;
    *reply.add_head_answers() = std::move(answer);
  }
  if (recovery.has_lost_memory() || !is_of_this_memory) {
    transaction->roll_back();
    return lost_memory();
  }
  for (const auto& list : request.envelopes()) shelf.take(list);
  if (request.replay_complete() && !missing) recovery.note_replay_complete();

  std::vector<schema::EntryAnswer> answers;
  for (const auto& group : request.entries()) placement.answer(group, answers);
  for (auto& answer : answers) *reply.add_answers() = std::move(answer);
  for (const auto& digest : request.digests()) take_digest(round, recovery, digest);
  if (request.has_erasure_receipt()) take_receipt(round, request.erasure_receipt());
  for (const auto& receipt : request.purge_receipts()) {
    take_purge_receipt(round, recovery, receipt, reply);
  }

  take_snapshot(crypto::as_bytes(request.directory_snapshot()));
  if (put_directory(request, reply)) {
    told = put_changes(round, recovery, shelf, told, keys_.signing_key, reply);
    put_late(round, request.late_after(), keys_.signing_key, reply);
  } else {
    reply.set_more(true);  // the directory comes before anything else
  }
  reply.set_instance(wire::text(state_.instance.bytes));
  reply.set_hub_time_ms(now_ms);
  reply.set_directory_version(directory().version());
  told.mark = store_.mark_at(told.place);
  reply.set_cursor(wire::text(make_cursor(told, cursor_bytes)));
  if (auto done = transaction->commit(); !done) return done.error();
  return placement.tally();
}

Result<Done> Sequencer::fetch(const Caller& caller, const schema::FetchRequest& request,
                              std::uint64_t now_ms, schema::FetchReply& reply) {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  Round round(store_, history_, limits_, caller, now_ms);
  Recovery recovery(round);
  recovery.end_when_due();
  put_pages(round, recovery, request, reply);
  return transaction->commit();
}

// ---- for those who look after the hub

Result<Done> Sequencer::begin_new_instance() {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  store_.begin_instance(InstanceId::random(random_));
  if (auto done = transaction->commit(); !done) return done;
  return refresh();
}

Result<Done> Sequencer::open(const std::optional<DossierId>& dossier, std::uint64_t now_ms) {
  if (auto ready = serves(); !ready) return ready;
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  Round round(store_, history_, limits_, Caller{}, now_ms);
  Recovery recovery(round);
  if (dossier && round.order(*dossier).length() == 0) {
    return {ErrorKind::not_found, "This exchange holds nothing of that name."};
  }
  if (is_under_way(history_, round.state())) {
    dossier ? recovery.open(*dossier) : recovery.open_everything();
  }
  return transaction->commit();
}

Result<HubCounts> Sequencer::counts() {
  auto transaction = StoreTransaction::begin(store_);
  if (!transaction) return transaction.error();
  HubCounts counts = store_.counts();
  const HubState now = store_.state();
  if (is_under_way(history_, now)) counts.recovering = store_.not_open_in(now.instance).size();
  if (auto done = transaction->commit(); !done) return done.error();
  return counts;
}

}  // namespace throughgate::hub
