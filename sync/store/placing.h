// An entry that the exchange has given a place, on its way into the chain held here. Inside the
// caller's unit; the caller ends with Replica::finish().
#pragma once

#include "sync/store/parked_table.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {

enum class Placing {
  placed,
  parked,          // of a later version: kept, and nothing after it can be placed yet
  author_unknown,  // not in the directory at that version, or of another dossier
  not_signed,      // by its author, or altered
  not_due,         // the rules do not give it this place
};

// The next place, judged anew. Only `placed` and `parked` have changed anything.
Placing place_next(Replica& replica, SignedEntry entry, const ParkedEntry::Place& place,
                   const NodeContext& context, std::uint64_t now_ms);

// Only a chain that reaches a head the hub has signed is believed for good. True when it did, or
// nothing was heard that it should have reached; false when it is another chain: then what no head
// has proven is dropped.
bool reach_heard_head(Replica& replica);

// Takes back every place that no signed head has proven: an order record is nobody's word, and may
// have been altered on its way. Whether the hub has what is proven must be asked.
void drop_unproven(Replica& replica);

// What came here without its text, as somebody had removed some of it, and whose removal has not
// come: the hub's newest life may have lost that, and have the text again. So it is fetched once
// more from there on. To be asked once of each life of the hub that has the order held here.
void fetch_bare_again(Replica& replica);

// Takes back every place above `common`, which the hub's order no longer has, and tells people of
// each. How many. What stood there is to go to the hub again, keys first.
std::size_t take_back_above(Replica& replica, std::uint64_t common, std::uint64_t now_ms);

}  // namespace throughgate::sync::store
