// The one list of record types. Whoever links this library has every descriptor in the generated
// pool. Everything returned lives as long as the program; all of it may be called from any thread.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/options.pb.h"

namespace throughgate::node {

struct RecordType {
  std::string name;      // "volunteer-file", as the command line says it
  std::uint32_t number;  // what ops carry
  schema::DossierKind dossier;
  bool root;  // the one record of its dossier without an id
  const google::protobuf::Descriptor* descriptor;
};

// By number, ascending.
const std::vector<RecordType>& record_types();

// nullptr: there is no such type. A name is taken in any case, with "-", "_" or spaces between
// words.
const RecordType* record_type(std::string_view name);
const RecordType* record_type(std::uint32_t number);
// nullptr only for DOSSIER_KIND_UNSPECIFIED: every dossier has a root record.
const RecordType* root_record_type(schema::DossierKind dossier);
// The record types of one dossier, the root first.
std::vector<const RecordType*> record_types_in(schema::DossierKind dossier);

// The type whose descriptor this is; nullptr for a message that is no record.
const RecordType* record_type(const google::protobuf::Descriptor& descriptor);
// nullptr: the type has no such field. Takes "release-date" for release_date, in any case.
const google::protobuf::FieldDescriptor* field_named(const RecordType& type, std::string_view name);

// What a record type, a field and an enum value say about themselves.
const schema::RecordRule& rule_of(const google::protobuf::Descriptor& message);
const schema::FieldRule& rule_of(const google::protobuf::FieldDescriptor& field);
const schema::ValueRule& rule_of(const google::protobuf::EnumValueDescriptor& value);

// In lower case, words joined by "-": "Volunteer File" and "volunteer_file" become
// "volunteer-file".
std::string spoken_name(std::string_view text);

}  // namespace throughgate::node
