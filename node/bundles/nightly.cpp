#include "node/bundles/nightly.h"

#include <utility>

#include "node/last_contact.h"
#include "node/restored.h"
#include "node/status.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Result;

constexpr std::uint64_t hour_ms = 60ull * 60 * 1000;
constexpr std::uint64_t day_ms = 24 * hour_ms;

// Nights end at one o'clock, Greenwich: who starts the computer in the morning finds it due.
std::uint64_t night_of(std::uint64_t ms) { return ms < hour_ms ? 0 : (ms - hour_ms) / day_ms; }

Result<bool> is_due(OpenNode& node, const NightlyRule& rule, std::uint64_t made_at_ms) {
  if (rule.when == NightlyRule::When::never || !node.is_enrolled()) return false;
  if (!check_not_closed(node)) return false;  // restored: nothing leaves it yet
  const auto now_ms = node.now_ms();
  if (made_at_ms != 0 && night_of(made_at_ms) == night_of(now_ms)) return false;
  if (rule.when == NightlyRule::When::always) return true;
  const auto contact = last_contact(node);
  if (!contact) return contact.error();
  return contact->at_ms == 0 || now_ms < contact->at_ms || now_ms - contact->at_ms >= day_ms;
}

// Each set is remembered as one to be removed before any of it stands there: a power cut leaves
// none that nobody knows.
Result<Done> export_all(OpenNode& node, const std::string& folder, const NightlyFiles& before,
                        std::vector<std::string>& names) {
  const auto note = [&](const std::vector<std::string>& next) {
    NightlyFiles known = before;
    for (const auto* each : {&std::as_const(names), &next}) {
      for (const auto& name : *each) known.left.push_back({folder, name});
    }
    return note_nightly_files(node, known);
  };
  std::vector<BundleReaders> readers;
  if (const auto hub = hub_readers(node)) readers.push_back(*hub);
  if (const auto others = all_readers(node)) {
    readers.insert(readers.end(), others->begin(), others->end());
  }
  for (const auto& each : readers) {
    const auto report =
        export_bundles(node, each, folder, sync::bundle_bytes_max, {MadeBy::night, {}, note});
    if (!report) return report.error();
    for (const auto& file : report->files) names.push_back(file.file_name);
  }
  return Done{};
}

// As far as they are in reach; the others are remembered.
Result<Done> remove_earlier(OpenNode& node, const DataFolder& folder, NightlyFiles files) {
  if (files.left.empty()) return Done{};
  auto removal = remove_nightly_files(files.left, folder);
  if (removal.left == files.left) return Done{};
  files.left = std::move(removal.left);
  return note_nightly_files(node, files);
}

// A set that was not finished, and is of no use.
Result<Done> take_back(OpenNode& node, const DataFolder& folder, NightlyFiles before,
                       const NightlyFiles& made) {
  const auto unfinished = remove_nightly_files(all_of({0, made.folder, made.names, {}}), folder);
  if (unfinished.left.empty()) return Done{};
  before.left.insert(before.left.end(), unfinished.left.begin(), unfinished.left.end());
  return note_nightly_files(node, before);
}

Result<Done> make_now(OpenNode& node, const DataFolder& folder, const NightlyRule& rule,
                      const NightlyFiles& before) {
  const auto unsent = unsent_of(node);
  if (!unsent) return unsent.error();
  NightlyFiles made{
      node.now_ms(), rule.folder.empty() ? folder.nightly() : rule.folder, {}, all_of(before)};
  if (rule.folder.empty()) {
    if (auto there = make_private_folder(made.folder); !there) return there;
  }
  auto done = *unsent > 0 ? export_all(node, made.folder, before, made.names) : Done{};
  if (done) done = note_nightly_files(node, made);
  if (!done) {
    static_cast<void>(take_back(node, folder, before, made));  // that it failed is said
    return done;
  }
  return remove_earlier(node, folder, std::move(made));
}

}  // namespace

Result<Done> make_nightly_files(OpenNode& node, const DataFolder& folder) {
  const auto before = nightly_files(node, folder);
  if (!before) return before.error();
  const auto rule = nightly_rule(node);
  if (!rule) return rule.error();
  const auto due = is_due(node, *rule, before->made_at_ms);
  if (!due) return due.error();
  return *due ? make_now(node, folder, *rule, *before) : remove_earlier(node, folder, *before);
}

}  // namespace throughgate::node
