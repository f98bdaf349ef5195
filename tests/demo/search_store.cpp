// Looks for words in every decrypted page of a store: pages in use, free pages, and every page in
// the write-ahead log. Give it a copy: opening a store writes beside it.
//
// usage: search_store STORE node FOLDER KEY-FILE WORD ...      a node's store, by its key file
//        search_store STORE hub KEY-FILE WORD ...              the hub's
// Prints JSON: pages and log pages looked at, and for each word the pages that hold it, whatever
// the case of its letters; a page of the log counts by the page it is a version of.
#include <sqlite3.h>

#include <array>
#include <cctype>
#include <iostream>
#include <map>
#include <set>
#include <utility>

#include "crypto/init.h"
#include "hub/key_file.h"
#include "node/accounts/accounts.h"
#include "sync/store/connection.h"
#include "sync/store/database.h"

namespace {

using namespace throughgate;
using sync::Result;

constexpr int page_bytes = 4096;
constexpr sqlite3_int64 log_header_bytes = 32;
constexpr sqlite3_int64 frame_header_bytes = 24;  // begins with the page's number

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

class Search {
 public:
  explicit Search(const std::vector<std::string>& words) {
    for (const auto& word : words) found_[lower(word)];
  }

  // Every page that stands in the file, used or free. False where one does not open.
  bool look_at_file(sqlite3_file* file) {
    for (sqlite3_int64 at = 0; at + page_bytes <= size_of(file); at += page_bytes) {
      if (!look_at(file, at, at / page_bytes + 1)) return false;
      ++pages_;
    }
    return pages_ > 0;
  }

  // Every page in the log, also those that a later one or a power cut made void.
  bool look_at_log(sqlite3_file* log) {
    constexpr auto frame_bytes = frame_header_bytes + page_bytes;
    for (auto at = log_header_bytes; at + frame_bytes <= size_of(log); at += frame_bytes) {
      std::array<unsigned char, 4> number{};
      if (log->pMethods->xRead(log, number.data(), 4, at) != SQLITE_OK) return false;
      const sqlite3_int64 page = number[0] << 24 | number[1] << 16 | number[2] << 8 | number[3];
      if (page == 0) continue;  // never filled
      if (!look_at(log, at + frame_header_bytes, page)) return false;
      ++log_pages_;
    }
    return true;
  }

  void print(std::ostream& out) const {
    out << "{\"pages\": " << pages_ << ", \"log_pages\": " << log_pages_ << ", \"found\": {";
    const char* between = "";
    for (const auto& [word, pages] : found_) {
      out << std::exchange(between, ", ") << '"' << word << "\": [";
      const char* comma = "";
      for (const auto page : pages) out << std::exchange(comma, ", ") << page;
      out << "]";
    }
    out << "}}\n";
  }

 private:
  static sqlite3_int64 size_of(sqlite3_file* file) {
    sqlite3_int64 bytes = 0;
    return file->pMethods->xFileSize(file, &bytes) == SQLITE_OK ? bytes : 0;
  }

  bool look_at(sqlite3_file* file, sqlite3_int64 offset, sqlite3_int64 page) {
    std::string bytes(page_bytes, '\0');
    if (file->pMethods->xRead(file, bytes.data(), page_bytes, offset) != SQLITE_OK) return false;
    bytes = lower(std::move(bytes));
    for (auto& [word, pages] : found_) {
      if (bytes.find(word) != std::string::npos) pages.insert(page);
    }
    return true;
  }

  std::map<std::string, std::set<sqlite3_int64>> found_;
  std::int64_t pages_ = 0;
  std::int64_t log_pages_ = 0;
};

sqlite3_file* file_of(sync::store::Database& database, int which) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database.connection().handle(), "main", which, static_cast<void*>(&file));
  return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

int fail(const std::string& what) {
  std::cerr << what << '\n';
  return 1;
}

int search(const std::string& store, const Result<crypto::DatabaseKey>& key,
           const std::vector<std::string>& words) {
  if (!key) return fail(key.error().message);
  auto database = sync::store::Database::open(store, *key, {});
  if (!database) return fail(database.error().message);
  auto* file = file_of(*database, SQLITE_FCNTL_FILE_POINTER);
  auto* log = file_of(*database, SQLITE_FCNTL_JOURNAL_POINTER);
  Search found(words);
  if (file == nullptr || !found.look_at_file(file)) return fail("A page does not open.");
  if (log == nullptr || !found.look_at_log(log)) return fail("A page of the log does not open.");
  found.print(std::cout);
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
