#include "node/soundness.h"

#include <algorithm>

#include "node/audit.h"

namespace throughgate::node {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

namespace {

Error with_rebuild(const Error& error) {
  if (error.kind != ErrorKind::corrupt) return error;
  return {error.kind, error.message +
                          " Before that, end \"serve\" and run \"rebuild\": where only what is "
                          "made from signed changes is damaged, it mends it, and else changes "
                          "nothing."};
}

}  // namespace

Result<Soundness> prove(OpenNode& node) {
  if (auto fresh = node.refresh_directory(); !fresh) return fresh.error();
  if (auto sound = node.database().quick_check(); !sound) return with_rebuild(sound.error());
  auto report = sync::store::check_store(node.database(), node.context());
  if (!report) return with_rebuild(report.error());
  Soundness out{*std::move(report), {}};
  if (const auto looks = Audit(node).check(); !looks) {
    if (looks.error().kind != ErrorKind::corrupt) return looks.error();
    out.looks_fault = looks.error().message;
  }
  return out;
}

Error damaged(const Soundness& soundness) {
  const auto& faults = soundness.report.faults;
  if (faults.empty()) return {ErrorKind::corrupt, soundness.looks_fault};
  const bool can_be_mended =
      std::all_of(faults.begin(), faults.end(), [](const auto& fault) { return fault.is_derived; });
  if (can_be_mended) {
    return {ErrorKind::corrupt,
            "Part of what is shown or found is damaged; the places are listed. All that was signed "
            "is sound, so nothing is lost: end \"serve\", then run \"rebuild\", which makes the "
            "rest anew from it."};
  }
  return {ErrorKind::corrupt,
          "Part of what was signed is damaged; the places are listed. Stop using this computer for "
          "Throughgate, keep it as it is, and ring the central team: a backup, or the central "
          "exchange, has what was there."};
}

}  // namespace throughgate::node
