// A file of volunteers, imported: first what would become of each row, then the good rows in one
// transaction. The same row makes nothing twice, from whatever file. A row whose words look as if
// they should not be shared is left for a person, unless the records take text as it stands.
// Threads: those of the RecordService.
#pragma once

#include <string>
#include <vector>

#include "node/intake/report.h"
#include "node/record_service.h"

namespace throughgate::node {

struct ImportReport {
  std::vector<std::string> lines;  // quotes the file: for the person importing, never for a log
  std::size_t made = 0;            // volunteers; in a dry run, those that would be
  std::size_t to_mend = 0;         // rows left for a person
  std::size_t done_before = 0;
  std::string mend_path;  // where the rows to mend were written; empty in a dry run
};

class VolunteerImport {
 public:
  explicit VolunteerImport(RecordService& records) : records_(records) {}

  // Nothing is stored.
  //   invalid  this is no table of volunteers; other errors as read_file()
  sync::Result<ImportReport> dry_run(const std::string& path);
  // Writes "<file> to mend.csv" beside the file, for its owner only, when a row needs a person: it
  // can be mended and imported as it is. Where that cannot be written, nothing is imported.
  //   invalid      also: the reason looks as if it should not be shared
  //   unavailable  also: somebody else imported the same rows meanwhile
  sync::Result<ImportReport> run(const std::string& path, const By& by);

 private:
  struct Planned;
  sync::Result<Intake> read(const std::string& path);
  sync::Result<std::vector<Planned>> plan(Intake& intake);
  bool look_through(IntakeRow& row, const std::vector<sync::store::OpDraft>& travelling) const;
  sync::Result<sync::Done> store(const std::vector<Planned>& rows, const By& by);

  RecordService& records_;
};

}  // namespace throughgate::node
