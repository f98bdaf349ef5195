#include "node/sharing_rules.h"

#include <algorithm>

#include "node/field_names.h"

namespace throughgate::node {
namespace {

using google::protobuf::FieldDescriptor;
using sync::store::OpDraft;
using sync::store::OpStanding;
using sync::store::OpView;

// Does an op name who confirmed it, in this record?
template <class Op>
bool confirms(const Op& op, const FieldDescriptor* confirmed, std::uint32_t number) {
  return confirmed && !op.value.empty() &&
         number == static_cast<std::uint32_t>(confirmed->number());
}

bool is_confirmed(const FieldDescriptor* confirmed, const sync::RecordId& record,
                  const std::vector<OpDraft>& ops, const std::vector<OpView>& present) {
  return std::any_of(ops.begin(), ops.end(),
                     [&](const OpDraft& each) {
                       return each.field.record == record &&
                              confirms(each, confirmed, each.field.field);
                     }) ||
         std::any_of(present.begin(), present.end(), [&](const OpView& each) {
           return each.standing == OpStanding::shown && confirms(each, confirmed, each.field);
         });
}

}  // namespace

std::vector<FieldProblem> sharing_problems(const RecordType& type, const std::vector<OpDraft>& ops,
                                           const std::vector<OpView>& present,
                                           const CodeLists& codes) {
  std::vector<FieldProblem> out;
  if (type.dossier == schema::PERSON) return out;
  const auto* confirmed = field_named(type, "confirmed_by");
  const auto note = [&](const FieldDescriptor& field, const std::string& sentence) {
    out.push_back({field.name(), refused(field, sentence, sync::ErrorKind::denied)});
  };
  for (const auto& op : ops) {
    const auto* field = field_of(type.number, op.field.field);
    if (op.field.record_type != type.number || !field || rule_of(*field).codes().empty()) continue;
    if (rule_of(*field).codes() != alerts_list || op.kind == sync::OpKind::clear ||
        op.kind == sync::OpKind::remove) {
      continue;
    }
    const CodeList* list = codes.list(alerts_list);
    const Code* code = list ? list->find(crypto::as_text(op.value)) : nullptr;
    const std::string_view share = code ? code->fact("share") : std::string_view();
    if (!code) {
      note(*field,
           "This program does not know this alert, and so it may be one that never leaves the "
           "prison. Update the program, or leave it out.");
    } else if (share != "S1" && share != "S2" && share != "S3") {
      note(*field,
           "This alert never leaves the prison. It may stand only in the person's own record.");
    }
    if (share == "S3" && !is_confirmed(confirmed, op.field.record, ops, present)) {
      note(*field, "Only the practitioner may share this alert. Write down who confirmed it.");
    }
  }
  return out;
}

sync::Result<sync::Done> check_sharing(const RecordType& type, const std::vector<OpDraft>& ops,
                                       const std::vector<OpView>& present, const CodeLists& codes) {
  const auto problems = sharing_problems(type, ops, present, codes);
  return problems.empty() ? sync::Result<sync::Done>(sync::Done{}) : problems.front().error;
}

}  // namespace throughgate::node
