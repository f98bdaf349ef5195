#include "node/bundles/nightly.h"

#include <filesystem>

#include "node/last_contact.h"
#include "node/status.h"
#include "sync/layout.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {
namespace {

namespace fs = std::filesystem;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::SettingsTable;
using sync::store::UnitOfWork;

constexpr std::string_view rule_setting = "nightly rule";    // when u8 · folder
constexpr std::string_view files_setting = "nightly files";  // made_at u64 · folder and names
constexpr std::uint64_t hour_ms = 60ull * 60 * 1000;
constexpr std::uint64_t day_ms = 24 * hour_ms;

Result<std::optional<sync::Bytes>> kept(OpenNode& node, std::string_view setting) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  auto out = SettingsTable(work).find(setting);
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<Done> keep(OpenNode& node, std::string_view setting, sync::ByteView value) {
  UnitOfWork work(node.database());
  SettingsTable(work).set(setting, value);
  return work.commit();
}

void put_text(sync::LayoutWriter& out, const std::string& text) {
  out.u16(static_cast<std::uint16_t>(text.size())).bytes(crypto::as_bytes(text));
}

std::string text_in(sync::LayoutReader& in) {
  const std::size_t size = in.u16();
  return std::string(crypto::as_text(in.bytes(size)));
}

// Nights end at one o'clock, Greenwich: who starts the computer in the morning finds it due.
std::uint64_t night_of(std::uint64_t ms) { return ms < hour_ms ? 0 : (ms - hour_ms) / day_ms; }

Result<bool> is_due(OpenNode& node, const NightlyRule& rule, std::uint64_t made_at_ms) {
  if (rule.when == NightlyRule::When::never || !node.is_enrolled()) return false;
  const auto now_ms = node.now_ms();
  if (made_at_ms != 0 && night_of(made_at_ms) == night_of(now_ms)) return false;
  if (rule.when == NightlyRule::When::always) return true;
  const auto contact = last_contact(node);
  if (!contact) return contact.error();
  return contact->at_ms == 0 || now_ms < contact->at_ms || now_ms - contact->at_ms >= day_ms;
}

// Only what was made here, by its name: the folder may be a stick with other things on it.
void remove(const NightlyFiles& files) {
  for (const auto& name : files.names) {
    std::error_code failed;
    fs::remove(fs::path(files.folder) / name, failed);
  }
}

std::string folder_for(const NightlyRule& rule, const DataFolder& folder) {
  return rule.folder.empty() ? folder.path() + "/nightly" : rule.folder;
}

Result<Done> export_all(OpenNode& node, const std::string& folder,
                        std::vector<std::string>& names) {
  std::vector<BundleReaders> readers;
  if (const auto hub = hub_readers(node)) readers.push_back(*hub);
  if (const auto others = all_readers(node)) {
    readers.insert(readers.end(), others->begin(), others->end());
  }
  for (const auto& each : readers) {
    const auto report = export_bundles(node, each, folder, sync::bundle_bytes_max);
    if (!report) return report.error();
    for (const auto& file : report->files) names.push_back(file.file_name);
  }
  return Done{};
}

}  // namespace

Result<NightlyRule> nightly_rule(OpenNode& node) {
  const auto bytes = kept(node, rule_setting);
  if (!bytes) return bytes.error();
  NightlyRule out;
  if (!*bytes) return out;
  sync::LayoutReader in(**bytes);
  const auto when = in.u8();
  if (when <= 2) out.when = static_cast<NightlyRule::When>(when);
  out.folder = text_in(in);
  return out;
}

Result<Done> set_nightly_rule(OpenNode& node, const NightlyRule& rule) {
  std::error_code failed;
  if (!rule.folder.empty() &&
      (rule.folder.size() > 4096 || !fs::is_directory(rule.folder, failed))) {
    return Error{ErrorKind::not_found,
                 "There is no such folder, or it may not be written. Nothing was changed."};
  }
  sync::LayoutWriter out;
  out.u8(static_cast<std::uint8_t>(rule.when));
  put_text(out, rule.folder);
  return keep(node, rule_setting, out.take());
}

Result<NightlyFiles> nightly_files(OpenNode& node, const DataFolder& folder) {
  const auto bytes = kept(node, files_setting);
  const auto rule = nightly_rule(node);
  if (!bytes) return bytes.error();
  if (!rule) return rule.error();
  NightlyFiles out;
  if (*bytes) {
    sync::LayoutReader in(**bytes);
    out.made_at_ms = in.u64();
    out.folder = text_in(in);
    while (!in.finished() && !in.failed()) out.names.push_back(text_in(in));
  }
  if (out.folder.empty()) out.folder = folder_for(*rule, folder);
  return out;
}

Result<Done> make_nightly_files(OpenNode& node, const DataFolder& folder) {
  const auto before = nightly_files(node, folder);
  if (!before) return before.error();
  const auto rule = nightly_rule(node);
  if (!rule) return rule.error();
  const auto due = is_due(node, *rule, before->made_at_ms);
  if (!due) return due.error();
  if (!*due) return Done{};
  const auto unsent = unsent_of(node);
  if (!unsent) return unsent.error();

  NightlyFiles made{node.now_ms(), folder_for(*rule, folder), {}};
  if (rule->folder.empty()) {
    if (auto there = make_private_folder(made.folder); !there) return there;
  }
  if (*unsent > 0) {
    if (auto done = export_all(node, made.folder, made.names); !done) {
      remove(made);  // what was written of this set
      return done;
    }
  }
  sync::LayoutWriter out;
  out.u64(made.made_at_ms);
  put_text(out, made.folder);
  for (const auto& name : made.names) put_text(out, name);
  if (auto done = keep(node, files_setting, out.take()); !done) {
    remove(made);
    return done;
  }
  remove(*before);
  return Done{};
}

}  // namespace throughgate::node
