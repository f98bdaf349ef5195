#include "node/records/catalogue.h"

#include <algorithm>
#include <cctype>

#include "records/case.pb.h"
#include "records/dispute.pb.h"
#include "records/diversity.pb.h"
#include "records/erasure.pb.h"
#include "records/handover.pb.h"
#include "records/incident.pb.h"
#include "records/link.pb.h"
#include "records/person.pb.h"
#include "records/session.pb.h"
#include "records/site.pb.h"
#include "records/vetting_notes.pb.h"
#include "records/volunteer.pb.h"
#include "records/volunteer_file.pb.h"

namespace throughgate::node {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

char lower(char letter) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}

// "VolunteerFile" becomes "volunteer-file".
std::string kebab_case(const std::string& message_name) {
  std::string name;
  for (const char letter : message_name) {
    const bool capital = std::isupper(static_cast<unsigned char>(letter)) != 0;
    if (capital && !name.empty()) name += '-';
    name += lower(letter);
  }
  return name;
}

// One message of each file is enough to bring the whole file in.
std::vector<const FileDescriptor*> record_files() {
  return {schema::Disclosure::descriptor()->file(),   schema::Diversity::descriptor()->file(),
          schema::Handover::descriptor()->file(),     schema::Incident::descriptor()->file(),
          schema::Link::descriptor()->file(),         schema::Person::descriptor()->file(),
          schema::Session::descriptor()->file(),      schema::Site::descriptor()->file(),
          schema::Volunteer::descriptor()->file(),    schema::VolunteerFile::descriptor()->file(),
          schema::VettingNotes::descriptor()->file(), schema::LegalHold::descriptor()->file(),
          schema::CaseDispute::descriptor()->file()};
}

std::vector<RecordType> list_record_types() {
  std::vector<RecordType> types;
  for (const FileDescriptor* file : record_files()) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      const Descriptor* message = file->message_type(i);
      const auto& rule = rule_of(*message);
      types.push_back(
          {kebab_case(message->name()), rule.type(), rule.dossier(), rule.root(), message});
    }
  }
  std::sort(types.begin(), types.end(),
            [](const RecordType& a, const RecordType& b) { return a.number < b.number; });
  return types;
}

template <typename Matches>
const RecordType* find_type(Matches matches) {
  const auto& types = record_types();
  const auto found = std::find_if(types.begin(), types.end(), matches);
  return found == types.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<RecordType>& record_types() {
  static const std::vector<RecordType> types = list_record_types();
  return types;
}

const RecordType* record_type(std::string_view name) {
  const std::string wanted = spoken_name(name);
  return find_type([&](const RecordType& type) { return type.name == wanted; });
}

const RecordType* record_type(std::uint32_t number) {
  return find_type([&](const RecordType& type) { return type.number == number; });
}

const RecordType* record_type(const Descriptor& descriptor) {
  return find_type([&](const RecordType& type) { return type.descriptor == &descriptor; });
}

const RecordType* root_record_type(schema::DossierKind dossier) {
  return find_type([&](const RecordType& type) { return type.root && type.dossier == dossier; });
}

std::vector<const RecordType*> record_types_in(schema::DossierKind dossier) {
  std::vector<const RecordType*> found;
  for (const RecordType& type : record_types()) {
    if (type.dossier == dossier) found.push_back(&type);
  }
  std::stable_partition(found.begin(), found.end(),
                        [](const RecordType* type) { return type->root; });
  return found;
}

const FieldDescriptor* field_named(const RecordType& type, std::string_view name) {
  std::string wanted = spoken_name(name);
  std::replace(wanted.begin(), wanted.end(), '-', '_');
  return type.descriptor->FindFieldByName(wanted);
}

const schema::RecordRule& rule_of(const Descriptor& message) {
  return message.options().GetExtension(schema::record);
}

const schema::FieldRule& rule_of(const FieldDescriptor& field) {
  return field.options().GetExtension(schema::field);
}

const schema::ValueRule& rule_of(const EnumValueDescriptor& value) {
  return value.options().GetExtension(schema::value);
}

std::string spoken_name(std::string_view text) {
  std::string name;
  for (const char letter : text) {
    name += letter == '_' || letter == ' ' ? '-' : lower(letter);
  }
  return name;
}

}  // namespace throughgate::node
