// The part of RecordReader that goes across records: pages, reviews, search.
#include <algorithm>
#include <array>
#include <set>

#include "sync/layout.h"
#include "sync/store/record_reader.h"

namespace throughgate::sync::store {
namespace {

constexpr std::size_t list_limit_max = 500;
constexpr std::size_t search_limit_max = 200;
constexpr std::size_t search_bytes_max = 200;
constexpr std::size_t search_words_max = 8;
constexpr std::size_t hits_per_word_max = 20'000;  // beyond that a word tells nothing apart

Error invalid(const char* message) { return {ErrorKind::invalid, message}; }

// Where a page ended. In phase 1 the sort keys, in phase 2 (records that lack the first) none.
struct Cursor {
  std::uint8_t phase = 1;
  std::int64_t dossier = 0;
  RecordId record;
  std::string key;
  std::string then;

  std::string encode() const {
    LayoutWriter out;
    out.u8(phase).u64(static_cast<std::uint64_t>(dossier)).bytes(record.bytes);
    out.u8(static_cast<std::uint8_t>(key.size())).bytes(crypto::as_bytes(key));
    out.u8(static_cast<std::uint8_t>(then.size())).bytes(crypto::as_bytes(then));
    return crypto::to_hex(out.take());
  }
  static std::optional<Cursor> decode(const std::string& text) {
    if (text.size() > 400) return std::nullopt;
    const auto bytes = crypto::from_hex(text);
    if (!bytes) return std::nullopt;
    LayoutReader in(*bytes);
    Cursor out;
    out.phase = in.u8();
    out.dossier = static_cast<std::int64_t>(in.u64());
    out.record = in.id<RecordId>();
    out.key = crypto::as_text(in.bytes(in.u8()));
    out.then = crypto::as_text(in.bytes(in.u8()));
    if (!in.finished() || (out.phase != 1 && out.phase != 2)) return std::nullopt;
    return out;
  }
};

struct Place {
  std::int64_t dossier = 0;
  RecordId record;
  std::string key;
  std::string then;
};

std::string text_or_empty(const Statement& row, int column) {
  return row.is_null(column) ? std::string() : row.text(column);
}

Place place_in(const Statement& row) {
  return {row.integer(0), RecordId::from(row.view(1)).value_or(RecordId{}), text_or_empty(row, 2),
          text_or_empty(row, 3)};
}

struct InOrder {
  std::string_view from_the_top;
  std::string_view after;
};

// Upwards and downwards.
constexpr std::array<InOrder, 2> by_one_field{{
    {"SELECT dossier, record, sort, NULL FROM field WHERE type = ? AND field = ? "
     "ORDER BY sort, dossier, record LIMIT ?",
     "SELECT dossier, record, sort, NULL FROM field WHERE type = ? AND field = ? "
     "AND (sort, dossier, record) > (?, ?, ?) ORDER BY sort, dossier, record LIMIT ?"},
    {"SELECT dossier, record, sort, NULL FROM field WHERE type = ? AND field = ? "
     "ORDER BY sort DESC, dossier DESC, record DESC LIMIT ?",
     "SELECT dossier, record, sort, NULL FROM field WHERE type = ? AND field = ? "
     "AND (sort, dossier, record) < (?, ?, ?) "
     "ORDER BY sort DESC, dossier DESC, record DESC LIMIT ?"},
}};

// The index gives the order by the first; only what is equal by it is sorted, by the second.
constexpr std::array<InOrder, 2> by_two_fields{{
    {"SELECT f.dossier, f.record, f.sort, coalesce(g.sort, '') COLLATE NOCASE AS then_sort "
     "FROM field f LEFT JOIN field g ON g.type = f.type AND g.dossier = f.dossier "
     "AND g.record = f.record AND g.field = ? WHERE f.type = ? AND f.field = ? "
     "ORDER BY f.sort, then_sort, f.dossier, f.record LIMIT ?",
     "SELECT f.dossier, f.record, f.sort, coalesce(g.sort, '') COLLATE NOCASE AS then_sort "
     "FROM field f LEFT JOIN field g ON g.type = f.type AND g.dossier = f.dossier "
     "AND g.record = f.record AND g.field = ? WHERE f.type = ? AND f.field = ? AND f.sort >= ? "
     "AND (f.sort, coalesce(g.sort, '') COLLATE NOCASE, f.dossier, f.record) > (?, ?, ?, ?) "
     "ORDER BY f.sort, then_sort, f.dossier, f.record LIMIT ?"},
    {"SELECT f.dossier, f.record, f.sort, coalesce(g.sort, '') COLLATE NOCASE AS then_sort "
     "FROM field f LEFT JOIN field g ON g.type = f.type AND g.dossier = f.dossier "
     "AND g.record = f.record AND g.field = ? WHERE f.type = ? AND f.field = ? "
     "ORDER BY f.sort DESC, then_sort DESC, f.dossier DESC, f.record DESC LIMIT ?",
     "SELECT f.dossier, f.record, f.sort, coalesce(g.sort, '') COLLATE NOCASE AS then_sort "
     "FROM field f LEFT JOIN field g ON g.type = f.type AND g.dossier = f.dossier "
     "AND g.record = f.record AND g.field = ? WHERE f.type = ? AND f.field = ? AND f.sort <= ? "
     "AND (f.sort, coalesce(g.sort, '') COLLATE NOCASE, f.dossier, f.record) < (?, ?, ?, ?) "
     "ORDER BY f.sort DESC, then_sort DESC, f.dossier DESC, f.record DESC LIMIT ?"},
}};

class Lister {
 public:
  Lister(UnitOfWork& work, const ListQuery& query, std::int64_t only)
      : work_(work), query_(query), only_(only) {}

  RecordPage page(std::optional<Cursor> at) {
    const bool sorted = query_.sort_by.has_value();
    std::uint8_t phase = at ? at->phase : (sorted ? 1 : 2);
    std::vector<Place> places;
    if (phase == 1) {
      places = with_key(at);
      for (auto& place : places) found_.push_back({1, std::move(place)});
      if (found_.size() <= query_.limit) {
        phase = 2;
        at.reset();
      }
    }
    if (phase == 2) without_key(at, sorted);
    return made();
  }

 private:
  struct Found {
    std::uint8_t phase;
    Place place;
  };

  std::vector<Place> with_key(const std::optional<Cursor>& at) {
    std::vector<Place> out;
    const auto take = [&](const Statement& row) { out.push_back(place_in(row)); };
    const std::size_t wanted = query_.limit + 1;
    const auto first = *query_.sort_by;
    const auto& sql = (query_.then_by ? by_two_fields : by_one_field)[query_.descending];
    if (query_.then_by && at) {
      work_.each(sql.after,
                 bound(*query_.then_by, query_.type, first, at->key, at->key, at->then, at->dossier,
                       at->record.view(), wanted),
                 take);
    } else if (query_.then_by) {
      work_.each(sql.from_the_top, bound(*query_.then_by, query_.type, first, wanted), take);
    } else if (at) {
      work_.each(sql.after,
                 bound(query_.type, first, at->key, at->dossier, at->record.view(), wanted), take);
    } else {
      work_.each(sql.from_the_top, bound(query_.type, first, wanted), take);
    }
    return out;
  }

  // From record to record along the index, one step each.
  void without_key(const std::optional<Cursor>& at, bool sorted) {
    Place place;
    if (at) {
      place = {at->dossier, at->record, {}, {}};
    } else if (only_ != 0) {
      place.dossier = only_ - 1;
      place.record.bytes.fill(0xff);
    }
    while (found_.size() <= query_.limit) {
      const auto next = work_.first(
          "SELECT dossier, record, NULL, NULL FROM field WHERE type = ? AND (dossier, record) > "
          "(?, ?) "
          "ORDER BY dossier, record LIMIT 1",
          bound(query_.type, place.dossier, place.record.view()),
          [](const Statement& row) { return place_in(row); });
      if (!next || (only_ != 0 && next->dossier != only_)) return;
      place = *next;
      if (!sorted || !has_sort_field(place)) found_.push_back({2, place});
    }
  }

  bool has_sort_field(const Place& place) {
    return work_
        .first("SELECT 1 FROM field WHERE type = ? AND dossier = ? AND record = ? AND field = ?",
               bound(query_.type, place.dossier, place.record.view(), *query_.sort_by),
               unsigned_column)
        .has_value();
  }

  RecordPage made() {
    RecordPage out;
    const bool more = found_.size() > query_.limit;
    if (more) found_.resize(query_.limit);
    for (const auto& found : found_) out.rows.push_back(row_at(found.place));
    if (more) {
      const auto& [phase, place] = found_.back();
      out.next = Cursor{phase, place.dossier, place.record, place.key, place.then}.encode();
    }
    return out;
  }

  RecordRow row_at(const Place& place) {
    RecordRow out;
    out.name = {dossier_id(place.dossier), place.record, query_.type};
    for (const std::uint32_t field : query_.fields) {
      work_.each(
          "SELECT value, flags FROM field WHERE type = ? AND dossier = ? AND record = ? AND "
          "field = ?",
          bound(query_.type, place.dossier, place.record.view(), field), [&](const Statement& row) {
            const auto flags = static_cast<std::uint32_t>(row.integer(1));
            out.fields[field] = {row.bytes(0), (flags & FieldFlags::in_review) != 0,
                                 (flags & FieldFlags::provisional) != 0,
                                 (flags & FieldFlags::removed) != 0};
          });
    }
    return out;
  }

  DossierId dossier_id(std::int64_t row) {
    return work_
        .first("SELECT dossier FROM dossier WHERE id = ?", bound(row),
               [](const Statement& found) {
                 return DossierId::from(found.view(0)).value_or(DossierId{});
               })
        .value_or(DossierId{});
  }

  UnitOfWork& work_;
  const ListQuery& query_;
  std::int64_t only_;
  std::vector<Found> found_;
};

std::int64_t row_of(UnitOfWork& work, const DossierId& id) {
  return work
      .first("SELECT id FROM dossier WHERE dossier = ?", bound(id.view()),
             [](const Statement& row) { return row.integer(0); })
      .value_or(0);
}

// ---- search

bool says_something(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= 'a' && byte <= 'z');
}

// Each word as an FTS5 string, so that nothing typed is taken for an operator; the last one may go
// on.
std::vector<std::string> words_to_match(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (std::any_of(word.begin(), word.end(), says_something)) words.push_back('"' + word + '"');
    word.clear();
  };
  for (const char letter : text) {
    if (static_cast<unsigned char>(letter) <= ' ') {
      end_word();
    } else {
      word += letter;
      if (letter == '"') word += '"';
    }
  }
  const bool unfinished = !word.empty();
  end_word();
  if (unfinished && !words.empty()) words.back() += '*';
  return words;
}

constexpr std::array<std::string_view, 4> search_tables{{
    "SELECT f.dossier, f.type, f.record, f.field FROM search_open s JOIN field f ON f.id = s.rowid "
    "WHERE search_open MATCH ? LIMIT ?",
    "SELECT f.dossier, f.type, f.record, f.field FROM search_personal s JOIN field f "
    "ON f.id = s.rowid WHERE search_personal MATCH ? LIMIT ?",
    "SELECT f.dossier, f.type, f.record, f.field FROM search_confidential s JOIN field f "
    "ON f.id = s.rowid WHERE search_confidential MATCH ? LIMIT ?",
    "SELECT f.dossier, f.type, f.record, f.field FROM search_restricted s JOIN field f "
    "ON f.id = s.rowid WHERE search_restricted MATCH ? LIMIT ?",
}};

using Hits = std::map<std::int64_t, std::vector<std::pair<RecordName, std::uint32_t>>>;

Hits hits_of(UnitOfWork& work, const std::string& word, const SearchQuery& query, bool& more) {
  Hits out;
  const std::set<std::uint32_t> types(query.types.begin(), query.types.end());
  const std::size_t classes = std::min<std::size_t>(query.class_max, search_tables.size());
  for (std::size_t i = 0; i < classes; ++i) {
    std::size_t count = 0;
    work.each(search_tables[i], bound(word, hits_per_word_max), [&](const Statement& row) {
      ++count;
      const auto type = static_cast<std::uint32_t>(row.integer(1));
      const auto field = static_cast<std::uint32_t>(row.integer(3));
      if (!types.empty() && !types.contains(type)) return;
      if (query.sees && !query.sees(type, field)) return;
      const RecordName name{{}, RecordId::from(row.view(2)).value_or(RecordId{}), type};
      out[row.integer(0)].emplace_back(name, field);
    });
    more |= count == hits_per_word_max;
  }
  return out;
}

// Only dossiers in which both were found.
Hits both(Hits a, const Hits& b) {
  std::erase_if(a, [&](const auto& hit) { return !b.contains(hit.first); });
  for (auto& [dossier, fields] : a) {
    for (const auto& field : b.at(dossier)) {
      if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
    }
  }
  return a;
}

}  // namespace

Result<RecordPage> RecordReader::list(const ListQuery& query) const {
  if (query.limit == 0 || query.limit > list_limit_max || query.fields.size() > 64 ||
      (query.dossier && query.sort_by) || (query.then_by && !query.sort_by)) {
    return invalid("A list has 1 to 500 rows and up to 64 fields.");
  }
  const auto at = query.after.empty() ? std::nullopt : Cursor::decode(query.after);
  if (!query.after.empty() && !at) {
    return invalid("The place in the list is not one that this list gave. Start at the top.");
  }
  UnitOfWork work(database_, Purpose::reading);
  const std::int64_t only = query.dossier ? row_of(work, *query.dossier) : 0;
  if (query.dossier && only == 0) return RecordPage{};
  RecordPage page = Lister(work, query, only).page(at);
  if (work.failed()) return work.error();
  return page;
}

Result<std::vector<RecordName>> RecordReader::find(std::uint32_t type, std::uint32_t field,
                                                   ByteView value) const {
  UnitOfWork work(database_, Purpose::reading);
  std::vector<RecordName> out;
  work.each(
      "SELECT d.dossier, f.record FROM field f JOIN dossier d ON d.id = f.dossier WHERE "
      "f.type = ? AND f.field = ? AND f.sort = CAST(substr(?, 1, 48) AS TEXT) AND f.value = ? "
      "LIMIT 100",
      bound(type, field, value, value), [&](const Statement& row) {
        out.push_back({DossierId::from(row.view(0)).value_or(DossierId{}),
                       RecordId::from(row.view(1)).value_or(RecordId{}), type});
      });
  if (work.failed()) return work.error();
  return out;
}

Result<std::vector<ReviewRow>> RecordReader::in_review(const std::optional<ReviewRow>& after,
                                                       std::size_t limit) const {
  UnitOfWork work(database_, Purpose::reading);
  std::int64_t dossier = -1;
  std::int64_t id = -1;
  if (after) {
    dossier = row_of(work, after->name.dossier);
    id = work.first(
                 "SELECT id FROM field WHERE type = ? AND dossier = ? AND record = ? AND field = ?",
                 bound(after->name.type, dossier, after->name.record.view(), after->field),
                 [](const Statement& row) { return row.integer(0); })
             .value_or(-1);
  }
  std::vector<ReviewRow> out;
  work.each(
      "SELECT d.dossier, f.record, f.type, f.field FROM field f JOIN dossier d "
      "ON d.id = f.dossier WHERE f.flags & 1 AND (f.dossier, f.id) > (?, ?) "
      "ORDER BY f.dossier, f.id LIMIT ?",
      bound(dossier, id, limit), [&](const Statement& row) {
        out.push_back({{DossierId::from(row.view(0)).value_or(DossierId{}),
                        RecordId::from(row.view(1)).value_or(RecordId{}),
                        static_cast<std::uint32_t>(row.integer(2))},
                       static_cast<std::uint32_t>(row.integer(3))});
      });
  if (work.failed()) return work.error();
  return out;
}

Result<SearchResult> RecordReader::search(const SearchQuery& query) const {
  const auto words = query.text.size() > search_bytes_max ? std::vector<std::string>{}
                                                          : words_to_match(query.text);
  if (words.empty() || words.size() > search_words_max) {
    return invalid("Type one to eight words to search for.");
  }
  UnitOfWork work(database_, Purpose::reading);
  SearchResult out;
  Hits hits = hits_of(work, words.front(), query, out.more);
  for (std::size_t i = 1; i < words.size(); ++i) {
    hits = both(std::move(hits), hits_of(work, words[i], query, out.more));
  }
  const std::size_t limit = std::min(query.limit, search_limit_max);
  for (auto hit = hits.rbegin(); hit != hits.rend(); ++hit) {
    if (out.hits.size() == limit) {
      out.more = true;
      break;
    }
    const auto id = work.first("SELECT dossier FROM dossier WHERE id = ?", bound(hit->first),
                               [](const Statement& row) { return DossierId::from(row.view(0)); });
    if (!id || !*id) continue;
    for (auto& field : hit->second) field.first.dossier = **id;
    out.hits.push_back({**id, std::move(hit->second)});
  }
  if (work.failed()) return work.error();
  return out;
}

}  // namespace throughgate::sync::store
