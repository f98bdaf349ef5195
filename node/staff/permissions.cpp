#include "node/staff/permissions.h"

#include <algorithm>

#include "node/staff/shipped_permissions.h"
#include "tools/third_party/toml.h"

namespace throughgate::node {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

namespace {

constexpr std::size_t table_bytes_max = 64 << 10;
constexpr std::string_view everyone = "everyone";

constexpr std::array<std::string_view, act_count> act_names{
    "share",   "decide", "import", "export",  "staff", "audit",
    "connect", "desk",   "erase",  "back_up", "carry", "subject_access"};

struct ClassName {
  Sensitivity sensitivity;
  std::string_view name;
};
constexpr std::array class_names{ClassName{schema::FieldRule::OPEN, "open"},
                                 ClassName{schema::FieldRule::PERSONAL, "personal"},
                                 ClassName{schema::FieldRule::CONFIDENTIAL, "confidential"},
                                 ClassName{schema::FieldRule::RESTRICTED, "restricted"}};

std::optional<Sensitivity> class_named(std::string_view name) {
  for (const auto& each : class_names) {
    if (each.name == name) return each.sensitivity;
  }
  return std::nullopt;
}

bool is_known_role(const std::string& role) {
  const auto& roles = known_roles();
  return role == everyone || std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool has_one_of(const RoleSet& named, const RoleSet& roles) {
  return named.contains(std::string(everyone)) ||
         std::any_of(roles.begin(), roles.end(),
                     [&](const auto& role) { return named.contains(role); });
}

// The codes in the order in which people list them.
std::vector<std::string> in_order(const RoleSet& roles) {
  std::vector<std::string> out;
  for (const auto& role : known_roles()) {
    if (roles.contains(role)) out.push_back(role);
  }
  if (roles.contains(std::string(everyone))) out.emplace_back(everyone);
  return out;
}

RoleSet both(RoleSet a, const RoleSet& b) {
  a.insert(b.begin(), b.end());
  return a;
}

bool holds(const RoleSet& all, const RoleSet& some) {
  return all.contains(std::string(everyone)) ||
         std::includes(all.begin(), all.end(), some.begin(), some.end());
}

Error wrong(const std::string& what) {
  return {ErrorKind::invalid, "Permissions (permissions.toml): " + what};
}

Error wrong_at(const toml::node& node, const std::string& what) {
  return wrong("line " + std::to_string(node.source().begin.line) + ": " + what);
}

}  // namespace

// ---- reading a table

// Takes what a text says into `into`. Over a base, nothing may be given that the base does not.
class PermissionsReader {
 public:
  PermissionsReader(Permissions& into, const Permissions* base) : into_(into), base_(base) {}

  Result<Done> read(std::string_view text) {
    if (text.size() > table_bytes_max) return wrong("the file is too large.");
    const auto parsed = toml::parse(text);
    if (!parsed) {
      return wrong("line " + std::to_string(parsed.error().source().begin.line) +
                   " cannot be read.");
    }
    for (const auto& [key, node] : parsed.table()) {
      const auto* section = node.as_table();
      if (!section) return wrong_at(node, quoted(key.str()) + " is not a section.");
      if (auto done = take_section(std::string(key.str()), *section); !done) return done;
    }
    return Done{};
  }

 private:
  static std::string quoted(std::string_view name) { return '"' + std::string(name) + '"'; }

  Result<Done> take_section(const std::string& name, const toml::table& section) {
    if (name == "acts") return take_acts(section);
    if (name == "audit") return take_audit(section);
    const auto* type = record_type(name);
    if (!type || type->name != name) {
      return wrong_at(section, quoted(name) +
                                   " is no kind of record. \"record types\" lists those that "
                                   "there are.");
    }
    for (const auto& [key, node] : section) {
      const auto sensitivity = class_named(key.str());
      const auto* line = node.as_table();
      if (!sensitivity || !line) {
        return wrong_at(node, quoted(key.str()) +
                                  " must be open, personal, confidential or restricted, and say "
                                  "who has what: { change = [...], see = [...] }.");
      }
      if (auto done = take_line({type->number, *sensitivity}, *line); !done) return done;
    }
    return Done{};
  }

  Result<Done> take_line(const Permissions::Place& place, const toml::table& table) {
    Permissions::Line line;
    const std::map<std::string_view, RoleSet*> lists{
        {"change", &line.change}, {"see", &line.see}, {"add", &line.add}};
    for (const auto& [key, node] : table) {
      if (key.str() == "ask_reason") {
        const auto asks = node.value_exact<bool>();
        if (!asks) return wrong_at(node, "ask_reason must be true or false.");
        line.asks_reason = *asks;
        continue;
      }
      const auto list = lists.find(key.str());
      if (list == lists.end()) {
        return wrong_at(node, quoted(key.str()) + " must be change, see, add or ask_reason.");
      }
      auto roles = roles_of(node);
      if (!roles) return roles.error();
      *list->second = *std::move(roles);
    }
    if (base_) {
      const auto* most = base_->line(place.first, place.second);
      if (!most || !gives_no_more(line, *most)) {
        return wrong_at(table,
                        "this would give somebody more than the program does. A site can only "
                        "take away.");
      }
      line.asks_reason = line.asks_reason || most->asks_reason;
    }
    into_.lines_[place] = std::move(line);
    return Done{};
  }

  static bool gives_no_more(const Permissions::Line& line, const Permissions::Line& most) {
    return holds(both(most.change, most.see), both(line.change, line.see)) &&
           holds(both(most.change, most.add), both(line.change, line.add));
  }

  Result<Done> take_acts(const toml::table& section) {
    for (const auto& [key, node] : section) {
      const auto found = std::find(act_names.begin(), act_names.end(), key.str());
      if (found == act_names.end()) {
        return wrong_at(node, quoted(key.str()) + " is nothing that this table decides.");
      }
      auto roles = roles_of(node);
      if (!roles) return roles.error();
      auto& place = into_.acts_[static_cast<std::size_t>(found - act_names.begin())];
      if (base_ && !holds(place, *roles)) {
        return wrong_at(node,
                        "this would let somebody do more than the program does. A site can only "
                        "take away.");
      }
      place = *std::move(roles);
    }
    return Done{};
  }

  // A site may have more noted, not less.
  Result<Done> take_audit(const toml::table& section) {
    for (const auto& [key, node] : section) {
      const auto* list = node.as_array();
      if (key.str() != "noted" || !list) {
        return wrong_at(node, quoted(key.str()) + " must be noted = [...].");
      }
      std::set<Sensitivity> noted;
      for (const auto& each : *list) {
        const auto name = each.value_exact<std::string>();
        const auto sensitivity = name ? class_named(*name) : std::nullopt;
        if (!sensitivity) {
          return wrong_at(each, "noted holds open, personal, confidential and restricted.");
        }
        noted.insert(*sensitivity);
      }
      if (base_ &&
          !std::includes(noted.begin(), noted.end(), base_->noted_.begin(), base_->noted_.end())) {
        return wrong_at(node, "a site can have more looks noted than the program does, not fewer.");
      }
      into_.noted_ = std::move(noted);
    }
    return Done{};
  }

  Result<RoleSet> roles_of(const toml::node& node) {
    const auto* list = node.as_array();
    if (!list) return wrong_at(node, "a list of roles is needed, such as [\"coordinator\"].");
    RoleSet out;
    for (const auto& each : *list) {
      const auto role = each.value_exact<std::string>();
      if (!role || !is_known_role(*role)) {
        return wrong_at(each, (role ? quoted(*role) : std::string("this")) +
                                  " is no role. \"record codes staff-roles\" lists them.");
      }
      out.insert(*role);
    }
    return out;
  }

  Permissions& into_;
  const Permissions* base_;
};

// ---- the table

const std::vector<std::string>& known_roles() {
  static const std::vector<std::string> roles{"coordinator",     "supervisor",    "security",
                                              "handover_worker", "gate_meeter",   "governor",
                                              "administrator",   "desk_reviewer", "reporter"};
  return roles;
}

RoleSet roles_in(std::string_view joined) {
  RoleSet out;
  for (std::size_t at = 0; at < joined.size();) {
    const auto end = std::min(joined.find(',', at), joined.size());
    if (end > at) out.emplace(joined.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string_view name_of(Act act) { return act_names[static_cast<std::size_t>(act)]; }

std::string_view name_of(Sensitivity sensitivity) {
  for (const auto& each : class_names) {
    if (each.sensitivity == sensitivity) return each.name;
  }
  return "unknown";
}

const Permissions& Permissions::shipped() {
  // Its own test reads it; a program whose own table does not hold lets nobody see anything.
  static const Permissions table = [] {
    auto parsed = parse(shipped_permissions);
    return parsed ? *std::move(parsed) : Permissions{};
  }();
  return table;
}

Result<Permissions> Permissions::parse(std::string_view text) {
  Permissions out;
  if (auto done = PermissionsReader(out, nullptr).read(text); !done) return done.error();
  if (auto sense = out.check_sense(); !sense) return sense.error();
  return out;
}

Result<Permissions> Permissions::narrowed_by(std::string_view text) const {
  Permissions out = *this;
  if (auto done = PermissionsReader(out, this).read(text); !done) return done.error();
  if (auto sense = out.check_sense(); !sense) return sense.error();
  return out;
}

// What is judged by a part of a record would be judged wrongly.
Result<Done> Permissions::check_sense() const {
  if (!may({"administrator"}, Act::staff)) {
    return wrong("staff must stay with \"administrator\": nobody else could give it back.");
  }
  const auto handover = record_type("handover")->number;
  const auto volunteer = record_type("volunteer")->number;
  for (const auto& role : known_roles()) {
    const auto sees = [&](std::uint32_t type, Sensitivity sensitivity) {
      return access({role}, type, sensitivity).sees;
    };
    if (sees(volunteer, schema::FieldRule::PERSONAL) &&
        !sees(volunteer, schema::FieldRule::CONFIDENTIAL)) {
      return wrong('"' + role +
                   "\" would see volunteers and not that one is suspended. Take away both, "
                   "personal and confidential, or neither.");
    }
    if (!access({role}, handover, schema::FieldRule::PERSONAL).writes) continue;
    for (const auto& [place, line] : lines_) {
      const auto* type = record_type(place.first);
      if (type->dossier == schema::CASE && (!sees(place.first, place.second) || line.asks_reason)) {
        return wrong('"' + role + "\" would take the steps of a handover and not see all of it (" +
                     type->name + "). Take away what they change in handovers too.");
      }
    }
  }
  return Done{};
}

const Permissions::Line* Permissions::line(std::uint32_t type, Sensitivity sensitivity) const {
  const auto found = lines_.find({type, sensitivity});
  return found == lines_.end() ? nullptr : &found->second;
}

Access Permissions::access(const RoleSet& roles, std::uint32_t type,
                           Sensitivity sensitivity) const {
  const auto* found = line(type, sensitivity);
  if (!found) return {};
  const bool changes = has_one_of(found->change, roles);
  return {changes || has_one_of(found->see, roles), changes || has_one_of(found->add, roles)};
}

bool Permissions::may(const RoleSet& roles, Act act) const {
  return has_one_of(acts_[static_cast<std::size_t>(act)], roles);
}

bool Permissions::asks_reason(std::uint32_t type, Sensitivity sensitivity) const {
  const auto* found = line(type, sensitivity);
  return found && found->asks_reason;
}

std::vector<std::string> Permissions::who_sees(std::uint32_t type, Sensitivity sensitivity) const {
  const auto* found = line(type, sensitivity);
  return found ? in_order(both(found->change, found->see)) : std::vector<std::string>{};
}

std::vector<std::string> Permissions::who_writes(std::uint32_t type,
                                                 Sensitivity sensitivity) const {
  const auto* found = line(type, sensitivity);
  return found ? in_order(both(found->change, found->add)) : std::vector<std::string>{};
}

std::vector<std::string> Permissions::who_may(Act act) const {
  return in_order(acts_[static_cast<std::size_t>(act)]);
}

}  // namespace throughgate::node
