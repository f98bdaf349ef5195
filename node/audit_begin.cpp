#include "node/audit_begin.h"

#include <algorithm>

#include "node/days.h"
#include "node/text/unicode.h"
#include "sync/layout.h"
#include "sync/store/erasure.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::bound;
using sync::store::Purpose;
using sync::store::SettingsTable;
using sync::store::Statement;
using sync::store::UnitOfWork;

constexpr std::string_view begins_after = "audit begins";  // number u64 · mark 32
constexpr int rows_at_a_time = 1000;
constexpr std::size_t mark_numbers = 8;  // of 4 bytes each

std::vector<std::uint32_t> numbers_of(const sync::Hash& mark) {
  sync::LayoutReader in(mark);
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < mark_numbers; ++i) out.push_back(in.u32());
  return out;
}

// 2020-12-04 as 20201204.
std::uint32_t number_of_day(const std::string& iso) {
  std::uint32_t out = 0;
  for (const char c : iso) {
    if (c >= '0' && c <= '9') out = out * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return out;
}

// What a row says of its age.
enum class Age { over, kept, unknown };

class Judging {
 public:
  explicit Judging(const RowsJudged& by) : by_(by), today_(iso_day(by.now_ms)) {}

  // False: from this row on all stay.
  bool take(const AuditRow& row) {
    if (by_.held.contains(row.record.dossier)) return false;
    const Age age = age_of(row.at_ms);
    if (age == Age::kept) return false;
    end_answer(row);
    last_ = row;
    ++seen_;
    if (age == Age::over) over_ = true;
    return true;
  }
  // The row behind the last that was taken; all zero: there is none. The rows of one answer stay
  // or go together: why somebody looked goes with what any of them is about.
  OldRows end(const AuditRow& next) {
    end_answer(next);
    return out_;
  }

 private:
  Age age_of(std::uint64_t at_ms) {
    if (at_ms < by_.began_ms || at_ms > by_.now_ms) return Age::unknown;
    const auto day = iso_day(at_ms);
    if (day == day_) return age_;
    day_ = day;
    const auto until = by_.rule.kept_until(day);
    age_ = until && by_.rule.is_over(*until, today_) ? Age::over : Age::kept;
    return age_;
  }
  void end_answer(const AuditRow& next) {
    if (!last_ || (next.at_ms == last_->at_ms && next.actor == last_->actor)) return;
    if (over_) {
      out_.up_to = last_->number;
      out_.count = seen_;
      out_.last_day = iso_day(last_->at_ms);
    }
    if (out_.first_day.empty()) out_.first_day = iso_day(last_->at_ms);
    over_ = false;
  }

  const RowsJudged& by_;
  const std::string today_;
  std::string day_;
  Age age_ = Age::unknown;
  std::optional<AuditRow> last_;
  bool over_ = false;  // a row of this answer is
  std::uint64_t seen_ = 0;
  OldRows out_;
};

std::vector<AuditRow> rows_after(UnitOfWork& work, std::uint64_t number) {
  std::vector<AuditRow> out;
  work.each("SELECT " + std::string(audit_columns) +
                " FROM audit WHERE number > ? ORDER BY number LIMIT ?",
            bound(number, rows_at_a_time),
            [&](const Statement& row) { out.push_back(audit_row_in(row).row); });
  return out;
}

}  // namespace

AuditMark audit_begins_after(UnitOfWork& work) { return kept_audit_mark(work, begins_after); }

bool says_begin(const AuditRow& row, const AuditMark& mark) {
  if (row.act != AuditAct::shortened || row.fields.size() != mark_numbers + 1) return false;
  const auto numbers = numbers_of(mark.mark);
  return row.count == mark.number &&
         std::equal(numbers.begin(), numbers.end(), row.fields.begin() + 1);
}

std::string last_day_gone(const AuditRow& row) {
  const auto digits = row.fields.empty() ? std::string() : std::to_string(row.fields.front());
  if (digits.size() != 8) return {};
  return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6);
}

Result<OldRows> old_rows(OpenNode& node, const RowsJudged& by) {
  UnitOfWork work(node.database(), Purpose::reading);
  Judging judging(by);
  std::uint64_t last = 0;
  for (;;) {
    const auto rows = rows_after(work, last);
    for (const auto& row : rows) {
      if (judging.take(row)) continue;
      if (auto done = work.commit(); !done) return done.error();
      return judging.end(row);
    }
    if (rows.empty()) break;
    last = rows.back().number;
  }
  if (auto done = work.commit(); !done) return done.error();
  return judging.end({});
}

Result<Done> shorten_audit(OpenNode& node, const OldRows& rows, const sync::ActorId& who,
                           const std::string& reason) {
  if (const auto sound = Audit(node).check(); !sound) return sound.error();
  UnitOfWork work(node.database());
  const auto mark = work.first("SELECT mark FROM audit WHERE number = ?", bound(rows.up_to),
                               [](const Statement& row) {
                                 return crypto::to_array<32>(row.view(0)).value_or(sync::Hash{});
                               });
  if (!mark) {
    return Error{ErrorKind::invalid,
                 "No row of this list has been kept longer than the rules say. Nothing was taken "
                 "away."};
  }
  AuditRow told;
  told.at_ms = node.now_ms();
  told.actor = who;
  told.act = AuditAct::shortened;
  told.fields = numbers_of(*mark);
  told.fields.insert(told.fields.begin(), number_of_day(rows.last_day));
  told.count = rows.up_to;
  told.reason = without_hidden_signs(reason);
  keep_last_audit_mark(work, append_audit_row(work, node.random(), last_audit_mark(work), told));
  work.run("DELETE FROM audit WHERE number <= ?", rows.up_to);
  SettingsTable(work).set(begins_after, sync::LayoutWriter().u64(rows.up_to).bytes(*mark).take());
  sync::store::note_traces(work);
  if (auto done = work.commit(); !done) return done;
  return node.finish_erasures();
}

}  // namespace throughgate::node
