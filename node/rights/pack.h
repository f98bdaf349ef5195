// Everything that this organisation holds of one person, as it is handed to them: each value with
// its label and history, without what is others' data.
// Threads: those of the RecordService's node. The file is made in memory; nothing is written.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "node/rights/subject.h"

namespace throughgate::node {

// A value as it stood, or stands.
struct PackChange {
  std::string id;    // "9f3c28aa01d4-0": the change's own number, short
  std::string text;  // what a person reads; in place of what is left out, who it is of
  bool is_left_out = false;
  std::string standing;  // "now", "replaced", "removed for everybody" ...
  std::string by;        // "Volunteer coordinator, HMP Example": never a name
  std::uint64_t at_ms = 0;
  std::string reason;  // empty: none was given, or it is left out
};

struct PackField {
  std::string label;
  std::string name;                 // "family_name"
  std::string said_to_be_wrong;     // what the person says of it; empty: nothing
  std::vector<PackChange> changes;  // the newest first
};

struct PackRecord {
  std::string kind;  // "Volunteer file"
  std::string type;  // "volunteer-file"
  Found found = Found::their_own;
  std::string set_aside_from;  // who sent it, where it counts for nothing here; empty: it counts
  std::string number;          // of its dossier, 32 digits, and of the record inside it
  std::vector<PackField> fields;
};

// Something that is left out unless somebody has decided to keep it.
struct ToLookAt {
  std::string id;     // of the change; its reason has the same with "r" behind it
  std::string where;  // "Volunteer file: Interview notes"
  std::string text;
  std::string by;
  std::uint64_t at_ms = 0;
  std::vector<std::string> names;  // of others that stand in it, as far as the program knows them
  bool is_kept = false;
};

struct PackSharing {
  std::string with;
  std::string what;    // "Handover", "Volunteer", "Sharing of information"
  std::string how;     // "the partner it is handed to"; the classes of data that a ground names
  std::string when;    // in words; empty: not known
  std::string ground;  // of a ground: "Consent (UK GDPR), In force"
};

// A record of theirs in which a newer program wrote what this one cannot read: it is not in here.
struct PackNotRead {
  std::string kind;
  std::string number;  // of its dossier
  std::uint64_t changes = 0;
};

struct PackReading {
  std::uint64_t at_ms = 0;
  std::string by;  // "Security and vetting"
  std::string record;
  std::string what;  // labels of the fields looked at; "Taken out as a file"
};

struct Pack {
  std::string name;          // of the person
  std::string organisation;  // that answers
  std::uint64_t made_at_ms = 0;
  std::vector<PackRecord> records;
  std::vector<PackNotRead> not_read;
  std::vector<ToLookAt> to_look_at;  // in the order in which they stand in the records
  std::vector<PackSharing> sharing;
  std::vector<PackReading> readings;  // the newest first
  std::vector<std::string> holders;   // other organisations that hold records of this person
  std::size_t left_out_of_others = 0;
  std::size_t left_out_of_staff = 0;
  std::size_t left_out_after_a_look = 0;
  std::size_t values = 0;
};

// What was decided to be kept: ids of ToLookAt. `all`: each of them.
struct Kept {
  std::set<std::string> ids;
  bool all = false;
};

// Notes in the trail of `records` that all of it was looked at.
//   denied       whoever asks may not, or gave no reason why
//   unavailable  there is more than a file can hold
// and as subject_of().
sync::Result<Pack> pack_of(const RecordService& records, const sync::DossierId& person,
                           const Kept& kept);

// How many values there are to go into it, by kind of record: said before anything is shown.
struct PackSize {
  std::string name;
  std::vector<std::pair<std::string, std::size_t>> records;  // "Volunteer file", 3
};
sync::Result<PackSize> size_of_pack(const RecordService& records, const sync::DossierId& person);

// Writes into the audit that this pack leaves as a file: a row for each record of which something
// is in it. Before the file.
sync::Result<sync::Done> note_taken(const RecordService& records, const Pack& pack);

std::string json_of(const Pack& pack);
// "Handover: 2 changes", one for each record of which something cannot be read here.
std::vector<std::string> not_read_in_words(const Pack& pack);

}  // namespace throughgate::node
