#include "node/cli/unconfirmed_view.h"

#include "node/handovers/unconfirmed.h"
#include "node/records/formats.h"

namespace throughgate::node::cli {

sync::Result<sync::Done> print_unconfirmed(RecordService& records, int days_before,
                                           Command& command) {
  using schema::Handover;
  const auto found = unconfirmed_handovers(records, days_before);
  if (!found) return found.error();
  std::vector<Row> rows;
  for (const auto& each : *found) {
    const auto& file = each.file;
    rows.push_back(
        {file.id().hex(), file.text(Handover::kGivenNameFieldNumber),
         file.text(Handover::kFamilyNameFieldNumber),
         shown_text(schema::FieldRule::DATE, file.text(Handover::kReleaseDateFieldNumber)),
         file.text(Handover::kReceiverNameFieldNumber), each.is_unanswered,
         std::uint64_t{each.unread}, each.backups});
  }
  command.out.table({"handover", "first names", "family name", "release date", "partner",
                     "not answered", "changes not read there", "who else might be asked"},
                    rows, "Every partner has confirmed what is due soon.");
  if (!rows.empty()) {
    command.say_apart("Ring the partner. A backup that is asked early is there on the day.");
  }
  return sync::Done{};
}

}  // namespace throughgate::node::cli
