#include "sync/store/replays.h"

#include <algorithm>

#include "sync/store/admission.h"
#include "sync/store/deliveries.h"
#include "sync/store/placing.h"
#include "sync/store/settings_table.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"

namespace throughgate::sync::store {
namespace {

constexpr int presented_max = 200;        // in one request: each brings its proof along
constexpr std::size_t record_bytes = 24;  // of an order record, at most

// Places of the same chain below `dsn`: 1, 2, 4, 8 ... back, and the start.
std::vector<std::uint64_t> locator_places(std::uint64_t dsn) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t back = 1; back < dsn; back *= 2) out.push_back(dsn - back);
  return out;
}

// Found by index from both sides of the instance: an idle sync looks at no dossier.
std::vector<DossierId> unconfirmed_in(UnitOfWork& work, const InstanceId& instance) {
  std::vector<DossierId> out;
  const auto take = [&](const Statement& row) {
    if (const auto id = DossierId::from(row.view(0))) out.push_back(*id);
  };
  work.each(
      "SELECT dossier FROM dossier WHERE length > 0 AND proof IS NOT NULL AND confirmed IS NULL",
      bound(), take);
  work.each("SELECT dossier FROM dossier WHERE length > 0 AND proof IS NOT NULL AND confirmed < ?",
            bound(instance.view()), take);
  work.each("SELECT dossier FROM dossier WHERE length > 0 AND proof IS NOT NULL AND confirmed > ?",
            bound(instance.view()), take);
  return out;
}

std::vector<DossierId> with_refused(UnitOfWork& work) {
  std::vector<DossierId> out;
  work.each(
      "SELECT DISTINCT d.dossier FROM entry e JOIN dossier d ON d.id = e.dossier WHERE e.dsn IS "
      "NULL AND e.standing = 4",
      bound(), [&](const Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) out.push_back(*id);
      });
  return out;
}

}  // namespace

void Replays::begin(UnitOfWork& work) {
  replays_.clear();
  settled_.clear();
  missing_.clear();
  owes_ = false;
  complete_now_ = false;
  const Bytes now(round_.instance.bytes.begin(), round_.instance.bytes.end());
  SettingsTable settings(work);
  const auto known = settings.find(setting::hub_instance);
  if (known && *known != now) reopen_refused(work);
  settings.set(setting::hub_instance, now);
  complete_told_ = settings.find(setting::replayed_to) == now;
}

// A new instance may take what an earlier one could not, and may have lost what an earlier one had.
void Replays::reopen_refused(UnitOfWork& work) {
  std::vector<DossierId> unproven;
  work.each("SELECT dossier FROM dossier WHERE length > proven", bound(),
            [&](const Statement& row) {
              if (const auto id = DossierId::from(row.view(0))) unproven.push_back(*id);
            });
  for (const auto& id : unproven) {
    Replica replica(work, id, context_);
    replica.cut(replica.stored().proven());
    replica.finish();
  }
  for (const auto& id : with_refused(work)) {
    Replica replica(work, id, context_);
    replica.reopen_refused();
    replica.finish();
  }
  work.run("UPDATE envelope_list SET unsent = 1 WHERE NOT unsent");
  work.run("UPDATE dossier SET digest_sent = 0, heard = length, heard_proof = NULL");
  forget_digests(work);
}

void Replays::add_presented(UnitOfWork& work, RequestRoom& room, schema::SyncRequest& request) {
  asked_about_.clear();
  const auto unconfirmed = unconfirmed_in(work, round_.instance);
  bool all = true;
  for (const auto& id : unconfirmed) {
    if (settled_.contains(id) || replays_.contains(id)) continue;
    all = request.presented_size() < presented_max && present(work, id, room, request);
    if (!all) break;
  }
  if (!all) round_.wants_another = true;
  complete_now_ = all && asked_about_.empty() && replays_.empty() && !complete_told_ && !owes_;
  if (complete_now_) request.set_replay_complete(true);
}

// False when there is no room.
bool Replays::present(UnitOfWork& work, const DossierId& id, RequestRoom& room,
                      schema::SyncRequest& request) {
  StoredDossier stored(work, id);
  const auto proof = stored.proof();
  if (!proof) return true;
  schema::Presented presented;
  *presented.mutable_proof() = to_wire(*proof);
  for (const std::uint64_t dsn : locator_places(proof->head.dsn)) {
    if (const auto chain = stored.chain_at(dsn)) {
      *presented.add_locator() = to_wire(Head{id, dsn, *chain});
    }
  }
  if (!room.take(presented.ByteSizeLong() + framing_bytes)) return false;
  *request.add_presented() = std::move(presented);
  asked_about_.push_back(id);
  return true;
}

void Replays::add_replays(UnitOfWork& work, RequestRoom& room, schema::SyncRequest& request) {
  if (!replays_.empty()) round_.wants_another = true;
  while (!replays_.empty() && request.replays_size() < replays_per_request_max) {
    const auto [id, from] = *replays_.begin();
    if (context_.directory.is_erased(id)) {
      replays_.erase(id);
      continue;
    }
    if (!replay(work, id, from, room, request)) return;
    replays_.erase(id);  // presented again next time: the hub says whether more is missing
  }
}

// As many places as there is room for; false when there is none for the first.
bool Replays::replay(UnitOfWork& work, const DossierId& id, std::uint64_t from, RequestRoom& room,
                     schema::SyncRequest& request) {
  StoredDossier stored(work, id);
  const auto proof = stored.proof();
  if (!proof) return true;
  schema::Replay out;
  *out.mutable_proof() = to_wire(*proof);
  auto& page = *out.mutable_page();
  page.set_from_dsn(from);
  page.mutable_entries()->set_dossier(to_wire(id.view()));
  const std::size_t around = out.ByteSizeLong() + 3 * framing_bytes;
  for (std::uint64_t dsn = from; dsn <= proof->head.dsn; ++dsn) {
    const auto row = stored.row_at(dsn);
    const auto held = row ? stored.load(*row) : std::nullopt;
    const auto record = stored.record_at(dsn);
    if (!held || !record) break;
    const std::size_t beside = record_bytes + (dsn == from ? around : 0);
    if (!room.add(held->entry, WireForm::full, beside, *page.mutable_entries())) break;
    auto& placed = *page.add_records();
    placed.set_directory_version(record->directory_version);
    placed.set_accepted_at_ms(record->accepted_at_ms);
  }
  if (page.records_size() == 0) return !room.is_full();
  *request.add_replays() = std::move(out);
  return true;
}

Result<Done> Replays::take_answers(UnitOfWork& work, const schema::SyncReply& reply,
                                   std::uint64_t now_ms) {
  using schema::HeadAnswer;
  std::set<DossierId> unanswered(asked_about_.begin(), asked_about_.end());
  for (const auto& answer : reply.head_answers()) {
    const auto id = id_from_wire<DossierId>(answer.dossier());
    if (!id || std::find(asked_about_.begin(), asked_about_.end(), *id) == asked_about_.end()) {
      return hub_is_wrong("it answers for something that was not asked.");
    }
    unanswered.erase(*id);
    if (context_.directory.is_erased(*id)) continue;
    Replica replica(work, *id, context_);
    switch (answer.standing()) {
      case HeadAnswer::KNOWN:
        fetch_bare_again(replica);
        replica.stored().set_confirmed(round_.instance);
        break;
      case HeadAnswer::MISSING:
        note_missing(replica.stored(), std::max<std::uint64_t>(answer.from_dsn(), 1));
        break;
      case HeadAnswer::UNKNOWN:
        go_back(replica, std::min(answer.from_dsn(), replica.stored().length()), now_ms);
        round_.wants_another = true;
        break;
      default:  // RECOVERING
        break;
    }
    replica.finish();
  }
  owes_ |= !unanswered.empty();
  // Once a round, whatever the answer, and where there is none: else it need have no end.
  for (const auto& id : asked_about_) {
    if (!replays_.contains(id)) settled_.insert(id);
  }
  if (complete_now_ && reply.head_answers_size() == 0) {
    SettingsTable(work).set(setting::replayed_to, round_.instance.view());
    complete_told_ = true;
  } else if (!complete_told_ && !owes_) {
    round_.wants_another = true;
  }
  return Done{};
}

// An honest hub asks for what follows on what it was given.
void Replays::note_missing(const StoredDossier& stored, std::uint64_t from) {
  auto& last = missing_[stored.id()];
  if (from <= last || from > stored.length()) {
    owes_ = true;
    return;
  }
  replays_[stored.id()] = last = from;
  round_.wants_another = true;
}

// The hub does not know what stands here above the common part.
void Replays::go_back(Replica& replica, std::uint64_t common, std::uint64_t now_ms) {
  round_.counts.taken_back += take_back_above(replica, common, now_ms);
  // The hub says once what it has: it may have said so before it was asked.
  if (const auto heard = replica.stored().heard_proof();
      heard && heard->root.instance == round_.instance) {
    reach_heard_head(replica);
  } else {
    replica.stored().forget_heard();
  }
  replica.stored().set_confirmed(round_.instance);  // answered: not to be asked again
}

}  // namespace throughgate::sync::store
