// How the rows of who looked at what are kept, and what the mark of each is made of. See
// docs/format.md. Threads: those of the UnitOfWork given.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/audit.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::node {

constexpr std::size_t reason_salt_bytes = 16;

// A row as it is kept: what is needed to check it besides.
struct KeptAuditRow {
  AuditRow row;
  sync::Bytes salt;         // of the reason; empty once that is gone
  sync::Bytes reason_hash;  // 32; empty in a list that renew_old_audit() has not been at
  bool has_form = true;     // false: some column holds what no row does
  // Of a row whose reason is gone: it, or another of the same answer, is about what was erased.
  bool goes_with_its_answer = false;
};

// SELECT audit_columns FROM audit ...
extern const std::string_view audit_columns;
KeptAuditRow audit_row_in(const sync::store::Statement& row);

sync::Bytes encode_fields(const std::vector<std::uint32_t>& fields);

// Salted: who has the rows alone cannot try what a reason that is gone may have been.
sync::Hash hash_of_reason(std::string_view reason, sync::ByteView salt);
sync::Hash mark_of(const sync::Hash& before, const KeptAuditRow& kept);

// A mark as this setting keeps it; all zero where there is none yet. A damaged one fails `work`.
AuditMark kept_audit_mark(sync::store::UnitOfWork& work, std::string_view setting);

// The last row as the store knows it, apart from the rows; as kept_audit_mark().
AuditMark last_audit_mark(sync::store::UnitOfWork& work);
void keep_last_audit_mark(sync::store::UnitOfWork& work, const AuditMark& mark);

// Appends the row: gives it a number, its reason a salt, and both a mark.
AuditMark append_audit_row(sync::store::UnitOfWork& work, crypto::Random& random,
                           const AuditMark& last, AuditRow row);

}  // namespace throughgate::node
