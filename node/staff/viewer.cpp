#include "node/staff/viewer.h"

#include <algorithm>
#include <array>

#include "node/field_names.h"
#include "node/text/unicode.h"
#include "records/site.pb.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct RoleWords {
  std::string_view role, who;
};
constexpr std::array role_words{
    RoleWords{"coordinator", "a volunteer coordinator"},
    RoleWords{"supervisor", "somebody who supervises volunteers"},
    RoleWords{"security", "somebody in security"},
    RoleWords{"handover_worker", "somebody who makes and takes handovers"},
    RoleWords{"gate_meeter", "somebody who meets people at the gate"},
    RoleWords{"governor", "the governor"},
    RoleWords{"administrator", "somebody who looks after this computer"},
    RoleWords{"desk_reviewer", "somebody who reviews duplicates"},
    RoleWords{"reporter", "somebody who reads reports"},
};

// "a volunteer coordinator, somebody in security, or the governor".
std::string named(const std::vector<std::string>& roles) {
  std::string out;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (i > 0) out += i + 1 < roles.size() ? ", " : roles.size() > 2 ? ", or " : " or ";
    const auto* words = std::find_if(role_words.begin(), role_words.end(),
                                     [&](const RoleWords& each) { return each.role == roles[i]; });
    out += words == role_words.end() ? std::string_view(roles[i]) : words->who;
  }
  return out;
}

// `gives_roles`: at a small site it may be the only person who could be asked.
Error barred(const std::string& what, const std::vector<std::string>& who, bool gives_roles) {
  std::string words = "Your roles at this site do not let you " + what + ".";
  words += who.empty() ? " Nobody here can." : " Ask " + named(who) + ".";
  if (!who.empty() && gives_roles) {
    words +=
        " As you look after the staff list, you can give yourself that role too, on the Staff "
        "page.";
  }
  return {ErrorKind::denied, words};
}

std::string in_lower_case(std::string label) {
  if (!label.empty() && label[0] >= 'A' && label[0] <= 'Z')
    label[0] = static_cast<char>(label[0] + 32);
  return label;
}

std::string plural(std::uint32_t type) {
  const auto* known = record_type(type);
  return known ? in_lower_case(rule_of(*known->descriptor).plural()) : "this";
}

std::string words_of(Act act) {
  switch (act) {
    case Act::share:
      return "send a handover to a partner";
    case Act::decide:
      return "decide which value holds";
    case Act::import_file:
      return "bring in a file";
    case Act::export_file:
      return "take this out as a file";
    case Act::staff:
      return "look after the staff list";
    case Act::audit:
      return "see who looked at what";
    case Act::connect:
      return "join this computer to the exchange";
    case Act::desk:
      return "do the central team's work";
    case Act::erase:
      return "have records erased or kept from it, or take values out of them";
    case Act::back_up:
      return "make a backup";
    case Act::carry:
      return "send or bring in records by a file";
    case Act::subject_access:
      return "take out all that is kept of a person";
  }
  return "do this";
}

// The class of every field of a kind; each once.
std::set<Sensitivity> classes_of(const RecordType& type) {
  std::set<Sensitivity> out;
  for (int i = 0; i < type.descriptor->field_count(); ++i) {
    out.insert(rule_of(*type.descriptor->field(i)).sensitivity());
  }
  return out;
}

std::vector<std::string> in_any_class(const Permissions& permissions, const RecordType& type,
                                      bool writes) {
  RoleSet all;
  for (const auto each : classes_of(type)) {
    const auto who = writes ? permissions.who_writes(type.number, each)
                            : permissions.who_sees(type.number, each);
    all.insert(who.begin(), who.end());
  }
  return {all.begin(), all.end()};
}

}  // namespace

Viewer::Viewer(const Permissions& permissions, const sync::Actor& actor, const std::string& reason)
    : permissions_(&permissions),
      actor_(actor.id),
      roles_(roles_in(actor.role)),
      reason_(is_blank(reason) ? std::string() : without_hidden_signs(reason)) {}

Viewer::Sight Viewer::sight(std::uint32_t type, std::uint32_t field) const {
  if (!permissions_) return Sight::seen;
  const auto* known = field_of(type, field);
  if (!known) return Sight::barred;
  const auto sensitivity = rule_of(*known).sensitivity();
  if (!permissions_->access(roles_, type, sensitivity).sees) return Sight::barred;
  return reason_.empty() && permissions_->asks_reason(type, sensitivity) ? Sight::ask_reason
                                                                         : Sight::seen;
}

bool Viewer::sees_any(std::uint32_t type) const {
  if (!permissions_) return true;
  const auto* known = record_type(type);
  if (!known) return false;
  for (const auto each : classes_of(*known)) {
    if (permissions_->access(roles_, type, each).sees) return true;
  }
  return false;
}

bool Viewer::writes(std::uint32_t type, std::uint32_t field) const {
  if (!permissions_) return true;
  const auto* known = field_of(type, field);
  return known && permissions_->access(roles_, type, rule_of(*known).sensitivity()).writes;
}

bool Viewer::writes_any(std::uint32_t type) const {
  if (!permissions_) return true;
  const auto* known = record_type(type);
  if (!known) return false;
  for (const auto each : classes_of(*known)) {
    if (permissions_->access(roles_, type, each).writes) return true;
  }
  return false;
}

bool Viewer::is_noted(std::uint32_t type, std::uint32_t field) const {
  if (!permissions_) return false;
  const auto* known = field_of(type, field);
  return known && (permissions_->is_noted(rule_of(*known).sensitivity()) ||
                   permissions_->asks_reason(type, rule_of(*known).sensitivity()));
}

Result<Done> Viewer::check(Act act) const {
  if (may(act)) return Done{};
  auto error = barred(words_of(act), permissions_->who_may(act), may(Act::staff));
  error.message += " Nothing was changed.";
  return error;
}

Result<Done> Viewer::check_seen(std::uint32_t type) const {
  if (sees_any(type)) return Done{};
  const auto* known = record_type(type);
  return barred("see " + plural(type),
                known ? in_any_class(*permissions_, *known, false) : std::vector<std::string>{},
                may(Act::staff));
}

Result<Done> Viewer::check_written(const std::vector<sync::store::OpDraft>& ops) const {
  if (!permissions_) return Done{};
  for (const auto& op : ops) {
    const auto type = op.field.record_type;
    if (writes(type, op.field.field)) continue;
    if (type == record_type(*schema::StaffMember::descriptor())->number) {
      return Error{ErrorKind::denied,
                   "Members of staff are added and changed with \"staff\", by somebody who looks "
                   "after the staff list. Nothing was saved."};
    }
    const auto* field = field_of(type, op.field.field);
    auto error = barred("change this (" + label_of(type, op.field.field) + ")",
                        field ? permissions_->who_writes(type, rule_of(*field).sensitivity())
                              : std::vector<std::string>{},
                        may(Act::staff));
    error.message += " Nothing was saved.";
    return error;
  }
  return Done{};
}

std::vector<std::uint32_t> Viewer::hidden(std::uint32_t type) const {
  std::vector<std::uint32_t> out;
  const auto* known = permissions_ ? record_type(type) : nullptr;
  for (int i = 0; known && i < known->descriptor->field_count(); ++i) {
    const auto number = static_cast<std::uint32_t>(known->descriptor->field(i)->number());
    if (!sees(type, number)) out.push_back(number);
  }
  return out;
}

std::vector<std::uint32_t> Viewer::on_request(std::uint32_t type) const {
  auto out = hidden(type);
  std::erase_if(out,
                [&](std::uint32_t number) { return sight(type, number) != Sight::ask_reason; });
  return out;
}

}  // namespace throughgate::node
