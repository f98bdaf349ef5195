// A prison in which a record of every type that a prison keeps stands with a mark of its own in
// every field that holds text: where a mark is found in an answer, that field was shown.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "node/staff/staff.h"
#include "node/staff/viewer.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {

struct Mark {
  sync::store::RecordName record;
  std::uint32_t field = 0;
};

// A person of each role alone, one without any, and some with several.
std::vector<RoleSet> role_sets();
std::string joined(const RoleSet& roles);

class FilledSite {
 public:
  FilledSite();

  World world;
  TestSite prison{world, "HMP Example", sync::OrganisationKind::prison, "LEI"};
  CodeLists codes;
  std::map<std::string, Mark> marks;             // by what stands in the field
  std::vector<sync::store::RecordName> records;  // one of each type

  const sync::store::RecordName& record(const std::string& type) const;
  // As somebody with these roles sees it; the viewer says why they look where `reason` is given.
  RecordService seen_by(const RoleSet& roles, const std::string& reason = {}) const;
  // Their sign-in name: they are on the staff list and have a password, which is good_password.
  std::string person(const RoleSet& roles);

  // Marks in the answer of fields that these roles do not see.
  std::vector<std::string> leaks(const std::string& answer, const RoleSet& roles,
                                 const std::string& reason = {}) const;
  // Everybody who works here, and may see and do all there is: in no table of ours.
  static const Permissions& permissive();

 private:
  void fill(schema::DossierKind kind);
  std::vector<sync::store::OpDraft> ops_of(const RecordType& type, const sync::RecordId& id);

  std::map<std::string, std::string> people_;
  std::map<std::uint32_t, sync::DossierId> dossiers_;  // by the type of the root
};

}  // namespace throughgate::node::testing
