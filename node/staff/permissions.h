// Who may see and do what, by role, kind of record and how sensitive a field is:
// config/permissions.toml, which stands in the program, narrowed by what a site says in its data
// folder. Threads: read by any once made. No disk: the caller brings the text.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/records/catalogue.h"
#include "sync/result.h"

namespace throughgate::node {

using RoleSet = std::set<std::string>;  // codes of the list "staff-roles"
// "coordinator,administrator", as an Actor carries them.
RoleSet roles_in(std::string_view joined);

enum class Act {
  share,
  decide,
  import_file,
  export_file,
  staff,
  audit,
  connect,
  desk,
  erase,
  back_up,
  carry,
  subject_access
};
constexpr std::size_t act_count = 12;
std::string_view name_of(Act act);  // as the table says it

using Sensitivity = schema::FieldRule::Sensitivity;

// What somebody has of one class of fields of one kind of record.
struct Access {
  bool sees = false;
  bool writes = false;
};

class Permissions {
 public:
  // What the program is shipped with.
  static const Permissions& shipped();
  // A whole table. Fails with `invalid`: not TOML, or something the table cannot hold; the message
  // names the line.
  static sync::Result<Permissions> parse(std::string_view text);
  // This table with what a site's own says in its place.
  //   invalid  as parse(); or it would give somebody more than this table does
  sync::Result<Permissions> narrowed_by(std::string_view text) const;

  Access access(const RoleSet& roles, std::uint32_t type, Sensitivity sensitivity) const;
  bool may(const RoleSet& roles, Act act) const;
  // Must somebody say why before they see it?
  bool asks_reason(std::uint32_t type, Sensitivity sensitivity) const;
  // Is each look at it written down?
  bool is_noted(Sensitivity sensitivity) const { return noted_.contains(sensitivity); }
  // Roles, in the table's order of codes; "everyone" is one of them.
  std::vector<std::string> who_sees(std::uint32_t type, Sensitivity sensitivity) const;
  std::vector<std::string> who_writes(std::uint32_t type, Sensitivity sensitivity) const;
  std::vector<std::string> who_may(Act act) const;

 private:
  struct Line {
    RoleSet change, see, add;
    bool asks_reason = false;
  };
  using Place = std::pair<std::uint32_t, Sensitivity>;
  friend class PermissionsReader;

  const Line* line(std::uint32_t type, Sensitivity sensitivity) const;
  sync::Result<sync::Done> check_sense() const;

  std::map<Place, Line> lines_;
  std::array<RoleSet, act_count> acts_;
  std::set<Sensitivity> noted_;
};

// The roles that a table may name, besides "everyone".
const std::vector<std::string>& known_roles();
std::string_view name_of(Sensitivity sensitivity);  // "confidential"

}  // namespace throughgate::node
