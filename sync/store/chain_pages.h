// The heads that the hub tells of, and the pages of entries that lead to them.
// Part of an Exchange, and on its thread.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "schema/wire.pb.h"
#include "sync/store/key_post.h"
#include "sync/store/replica.h"
#include "sync/store/round_under_way.h"

namespace throughgate::sync::store {

class ChainPages {
 public:
  ChainPages(Database& database, const NodeContext& context, RoundUnderWay& round,
             KeyPost& key_post)
      : database_(database), context_(context), round_(round), key_post_(key_post) {}

  void begin(UnitOfWork& work);

  // Inside the caller's unit. Fails with `rejected` when the hub has not signed them.
  Result<Done> take_heads(UnitOfWork& work, const schema::SyncReply& reply);

  // See Exchange::next_fetch() and Exchange::take_pages().
  Result<schema::FetchRequest> next_fetch(std::size_t bytes_max);
  Result<bool> take(const schema::FetchReply& reply, std::uint64_t now_ms);
  // What stood still may move now.
  void ask_again() { still_.clear(); }

 private:
  struct Asked {
    std::int64_t row = 0;
    Head held;
    bool is_proven = false;  // by a signed head, to its last place
  };

  void ask(UnitOfWork& work, std::string_view sql);
  Result<Done> take(const schema::FetchReply& reply, int first, int last,
                    std::uint64_t now_ms);  // in one commit
  Result<Done> take_each(const schema::FetchReply& reply, int first, int last,
                         std::uint64_t now_ms);
  void note_unsound(const DossierId& dossier);
  void drop_unproven(UnitOfWork& work, const DossierId& dossier);
  void note_dropped(const DossierId& dossier);
  bool is_asked(const DossierId& dossier) const;
  Result<bool> set_aside(const schema::FetchReply& reply);
  Result<Done> take_page(UnitOfWork& work, const schema::Page& page, std::uint64_t now_ms);
  void ask_where_they_part(const DossierId& dossier);
  Result<Done> append(Replica& replica, const schema::Page& page, std::uint64_t now_ms);

  Database& database_;
  const NodeContext& context_;
  RoundUnderWay& round_;
  KeyPost& key_post_;

  std::int64_t after_row_ = 0;  // where asking begins: what stood still last comes last
  std::vector<Asked> asked_;    // with the last fetch
  std::set<DossierId> moved_;   // by its answer
  std::map<DossierId, std::uint64_t> still_;  // did not move from this place in this round
  std::set<DossierId> unsound_;               // in what was fetched
  std::set<DossierId> dropped_;  // what was not proven; not asked for again in this round
  std::set<DossierId> parted_;   // whose chain here is not the hub's: asked about once a round
};

}  // namespace throughgate::sync::store
