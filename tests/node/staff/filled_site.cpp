#include "tests/node/staff/filled_site.h"

#include <catch_amalgamated.hpp>

#include "node/field_names.h"
#include "records/site.pb.h"
#include "records/volunteer_file.pb.h"

namespace throughgate::node::testing {
namespace {

using google::protobuf::FieldDescriptor;
using sync::OpKind;
using sync::store::OpDraft;
using sync::store::RecordName;

std::string mark_of(const RecordType& type, const FieldDescriptor& field) {
  return "zq" + std::to_string(type.number) + "f" + std::to_string(field.number()) + "z";
}

OpKind kind_of(const FieldDescriptor& field) {
  const auto policy = rule_of(field).policy();
  if (policy == schema::FieldRule::SET) return OpKind::add;
  return policy == schema::FieldRule::APPEND ? OpKind::append : OpKind::set;
}

// What the site is goes on standing; how it is called and who works here is not marked twice.
bool is_kept(const FieldDescriptor& field) {
  return field.full_name() == "throughgate.schema.Site.establishment";
}

sync::Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

std::vector<RoleSet> role_sets() {
  std::vector<RoleSet> out{{}};
  for (const auto& role : known_roles()) out.push_back({role});
  out.push_back({"coordinator", "gate_meeter"});
  out.push_back({"security", "handover_worker"});
  out.push_back({"governor", "administrator", "reporter"});
  return out;
}

std::string joined(const RoleSet& roles) {
  std::string out;
  for (const auto& role : roles) out += (out.empty() ? "" : ",") + role;
  return out;
}

FilledSite::FilledSite() : codes(must(CodeLists::load(CODES_FOLDER))) {
  for (const auto kind : {schema::VOLUNTEER, schema::VOLUNTEER_FILE, schema::VETTING_NOTES,
                          schema::DIVERSITY, schema::PERSON, schema::CASE, schema::DIARY,
                          schema::INCIDENT, schema::SITE}) {  // a link is the central team's
    fill(kind);
  }
}

void FilledSite::fill(schema::DossierKind kind) {
  std::vector<OpDraft> ops;
  std::vector<RecordName> names;
  for (const auto* type : record_types_in(kind)) {
    const auto id = type->root ? sync::RecordId{} : sync::RecordId::random(world.random);
    const auto some = ops_of(*type, id);
    ops.insert(ops.end(), some.begin(), some.end());
    names.push_back({{}, id, type->number});
  }
  const sync::store::Authorship by{prison.actor(), world.now_ms, "a test"};
  auto& admission = prison.node->admission();
  sync::DossierId dossier;
  if (kind == schema::SITE) {
    dossier = *must(Staff(*prison.node).site());
    must(admission.save(dossier, by, ops));
  } else {
    dossier = must(
        admission.create({{prison.node->identity().organisation, sync::Role::owner}}, by, ops));
  }
  dossiers_[root_record_type(kind)->number] = dossier;
  for (auto& name : names) {
    name.dossier = dossier;
    records.push_back(name);
    const auto* type = record_type(name.type);
    for (int i = 0; i < type->descriptor->field_count(); ++i) {
      const auto& field = *type->descriptor->field(i);
      if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING || is_kept(field)) continue;
      if (field.type() == FieldDescriptor::TYPE_BYTES) continue;
      marks[mark_of(*type, field)] = {name, static_cast<std::uint32_t>(field.number())};
    }
  }
}

// Text fields hold their mark, numbers 1; what names another record names the volunteer.
std::vector<OpDraft> FilledSite::ops_of(const RecordType& type, const sync::RecordId& id) {
  std::vector<OpDraft> out;
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    const auto& field = *type.descriptor->field(i);
    if (rule_of(field).policy() == schema::FieldRule::LIFECYCLE || is_kept(field)) continue;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) continue;
    sync::Bytes value = sync::encode_number(1);
    if (field.type() == FieldDescriptor::TYPE_STRING) value = bytes_of(mark_of(type, field));
    if (field.type() == FieldDescriptor::TYPE_BYTES) {
      const auto volunteer = dossiers_.find(record_type("volunteer")->number);
      if (rule_of(field).format() != schema::FieldRule::DOSSIER_ID || volunteer == dossiers_.end())
        continue;
      value = {volunteer->second.bytes.begin(), volunteer->second.bytes.end()};
    }
    out.push_back({{id, type.number, static_cast<std::uint32_t>(field.number())},
                   kind_of(field),
                   value,
                   {},
                   {}});
  }
  return out;
}

const RecordName& FilledSite::record(const std::string& type) const {
  const auto number = record_type(type)->number;
  return *std::find_if(records.begin(), records.end(),
                       [&](const RecordName& name) { return name.type == number; });
}

RecordService FilledSite::seen_by(const RoleSet& roles, const std::string& reason) const {
  return {*prison.node, codes,
          Viewer(Permissions::shipped(), {sync::ActorId{}, "Somebody", joined(roles)}, reason)};
}

std::string FilledSite::person(const RoleSet& roles) {
  auto& known = people_[joined(roles)];
  if (!known.empty()) return known;
  const std::string name = "person" + std::to_string(people_.size());
  Staff staff(*prison.node);
  const std::vector<std::string> codes_of(roles.begin(), roles.end());
  const Account account{name, sync::ActorId::random(world.random), name, codes_of};
  const auto key = must(prison.accounts.sign_in("jo", good_password, world.clock));
  must(prison.accounts.set_password(name, good_password, key));
  must(staff.set_account(account));
  must(staff.add(account, prison.actor()));
  return known = name;
}

std::vector<std::string> FilledSite::leaks(const std::string& answer, const RoleSet& roles,
                                           const std::string& reason) const {
  const Viewer viewer(Permissions::shipped(), {sync::ActorId{}, "", joined(roles)}, reason);
  std::vector<std::string> out;
  for (const auto& [text, mark] : marks) {
    const bool seen = viewer.sees(mark.record.type, mark.field);
    if (!seen && answer.find(text) != std::string::npos) {
      out.push_back(text + ": " + record_type(mark.record.type)->name + ", " +
                    label_of(mark.record.type, mark.field));
    }
  }
  return out;
}

const Permissions& FilledSite::permissive() {
  static const Permissions all = [] {
    std::string text = "[acts]\n";
    for (const char* act : {"share", "decide", "import", "export", "staff", "audit", "connect",
                            "desk", "erase", "back_up", "carry", "subject_access"}) {
      text += std::string(act) + " = [\"everyone\"]\n";
    }
    for (const auto& type : record_types()) {
      text += "[" + type.name + "]\n";
      for (const char* each : {"open", "personal", "confidential", "restricted"}) {
        text += std::string(each) + " = { change = [\"everyone\"] }\n";
      }
    }
    return must(Permissions::parse(text));
  }();
  return all;
}

}  // namespace throughgate::node::testing
