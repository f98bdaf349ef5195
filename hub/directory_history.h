// The directory, and what its versions said of the hub: which instances it has lived as, in order.
#pragma once

#include <optional>
#include <vector>

#include "sync/directory.h"

namespace throughgate::hub {

struct HubLife {
  sync::InstanceId instance;
  crypto::VerifyKey key{};
};

class DirectoryHistory {
 public:
  // As Directory::apply.
  sync::Result<sync::Done> apply(const sync::DirectoryStep& step, const sync::Anchor& anchor);

  const sync::Directory& directory() const { return directory_; }
  // The oldest instance has rank 1; nullopt for one that no directory has named.
  std::optional<std::size_t> rank(const sync::InstanceId& instance) const;
  const HubLife* life(const sync::InstanceId& instance) const;
  std::size_t lives() const { return lives_.size(); }

 private:
  sync::Directory directory_;
  std::vector<HubLife> lives_;
};

}  // namespace throughgate::hub
