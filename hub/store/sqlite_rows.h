// Inside the SQLite store only: how it asks, and what columns hold.
#pragma once

#include "hub/store/sqlite_store.h"

namespace throughgate::hub {

using sync::store::bound;
using sync::store::Statement;
using sync::store::unsigned_column;

// The schema checks sizes, and the file's seal its content: a column has its size.
template <class AnyId>
AnyId id_in(const Statement& row, int column) {
  return AnyId::from(row.view(column)).value_or(AnyId{});
}
template <std::size_t Size>
ByteArray<Size> array_in(const Statement& row, int column) {
  return crypto::to_array<Size>(row.view(column)).value_or(ByteArray<Size>{});
}
inline std::uint64_t number_in(const Statement& row, int column) {
  return row.unsigned_integer(column);
}

inline constexpr auto hash_in = [](const Statement& row) { return array_in<32>(row, 0); };

template <typename... Values>
void SqliteStore::run(std::string_view sql, const Values&... values) {
  work_->run(sql, values...);
}

template <typename Take, typename... Values>
void SqliteStore::each(std::string_view sql, Take take, const Values&... values) {
  work_->each(sql, bound(values...), take);
}

template <typename Read, typename... Values>
auto SqliteStore::first(std::string_view sql, Read read, const Values&... values)
    -> std::optional<decltype(read(std::declval<const Statement&>()))> {
  return work_->first(sql, bound(values...), read);
}

std::uint64_t SqliteStore::number(std::string_view sql, const auto&... values) {
  return first(sql, unsigned_column, values...).value_or(0);
}

std::vector<DossierId> SqliteStore::dossiers(std::string_view sql, const auto&... values) {
  std::vector<DossierId> out;
  each(
      sql, [&](const Statement& row) { out.push_back(id_in<DossierId>(row, 0)); }, values...);
  return out;
}

}  // namespace throughgate::hub
