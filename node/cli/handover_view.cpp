#include "node/cli/handover_view.h"

#include <algorithm>

#include "node/cli/records.h"
#include "node/cli/review_item.h"
#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/handovers/completeness.h"
#include "node/handovers/data_classes.h"
#include "node/handovers/delivery.h"
#include "node/handovers/earlier_partner.h"
#include "node/handovers/next_steps.h"
#include "node/handovers/question.h"
#include "node/records/values.h"
#include "node/stages.h"

namespace throughgate::node::cli {
namespace {

using schema::Flag;
using schema::Handover;
using sync::Done;
using sync::Result;
using sync::store::OpStanding;
using sync::store::RecordRow;
using sync::store::RecordView;

std::string stage_in_words(std::uint64_t state) {
  const auto& field = *Handover::descriptor()->FindFieldByNumber(Handover::kStateFieldNumber);
  return stage_label(field, static_cast<std::uint32_t>(state));
}

bool is_over_now(const RecordRow& row) {
  const auto state = static_cast<int>(number_in(row, Handover::kStateFieldNumber));
  return Handover::State_IsValid(state) && is_over(static_cast<Handover::State>(state));
}

// What a row shows, and every field that can be changed in two places.
std::vector<std::uint32_t> listed_fields() {
  std::vector<std::uint32_t> out{Handover::kGivenNameFieldNumber, Handover::kFamilyNameFieldNumber,
                                 Handover::kStateFieldNumber, Handover::kReceiverNameFieldNumber};
  for (int i = 0; i < Handover::descriptor()->field_count(); ++i) {
    const auto& field = *Handover::descriptor()->field(i);
    const bool reviewed = rule_of(field).conflict() == schema::FieldRule::REVIEW;
    if (reviewed) out.push_back(static_cast<std::uint32_t>(field.number()));
  }
  return out;
}

std::string shown_date(const RecordRow& row, int number, const CodeLists& codes) {
  const auto* field = Handover::descriptor()->FindFieldByNumber(number);
  const auto found = row.fields.find(static_cast<std::uint32_t>(number));
  return found == row.fields.end() ? "" : text_of(*field, found->second.value, codes);
}

bool is_in_two_places(const RecordRow& row) {
  return std::any_of(row.fields.begin(), row.fields.end(),
                     [](const auto& field) { return field.second.in_review; });
}

// Is something late that is for this organisation to do or to ask for? What waits to be read never
// is.
Result<bool> is_late(const RecordService& records, const sync::DossierId& handover) {
  const auto file = read_case(records, handover, Look::judged);
  if (!file) return file.error();
  const auto steps = next_steps(*file, records.codes(), {}, records.node().now_ms());
  return std::any_of(steps.begin(), steps.end(), [](const auto& step) { return step.is_late; });
}

// ---- one handover, table by table

NamedTable facts_table(const CaseFile& file, const RecordService& records, const Output& to) {
  const RecordView& root = file.root;
  NamedTable out{"facts", {"field", "label", "value", "note"}, {}};
  for (const auto& field : root.fields) {
    const auto* descriptor = field_of(root.name.type, field.field);
    const bool beside_facts =
        field.field == Handover::kStateFieldNumber || field.field == Handover::kReceiptsFieldNumber;
    if (!descriptor || beside_facts || is_of_an_earlier_partner(file, field.field)) continue;
    out.rows.push_back({spoken_field(*descriptor), label_of(root.name.type, field.field),
                        people_read(to, records, *descriptor, shown_values(field)),
                        notes_on(field)});
  }
  return out;
}

std::string field_in_words(const RecordRow& row, int field, const CodeLists& codes) {
  const auto found = row.fields.find(static_cast<std::uint32_t>(field));
  const auto* descriptor = field_of(row.name.type, static_cast<std::uint32_t>(field));
  return found == row.fields.end() || !descriptor
             ? ""
             : text_of(*descriptor, found->second.value, codes);
}

bool has_ended(const RecordRow& flag) {
  return number_in(flag, Flag::kStandingFieldNumber) == Flag::ENDED;
}

// Those that have ended come last.
NamedTable flags_table(const CaseFile& file, const CodeLists& codes) {
  NamedTable out{"dos and donts", {"instruction", "whom to ring", "standing"}, {}};
  for (const bool ended : {false, true}) {
    for (const auto& flag : file.flags) {
      if (has_ended(flag) != ended) continue;
      out.rows.push_back({instruction_in_words(flag, codes), text_in(flag, Flag::kRingFieldNumber),
                          field_in_words(flag, Flag::kStandingFieldNumber, codes)});
    }
  }
  return out;
}

NamedTable needs_table(const CaseFile& file, const CodeLists& codes) {
  using schema::Need;
  NamedTable out{"needs", {"kind of support", "what is needed", "status", "who sees to it"}, {}};
  for (const auto& need : file.needs) {
    out.rows.push_back({field_in_words(need, Need::kPathwayFieldNumber, codes),
                        field_in_words(need, Need::kNeedFieldNumber, codes),
                        field_in_words(need, Need::kStatusFieldNumber, codes),
                        field_in_words(need, Need::kResponsibleFieldNumber, codes)});
  }
  return out;
}

NamedTable members_table(const CaseFile& file, const OpenNode& node) {
  NamedTable out{"taking part", {"organisation", "part"}, {}};
  for (const auto& member : file.root.dossier.members) {
    out.rows.push_back(
        {organisation_name(node, member.organisation), std::string(role_in_words(member.role))});
  }
  return out;
}

NamedTable grounds_table(const CaseFile& file, const CodeLists& codes) {
  using schema::Disclosure;
  NamedTable out{"grounds for sharing", {"shared with", "ground", "standing", "what it names"}, {}};
  for (const auto& row : file.disclosures) {
    out.rows.push_back({text_in(row, Disclosure::kToNameFieldNumber),
                        field_in_words(row, Disclosure::kBasisFieldNumber, codes),
                        field_in_words(row, Disclosure::kStandingFieldNumber, codes),
                        classes_in_words(texts_in(row, Disclosure::kClassesFieldNumber), codes)});
  }
  return out;
}

// While the handover is stopped at it.
NamedTable question_table(const CaseFile& file) {
  NamedTable out{"asked", {"question", "answer"}, {}};
  if (const auto question = question_of(file)) {
    out.rows.push_back({question->words, question->answer});
  }
  return out;
}

NamedTable lacks_table(std::string name, const std::vector<Lack>& lacks) {
  NamedTable out{std::move(name), {"field", "what to do"}, {}};
  for (const auto& lack : lacks) out.rows.push_back({lack.field, lack.words});
  return out;
}

void add_in_two_places(const RecordView& record, const CodeLists& codes, NamedTable& out) {
  for (const auto& field : record.fields) {
    if (!field.in_review || !field.review_item) continue;
    std::vector<std::string> values;
    for (const auto& op : field.ops) {
      const bool stands = op.standing == OpStanding::shown || op.standing == OpStanding::beside;
      if (stands) values.push_back(value_in_words(record.name, op, codes));
    }
    out.rows.push_back(
        {item_digits(*field.review_item), label_of(record.name.type, field.field), values});
  }
}

// Where each change that has to be acknowledged has come.
Result<Done> add_deliveries(const RecordService& records, const CaseFile& file,
                            const RecordView& record, const std::vector<Unread>& unread,
                            NamedTable& out) {
  const auto changes = to_be_read(record, records.node().policies());
  const auto facts = facts_of(records, file, changes);
  if (!facts) return facts.error();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto& change = changes[i];
    const bool waits = std::any_of(unread.begin(), unread.end(),
                                   [&](const Unread& each) { return each.change.id == change.id; });
    const auto words = words_of_standing(records, record.name, change);
    if (!words) return words.error();
    out.rows.push_back({words->label, words->value, in_words((*facts)[i]), waits});
  }
  return Done{};
}

NamedTable next_table(const CaseFile& file, const RecordService& records,
                      const std::vector<Unread>& unread) {
  NamedTable out{"next", {"step", "what", "by", "late"}, {}};
  for (const auto& step : next_steps(file, records.codes(), unread, records.node().now_ms())) {
    out.rows.push_back({step.action, step.words, step.due_on, step.is_late});
  }
  return out;
}

}  // namespace

Result<Done> print_handovers(const RecordService& records, const HandoverPage& page,
                             Command& command) {
  sync::store::ListQuery query;
  query.type = record_type(*Handover::descriptor())->number;
  query.after = page.after;
  query.limit = page.limit;
  query.fields = listed_fields();
  const auto found = records.reader().list(query);
  if (!found) return found.error();
  std::vector<Row> rows;
  for (const auto& row : found->rows) {
    if (row.name.record != sync::RecordId{}) continue;  // written where none may stand
    if (records.reader().is_closed(row.name.dossier)) {
      rows.push_back({spoken(row.name), text_in(row, Handover::kGivenNameFieldNumber),
                      text_in(row, Handover::kFamilyNameFieldNumber), "Closed to reading", "", "",
                      false, false, false});
      continue;
    }
    if (is_over_now(row) && !page.with_ended) {
      const auto waits = stop_waits_to_be_read(records, row.name);
      if (!waits) return waits.error();
      if (!*waits) continue;
    }
    const auto held = records.reader().dossier(row.name.dossier);
    if (!held) return held.error();
    const auto late = is_late(records, row.name.dossier);
    if (!late) return late.error();
    rows.push_back({spoken(row.name), text_in(row, Handover::kGivenNameFieldNumber),
                    text_in(row, Handover::kFamilyNameFieldNumber),
                    stage_in_words(number_in(row, Handover::kStateFieldNumber)),
                    shown_date(row, Handover::kReleaseDateFieldNumber, records.codes()),
                    text_in(row, Handover::kReceiverNameFieldNumber), is_in_two_places(row),
                    held->provisional, *late});
  }
  command.out.table({"handover", "first names", "family name", "stage", "release date", "partner",
                     "changed in two places", "not sent yet", "late"},
                    rows, "There are none here.");
  if (!found->next.empty()) command.say_apart("More: --after " + found->next);
  return Done{};
}

Result<Done> print_handover(RecordService& records, const sync::DossierId& handover,
                            Command& command) {
  const auto file = read_case(records, handover);
  if (!file) return file.error();
  const auto unread = Acknowledgements(records).awaiting(handover);
  if (!unread) return unread.error();
  std::vector<RecordView> inside{file->root};
  for (const auto& flag : file->flags) {
    auto record = records.reader().read(flag.name);
    if (!record) return record.error();
    inside.push_back(*std::move(record));
  }
  NamedTable in_two_places{"changed in two places", {"item", "field", "values"}, {}};
  NamedTable delivered{"changes", {"field", "value", "where it is", "waits for you"}, {}};
  for (const auto& record : inside) {
    add_in_two_places(record, records.codes(), in_two_places);
    if (auto done = add_deliveries(records, *file, record, *unread, delivered); !done) return done;
  }
  const auto complete = completeness_of(*file, records.codes());
  const auto role = file->role();
  command.out.facts(
      {{"handover", handover.hex()},
       {"stage", stage_in_words(static_cast<std::uint64_t>(file->state))},
       {"your part", std::string(role ? role_in_words(*role) : "none any more")},
       {"complete", complete.is_ready()}},
      {flags_table(*file, records.codes()), facts_table(*file, records, command.out),
       needs_table(*file, records.codes()), members_table(*file, records.node()),
       grounds_table(*file, records.codes()), question_table(*file),
       lacks_table("missing", complete.missing), lacks_table("worth adding", complete.worth_adding),
       std::move(in_two_places), std::move(delivered), next_table(*file, records, *unread)});
  return Done{};
}

void say_flags(const RecordService& records, const CaseFile& file, Command& command) {
  for (const auto& flag : file.flags) {
    if (!has_ended(flag)) command.out.say(instruction_in_words(flag, records.codes()));
  }
}

Result<std::vector<Row>> unread_rows(const RecordService& records, const CaseFile& file,
                                     const std::vector<Unread>& unread) {
  std::vector<Row> rows;
  rows.reserve(unread.size());
  for (const auto& each : unread) {
    const auto words = words_of_unread(records, file, each);
    if (!words) return words.error();
    const auto& beside = words->in_two_places;
    const std::string instead =
        beside && !beside->is_shown ? "; " + shown_meanwhile_in_words(*beside) : "";
    rows.push_back({words->label, words->value + instead, words->before, each.change.actor_name,
                    organisation_name(records.node(), each.change.organisation),
                    shown_time(each.change.effective_ms)});
  }
  return rows;
}

void print_unread(const std::vector<Row>& rows, Command& command) {
  command.out.table({"field", "value", "before", "who", "organisation", "when"}, rows,
                    "Nothing waits for you here.");
}

}  // namespace throughgate::node::cli
