#include "tests/sync/store/page_search.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "sync/store/connection.h"

namespace throughgate::testing {
namespace {

constexpr int page_bytes = 4096;
constexpr sqlite3_int64 log_header_bytes = 32;
constexpr sqlite3_int64 frame_header_bytes = 24;  // begins with the page's number

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

class Search {
 public:
  Search(PageSearch& out, const std::vector<std::string>& texts, Letters letters)
      : out_(out), letters_(letters) {
    for (const auto& text : texts) {
      sought_.emplace_back(cased(text), text);
      out_.found[text];
    }
  }

  bool look_at_file(sqlite3_file* file) {
    for (sqlite3_int64 at = 0; at + page_bytes <= size_of(file); at += page_bytes) {
      if (!look_at(file, at, at / page_bytes + 1)) return false;
      ++out_.pages;
    }
    return out_.pages > 0;
  }

  bool look_at_log(sqlite3_file* log, Log state) {
    constexpr auto frame_bytes = frame_header_bytes + page_bytes;
    for (auto at = log_header_bytes; at + frame_bytes <= size_of(log); at += frame_bytes) {
      std::array<unsigned char, 4> number{};
      if (log->pMethods->xRead(log, number.data(), 4, at) != SQLITE_OK) return false;
      const sqlite3_int64 page = number[0] << 24 | number[1] << 16 | number[2] << 8 | number[3];
      if (page == 0) continue;  // never filled
      if (look_at(log, at + frame_header_bytes, page)) {
        ++out_.log_pages;
      } else if (state == Log::whole) {
        return false;
      }
    }
    return true;
  }

 private:
  static sqlite3_int64 size_of(sqlite3_file* file) {
    sqlite3_int64 bytes = 0;
    return file->pMethods->xFileSize(file, &bytes) == SQLITE_OK ? bytes : 0;
  }

  std::string cased(std::string text) const {
    return letters_ == Letters::of_any_case ? lower(std::move(text)) : text;
  }

  bool look_at(sqlite3_file* file, sqlite3_int64 offset, sqlite3_int64 page) {
    std::string bytes(page_bytes, '\0');
    if (file->pMethods->xRead(file, bytes.data(), page_bytes, offset) != SQLITE_OK) return false;
    bytes = cased(std::move(bytes));
    for (const auto& [sought, as_given] : sought_) {
      if (bytes.find(sought) != std::string::npos) out_.found[as_given].insert(page);
    }
    return true;
  }

  PageSearch& out_;
  Letters letters_;
  std::vector<std::pair<std::string, std::string>> sought_;
};

sqlite3_file* file_of(sync::store::Database& database, int which) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database.connection().handle(), "main", which, static_cast<void*>(&file));
  return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

}  // namespace

bool PageSearch::found_anything() const {
  return std::any_of(found.begin(), found.end(),
                     [](const auto& each) { return !each.second.empty(); });
}

std::optional<PageSearch> search_pages(sync::store::Database& database,
                                       const std::vector<std::string>& texts, Letters letters,
                                       Log state) {
  PageSearch out;
  Search search(out, texts, letters);
  auto* file = file_of(database, SQLITE_FCNTL_FILE_POINTER);
  auto* log = file_of(database, SQLITE_FCNTL_JOURNAL_POINTER);
  if (file == nullptr || !search.look_at_file(file)) return std::nullopt;
  if (log == nullptr || !search.look_at_log(log, state)) return std::nullopt;
  return out;
}

}  // namespace throughgate::testing
