// Columns of a row as the values they hold. What does not decode fails the unit as damaged.
#pragma once

#include <optional>

#include "sync/ids.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

template <class T>
std::optional<T> decoded(UnitOfWork& work, std::optional<T> value) {
  if (!value) work.fail_as_damaged();
  return value;
}

inline Hash hash_column(UnitOfWork& work, const Statement& row, int column) {
  return decoded(work, crypto::to_array<32>(row.view(column))).value_or(Hash{});
}

template <class AnyId>
AnyId id_column(UnitOfWork& work, const Statement& row, int column) {
  return decoded(work, AnyId::from(row.view(column))).value_or(AnyId{});
}

}  // namespace throughgate::sync::store
