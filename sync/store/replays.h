// Giving back to a hub that has begun anew what it had signed: the heads held here are presented,
// and the places that it lacks are replayed.
// Part of an Exchange, and on its thread; the unit of work is the caller's.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "schema/wire.pb.h"
#include "sync/store/replica.h"
#include "sync/store/request_room.h"
#include "sync/store/round_under_way.h"

namespace throughgate::sync::store {

class Replays {
 public:
  Replays(const NodeContext& context, RoundUnderWay& round) : context_(context), round_(round) {}

  // The round's instance is set; notes it, and looks at everything anew when it is another one.
  void begin(UnitOfWork& work);
  void add_presented(UnitOfWork& work, RequestRoom& room, schema::SyncRequest& request);
  void add_replays(UnitOfWork& work, RequestRoom& room, schema::SyncRequest& request);
  // Fails with `rejected` when the hub answers for what was not asked.
  Result<Done> take_answers(UnitOfWork& work, const schema::SyncReply& reply, std::uint64_t now_ms);

 private:
  void reopen_refused(UnitOfWork& work);
  bool present(UnitOfWork& work, const DossierId& id, RequestRoom& room,
               schema::SyncRequest& request);
  bool replay(UnitOfWork& work, const DossierId& id, std::uint64_t from, RequestRoom& room,
              schema::SyncRequest& request);
  void note_missing(const StoredDossier& stored, std::uint64_t from);
  void go_back(Replica& replica, std::uint64_t common, std::uint64_t now_ms);

  const NodeContext& context_;
  RoundUnderWay& round_;
  std::vector<DossierId> asked_about_;
  std::map<DossierId, std::uint64_t> replays_;  // first place the hub lacks
  std::map<DossierId, std::uint64_t> missing_;  // the last place asked for in this round
  std::set<DossierId> settled_;                 // not to be asked about again in this round
  bool owes_ = false;           // it lacks something still: not complete in this round
  bool complete_now_ = false;   // the last request says so
  bool complete_told_ = false;  // the hub has answered that
};

}  // namespace throughgate::sync::store
