#include "node/audit.h"

#include <algorithm>
#include <charconv>

#include "crypto/hash.h"
#include "node/text/unicode.h"
#include "sync/layout.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::ActorId;
using sync::Bytes;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::bound;
using sync::store::Purpose;
using sync::store::SettingsTable;
using sync::store::Statement;
using sync::store::UnitOfWork;

constexpr crypto::Context audit_row{"tg audit row"};
constexpr crypto::Context audit_reason{"tg audit reason"};
constexpr std::size_t salt_bytes = 16;
constexpr std::string_view last_mark = "audit mark";  // number u64 · mark 32
constexpr std::size_t digits_shown = 16;

Bytes encode(const std::vector<std::uint32_t>& fields) {
  sync::LayoutWriter out;
  for (const auto field : fields) out.u32(field);
  return out.take();
}

// A row as it is kept: what is needed to check it besides.
struct KeptRow {
  AuditRow row;
  Bytes salt;         // of the reason; empty once that is gone
  Bytes reason_hash;  // empty: from before reasons could go, when the mark was made of the reason
};

// Salted: who has the rows alone cannot try what a reason that is gone may have been.
sync::Hash hash_of(const std::string& reason, sync::ByteView salt) {
  return crypto::hash(audit_reason, {salt, crypto::as_bytes(reason)});
}

// number u64 · at_ms u64 · actor 8 · act u8 · dossier 16 · record 8 · type u32 · fields u32 count
// and u32 each · count u64 · reason hash 32; in rows from before: reason u32 length and bytes
sync::Hash mark_of(const sync::Hash& before, const KeptRow& kept) {
  const AuditRow& row = kept.row;
  const auto fields = encode(row.fields);
  sync::LayoutWriter out;
  out.u64(row.number).u64(row.at_ms).bytes(row.actor.bytes).u8(static_cast<std::uint8_t>(row.act));
  out.bytes(row.record.dossier.bytes).bytes(row.record.record.bytes).u32(row.record.type);
  out.u32(static_cast<std::uint32_t>(row.fields.size())).bytes(fields).u64(row.count);
  if (kept.reason_hash.empty()) {
    out.u32(static_cast<std::uint32_t>(row.reason.size())).bytes(crypto::as_bytes(row.reason));
  } else {
    out.bytes(kept.reason_hash);
  }
  const auto bytes = out.take();
  return crypto::hash(audit_row, {before, bytes});
}

AuditMark decode_mark(UnitOfWork& work) {
  const auto kept = SettingsTable(work).find(last_mark);
  if (!kept) return {};
  sync::LayoutReader in(*kept);
  AuditMark out;
  out.number = in.u64();
  out.mark = in.array<32>();
  if (!in.finished()) work.fail_as_damaged();
  return out;
}

Bytes encode(const AuditMark& mark) {
  sync::LayoutWriter out;
  out.u64(mark.number).bytes(mark.mark);
  return out.take();
}

// Writes rows one after the other behind those that there are.
class Writing {
 public:
  explicit Writing(OpenNode& node)
      : work_(node.database()),
        random_(node.random()),
        at_ms_(node.now_ms()),
        last_(decode_mark(work_)) {}

  void add(AuditRow added) {
    KeptRow kept{std::move(added), {}, {}};
    AuditRow& row = kept.row;
    row.number = last_.number + 1;
    row.at_ms = at_ms_;
    const auto salt = random_.bytes<salt_bytes>();
    const auto reason_hash = hash_of(row.reason, salt);
    kept.reason_hash.assign(reason_hash.begin(), reason_hash.end());
    row.mark = mark_of(last_.mark, kept);
    work_.run(
        "INSERT INTO audit (number, at_ms, actor, act, dossier, record, type, fields, count, "
        "reason, mark, reason_salt, reason_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.number, row.at_ms, row.actor.view(), static_cast<int>(row.act),
        row.record.dossier.view(), row.record.record.view(), row.record.type, encode(row.fields),
        row.count, row.reason, row.mark, salt, reason_hash);
    last_ = {row.number, row.mark};
  }

  Result<Done> commit() {
    SettingsTable(work_).set(last_mark, encode(last_));
    return work_.commit();
  }

 private:
  UnitOfWork work_;
  crypto::Random& random_;
  const std::uint64_t at_ms_;
  AuditMark last_;
};

constexpr std::string_view columns =
    "number, at_ms, actor, act, dossier, record, type, fields, count, reason, mark, reason_salt, "
    "reason_hash, reason_gone_with";

KeptRow row_in(UnitOfWork& work, const Statement& row) {
  KeptRow kept;
  AuditRow& out = kept.row;
  out.number = row.unsigned_integer(0);
  out.at_ms = row.unsigned_integer(1);
  const auto actor = ActorId::from(row.view(2));
  out.act = static_cast<AuditAct>(row.integer(3));
  const auto dossier = sync::DossierId::from(row.view(4));
  const auto record = sync::RecordId::from(row.view(5));
  const auto mark = crypto::to_array<32>(row.view(10));
  const Bytes fields = row.bytes(7);
  if (!actor || !dossier || !record || !mark || fields.size() % 4 != 0) {
    work.fail_as_damaged();
    return kept;
  }
  out.actor = *actor;
  out.record = {*dossier, *record, static_cast<std::uint32_t>(row.integer(6))};
  sync::LayoutReader in(fields);
  for (std::size_t i = 0; i < fields.size() / 4; ++i) out.fields.push_back(in.u32());
  out.count = row.unsigned_integer(8);
  out.reason = row.text(9);
  out.mark = *mark;
  kept.salt = row.bytes(11);
  kept.reason_hash = row.bytes(12);
  out.reason_gone_with = sync::DossierId::from(row.view(13));
  return kept;
}

// Goes through the rows, the oldest first.
class Checking {
 public:
  explicit Checking(const sync::Directory& directory) : directory_(directory) {}

  // Is it the one that was written after those before?
  bool follows(const KeptRow& kept) {
    const AuditRow& row = kept.row;
    const bool holds = row.number == last_.number + 1 && has_form(kept) && has_reason(kept) &&
                       (has_mark(kept) || is_believed(kept));
    last_ = {row.number, row.mark};
    return holds;
  }
  const AuditMark& last() const { return last_; }

 private:
  // What is kept in the older form comes before all that is not.
  bool has_form(const KeptRow& kept) {
    is_new_form_ = is_new_form_ || !kept.reason_hash.empty();
    return is_new_form_ != kept.reason_hash.empty();
  }
  // As it was typed; or gone, with a record that is.
  bool has_reason(const KeptRow& kept) const {
    const auto& gone_with = kept.row.reason_gone_with;
    if (gone_with) return kept.row.reason.empty() && directory_.erased().contains(*gone_with);
    if (kept.reason_hash.empty()) return true;
    const auto hash = hash_of(kept.row.reason, kept.salt);
    return std::equal(hash.begin(), hash.end(), kept.reason_hash.begin(), kept.reason_hash.end());
  }
  bool has_mark(const KeptRow& kept) const { return kept.row.mark == mark_of(last_.mark, kept); }
  // Of an older row whose reason is gone nobody can work out the mark any more.
  static bool is_believed(const KeptRow& kept) {
    return kept.reason_hash.empty() && kept.row.reason_gone_with;
  }

  const sync::Directory& directory_;
  AuditMark last_;
  bool is_new_form_ = false;
};

Error broken_at(std::uint64_t number) {
  return {ErrorKind::corrupt,
          "The list of who looked at what was altered: row " + std::to_string(number) +
              " is not as it was written, or is missing. Keep this computer as it is, and ring the "
              "central team."};
}

bool is_same(const AuditMark& held, const AuditMark& known) {
  return held.number == known.number &&
         std::equal(known.mark.begin(), known.mark.begin() + digits_shown / 2, held.mark.begin());
}

ActorId actor_of(const Viewer& viewer) { return viewer.actor().value_or(ActorId{}); }

}  // namespace

Result<Done> Audit::note_looks(const ReadTrail& trail, const Viewer& viewer) {
  if (trail.empty()) return Done{};
  Writing writing(node_);
  for (const auto& [record, fields] : trail) {
    AuditRow row;
    row.actor = actor_of(viewer);
    row.record = record;
    row.fields.assign(fields.begin(), fields.end());
    row.reason = viewer.reason();
    writing.add(std::move(row));
  }
  return writing.commit();
}

Result<Done> Audit::note_file(std::uint64_t rows, const Viewer& viewer, const std::string& reason) {
  Writing writing(node_);
  AuditRow row;
  row.actor = actor_of(viewer);
  row.act = AuditAct::file_taken;
  row.count = rows;
  row.reason = without_hidden_signs(reason);
  writing.add(std::move(row));
  return writing.commit();
}

Result<Done> Audit::note_files(const std::map<sync::store::RecordName, std::uint64_t>& values,
                               const Viewer& viewer) {
  Writing writing(node_);
  for (const auto& [record, count] : values) {
    AuditRow row;
    row.actor = actor_of(viewer);
    row.act = AuditAct::file_taken;
    row.record = record;
    row.count = count;
    row.reason = viewer.reason();
    writing.add(std::move(row));
  }
  return writing.commit();
}

Result<std::vector<AuditRow>> Audit::list(const AuditFilter& filter, std::size_t limit) const {
  UnitOfWork work(node_.database(), Purpose::reading);
  std::vector<AuditRow> out;
  const auto take = [&](const Statement& row) { out.push_back(row_in(work, row).row); };
  const std::uint64_t before = filter.before == 0 ? INT64_MAX : filter.before;
  const auto dossier = filter.dossier.value_or(sync::DossierId{});
  const auto actor = filter.actor.value_or(ActorId{});
  work.each("SELECT " + std::string(columns) +
                " FROM audit WHERE number < ? AND (? = 0 OR dossier = ?) AND (? = 0 OR actor = ?) "
                "ORDER BY number DESC LIMIT ?",
            bound(before, filter.dossier.has_value(), dossier.view(), filter.actor.has_value(),
                  actor.view(), limit),
            take);
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<AuditMark> Audit::check(const std::optional<AuditMark>& known) const {
  UnitOfWork work(node_.database(), Purpose::reading);
  Checking checking(node_.directory());
  std::optional<std::uint64_t> broken;
  bool is_known = !known;
  const auto take = [&](const Statement& statement) {
    const auto expected = checking.last().number + 1;
    if (!checking.follows(row_in(work, statement)) && !broken) broken = expected;
    is_known = is_known || is_same(checking.last(), *known);
  };
  work.each("SELECT " + std::string(columns) + " FROM audit ORDER BY number", bound(), take);
  const auto kept = decode_mark(work);
  if (auto done = work.commit(); !done) return done.error();
  const auto& last = checking.last();
  if (broken) return broken_at(*broken);
  if (kept.number != last.number || kept.mark != last.mark) return broken_at(last.number + 1);
  if (!is_known) return broken_at(known->number);
  return last;
}

std::string text_of(const AuditMark& mark) {
  return std::to_string(mark.number) + "-" + crypto::to_hex(mark.mark).substr(0, digits_shown);
}

std::optional<AuditMark> audit_mark_in(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos || text.size() - dash - 1 != digits_shown) return std::nullopt;
  AuditMark out;
  const auto read = std::from_chars(text.data(), text.data() + dash, out.number);
  const auto bytes = crypto::from_hex(std::string(text.substr(dash + 1)));
  if (read.ec != std::errc{} || read.ptr != text.data() + dash || !bytes) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), out.mark.begin());
  return out;
}

}  // namespace throughgate::node
