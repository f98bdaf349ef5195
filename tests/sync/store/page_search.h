// Looks for bytes in every decrypted page of a store: pages in use, free pages, and every page in
// the write-ahead log, also those that a later one or a power cut made void.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/store/database.h"

namespace throughgate::testing {

struct PageSearch {
  std::int64_t pages = 0;
  std::int64_t log_pages = 0;
  // For each text looked for, as it was given, the pages that hold it; a page of the log counts by
  // the page it is a version of.
  std::map<std::string, std::set<std::int64_t>> found;

  bool found_anything() const;
};

enum class Letters { as_they_are, of_any_case };
// What a power cut left half written in the log opens for nobody.
enum class Log { whole, may_be_torn };

// nullopt where a page does not open.
std::optional<PageSearch> search_pages(sync::store::Database& database,
                                       const std::vector<std::string>& texts,
                                       Letters letters = Letters::as_they_are,
                                       Log log = Log::whole);

}  // namespace throughgate::testing
