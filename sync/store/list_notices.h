// What a version of the central list says of this organisation's own computers, for people to read
// until somebody has seen it.
// Threads: those of the Database.
#pragma once

#include <vector>

#include "sync/directory.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

// Kinds of notice, stored beside those of NoticeKind in admission.h: no number is in both. Their
// detail is the version that says it.
enum class ListNotice : int {
  accident = 20,   // that one of them wrote two different changes at one place came about so
  withdrawn = 21,  // nothing is accepted of one of them from then on
};

// `step` led to `after`. Nothing for a computer that a later version lets in: it is not told what
// happened before its time.
std::vector<ListNotice> notices_in(const DirectoryStep& step, const Directory& after,
                                   const NodeId& own);
// Again changes nothing.
void add_list_notices(UnitOfWork& work, const std::vector<ListNotice>& notices,
                      std::uint64_t version, std::uint64_t now_ms);

}  // namespace throughgate::sync::store
