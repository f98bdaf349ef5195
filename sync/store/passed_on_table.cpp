#include "sync/store/passed_on_table.h"

namespace throughgate::sync::store {

namespace {

constexpr std::uint64_t hour_ms = 60ull * 60 * 1000;

}  // namespace

std::vector<PassedOnFile> PassedOnTable::all() const {
  std::vector<PassedOnFile> out;
  work_.each(
      "SELECT id, maker, made_at_ms, brought_at_ms, kept_ms, tried, fate, fate_at_ms, said, "
      "length(file) FROM passed_on ORDER BY id",
      bound(), [&](const Statement& row) {
        const auto maker = NodeId::from(row.view(1));
        const auto fate = row.unsigned_integer(6);
        if (!maker || fate > 2) return work_.fail_as_damaged();
        out.push_back({row.unsigned_integer(0), *maker, row.unsigned_integer(2),
                       row.unsigned_integer(3), row.unsigned_integer(4), row.unsigned_integer(5),
                       static_cast<Fate>(fate), row.unsigned_integer(7), std::string(row.text(8)),
                       row.unsigned_integer(9)});
      });
  return out;
}

std::vector<CarriedAnswer> PassedOnTable::answers() const {
  std::vector<CarriedAnswer> out;
  work_.each(
      "SELECT id, passed_on, length(file) FROM carried_answer ORDER BY id", bound(),
      [&](const Statement& row) {
        out.push_back({row.unsigned_integer(0), row.unsigned_integer(1), row.unsigned_integer(2)});
      });
  return out;
}

std::optional<PassedOnFile> PassedOnTable::find(const BundleLabel& label) const {
  const auto number = work_.first(
      "SELECT id FROM passed_on WHERE maker = ? AND bundle_set = ? AND part = ?",
      bound(ByteView(label.maker), label.set.view(), std::uint64_t{label.part}), unsigned_column);
  for (auto& each : number ? all() : std::vector<PassedOnFile>()) {
    if (each.number == *number) return std::move(each);
  }
  return std::nullopt;
}

Bytes PassedOnTable::file(std::uint64_t number) const {
  return work_.first("SELECT file FROM passed_on WHERE id = ?", bound(number), bytes_column)
      .value_or(Bytes());
}

Bytes PassedOnTable::answer(std::uint64_t number) const {
  return work_.first("SELECT file FROM carried_answer WHERE id = ?", bound(number), bytes_column)
      .value_or(Bytes());
}

std::uint64_t PassedOnTable::bytes() const {
  return work_
      .first(
          "SELECT (SELECT ifnull(sum(length(file)), 0) FROM passed_on) + (SELECT "
          "ifnull(sum(length(file)), 0) FROM carried_answer)",
          bound(), unsigned_column)
      .value_or(0);
}

void PassedOnTable::add(const BundleLabel& label, ByteView file, std::uint64_t now_ms) {
  work_.run(
      "INSERT INTO passed_on (maker, bundle_set, part, made_at_ms, brought_at_ms, kept_ms, "
      "seen_ms, "
      "tried, fate, fate_at_ms, said, file) VALUES (?1, ?2, ?3, ?4, ?5, 0, ?5, 0, 0, 0, '', ?6)",
      ByteView(label.maker), label.set.view(), std::uint64_t{label.part}, label.made_at_ms, now_ms,
      file);
}

void PassedOnTable::keep_again(std::uint64_t number, ByteView file, std::uint64_t now_ms) {
  work_.run(
      "UPDATE passed_on SET file = ?1, brought_at_ms = ?2, kept_ms = 0, seen_ms = ?2, tried = 0, "
      "fate = 0, fate_at_ms = 0, said = '' WHERE id = ?3",
      file, now_ms, number);
}

void PassedOnTable::note_fate(std::uint64_t number, Fate fate, const std::string& said,
                              std::uint64_t now_ms) {
  work_.run(
      "UPDATE passed_on SET fate = ?1, said = ?2, fate_at_ms = ?3, file = CASE ?1 WHEN 0 THEN file "
      "ELSE x'' END, tried = (SELECT max(tried) + 1 FROM passed_on) WHERE id = ?4",
      static_cast<std::uint64_t>(fate), said, now_ms, number);
}

void PassedOnTable::add_answer(std::uint64_t to, ByteView file) {
  work_.run("INSERT INTO carried_answer (passed_on, file) VALUES (?, ?)", to, file);
}

void PassedOnTable::count_time(std::uint64_t now_ms) {
  work_.run(
      "UPDATE passed_on SET kept_ms = kept_ms + CASE WHEN ?1 > seen_ms THEN min(?1 - seen_ms, ?2) "
      "ELSE 0 END, seen_ms = ?1 WHERE ?1 < seen_ms OR ?1 >= seen_ms + ?3",
      now_ms, 24 * hour_ms, hour_ms);
}

void PassedOnTable::remove_kept_for(std::uint64_t ms) {
  work_.run(
      "DELETE FROM carried_answer WHERE passed_on IN (SELECT id FROM passed_on WHERE kept_ms >= ?)",
      ms);
  work_.run("DELETE FROM passed_on WHERE kept_ms >= ?", ms);
}

void PassedOnTable::remove(std::uint64_t number) {
  remove_answers_to(number);
  work_.run("DELETE FROM passed_on WHERE id = ?", number);
}

void PassedOnTable::remove_answers_to(std::uint64_t number) {
  work_.run("DELETE FROM carried_answer WHERE passed_on = ?", number);
}

void PassedOnTable::remove_answers() { work_.run("DELETE FROM carried_answer"); }

}  // namespace throughgate::sync::store
