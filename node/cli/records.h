// What the groups of commands over records share: how a record is named on the command line, how
// fields are typed, and how values and answers are printed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "node/cli/program.h"
#include "node/record_service.h"
#include "node/shown_values.h"

namespace throughgate::node::cli {

// A root record is named by its dossier: 32 digits. Another one: dossier/type/record. Before both
// people may put the type.
std::string spoken(const sync::store::RecordName& name);
// By that number, or its beginning: at least four digits of each part, as many as tell it from all
// others here.
//   not_found  also for what is no number at all
//   invalid    several begin so
sync::Result<sync::store::RecordName> record_meant(const RecordService& records,
                                                   const std::string& typed);

// "field=value", "field+=value" (one more in a list), "field-=value" (one fewer). Anything else is
// wrong usage.
sync::Result<std::vector<FieldInput>> inputs_in(const std::vector<std::string>& typed,
                                                Command& command);

// Whether the record type has all these fields; a name it does not have is wrong usage. A stage
// that a flow moves on is none of those that are typed: says which commands do that.
sync::Result<sync::Done> check_fields(const RecordType& type, const std::vector<FieldInput>& inputs,
                                      Command& command);

// A command that works on the records of the open store.
// `why_looked`: says why the person looks, where the command line was given that.
using WithRecords = std::function<sync::Result<sync::Done>(RecordService&, Command&)>;
Program::Run with_records(WithRecords run, std::function<std::string()> why_looked = {});

// What was done ("Accepted."), the record's number, whose it is (a few digits named it) and what
// the person should know; hands an error through.
sync::Result<sync::Done> print_saved(const sync::Result<Saved>& saved, std::string_view done,
                                     const RecordService& records, Command& command);

// Values as people read them: organisations by their names, notes of what was read as a count. For
// programs (--json) nothing is left out: ids as digits, such notes as JSON.
std::string people_read(const Output& out, const RecordService& records,
                        const google::protobuf::FieldDescriptor& field,
                        const std::vector<crypto::Bytes>& values);
// The value of one change, likewise.
std::string people_read(const Output& out, const RecordService& records,
                        const sync::store::RecordName& record, const sync::store::OpView& op);

}  // namespace throughgate::node::cli
