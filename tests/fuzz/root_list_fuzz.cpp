#include "sync/root_list.h"

#include "tests/fuzz/fuzz_target.h"
#include "tests/sync/root_holders.h"

namespace throughgate::fuzz {

void run(crypto::ByteView bytes) {
  using namespace sync;
  static const testing::RootHolders holders;
  static const RootList first = holders.first();
  const auto list = decode_root_list(bytes);
  if (!list) return;
  must(encode(*list) == Bytes(bytes.begin(), bytes.end()));
  must(list->list.needed >= 1 && list->list.needed <= list->list.roots.size());
  // It follows only where enough holders of the first have signed it: the corpus has one such.
  const auto follows = quorum_of(*list, &first);
  must(!check(*list, &first) || (follows && follows->of_previous >= first.needed));
  const auto quorum = quorum_of(*list, nullptr);
  must(!quorum || quorum->of_own == list->signatures.size());

  auto whole = *list;  // by holders whose keys are their own, it follows
  whole.list.version = 2;
  whole.list.previous = root_hash(first);
  whole.list.roots = first.roots;
  whole.list.needed = 2;
  whole.signatures.clear();
  sign(whole, holders.roots[0]);
  must(!check(whole, &first));
  sign(whole, holders.roots[1]);
  must(bool(check(whole, &first)));
}

}  // namespace throughgate::fuzz
