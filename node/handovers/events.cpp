#include "node/handovers/events.h"

#include <algorithm>
#include <map>

#include "node/days.h"
#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/records/formats.h"
#include "node/refusal_words.h"
#include "node/shown_values.h"
#include "node/stages.h"
#include "sync/store/admission.h"

namespace throughgate::node {
namespace {

using schema::Disclosure;
using schema::Flag;
using schema::Handover;
using sync::OpId;
using sync::Result;
using sync::store::Notice;
using sync::store::NoticeKind;
using sync::store::OpStanding;
using sync::store::OpView;
using sync::store::RecordName;

constexpr const char* changed = "Changed";
constexpr std::size_t changes_max = 500;  // of one record: years of work on one handover

// One change, with the record it was made to.
struct Made {
  RecordName record;
  OpView op;
};
// What one save did, in the order of its ops.
using Save = std::vector<Made>;

std::string in_quotes(const std::string& text) { return "\"" + text + "\""; }

const google::protobuf::FieldDescriptor& stage_field() {
  return *Handover::descriptor()->FindFieldByNumber(Handover::kStateFieldNumber);
}

bool is_of(const Made& made, const google::protobuf::Descriptor& descriptor) {
  return made.record.type == record_type(descriptor)->number;
}
bool is_stage(const Made& made) {
  return is_of(made, *Handover::descriptor()) && made.op.field == Handover::kStateFieldNumber;
}
bool is_receipt(const Made& made) {
  return is_of(made, *Handover::descriptor()) && made.op.field == Handover::kReceiptsFieldNumber;
}

class Teller {
 public:
  Teller(const RecordService& records, const CaseFile& file) : records_(records), file_(file) {}

  Result<std::vector<HandoverEvent>> tell() {
    if (auto done = collect(file_.root.name); !done) return done.error();
    for (const auto* rows : {&file_.flags, &file_.needs, &file_.disclosures}) {
      for (const auto& row : *rows) {
        if (auto done = collect(row.name); !done) return done.error();
      }
    }
    if (auto done = collect_facts(); !done) return done.error();
    const auto notices = records_.reader().notices_of(file_.id());
    if (!notices) return notices.error();
    notices_ = *notices;
    std::vector<HandoverEvent> out;
    for (const auto& save : in_time()) {
      auto event = event_of(save);
      if (!event.title.empty()) out.push_back(std::move(event));
    }
    return out;
  }

 private:
  Result<sync::Done> collect(const RecordName& record) {
    auto history = records_.reader().history(record, std::nullopt, 0, changes_max);
    if (!history) return history.error();
    tellings_.emplace(record, RecordTelling(record, *history, records_.codes()));
    for (auto& op : *history) {
      Save& save = saves_[op.id.entry];
      save.push_back({record, std::move(op)});
    }
    return sync::Done{};
  }

  // One look for all of them: where a change has come, and who has read it.
  Result<sync::Done> collect_facts() {
    std::vector<OpView> changes;
    for (const auto& [entry, save] : saves_) {
      for (const auto& made : save) changes.push_back(made.op);
    }
    auto facts = facts_of(records_, file_, changes);
    if (!facts) return facts.error();
    for (auto& each : *facts) facts_.emplace(each.change, std::move(each));
    return sync::Done{};
  }

  // Newest first; of the same moment what has no place yet, then the later place.
  std::vector<Save> in_time() const {
    std::vector<Save> out;
    for (const auto& [entry, save] : saves_) {
      out.push_back(save);
      std::sort(out.back().begin(), out.back().end(),
                [](const Made& a, const Made& b) { return a.op.id.index < b.op.id.index; });
    }
    const auto place = [](const Save& save) {
      const OpView& op = save.front().op;
      return std::tuple(op.effective_ms, op.dsn.value_or(UINT64_MAX), op.arrived_at_ms);
    };
    std::stable_sort(out.begin(), out.end(),
                     [&](const Save& a, const Save& b) { return place(a) > place(b); });
    return out;
  }

  HandoverEvent event_of(const Save& save) const {
    const OpView& first = save.front().op;
    HandoverEvent event;
    event.actor_name = first.actor_name;
    event.organisation_name = organisation_name(records_.node(), first.organisation);
    event.at_ms = first.effective_ms;
    event.is_provisional = first.is_provisional();
    const bool begins = is_beginning(save);
    const bool moves = std::any_of(save.begin(), save.end(), is_stage);
    if (begins) event.title = "Draft begun";
    if (moves) tell_moves(save, event);
    for (const auto& made : save) {
      if (is_stage(made)) continue;
      if (is_receipt(made)) {
        tell_receipt(made.op, event);
      } else if (must_be_read(made)) {
        tell_change(made, event);
      } else if (is_of(made, *Disclosure::descriptor())) {
        tell_disclosure(made, event);
      } else if (moves && !begins && is_of(made, *Handover::descriptor())) {
        tell_detail(made, event);
      }
    }
    if (event.title.empty() && !first.reason.empty()) tell_details(save, event);
    if (event.title == changed) {
      event.title = title_of_changes(event.changes.front().words, event.changes.size());
    }
    if (first.standing == OpStanding::refused) {
      tell_refused(save, event);
    } else {
      event.travel = facts_.at(first.id);
    }
    if (!event.title.empty() && !first.reason.empty()) {
      event.lines.push_back("Why: " + first.reason);
    }
    return event;
  }

  // The first entry of a dossier makes the record; no other names the family and is as old.
  bool is_beginning(const Save& save) const {
    const bool names = std::any_of(save.begin(), save.end(), [](const Made& made) {
      return is_of(made, *Handover::descriptor()) &&
             made.op.field == Handover::kFamilyNameFieldNumber;
    });
    const auto dsn = save.front().op.dsn;
    if (dsn) return *dsn == 1;
    return names && std::none_of(saves_.begin(), saves_.end(), [&](const auto& other) {
             return other.second.front().op.effective_ms < save.front().op.effective_ms;
           });
  }

  bool must_be_read(const Made& made) const {
    const auto* policy = records_.node().policies().find(made.record.type, made.op.field);
    return policy && policy->acknowledge;
  }

  // ---- what each kind of change comes to

  // The stages that one save went through. One that somebody else had recorded before does not
  // count against it: the handover was there, and went on from there.
  void tell_moves(const Save& save, HandoverEvent& event) const {
    const OpView* applied = nullptr;
    const OpView* late = nullptr;  // the first that found the handover somewhere else
    const OpView* last_late = nullptr;
    const OpView* recorded_before = nullptr;
    for (const auto& made : save) {
      if (!is_stage(made) || !sync::decode_state_change(made.op.value)) continue;
      if (made.op.standing != OpStanding::not_applied) {
        applied = &made.op;
      } else if (had_come_to(target_of(made.op), made.op)) {
        recorded_before = &made.op;
      } else {
        last_late = &made.op;
        if (!late) late = &made.op;
      }
    }
    const OpView* told = applied ? applied : last_late ? last_late : recorded_before;
    if (!told) return;
    event.did_not_apply = told == last_late;
    event.read_by = facts_.at(told->id).read_by;
    event.title = stage_label(stage_field(), target_of(*told));
    if (late) event.lines.push_back(why_not_applied(*late, event, applied != nullptr));
    if (event.did_not_apply) event.title = in_quotes(event.title) + " did not apply";
    if (told == recorded_before) {
      event.lines.push_back("Somebody else had recorded this before it arrived.");
    }
  }

  std::string why_not_applied(const OpView& op, const HandoverEvent& event, bool others_did) const {
    const auto change = *sync::decode_state_change(op.value);
    const std::uint32_t then = stage_before(op);
    const std::string step =
        others_did ? in_quotes(stage_label(stage_field(), change.to)) : "This step";
    return step + " did not apply, because " +
           (then == change.from
                ? event.organisation_name + " may not take it from " +
                      in_quotes(stage_label(stage_field(), then)) + "."
                : "the handover had come to " + in_quotes(stage_label(stage_field(), then)) +
                      " before it arrived.");
  }

  static std::uint32_t target_of(const OpView& op) {
    const auto change = sync::decode_state_change(op.value);
    return change ? change->to : 0;
  }

  // Every step that applied before `step` was placed.
  template <class Fn>
  void each_applied_before(const OpView& step, Fn fn) const {
    for (const auto& [entry, save] : saves_) {
      for (const auto& made : save) {
        const OpView& op = made.op;
        const bool applied =
            op.standing == OpStanding::shown || op.standing == OpStanding::superseded;
        if (!is_stage(made) || !applied) continue;
        if (op.dsn.value_or(UINT64_MAX) <= step.dsn.value_or(UINT64_MAX)) fn(op);
      }
    }
  }

  bool had_come_to(std::uint32_t stage, const OpView& step) const {
    bool out = false;
    each_applied_before(step, [&](const OpView& op) {
      out = out || (op.id.entry != step.id.entry && target_of(op) == stage);
    });
    return out;
  }

  // The stage in which a step that did not fit found the handover.
  std::uint32_t stage_before(const OpView& step) const {
    const OpView* last = nullptr;
    each_applied_before(step, [&](const OpView& op) {
      const auto place = op.dsn.value_or(UINT64_MAX);
      const auto best = last ? last->dsn.value_or(UINT64_MAX) : 0;
      if (!last || std::tuple(place, op.id.index) > std::tuple(best, last->id.index)) last = &op;
    });
    return last ? target_of(*last) : 0;
  }

  void tell_receipt(const OpView& op, HandoverEvent& event) const {
    if (event.title.empty()) event.title = "Read";
    const auto change = receipt_in(op.value);
    const auto found = change ? saves_.find(change->entry) : saves_.end();
    if (found == saves_.end()) return;
    for (const auto& made : found->second) {
      if (made.op.id == *change) event.lines.push_back(words_of(made));
    }
  }

  // Whoever wrote it had no words of this do or don't before them.
  static bool is_new_flag(const OpView& op) {
    const bool is_words =
        op.field == Flag::kKindFieldNumber || op.field == Flag::kInstructionFieldNumber;
    return is_words && op.replaces.empty();
  }

  void tell_change(const Made& made, HandoverEvent& event) const {
    if (event.title.empty()) {
      event.title = !is_of(made, *Flag::descriptor()) ? changed
                    : is_new_flag(made.op)            ? "Do or don't added"
                                                      : "Do or don't changed";
    }
    const bool stands =
        made.op.standing == OpStanding::shown || made.op.standing == OpStanding::beside;
    const auto& telling = tellings_.at(made.record);
    if (telling.is_told_by_another(made.op)) return;
    const bool says_so_still = telling.now(made.op).value == telling.then(made.op).value;
    event.changes.push_back({words_of(made), stands && says_so_still, facts_.at(made.op.id).read_by,
                             made.record, made.op.field,
                             telling.in_two_places(made.op, records_.node().policies())});
  }

  // Nobody has to read these, but somebody took the trouble to say why.
  void tell_details(const Save& save, HandoverEvent& event) const {
    for (const auto& made : save) tell_detail(made, event);
    if (!event.lines.empty()) {
      event.title = title_of_changes(event.lines.front(), event.lines.size());
    }
  }

  // `first`: the words of the first of so many.
  static std::string title_of_changes(const std::string& first, std::size_t count) {
    return count == 1 ? first.substr(0, first.find(':')) + " changed"
                      : std::to_string(count) + " details changed";
  }

  void tell_disclosure(const Made& made, HandoverEvent& event) const {
    switch (made.op.field) {
      case Disclosure::kToNameFieldNumber:
        event.title = "Ground for sharing recorded";
        [[fallthrough]];
      case Disclosure::kBasisFieldNumber:
      case Disclosure::kRegimeFieldNumber:
      case Disclosure::kPurposeFieldNumber:
      case Disclosure::kExpiresOnFieldNumber:
      case Disclosure::kStandingFieldNumber:
        if (event.title.empty()) event.title = "Ground for sharing changed";
        event.lines.push_back(words_of(made));
        break;
      default:
        break;
    }
  }

  void tell_detail(const Made& made, HandoverEvent& event) const {
    const auto* field = field_of(made.record.type, made.op.field);
    if (field && rule_of(*field).format() == schema::FieldRule::ORGANISATION_ID) return;
    event.lines.push_back(words_of(made));
  }

  // What this computer was told of a change that never got a place: the last word counts.
  const Notice* notice_of(const OpView& op) const {
    const auto speaks = [&](const Notice& notice) {
      const auto kind = static_cast<NoticeKind>(notice.kind);
      return notice.entry == op.id.entry &&
             (kind == NoticeKind::refused || kind == NoticeKind::forked ||
              kind == NoticeKind::written_again);
    };
    const auto found = std::find_if(notices_.rbegin(), notices_.rend(), speaks);
    return found == notices_.rend() ? nullptr : &*found;
  }

  // With what it was for where nothing else tells it; but of a copy that nothing tells, nor this.
  void tell_refused(const Save& save, HandoverEvent& event) const {
    const OpView& first = save.front().op;
    const auto* notice = notice_of(first);
    const auto kind = notice ? static_cast<NoticeKind>(notice->kind) : NoticeKind::refused;
    if (kind == NoticeKind::written_again) {
      if (!event.title.empty()) event.title += ": written again on " + day_of(notice->at_ms);
      for (auto& change : event.changes) change.stands = true;  // its copy tells what became of it
      return;
    }
    if (event.title.empty()) tell_details(save, event);
    if (event.title.empty()) event.title = "Change";
    event.title += ": could not be added";
    event.did_not_apply = true;
    auto why = why_not_added(first, notice, event.organisation_name);
    if (!why.empty()) event.lines.insert(event.lines.begin(), std::move(why));
  }

  // Empty: not known here. What follows a refused change of the same computer goes the same way.
  std::string why_not_added(const OpView& op, const Notice* notice, const std::string& own) const {
    std::string why;
    if (notice && static_cast<NoticeKind>(notice->kind) == NoticeKind::forked) {
      why = "another change by this computer stands in its place";
    } else if (notice) {
      why = why_refused(static_cast<sync::Reason>(notice->detail), own, "handover");
    } else if (op.node == records_.node().identity().node) {
      why = why_refused(sync::Reason::stream_closed, own, "handover");
    }
    return why.empty() ? why : "It could not be added, because " + why + ".";
  }

  static std::string day_of(std::uint64_t ms) {
    return shown_text(schema::FieldRule::DATE, iso_day(ms));
  }

  std::string words_of(const Made& made) const {
    const auto words = tellings_.at(made.record).then(made.op);
    return words.label + ": " + words.value;
  }

  const RecordService& records_;
  const CaseFile& file_;
  std::map<sync::Hash, Save> saves_;
  std::map<RecordName, RecordTelling> tellings_;
  std::map<OpId, ChangeFacts> facts_;
  std::vector<Notice> notices_;
};

}  // namespace

Result<std::vector<HandoverEvent>> events_of(const RecordService& records, const CaseFile& file) {
  return Teller(records, file).tell();
}

}  // namespace throughgate::node
