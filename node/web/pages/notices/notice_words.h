// What a notice says to people: what happened, that nothing was lost or what was, and what to do.
#pragma once

#include <string>

#include "node/open_node.h"
#include "sync/store/record_reader.h"

namespace throughgate::node::web {

struct NoticeWords {
  std::string title;     // "A change could not be added: Bridge Trust was no longer part of it"
  std::string happened;  // and what became of what was typed
  std::string next;      // what to do
};

// `kind`: "handover"; `keeper`: who keeps the record, to begin a sentence with. Of what was set
// aside: who sent it, and `apart`.
NoticeWords words_of(const sync::store::Notice& notice, const OpenNode& node,
                     const std::string& kind, const std::string& keeper,
                     const sync::store::SetAside& apart = {});

}  // namespace throughgate::node::web
