// What the tests of intake stand on: a day, a few prisons, and volunteers recorded already.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/intake/intake.h"

namespace throughgate::node {

constexpr Date a_day = std::chrono::year(2026) / 7 / 1;

class FakeVolunteers : public ExistingVolunteers {
 public:
  void add(std::string shown, Identity identity) {
    known_.push_back({std::move(shown), std::move(identity)});
  }
  // As a caller does when it imports.
  void import(const Intake& intake) {
    for (const IntakeRow& row : intake.rows) {
      if (row.verdict != Verdict::make) continue;
      add("row " + std::to_string(row.row), row.candidate.identity);
      imported_.insert(row.key);
    }
  }
  std::size_t size() const { return known_.size(); }

  bool imported(const RowKey& key) const override { return imported_.contains(key); }
  std::vector<Known> find(const std::vector<std::string>& keys) const override {
    const std::set<std::string> wanted(keys.begin(), keys.end());
    std::vector<Known> found;
    for (const Known& each : known_) {
      for (const std::string& key : match_keys(match_parts(each.identity))) {
        if (!wanted.contains(key)) continue;
        found.push_back(each);
        break;
      }
    }
    return found;
  }

 private:
  std::vector<Known> known_;
  std::set<RowKey> imported_;
};

inline EstablishmentList some_establishments() {
  EstablishmentList list;
  list.add("LEI", "Leeds (HMP)");
  list.add("WWI", "Wandsworth (HMP & YOI)");
  return list;
}

// Reads `file` on `a_day` with the prisons above.
inline Read<Intake> read_on_a_day(crypto::ByteView file,
                                  const ExistingVolunteers& existing = FakeVolunteers()) {
  const EstablishmentList establishments = some_establishments();
  return read_volunteers(file, {a_day, establishments, existing});
}
inline Intake must_read(std::string_view text,
                        const ExistingVolunteers& existing = FakeVolunteers()) {
  return std::get<Intake>(read_on_a_day(crypto::as_bytes(text), existing));
}

}  // namespace throughgate::node
