#include "node/audit.h"

#include <algorithm>
#include <charconv>

#include "node/audit_begin.h"
#include "node/days.h"
#include "node/text/unicode.h"
#include "sync/store/erasure.h"

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
using sync::store::Statement;
using sync::store::UnitOfWork;

constexpr std::size_t noted_bytes = 10;
constexpr std::size_t noted_bytes_before = 8;  // of a mark noted from a list of the older form

// Writes the rows of one answer behind those that there are.
class Writing {
 public:
  explicit Writing(OpenNode& node)
      : work_(node.database()),
        random_(node.random()),
        at_ms_(node.now_ms()),
        last_(last_audit_mark(work_)) {}

  Result<Done> add(std::vector<AuditRow> answer) {
    const auto gone = erased_among(answer);
    for (auto& row : answer) {
      row.at_ms = at_ms_;
      if (gone) forget_reason(row, *gone);
      last_ = append_audit_row(work_, random_, last_, std::move(row));
    }
    keep_last_audit_mark(work_, last_);
    return work_.commit();
  }

 private:
  // It was erased while somebody looked at it: why they did goes as it does with a row from before.
  std::optional<sync::DossierId> erased_among(const std::vector<AuditRow>& answer) {
    for (const auto& row : answer) {
      if (sync::store::is_erased(work_, row.record.dossier)) return row.record.dossier;
    }
    return std::nullopt;
  }
  static void forget_reason(AuditRow& row, const sync::DossierId& gone) {
    if (row.reason.empty()) return;
    row.reason.clear();
    row.reason_gone_with = gone;
  }

  UnitOfWork work_;
  crypto::Random& random_;
  const std::uint64_t at_ms_;
  AuditMark last_;
};

bool begins_with(const sync::Hash& mark, const Bytes& noted) {
  return std::equal(noted.begin(), noted.end(), mark.begin());
}

// Goes through the rows, the oldest first.
class Checking {
 public:
  Checking(const sync::Directory& directory, const std::optional<NotedMark>& noted,
           const AuditMark& begins_after)
      : directory_(directory), noted_(noted), begins_after_(begins_after), last_(begins_after) {
    note_if_noted(begins_after);
  }

  void take(const KeptAuditRow& kept) {
    const AuditRow& row = kept.row;
    if (!follows(kept)) note_broken(last_.number + 1);
    if (row.act == AuditAct::list_renewed) {
      renewed_ = row;
      if (row.count > 0) note_broken(row.count);
    }
    if (row.act == AuditAct::shortened) shortened_ = row;
    is_begin_told_ = is_begin_told_ || says_begin(row, begins_after_);
    last_ = {row.number, row.mark};
    note_if_noted(last_);
  }
  // The rows ended with it; `kept`: as the store knows it.
  Result<AuditMark> answer(const AuditMark& kept) {
    if (kept.number != last_.number || kept.mark != last_.mark) note_broken(last_.number + 1);
    if (begins_after_.number > 0 && !is_begin_told_) note_broken(begins_after_.number);
    if (broken_) return broken_at(*broken_);
    if (!noted_ || has_noted_) return last_;
    if (noted_->number < begins_after_.number && shortened_) return noted_gone(*shortened_);
    const bool from_before = noted_->digits.size() == noted_bytes_before && renewed_ &&
                             noted_->number < renewed_->number;
    return from_before ? noted_before(renewed_->at_ms) : broken_at(noted_->number);
  }

 private:
  // Is it the one that was written after those before?
  bool follows(const KeptAuditRow& kept) const {
    return kept.has_form && kept.row.number == last_.number + 1 && has_reason(kept) &&
           kept.row.mark == mark_of(last_.mark, kept);
  }
  // As it was typed; or gone, with a record that is.
  bool has_reason(const KeptAuditRow& kept) const {
    if (const auto& gone_with = kept.row.reason_gone_with) {
      return kept.row.reason.empty() && kept.goes_with_its_answer &&
             directory_.erased().contains(*gone_with);
    }
    const auto hash = hash_of_reason(kept.row.reason, kept.salt);
    return std::equal(hash.begin(), hash.end(), kept.reason_hash.begin(), kept.reason_hash.end());
  }
  void note_broken(std::uint64_t number) {
    if (!broken_) broken_ = number;
  }
  void note_if_noted(const AuditMark& mark) {
    has_noted_ = has_noted_ || (noted_ && noted_->number == mark.number &&
                                begins_with(mark.mark, noted_->digits));
  }
  static Error broken_at(std::uint64_t number) {
    return {ErrorKind::corrupt,
            "The list of who looked at what was altered: row " + std::to_string(number) +
                " is not as it was written, or is missing. Keep this computer as it is, and ring "
                "the central team."};
  }
  static Error noted_before(std::uint64_t renewed_at_ms) {
    return {ErrorKind::stale,
            "This mark is from before the program was updated on " + iso_day(renewed_at_ms) +
                ", when every row got a new mark. The list holds, but cannot be compared with it "
                "any more. Check without it, and note the new one."};
  }

  static Error noted_gone(const AuditRow& shortened) {
    return {ErrorKind::stale,
            "This mark is of a row that had been kept long enough and was taken away on " +
                iso_day(shortened.at_ms) + ", with all before it. The list holds, from row " +
                std::to_string(shortened.count + 1) +
                " on. Check without this mark, and note the new one."};
  }

  const sync::Directory& directory_;
  const std::optional<NotedMark>& noted_;
  const AuditMark begins_after_;
  bool is_begin_told_ = false;         // by a row of the list
  std::optional<AuditRow> shortened_;  // the newest such row
  AuditMark last_;
  bool has_noted_ = false;
  std::optional<AuditRow> renewed_;
  std::optional<std::uint64_t> broken_;
};

ActorId actor_of(const Viewer& viewer) { return viewer.actor().value_or(ActorId{}); }

}  // namespace

Result<Done> Audit::note_looks(const ReadTrail& trail, const Viewer& viewer) {
  if (trail.empty()) return Done{};
  std::vector<AuditRow> answer;
  for (const auto& [record, fields] : trail) {
    auto& row = answer.emplace_back();
    row.actor = actor_of(viewer);
    row.record = record;
    row.fields.assign(fields.begin(), fields.end());
    row.reason = viewer.reason();
  }
  return Writing(node_).add(std::move(answer));
}

Result<Done> Audit::note_file(std::uint64_t rows, const Viewer& viewer, const std::string& reason,
                              const std::optional<sync::DossierId>& about) {
  AuditRow row;
  row.actor = actor_of(viewer);
  row.act = AuditAct::file_taken;
  row.count = rows;
  row.reason = without_hidden_signs(reason);
  if (about) row.record.dossier = *about;
  return Writing(node_).add({std::move(row)});
}

Result<Done> Audit::note_sealed(AuditAct act, std::uint64_t records, const ActorId& who) {
  AuditRow row;
  row.actor = who;
  row.act = act;
  row.count = records;
  return Writing(node_).add({std::move(row)});
}

Result<Done> Audit::note_files(const std::map<sync::store::RecordName, std::uint64_t>& values,
                               const Viewer& viewer) {
  std::vector<AuditRow> answer;
  for (const auto& [record, count] : values) {
    auto& row = answer.emplace_back();
    row.actor = actor_of(viewer);
    row.act = AuditAct::file_taken;
    row.record = record;
    row.count = count;
    row.reason = viewer.reason();
  }
  return Writing(node_).add(std::move(answer));
}

Result<Done> Audit::note_recall(const sync::store::RecordName& record, const Viewer& viewer,
                                const std::string& reason) {
  AuditRow row;
  row.actor = actor_of(viewer);
  row.act = AuditAct::recalled;
  row.record = record;
  row.count = 1;
  row.reason = without_hidden_signs(reason);
  return Writing(node_).add({std::move(row)});
}

Result<Done> Audit::note_way_in(AuditAct act, const sync::store::RecordName& record,
                                const ActorId& who, const std::string& reason) {
  AuditRow row;
  row.actor = who;
  row.act = act;
  row.record = record;
  row.reason = without_hidden_signs(reason);
  return Writing(node_).add({std::move(row)});
}

Result<Done> Audit::note_restored(std::uint64_t backup_made_at_ms) {
  AuditRow row;
  row.act = AuditAct::restored;
  row.count = backup_made_at_ms;
  return Writing(node_).add({std::move(row)});
}

Result<std::vector<AuditRow>> Audit::list(const AuditFilter& filter, std::size_t limit) const {
  UnitOfWork work(node_.database(), Purpose::reading);
  std::vector<AuditRow> out;
  const auto take = [&](const Statement& statement) {
    auto kept = audit_row_in(statement);
    if (!kept.has_form) work.fail_as_damaged();
    out.push_back(std::move(kept.row));
  };
  const std::uint64_t before = filter.before == 0 ? INT64_MAX : filter.before;
  const auto dossier = filter.dossier.value_or(sync::DossierId{});
  const auto actor = filter.actor.value_or(ActorId{});
  work.each("SELECT " + std::string(audit_columns) +
                " FROM audit WHERE number < ? AND (? = 0 OR dossier = ?) AND (? = 0 OR actor = ?) "
                "ORDER BY number DESC LIMIT ?",
            bound(before, filter.dossier.has_value(), dossier.view(), filter.actor.has_value(),
                  actor.view(), limit),
            take);
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<AuditMark> Audit::check(const std::optional<NotedMark>& noted) const {
  UnitOfWork work(node_.database(), Purpose::reading);
  Checking checking(node_.directory(), noted, audit_begins_after(work));
  work.each("SELECT " + std::string(audit_columns) + " FROM audit ORDER BY number", bound(),
            [&](const Statement& statement) { checking.take(audit_row_in(statement)); });
  const auto kept = last_audit_mark(work);
  if (auto done = work.commit(); !done) return done.error();
  return checking.answer(kept);
}

std::string text_of(const AuditMark& mark) {
  return std::to_string(mark.number) + "-" +
         crypto::to_hex(crypto::ByteView(mark.mark).first(noted_bytes));
}

std::optional<NotedMark> audit_mark_in(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  NotedMark out;
  const auto read = std::from_chars(text.data(), text.data() + dash, out.number);
  auto digits = crypto::from_hex(std::string(text.substr(dash + 1)));
  if (read.ec != std::errc{} || read.ptr != text.data() + dash || !digits) return std::nullopt;
  if (digits->size() != noted_bytes && digits->size() != noted_bytes_before) return std::nullopt;
  out.digits = *std::move(digits);
  return out;
}

}  // namespace throughgate::node
