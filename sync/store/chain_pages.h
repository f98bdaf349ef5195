// The heads that the hub tells of, and the pages of entries that lead to them.
// Part of an Exchange, and on its thread.
#pragma once

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

  // Inside the caller's unit. Fails with `rejected` when the hub has not signed them.
  Result<Done> take_heads(UnitOfWork& work, const schema::SyncReply& reply);

  // See Exchange::next_fetch() and Exchange::take_pages().
  Result<schema::FetchRequest> next_fetch(std::size_t bytes_max);
  Result<Done> take(const schema::FetchReply& reply, std::uint64_t now_ms);

 private:
  Result<Done> take(const schema::FetchReply& reply, int first, int last,
                    std::uint64_t now_ms);  // in one commit
  Result<Done> take_page(UnitOfWork& work, const schema::Page& page, std::uint64_t now_ms);
  Result<Done> append(Replica& replica, const schema::Page& page, std::uint64_t now_ms);

  Database& database_;
  const NodeContext& context_;
  RoundUnderWay& round_;
  KeyPost& key_post_;
};

}  // namespace throughgate::sync::store
