#include "hub/directory_history.h"

namespace throughgate::hub {

sync::Result<sync::Done> DirectoryHistory::apply(const sync::DirectoryStep& step,
                                                 const sync::Anchor& anchor) {
  if (auto applied = directory_.apply(step, anchor); !applied) return applied;
  const auto& instance = directory_.hub_instance();
  if (instance.is_zero()) return sync::Done{};
  if (const auto known = rank(instance)) {
    lives_[*known - 1].key = directory_.hub_key();
  } else {
    lives_.push_back({instance, directory_.hub_key()});
  }
  return sync::Done{};
}

std::optional<std::size_t> DirectoryHistory::rank(const sync::InstanceId& instance) const {
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    if (lives_[i].instance == instance) return i + 1;
  }
  return std::nullopt;
}

const HubLife* DirectoryHistory::life(const sync::InstanceId& instance) const {
  const auto found = rank(instance);
  return found ? &lives_[*found - 1] : nullptr;
}

}  // namespace throughgate::hub
