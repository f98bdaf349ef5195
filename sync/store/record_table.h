// What this node shows, field by field: the merge of accepted and provisional ops, and the words
// that a search finds. Everything here can be thrown away and rebuilt from the ops.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sync/policy.h"
#include "sync/projection.h"
#include "sync/store/op_table.h"

namespace throughgate::sync::store {

struct FieldFlags {
  static constexpr std::uint32_t in_review = 1;    // changed in two places
  static constexpr std::uint32_t provisional = 2;  // holds something not accepted yet
  static constexpr std::uint32_t removed = 4;      // what is shown was redacted
};

class RecordTable {
 public:
  RecordTable(UnitOfWork& work, const StoredDossier& dossier, const PolicyTable& policies)
      : work_(work), dossier_(dossier), policies_(policies) {}

  // Merges the field anew and writes what is shown. A field that this program does not know is kept
  // in the op table and shown by nobody.
  void refresh(const FieldKey& field, const OpTable& ops, const OpTable::RoleNow& role_now);

 private:
  void write(const FieldKey& field, const Bytes& value, std::uint32_t flags,
             const FieldPolicy& policy);
  void remove(const FieldKey& field);
  void write_search(std::int64_t row, const Bytes& value, const FieldPolicy& policy);
  void remove_search(std::int64_t row);

  UnitOfWork& work_;
  const StoredDossier& dossier_;
  const PolicyTable& policies_;
};

// The shown value of a field as kept: LATEST and STRICTEST the value itself, LIFECYCLE the state as
// a varint, SET and APPEND {length u32 · value} for each: the latest 4 MiB, so that a flood by one
// member cannot stop the others. All of them stand in the record's history.
Bytes shown_value(const ProjectedField& field);
std::vector<Bytes> listed_values(ByteView shown);
// FieldFlags of what these ops come to.
std::uint32_t shown_flags(const ProjectedField& field, const std::vector<OpInContext>& ops);

}  // namespace throughgate::sync::store
