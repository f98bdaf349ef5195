#include "node/unsent.h"

#include "node/text/numbers.h"
#include "sync/store/key_table.h"
#include "sync/store/passed_on_table.h"

namespace throughgate::node {
namespace {

using sync::store::bound;
using sync::store::UnitOfWork;
using sync::store::unsigned_column;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return with_thousands(count) + " " + (count == 1 ? one : many);
}

}  // namespace

sync::Result<Unsent> unsent(OpenNode& node) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  Unsent out;
  // What is to be written again was refused as it stood, and is nowhere else either.
  work.each(
      "SELECT count(*), count(DISTINCT dossier), min(arrived_at_ms) FROM entry WHERE dsn IS NULL "
      "AND standing IN (1, 5)",
      bound(), [&](const auto& row) {
        out.changes = row.unsigned_integer(0);
        out.records = row.unsigned_integer(1);
        out.since_ms = row.unsigned_integer(2);
      });
  out.of_others =
      work.first("SELECT count(*) FROM entry WHERE dsn IS NULL AND standing <= 2 AND standing = 2",
                 bound(), unsigned_column)
          .value_or(0);
  for (const auto& file : sync::store::PassedOnTable(work).all()) {
    out.files_of_others += file.fate == sync::store::Fate::waits;
  }
  out.keys = sync::store::KeyTable(work).placed_dossiers_with_unsent().size();
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

std::string unsent_warning(const Unsent& unsent, std::uint64_t now_ms, std::int64_t days) {
  if (unsent.changes == 0 || now_ms < unsent.since_ms) return {};
  const auto waited = (now_ms - unsent.since_ms) / day_ms;
  if (waited < static_cast<std::uint64_t>(days)) return {};
  return counted(unsent.changes, "change has", "changes have") +
         " not reached the exchange, the oldest for " + counted(waited, "day", "days") +
         ". If this computer were lost, they would be gone. Exchange what is new, or make a file "
         "for "
         "the exchange and give it to anybody who has a network.";
}

std::vector<std::string> lost_with_this_computer(const Unsent& unsent) {
  std::vector<std::string> out;
  if (unsent.changes > 0) {
    out.push_back(counted(unsent.changes, "change", "changes") + " in " +
                  counted(unsent.records, "record", "records") +
                  (unsent.changes == 1 ? " has" : " have") + " not reached the exchange.");
  }
  if (unsent.of_others > 0) {
    out.push_back(counted(unsent.of_others, "change", "changes") +
                  " of other organisations came by hand and " +
                  (unsent.of_others == 1 ? "has" : "have") +
                  " not reached the exchange from here.");
  }
  if (unsent.keys > 0) {
    out.push_back("Keys to " + counted(unsent.keys, "record", "records") +
                  " that other computers wait for have not reached the exchange.");
  }
  if (unsent.files_of_others > 0) {
    out.push_back(counted(unsent.files_of_others, "file", "files") + " of others still " +
                  (unsent.files_of_others == 1 ? "waits" : "wait") + " to be passed on.");
  }
  return out;
}

}  // namespace throughgate::node
