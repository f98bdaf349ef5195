// What a site shows of something, and whether its store is whole.
#pragma once

#include <string>

#include "sync/store/checker.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {

inline std::size_t found(const Site& site, const std::string& text) {
  sync::store::SearchQuery query;
  query.text = text;
  query.class_max = 4;
  return must(site.reader().search(query)).hits.size();
}

inline bool is_whole(const Site& site) {
  return must(sync::store::check_store(site.node->database(), site.node->context())).faults.empty();
}

}  // namespace throughgate::node::testing
