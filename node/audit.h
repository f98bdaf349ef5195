// Who looked at what, and what was taken out as a file: rows of this computer's store, never sent
// anywhere, each holding the hash of all before it. Ids and numbers only: no name, no value; and
// why somebody looked, as they typed it, which goes when the record is erased while the row stays.
// A look is written down before its answer leaves; where it cannot be, there is no answer. Threads:
// those of its OpenNode. Errors: those of Database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/open_node.h"
#include "node/permitted_reader.h"

namespace throughgate::node {

enum class AuditAct : std::uint8_t {
  look = 1,
  file_taken = 2,
  list_renewed = 3,  // by an update of the program: all rows before got their marks anew
  let_in = 4,        // got a way in here with the recovery sheet; the record is theirs in the list
  recalled = 5,      // took the part in a record back from whoever a file was made for
  carried_out = 6,   // made files for others to carry, of so many records
  backed_up = 7,     // made a backup of so many records
  shortened = 8,     // took away the rows up to this number, kept long enough: see audit_begin.h
  way_given = 9,     // gave somebody a way in here, or a new password; the record is theirs
  restored = 10,     // the store was put back from a backup
  opened_with_sheet = 11,  // opened so many records that could not be opened yet; 0: what comes
                           // with one exchange
};

struct AuditRow {
  std::uint64_t number = 0;  // 1, 2, 3 ...
  std::uint64_t at_ms = 0;   // by this computer's clock
  sync::ActorId actor;
  AuditAct act = AuditAct::look;
  sync::store::RecordName record;     // of a look, or a file about one record; else all zero
  std::vector<std::uint32_t> fields;  // of a look, ascending; of a list that was shortened: the
                                      // last day, as 20201204, and the last mark, that went
  std::uint64_t count = 0;  // of a file: its rows, or values of that record; of a list that was
                            // renewed: the first row that was altered before, or 0; of one that
                            // was shortened: the number of the last row that went; of a store
                            // that was put back: when its backup was made, in ms
  std::string reason;       // as typed; empty where none was given, or it is gone
  std::optional<sync::DossierId> reason_gone_with;  // erased, and the reason with it
  sync::Hash mark{};  // of this row and, through the mark before it, of all before
};

struct AuditFilter {
  std::optional<sync::DossierId> dossier;
  std::optional<sync::ActorId> actor;
  std::uint64_t before = 0;  // numbers below this one; 0: from the newest
};

struct AuditMark {
  std::uint64_t number = 0;  // 0: nothing has been written down yet
  sync::Hash mark{};
};

// One as it is remembered elsewhere, on paper say.
struct NotedMark {
  std::uint64_t number = 0;
  sync::Bytes digits;  // how it begins: 10 bytes, or the 8 of programs before `list_renewed`
};

class Audit {
 public:
  explicit Audit(OpenNode& node) : node_(node) {}  // which must outlive it

  // All looks of one answer in one transaction; nothing is written for an empty trail.
  sync::Result<sync::Done> note_looks(const ReadTrail& trail, const Viewer& viewer);
  // `about`: the record that all rows of it are about, if there is one; the reason goes with it.
  sync::Result<sync::Done> note_file(std::uint64_t rows, const Viewer& viewer,
                                     const std::string& reason,
                                     const std::optional<sync::DossierId>& about = {});
  // A file about these records, with how many values of each; the reason is the viewer's.
  sync::Result<sync::Done> note_files(
      const std::map<sync::store::RecordName, std::uint64_t>& values, const Viewer& viewer);

  sync::Result<sync::Done> note_recall(const sync::store::RecordName& record, const Viewer& viewer,
                                       const std::string& reason);
  // What leaves sealed, whole: `carried_out` or `backed_up`. `who`: all zero, the program itself or
  // whoever holds a key file.
  sync::Result<sync::Done> note_sealed(AuditAct act, std::uint64_t records,
                                       const sync::ActorId& who);
  // `act`: `let_in`, of whoever the record is, or `way_given`, by somebody else.
  sync::Result<sync::Done> note_way_in(AuditAct act, const sync::store::RecordName& record,
                                       const sync::ActorId& who, const std::string& reason);
  // That rows written after then are not here, whatever they were.
  sync::Result<sync::Done> note_restored(std::uint64_t backup_made_at_ms);

  // The newest first.
  sync::Result<std::vector<AuditRow>> list(const AuditFilter& filter, std::size_t limit) const;
  // Goes through all rows, from where the list begins, and answers with the last.
  //   corrupt  a row was altered, taken out, put in, or the rows end too soon: says which
  //   stale    all holds, but `noted` is from before the list was renewed, or of a row that was
  //            taken away since
  sync::Result<AuditMark> check(const std::optional<NotedMark>& noted = {}) const;

 private:
  OpenNode& node_;
};

// "17-9f3c...": the number and the mark's first 20 digits, which are all that is compared.
std::string text_of(const AuditMark& mark);
std::optional<NotedMark> audit_mark_in(std::string_view text);  // nullopt: it is none

}  // namespace throughgate::node
