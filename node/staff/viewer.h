// One person before the records: what of them they see, what they may change, what they may do. Or
// the program itself, for which nothing is hidden: a sync, a migration, a rule that judges.
// Threads: read by any once made. The permissions must outlive it.
#pragma once

#include <optional>
#include <string>

#include "node/staff/permissions.h"
#include "sync/change_set.h"
#include "sync/store/authoring.h"

namespace throughgate::node {

class Viewer {
 public:
  static Viewer program() { return {}; }
  // `reason`: why they look, where they said so; blank otherwise.
  Viewer(const Permissions& permissions, const sync::Actor& actor, const std::string& reason = {});

  enum class Sight { seen, ask_reason, barred };
  // A field that this program does not know is barred.
  Sight sight(std::uint32_t type, std::uint32_t field) const;
  bool sees(std::uint32_t type, std::uint32_t field) const {
    return sight(type, field) == Sight::seen;
  }
  // Any field of the kind, once a reason is given where one is asked for.
  bool sees_any(std::uint32_t type) const;
  bool writes(std::uint32_t type, std::uint32_t field) const;
  bool writes_any(std::uint32_t type) const;
  // Is a look of theirs at it written down?
  bool is_noted(std::uint32_t type, std::uint32_t field) const;
  bool may(Act act) const { return !permissions_ || permissions_->may(roles_, act); }

  // The same as answers: `denied`, in words that say who can.
  sync::Result<sync::Done> check(Act act) const;
  sync::Result<sync::Done> check_seen(std::uint32_t type) const;
  sync::Result<sync::Done> check_written(const std::vector<sync::store::OpDraft>& ops) const;

  // Fields of the kind that are not seen; of these, those that are once a reason is given.
  std::vector<std::uint32_t> hidden(std::uint32_t type) const;
  std::vector<std::uint32_t> on_request(std::uint32_t type) const;

  bool is_program() const { return permissions_ == nullptr; }
  const std::optional<sync::ActorId>& actor() const { return actor_; }
  const std::string& reason() const { return reason_; }

 private:
  Viewer() = default;

  const Permissions* permissions_ = nullptr;  // none: the program
  std::optional<sync::ActorId> actor_;
  RoleSet roles_;
  std::string reason_;
};

}  // namespace throughgate::node
