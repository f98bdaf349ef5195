// Looks for words in every decrypted page of a store. Give it a copy: opening a store writes beside
// it.
//
// usage: search_store STORE node FOLDER KEY-FILE WORD ...      a node's store, by its key file
//        search_store STORE hub KEY-FILE WORD ...              the hub's
// Prints JSON: pages and log pages looked at, and for each word, in small letters, the pages that
// hold it, whatever the case of its letters.
#include <cctype>
#include <iostream>
#include <utility>

#include "crypto/init.h"
#include "hub/key_file.h"
#include "node/accounts/accounts.h"
#include "tests/sync/store/page_search.h"

namespace {

using namespace throughgate;
using sync::Result;

void print(const testing::PageSearch& search, std::ostream& out) {
  out << "{\"pages\": " << search.pages << ", \"log_pages\": " << search.log_pages
      << ", \"found\": {";
  const char* between = "";
  for (const auto& [word, pages] : search.found) {
    out << std::exchange(between, ", ") << '"' << word << "\": [";
    const char* comma = "";
    for (const auto page : pages) out << std::exchange(comma, ", ") << page;
    out << "]";
  }
  out << "}}\n";
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

int fail(const std::string& what) {
  std::cerr << what << '\n';
  return 1;
}

int search(const std::string& store, const Result<crypto::DatabaseKey>& key,
           std::vector<std::string> words) {
  for (auto& word : words) word = lower(std::move(word));
  if (!key) return fail(key.error().message);
  auto database = sync::store::Database::open(store, *key, {});
  if (!database) return fail(database.error().message);
  const auto found = testing::search_pages(*database, words, testing::Letters::of_any_case);
  if (!found) return fail("A page does not open.");
  print(*found, std::cout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  if (!crypto::start() || given.size() < 4) return 2;
  const std::string& store = given[0];
  if (given[1] == "hub") {
    return search(store, hub::read_key_file(given[2]), {given.begin() + 3, given.end()});
  }
  crypto::SystemRandom random;
  const node::Accounts accounts(node::DataFolder(given[2]), random);
  return search(store, accounts.open_with_key_file(given[3]), {given.begin() + 4, given.end()});
}
