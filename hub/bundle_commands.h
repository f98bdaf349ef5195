// The commands bundle import and bundle export, beside a hub that serves or not.
#pragma once

#include <iosfwd>
#include <string>

#include "hub/bundles.h"

namespace throughgate::hub {

struct BundleOptions {
  std::string path;  // of the file brought in, or of the folder to write into
  std::string to;    // an organisation by its name in the list, or the beginning of its number
  std::uint64_t limit_mb = 0;
  bool json = false;
};

Result<Done> import_bundle(Bundles& bundles, const BundleOptions& options, std::uint64_t now_ms,
                           std::ostream& out);
// Fails with `not_found` when none or several organisations are meant.
Result<Done> export_bundle(Bundles& bundles, const sync::Directory& directory,
                           const BundleOptions& options, crypto::Random& random,
                           std::uint64_t now_ms, std::ostream& out);

}  // namespace throughgate::hub
