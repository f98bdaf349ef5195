#include "node/audit_renewal.h"

#include <vector>

#include "crypto/hash.h"
#include "node/audit_rows.h"
#include "sync/layout.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Result;
using sync::store::bound;
using sync::store::Database;
using sync::store::Purpose;
using sync::store::Statement;
using sync::store::UnitOfWork;

constexpr crypto::Context audit_row{"tg audit row"};
constexpr int rows_at_a_time = 1000;

// As mark_of(), but for the reason: u32 length and bytes.
sync::Hash old_mark_of(const sync::Hash& before, const AuditRow& row) {
  sync::LayoutWriter out;
  out.u64(row.number).u64(row.at_ms).bytes(row.actor.bytes).u8(static_cast<std::uint8_t>(row.act));
  out.bytes(row.record.dossier.bytes).bytes(row.record.record.bytes).u32(row.record.type);
  out.u32(static_cast<std::uint32_t>(row.fields.size())).bytes(encode_fields(row.fields));
  out.u64(row.count);
  out.u32(static_cast<std::uint32_t>(row.reason.size())).bytes(crypto::as_bytes(row.reason));
  const auto bytes = out.take();
  return crypto::hash(audit_row, {before, bytes});
}

class Renewal {
 public:
  Renewal(UnitOfWork& work, crypto::Random& random) : work_(work), random_(random) {}

  void all(std::uint64_t now_ms) {
    for (auto rows = after(0); !rows.empty(); rows = after(rows.back().row.number)) {
      for (auto& kept : rows) renew(kept);
    }
    const auto known = last_audit_mark(work_);
    if (known.number != old_.number || known.mark != old_.mark) note_broken(old_.number + 1);
    AuditRow told;
    told.at_ms = now_ms;
    told.act = AuditAct::list_renewed;
    told.count = broken_.value_or(0);
    keep_last_audit_mark(work_, append_audit_row(work_, random_, new_, std::move(told)));
  }

 private:
  std::vector<KeptAuditRow> after(std::uint64_t number) {
    std::vector<KeptAuditRow> out;
    work_.each("SELECT " + std::string(audit_columns) +
                   " FROM audit WHERE number > ? ORDER BY number LIMIT ?",
               bound(number, rows_at_a_time),
               [&](const Statement& row) { out.push_back(audit_row_in(row)); });
    return out;
  }

  void renew(KeptAuditRow& kept) {
    auto& row = kept.row;
    const bool holds = kept.has_form && kept.reason_hash.empty() && row.number == old_.number + 1 &&
                       row.mark == old_mark_of(old_.mark, row);
    if (!holds) note_broken(old_.number + 1);
    old_ = {row.number, row.mark};
    const auto salt = random_.bytes<reason_salt_bytes>();
    const auto reason_hash = hash_of_reason(row.reason, salt);
    kept.reason_hash.assign(reason_hash.begin(), reason_hash.end());
    new_ = {row.number, mark_of(new_.mark, kept)};
    work_.run("UPDATE audit SET mark = ?, reason_salt = ?, reason_hash = ? WHERE number = ?",
              new_.mark, salt, reason_hash, row.number);
  }

  void note_broken(std::uint64_t number) {
    if (!broken_) broken_ = number;
  }

  UnitOfWork& work_;
  crypto::Random& random_;
  AuditMark old_;
  AuditMark new_;
  std::optional<std::uint64_t> broken_;
};

// All of it: a list of which only some rows are in the older form was altered, and stays as it is.
bool is_old(UnitOfWork& work) {
  return work
      .first(
          "SELECT 1 FROM audit WHERE number = (SELECT min(number) FROM audit) AND "
          "reason_hash = x'' AND NOT EXISTS (SELECT 1 FROM audit WHERE reason_hash <> x'')",
          bound(), [](const Statement&) { return true; })
      .has_value();
}

}  // namespace

Result<Done> renew_old_audit(Database& database, crypto::Random& random, std::uint64_t now_ms) {
  {
    UnitOfWork work(database, Purpose::reading);
    const bool old = is_old(work);
    if (auto done = work.commit(); !done || !old) return done;
  }
  UnitOfWork work(database);
  if (is_old(work)) Renewal(work, random).all(now_ms);
  return work.commit();
}

}  // namespace throughgate::node
