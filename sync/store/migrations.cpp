#include "sync/store/migrations.h"

#include <cassert>

namespace throughgate::sync::store {
namespace {

Result<std::int64_t> number(Database& database, std::string_view sql) {
  auto statement = database.prepare(sql);
  if (!statement) return statement.error();
  if (auto row = statement->step(); !row) return row.error();
  return statement->integer(0);
}

// A pragma takes no bound value; these are our own numbers.
Result<Done> set_number(Database& database, std::string_view pragma, std::int64_t value) {
  return database.run_script("PRAGMA " + std::string(pragma) + " = " + std::to_string(value));
}

Result<Done> check_kind(Database& database, std::int32_t application_id) {
  const auto kind = number(database, "PRAGMA application_id");
  if (!kind) return kind.error();
  if (*kind == application_id) return Done{};
  const auto things = number(database, "SELECT count(*) FROM sqlite_schema");
  if (!things) return things.error();
  if (*kind == 0 && *things == 0) return Done{};  // fresh
  return {ErrorKind::invalid,
          "This is a file of another kind, not the store expected here. Nothing was changed. "
          "Choose another file."};
}

Result<Done> apply(Database& database, const Migration& migration, std::int32_t application_id) {
  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  const auto version = version_of(database);  // again, now that nobody else can write
  if (!version) return version.error();
  if (*version >= migration.version) return Done{};
  if (auto run = database.run_script(migration.sql); !run) return run.error();
  if (auto set = set_number(database, "user_version", migration.version); !set) return set.error();
  if (auto set = set_number(database, "application_id", application_id); !set) return set.error();
  return transaction->commit();
}

Result<Done> check_version(std::int64_t version, std::span<const Migration> migrations) {
  if (version > migrations.back().version) {
    return {ErrorKind::invalid,
            "This store was made by a newer version of Throughgate; update this program. Nothing "
            "was changed."};
  }
  if (version != 0 && version < migrations.front().version) {
    return {ErrorKind::invalid,
            "This store was made by a trial version of Throughgate, from before the first release, "
            "and cannot be brought up to date. Nothing was changed. Set this computer up anew in "
            "another folder."};
  }
  return Done{};
}

}  // namespace

Result<std::int64_t> version_of(Database& database) {
  return number(database, "PRAGMA user_version");
}

Result<Done> migrate(Database& database, std::span<const Migration> migrations,
                     std::int32_t application_id) {
  assert(application_id != 0 && !migrations.empty());
  if (auto checked = check_kind(database, application_id); !checked) return checked.error();
  const auto version = version_of(database);
  if (!version) return version.error();
  if (auto known = check_version(*version, migrations); !known) return known.error();
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    const Migration& migration = migrations[i];
    assert(migration.version == migrations.front().version + static_cast<int>(i));
    if (*version >= migration.version) continue;
    if (auto applied = apply(database, migration, application_id); !applied) {
      return applied.error();
    }
  }
  return Done{};
}

}  // namespace throughgate::sync::store
