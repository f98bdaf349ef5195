#include "sync/store/exchange.h"

#include <algorithm>

#include "sync/directory_snapshot.h"
#include "sync/layout.h"
#include "sync/program_number.h"
#include "sync/store/asking_anew.h"
#include "sync/store/directory_table.h"
#include "sync/store/erasure.h"
#include "sync/store/forks.h"
#include "sync/store/key_renewals.h"
#include "sync/store/list_notices.h"
#include "sync/store/reauthoring.h"
#include "sync/store/set_aside.h"
#include "sync/store/settings_table.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {

Result<Done> Exchange::begin(const InstanceId& instance, std::uint64_t hub_directory_version) {
  round_ = {};
  hub_snapshot_version_.reset();
  round_.instance = instance;
  hub_directory_version_ = hub_directory_version;
  steps_sent_after_.reset();
  asked_for_the_list_ = false;
  asked_anew_ = false;
  offer_.begin();
  UnitOfWork work(database_);
  replays_.begin(work);
  pages_.begin(work);
  AskingAnew(work).begin_round(context_.clock());
  return work.commit();
}

schema::SyncRequest Exchange::begin_request(UnitOfWork& work) {
  schema::SyncRequest request;
  round_.wants_another = false;
  if (const auto cursor = SettingsTable(work).find(setting::cursor)) {
    request.set_cursor(to_wire(ByteView(*cursor)));
  }
  request.set_directory_version(directory_.version());
  request.set_directory_head(to_wire(ByteView(directory_.head())));
  add_snapshot(work, request);
  return request;
}

Result<std::optional<schema::SyncRequest>> Exchange::hearing_request() {
  UnitOfWork work(database_);
  std::optional<schema::SyncRequest> out;
  if (!begins_anew(work)) {
    out = begin_request(work);
    offer_.offer_nothing();
  }
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<schema::SyncRequest> Exchange::next_request(std::size_t batch_bytes) {
  UnitOfWork work(database_);
  auto request = begin_request(work);
  if (asks_for_the_list_first(work)) {
    offer_.offer_nothing();
    round_.wants_another = true;
    if (auto done = work.commit(); !done) return done.error();
    return request;
  }
  RequestRoom room(batch_bytes);
  add_directory(work, room, request);
  if (needs_update(directory_)) {  // of all else nothing is said until this program is newer
    if (auto done = work.commit(); !done) return done.error();
    return request;
  }
  replays_.add_presented(work, room, request);
  replays_.add_replays(work, room, request);
  offer_.add_entries(work, room, request);
  offer_.add_envelopes(work, room, request);
  deliveries_.add_digests(work, request);
  erasure_post_.add_receipt(work, request);
  purge_post_.add_receipts(work, request);
  late_post_.add_after(work, request);
  if (auto done = work.commit(); !done) return done.error();
  return request;
}

bool Exchange::begins_anew(UnitOfWork& work) const {
  const auto replayed_to = SettingsTable(work).find(setting::replayed_to);
  return !replayed_to || !std::equal(replayed_to->begin(), replayed_to->end(),
                                     round_.instance.bytes.begin(), round_.instance.bytes.end());
}

// What has been erased meanwhile goes before anything is said of it. Once a round: a hub that does
// not give what it says to have gets what there is to send all the same. One that has begun anew is
// first shown what it had signed before: what it no longer holds must not be taken for refused.
bool Exchange::asks_for_the_list_first(UnitOfWork& work) {
  if (begins_anew(work)) return false;
  if (asked_for_the_list_ || hub_directory_version_ <= directory_.version()) return false;
  asked_for_the_list_ = true;
  return true;
}

void Exchange::add_directory(UnitOfWork& work, RequestRoom& room, schema::SyncRequest& request) {
  if (hub_directory_version_ >= directory_.version()) return;
  for (const auto& step : DirectoryTable(work).after(hub_directory_version_)) {
    schema::DirectoryStep out = to_wire(step);
    if (request.directory_size() == other_items_per_request_max ||
        !room.take(out.ByteSizeLong() + framing_bytes)) {
      // A hub that has not moved on with what it was sent will not with the same again.
      round_.wants_another |= steps_sent_after_ != hub_directory_version_;
      steps_sent_after_ = hub_directory_version_;
      return;
    }
    *request.add_directory() = std::move(out);
  }
}

Result<Done> Exchange::take_reply(const schema::SyncReply& reply, std::uint64_t now_ms) {
  const std::uint64_t version_before = directory_.version();
  const bool was_too_old = needs_update(directory_);
  if (auto done = take_directory(reply); !done) return done.error();
  if (needs_update(directory_)) return update_needed();
  if (id_from_wire<InstanceId>(reply.instance()) != round_.instance) {
    return Error{ErrorKind::stale, "The central exchange was restarted. Sync again."};
  }
  hub_directory_version_ = std::max(hub_directory_version_, reply.directory_version());
  const bool is_first_word = !hub_snapshot_version_;
  if (is_first_word) hub_snapshot_version_ = reply.snapshot_version();

  UnitOfWork work(database_);
  if (auto done = offer_.take_answers(work, reply, now_ms); !done) return done.error();
  if (auto done = replays_.take_answers(work, reply, now_ms); !done) return done.error();
  note_shared_again(work, reply);
  if (auto done = key_post_.take(work, reply); !done) return done.error();
  if (auto done = pages_.take_heads(work, reply); !done) return done.error();
  if (auto done = key_post_.take_wanted(work, reply); !done) return done.error();
  key_post_.seal_wanted(work);
  deliveries_.take_digests(work, reply, now_ms);
  erasure_post_.take(work, reply);
  purge_post_.take(work, reply);
  late_post_.take(work, reply, now_ms);
  SettingsTable settings(work);
  const crypto::Bytes cursor(reply.cursor().begin(), reply.cursor().end());
  // Steps of the directory come before all else, and the cursor waits for them.
  const bool moved_on =
      directory_.version() > version_before || settings.find(setting::cursor) != cursor;
  settings.set(setting::cursor, cursor);
  if ((reply.more() && moved_on) || was_too_old) round_.wants_another = true;
  AskingAnew asking(work);
  round_.wants_another |= asking.note_reply(!reply.more(), context_.clock());
  if (was_told_too_little(work)) {
    asked_anew_ = true;
    round_.wants_another |= asking.ask();
  }
  if (is_first_word) {
    const auto newest = DirectoryTable(work).newest_snapshot();
    round_.wants_another |= newest && newest->version > *hub_snapshot_version_;
  }
  return work.commit();
}

// Something was refused for its place in an order that is not the one here, and no newer one is
// awaited: an earlier answer left something out. Once a round.
bool Exchange::was_told_too_little(UnitOfWork& work) const {
  if (asked_anew_) return false;
  return std::any_of(round_.refused_by_order.begin(), round_.refused_by_order.end(),
                     [&](const DossierId& id) {
                       const StoredDossier stored(work, id);
                       return stored.length() > 0 && stored.heard() <= stored.length();
                     });
}

Result<Done> Exchange::take_directory(const schema::SyncReply& reply) {
  if (reply.directory_size() == 0 && reply.directory_snapshot().empty()) return Done{};
  Directory next = directory_;
  UnitOfWork work(database_);
  if (auto taken = take_snapshot(work, reply, next); !taken) return taken;
  for (const auto& each : reply.directory()) {
    const auto step = from_wire(each);
    if (!step) return hub_is_wrong("a version of the central list.");
    const auto done = next.apply(*step, anchor_);
    if (!done && done.error().kind == ErrorKind::stale) continue;  // one that we have
    if (!done) return done.error();
    DirectoryTable(work).add(next.version(), *step);
    heed_accidents(work, *step, context_.identity.node);
    add_list_notices(work, notices_in(*step, next, context_.identity.node), next.version(),
                     context_.clock());
  }
  erase_what_is_named(work, next, context_.clock());
  const NodeContext by_next{context_.policies, next, context_.identity, context_.random,
                            context_.clock};
  judge_set_aside(work, by_next);
  heed_revocations(work, by_next);
  if (auto done = work.commit(); !done) return done.error();
  directory_ = std::move(next);
  pages_.ask_again();
  key_post_.touch_all();
  return Done{};
}

// Only where nothing is held yet: whoever holds a version goes on from it, step by step.
Result<Done> Exchange::take_snapshot(UnitOfWork& work, const schema::SyncReply& reply,
                                     Directory& next) {
  if (reply.directory_snapshot().empty() || next.version() > 0) return Done{};
  const Bytes bytes = from_wire(reply.directory_snapshot());
  std::vector<DirectoryStep> steps;
  for (const auto& each : reply.directory()) {
    auto step = from_wire(each);
    if (!step) return hub_is_wrong("a version of the central list.");
    steps.push_back(*std::move(step));
  }
  if (auto sound = begin_with(bytes, steps, anchor_); !sound) return sound.error();
  auto snapshot = read_snapshot(bytes, anchor_);
  if (!snapshot) return snapshot.error();
  DirectoryTable(work).begin_with(snapshot->version(), bytes);
  next = *std::move(snapshot);
  return Done{};
}

// Made at the desk, where every version is, and handed on once: to a hub that has said that it has
// none so new.
void Exchange::add_snapshot(UnitOfWork& work, schema::SyncRequest& request) {
  if (directory_.version() == 0) {
    request.set_snapshot_up_to(anchor_.version > 0 ? anchor_.version : counter_max);
    return;
  }
  if (!hub_snapshot_version_) return;
  const auto own = DirectoryTable(work).newest_snapshot();
  if (!own || own->version <= *hub_snapshot_version_) return;
  request.set_directory_snapshot(to_wire(ByteView(own->bytes)));
  hub_snapshot_version_ = own->version;  // once a round, whatever becomes of it
}

// Not before the order that made it necessary is here: else it would be refused again.
Result<bool> Exchange::write_again(std::uint64_t now_ms) {
  std::vector<DossierId> waiting;
  UnitOfWork work(database_);
  take_up_again(work);
  work.each(
      "SELECT DISTINCT d.dossier FROM entry e JOIN dossier d ON d.id = e.dossier "
      "WHERE e.dsn IS NULL AND e.standing = 5",
      bound(), [&](const Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) waiting.push_back(*id);
      });
  bool written = false;
  for (const auto& id : waiting) {
    Replica replica(work, id, context_);
    written |= retry_waiting(replica, now_ms, context_);
    replica.finish();
  }
  if (auto done = work.commit(); !done) return done.error();
  return written;
}

}  // namespace throughgate::sync::store
