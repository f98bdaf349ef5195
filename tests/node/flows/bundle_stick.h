// A stick between the sites of a World, and what stands in a site's store.
#pragma once

#include <string>
#include <vector>

#include "node/handovers/case_file.h"
#include "node/status.h"
#include "sync/bundle.h"
#include "sync/store/directory_table.h"
#include "sync/store/unpacking.h"
#include "sync/wire_values.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {

class Stick {
 public:
  std::string path() const { return folder_.file("."); }
  std::size_t files() const;
  // The paths of what was written.
  std::vector<std::string> carry(Site& from, const Site& to,
                                 std::size_t limit = sync::bundle_bytes_max);

  // A site's store as it is now, to be put back later: two ways from one beginning.
  std::string keep(World& world, Site& site);
  void put_back(World& world, Site& site, const std::string& kept);

 private:
  TemporaryFolder folder_;
  int kept_ = 0;
};

// What a site has for the exchange, as files; and all of some files taken in, in turn.
std::vector<crypto::Bytes> for_hub(Site& from, std::size_t limit = sync::bundle_bytes_max);
sync::store::UnpackedCounts take_all(Site& site, const std::vector<crypto::Bytes>& files);

// Every row of every table, to be compared.
std::vector<std::string> everything_in(Site& site);
// The records that are shown, and the places from which they follow: what two computers of members
// must come to alike.
std::vector<std::string> shown_in(Site& site);

}  // namespace throughgate::node::testing
