// What a lost computer, or a lost bundle, could read, in words that a data protection officer can
// begin a notice with. Made from what this computer holds: of records that only others hold it says
// that they are not in it.
// Threads: those of the RecordService.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "node/bundles/import.h"
#include "node/bundles/made_files.h"
#include "node/record_service.h"

namespace throughgate::node {

enum class KeyStanding {
  old_key,  // what is written now opens for the computer
  new_key,  // made since it was withdrawn, or since its organisation left
};

struct ReadableRecord {
  sync::DossierId id;
  std::string kind;   // "Handover"
  std::string owner;  // who keeps it
  std::string name;  // whom it is about; empty where this person may not see it, or nothing says so
  KeyStanding key = KeyStanding::old_key;
};

struct Breach {
  std::string what;                    // "HMP Leeds, Reception PC"; of a bundle who made it
  std::string whose;                   // the organisation that could read with it
  std::string standing;                // "withdrawn: stolen"; of a bundle whom it is for
  std::uint64_t happened_ms = 0;       // last heard of; of a bundle when it was made; 0: not known
  std::uint64_t suspect_since_ms = 0;  // 0: not said
  bool is_bundle = false;
  std::vector<std::string> openers;  // of a bundle: computers that open it and are withdrawn
  std::vector<ReadableRecord> records;
  std::vector<std::string> not_in_it;  // whole sentences
  std::map<std::string, std::uint64_t> by_kind() const;
  std::map<std::string, std::uint64_t> by_owner() const;
  std::uint64_t with_new_keys() const;
};

// Every record here that the computer's organisation was ever a member of.
//   not_found  no such computer in the central list
sync::Result<Breach> breach_of_computer(RecordService& records, const sync::NodeId& computer);
// The same for whom the bundle was made for, as of when it was made. Fails as inspect_bundle().
sync::Result<Breach> breach_of_bundle(RecordService& records, const std::string& path);
// Of files made here for another organisation and lost with no copy left: exactly what was in them.
// Fails as made_file().
sync::Result<Breach> breach_of_made_file(RecordService& records, std::uint64_t number);

// The whole report as a text. `who` and `at_ms`: by whom it was made, and when.
std::string text_of(const Breach& breach, const std::string& who, std::uint64_t at_ms);

}  // namespace throughgate::node
