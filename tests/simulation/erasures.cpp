// Records are erased while everything else goes on: machines are away, old copies are put back,
// sticks lie about. Drawn from a seed of its own, as thefts are.
#include <algorithm>

#include "sync/store/erasure_post.h"
#include "tests/simulation/world.h"
#include "tests/sync/store/page_search.h"

namespace throughgate::simulation {
namespace {

using sync::DossierId;
using sync::Witness;
using sync::WitnessKind;
using sync::store::bound;
using sync::store::Database;
using sync::store::Statement;
using sync::store::UnitOfWork;

constexpr std::uint64_t erasures_every = 4;  // worlds

// Bytes that stand in no other record: hashes, signatures, ends of sealed parts, keys.
void add_marks(Database& database, const DossierId& dossier, std::set<std::string>& out) {
  UnitOfWork work(database);
  work.each(
      "SELECT e.hash, e.signature, e.chain, substr(p.sealed, -64) FROM entry e JOIN part p ON "
      "p.entry = e.id WHERE e.dossier = (SELECT id FROM dossier WHERE dossier = ?)",
      bound(dossier.view()), [&](const Statement& row) {
        for (int column = 0; column < 4; ++column) {
          if (!row.is_null(column)) out.emplace(crypto::as_text(row.view(column)));
        }
      });
  work.each(
      "SELECT key FROM dossier_key WHERE dossier = (SELECT id FROM dossier WHERE dossier = ?)",
      bound(dossier.view()),
      [&](const Statement& row) { out.emplace(crypto::as_text(row.view(0))); });
  std::erase_if(out, [](const std::string& mark) { return mark.size() < 32; });
}

bool holds(const std::vector<DossierId>& dossiers, const DossierId& id) {
  return std::find(dossiers.begin(), dossiers.end(), id) != dossiers.end();
}

}  // namespace

// In every fourth world, twice: any record that some machine holds.
void World::erase_when_due(int step) {
  const bool has_erasure = options_.erasures && seed_ % erasures_every == 2;
  const int first = 200 + static_cast<int>(seed_ % 100);
  if (!has_erasure || (step != first && step != first + 150)) return;
  std::set<DossierId> known;
  for (auto& machine : machines_) {
    UnitOfWork work(machine->node().database());
    for (const auto& id : dossiers_held(work)) known.insert(id);
  }
  for (const auto& [id, marks] : erased_) known.erase(id);
  if (known.empty()) return;
  const auto id = *std::next(known.begin(), static_cast<long>(chance_.below(known.size())));
  for (auto& machine : machines_) add_marks(machine->node().database(), id, erased_[id]);
  Stage::erase(id);
  ++counts_.erasures;
}

// 11: of what was erased nothing is left, in any row or page, with whoever could hear of it.
void World::check_erased(Findings& findings) {
  std::vector<std::string> marks;
  for (const auto& [id, of_one] : erased_) marks.insert(marks.end(), of_one.begin(), of_one.end());
  if (marks.empty()) return;
  const auto check_pages = [&](const std::string& where, Database& database) {
    const auto found = testing::search_pages(database, marks, testing::Letters::as_they_are,
                                             testing::Log::may_be_torn);
    if (!found) return find(findings, "store", where + ": a page does not open");
    for (const auto& [mark, pages] : found->found) {
      if (pages.empty()) continue;
      find(findings, "11",
           where + " has a page with something of an erased record: " +
               crypto::to_hex(crypto::as_bytes(mark)));
    }
  };
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    if (is_revoked(i)) continue;  // it hears of nothing any more
    auto& database = machines_[i]->node().database();
    {
      UnitOfWork work(database);
      const auto held = dossiers_held(work);
      for (const auto& [id, of_one] : erased_) {
        if (holds(held, id)) find(findings, "11", machines_[i]->name() + " holds an erased record");
      }
    }
    auto pages = machines_[i]->pages();
    check_pages(machines_[i]->name(), pages);
  }
  for (const auto& [id, of_one] : erased_) {
    auto transaction = hub::StoreTransaction::begin(hub_->store());
    if (hub_->store().chain(id)) find(findings, "11", "the hub holds an erased record");
  }
  auto pages = hub_->pages();
  check_pages("the hub", pages);
}

// 11: the desk knows it of everybody who works on.
void World::check_told_of_erasures(Findings& findings) {
  if (erased_.empty()) return;
  std::map<Witness, std::uint64_t> told;
  UnitOfWork work(machine("Z1").node().database());
  for (const auto& receipt : sync::store::erasure_receipts(work)) {
    told[receipt.witness] = receipt.erased_to;
  }
  const auto expect_of = [&](const std::string& who, const Witness& witness) {
    if (told[witness] < directory_.last_erasure()) {
      find(findings, "11", "the desk has not heard that " + who + " holds nothing any more");
    }
  };
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    if (is_revoked(i) || organisation_of(i) == 'Z') continue;
    expect_of(machines_[i]->name(),
              {WitnessKind::node, machines_[i]->node().identity().node.bytes});
  }
  expect_of("the hub", {WitnessKind::hub, hub_->instance().bytes});
}

}  // namespace throughgate::simulation
