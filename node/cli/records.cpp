#include "node/cli/records.h"

namespace throughgate::node::cli {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::RecordName;

namespace {

Error no_such_record() {
  return {ErrorKind::not_found,
          "There is no such record on this computer. \"record list\" shows their names."};
}

}  // namespace

std::string spoken(const RecordName& name) {
  const auto* type = record_type(name.type);
  if (!type || type->root) return name.dossier.hex();
  return name.dossier.hex() + "/" + type->name + "/" + name.record.hex();
}

Result<RecordName> record_meant(const RecordService& records, const std::string& typed) {
  const auto first = typed.find('/');
  const auto dossier_bytes = crypto::from_hex(typed.substr(0, first));
  const auto dossier = dossier_bytes ? sync::DossierId::from(*dossier_bytes) : std::nullopt;
  if (!dossier) return no_such_record();
  if (first == std::string::npos) {
    const auto held = records.reader().dossier(*dossier);
    if (!held) return held.error();
    if (held->root_type == 0) return no_such_record();
    return RecordName{*dossier, {}, held->root_type};
  }
  const auto second = typed.find('/', first + 1);
  if (second == std::string::npos) return no_such_record();
  const auto* type = record_type(typed.substr(first + 1, second - first - 1));
  const auto record_bytes = crypto::from_hex(typed.substr(second + 1));
  const auto record = record_bytes ? sync::RecordId::from(*record_bytes) : std::nullopt;
  if (!type || !record) return no_such_record();
  return RecordName{*dossier, *record, type->number};
}

Result<std::vector<FieldInput>> inputs_in(const std::vector<std::string>& typed) {
  std::vector<FieldInput> out;
  for (const auto& each : typed) {
    const auto equals = each.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{ErrorKind::invalid,
                   "Fields are given as name=value; name+=value and name-=value change a list."};
    }
    FieldInput input{each.substr(0, equals), each.substr(equals + 1), FieldInput::How::set};
    if (input.field.ends_with('+')) input.how = FieldInput::How::add;
    if (input.field.ends_with('-')) input.how = FieldInput::How::remove;
    if (input.how != FieldInput::How::set) input.field.pop_back();
    out.push_back(std::move(input));
  }
  return out;
}

Program::Run with_records(WithRecords run) {
  return [run = std::move(run)](Command& command) -> Result<Done> {
    const auto codes = command.codes();
    if (!codes) return codes.error();
    RecordService records(command.node(), *codes);
    return run(records, command);
  };
}

Result<Done> print_saved(const Result<Saved>& saved, Command& command) {
  if (!saved) return saved.error();
  command.out.facts({{"record", spoken(saved->record)}, {"notes", saved->notes}});
  return Done{};
}

}  // namespace throughgate::node::cli
