#include "node/handovers/question.h"

#include <algorithm>
#include <tuple>

namespace throughgate::node {
namespace {

using schema::Handover;
using sync::store::OpView;
using Place = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;

Place place(const OpView& op) {
  return {op.effective_ms, op.dsn.value_or(UINT64_MAX), op.arrived_at_ms};
}

}  // namespace

std::optional<Question> question_of(const CaseFile& file) {
  if (file.state != Handover::MORE_INFO) return std::nullopt;
  Question out;
  Place asked{};
  if (const auto* stage = file.root.field(Handover::kStateFieldNumber); stage && stage->shown()) {
    asked = place(*stage->shown());
  }
  const auto* wanted = file.root.field(Handover::kInformationWantedFieldNumber);
  Place last{};
  for (const auto* op : wanted ? wanted->listed() : std::vector<const OpView*>{}) {
    if (op->removed || place(*op) < last) continue;
    last = place(*op);
    out.words = std::string(crypto::as_text(op->value));
  }
  asked = std::max(asked, last);
  const auto* notes = file.root.field(Handover::kNotesFieldNumber);
  if (!notes) return out;
  for (const auto* op : notes->listed()) {
    const bool is_answer = op->role == sync::Role::owner && !op->removed && place(*op) > asked;
    if (!is_answer) continue;
    out.answered_ms = std::min(out.answered_ms.value_or(UINT64_MAX), op->effective_ms);
    out.answer += (out.answer.empty() ? "" : "\n") + std::string(crypto::as_text(op->value));
  }
  return out;
}

}  // namespace throughgate::node
