#include "node/bundles/outgoing.h"

#include <algorithm>
#include <filesystem>

#include "sync/store/bundle_folder.h"

namespace throughgate::node {
namespace {

namespace fs = std::filesystem;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Error disk_refused() {
  return {ErrorKind::unavailable,
          "This computer's disk did not do as asked. Look whether it is full, then try again."};
}

}  // namespace

Result<ExportReport> OutgoingBundles::make(OpenNode& node, const BundleReaders& readers,
                                           std::size_t file_bytes_max,
                                           const sync::ActorId& who) const {
  if (auto gone = remove_all(); !gone) return gone.error();
  std::error_code failed;
  fs::create_directory(folder_, failed);
  if (!failed) fs::permissions(folder_, fs::perms::owner_all, failed);
  if (failed) return disk_refused();
  return export_bundles(node, readers, folder_, file_bytes_max, {MadeBy::person, who, {}});
}

Result<std::vector<WrittenBundle>> OutgoingBundles::list() const {
  std::vector<WrittenBundle> out;
  std::error_code failed;
  if (!fs::exists(folder_, failed)) {
    return failed ? Result<std::vector<WrittenBundle>>(disk_refused()) : out;
  }
  for (fs::directory_iterator each(folder_, failed), end; !failed && each != end;
       each.increment(failed)) {
    const auto bytes = each->is_regular_file(failed) ? each->file_size(failed) : 0;
    if (bytes > 0) out.push_back({each->path().filename().string(), bytes});
  }
  if (failed) return disk_refused();
  std::sort(out.begin(), out.end(),
            [](const auto& one, const auto& other) { return one.file_name < other.file_name; });
  return out;
}

Result<crypto::Bytes> OutgoingBundles::read(const std::string& name) const {
  const auto all = list();
  if (!all) return all.error();
  for (const auto& each : *all) {
    if (each.file_name == name) return sync::store::read_bundle_file(folder_ + "/" + name);
  }
  return Error{ErrorKind::not_found, "This file is not here any more. Make it again."};
}

Result<Done> OutgoingBundles::remove_all() const {
  std::error_code failed;
  fs::remove_all(folder_, failed);
  return failed ? Result<Done>(disk_refused()) : Done{};
}

}  // namespace throughgate::node
