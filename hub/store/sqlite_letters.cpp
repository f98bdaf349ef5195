// Letters: what lies in the mailbox.
#include "hub/store/sqlite_rows.h"

namespace throughgate::hub {

std::optional<Bytes> SqliteStore::letter(const sync::MailboxId& mailbox, int slot) {
  return first("SELECT content FROM letter WHERE mailbox = ? AND slot = ?",
               sync::store::bytes_column, mailbox.bytes, slot);
}

void SqliteStore::keep_letter(const sync::MailboxId& mailbox, int slot, ByteView content,
                              std::uint64_t now_ms) {
  run("INSERT INTO letter (mailbox, slot, put_ms, content) VALUES (?, ?, ?, ?)", mailbox.bytes,
      slot, now_ms, content);
}

void SqliteStore::drop_letters_before(std::uint64_t put_ms) {
  run("DELETE FROM letter WHERE put_ms < ?", put_ms);
}

std::uint64_t SqliteStore::letters_since(std::uint64_t put_ms) {
  return number("SELECT count(*) FROM letter WHERE put_ms >= ?", put_ms);
}

}  // namespace throughgate::hub
