#include "hub/bundle_commands.h"

#include <algorithm>
#include <ostream>

#include "sync/store/bundle_folder.h"

namespace throughgate::hub {
namespace {

constexpr std::uint64_t mb = 1'000'000;  // as mail programs count

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

Result<OrganisationId> organisation_meant(const sync::Directory& directory,
                                          const std::string& typed) {
  std::vector<OrganisationId> meant;
  for (const auto& [id, organisation] : directory.organisations()) {
    const bool by_number = typed.size() >= 4 && id.hex().starts_with(lower(typed));
    if (by_number || lower(organisation.name) == lower(typed)) meant.push_back(id);
  }
  if (meant.size() == 1) return meant.front();
  return {ErrorKind::not_found,
          "There is no organisation of that name in the central list, or there are several. Name "
          "it by the first digits of its number. Nothing was written."};
}

}  // namespace

Result<Done> import_bundle(Bundles& bundles, const BundleOptions& options, std::uint64_t now_ms,
                           std::ostream& out) {
  const auto file = sync::store::read_bundle_file(options.path);
  if (!file) return file.error();
  const auto taken = bundles.take(*file, now_ms);
  if (!taken) return taken.error();
  const Tally* tally = &taken->tally;
  const std::uint64_t refused = tally->rejected + tally->fork + tally->bad;
  if (options.json) {
    out << "{\"given_a_place\": " << tally->accepted << ", \"already_here\": " << tally->duplicate
        << ", \"waiting\": " << tally->held << ", \"refused\": " << refused << "}\n";
    return Done{};
  }
  out << "given a place: " << tally->accepted << "\n"
      << "already here:  " << tally->duplicate << "\n"
      << "waiting:       " << tally->held << "\n"
      << "refused:       " << refused << "\n";
  if (tally->held > 0) {
    out << "What waits needs something that is not here yet. Bring in the other parts, then this "
           "one once more.\n";
  }
  return Done{};
}

Result<Done> export_bundle(Bundles& bundles, const sync::Directory& directory,
                           const BundleOptions& options, crypto::Random& random,
                           std::uint64_t now_ms, std::ostream& out) {
  const auto to = organisation_meant(directory, options.to);
  if (!to) return to.error();
  const std::size_t file_bytes =
      options.limit_mb == 0 ? sync::bundle_bytes_max : options.limit_mb * mb;
  const auto files = bundles.make(*to, file_bytes, now_ms);
  if (!files) return files.error();
  const auto names = sync::store::write_bundles(options.path, *files, random);
  if (!names) return names.error();
  if (options.json) out << "[";
  for (std::size_t i = 0; i < names->size(); ++i) {
    if (options.json) {
      out << (i == 0 ? "" : ", ") << "{\"file\": \"" << (*names)[i]
          << "\", \"bytes\": " << (*files)[i].size() << "}";
    } else {
      out << (*names)[i] << "  " << (*files)[i].size() << " bytes\n";
    }
  }
  out << (options.json ? "]\n" : "Only the computers of that organisation can open them.\n");
  return Done{};
}

}  // namespace throughgate::hub
