#include "node/bundles/nightly_files.h"

#include <algorithm>
#include <filesystem>

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

constexpr std::string_view rule_setting = "nightly rule";        // when u8 · folder
constexpr std::string_view files_setting = "nightly files";      // made_at u64 · folder and names
constexpr std::string_view left_setting = "nightly files left";  // folder and name of each

Result<std::optional<sync::Bytes>> kept(OpenNode& node, std::string_view setting) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  auto out = SettingsTable(work).find(setting);
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

void put_text(sync::LayoutWriter& out, const std::string& text) {
  out.u16(static_cast<std::uint16_t>(text.size())).bytes(crypto::as_bytes(text));
}

std::string text_in(sync::LayoutReader& in) {
  const std::size_t size = in.u16();
  return std::string(crypto::as_text(in.bytes(size)));
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
  UnitOfWork work(node.database());
  SettingsTable(work).set(rule_setting, out.take());
  return work.commit();
}

Result<NightlyFiles> nightly_files(OpenNode& node, const DataFolder& folder) {
  const auto bytes = kept(node, files_setting);
  const auto left = kept(node, left_setting);
  const auto rule = nightly_rule(node);
  if (!bytes) return bytes.error();
  if (!left) return left.error();
  if (!rule) return rule.error();
  NightlyFiles out;
  if (*bytes) {
    sync::LayoutReader in(**bytes);
    out.made_at_ms = in.u64();
    out.folder = text_in(in);
    while (!in.finished() && !in.failed()) out.names.push_back(text_in(in));
  }
  if (*left) {
    sync::LayoutReader in(**left);
    while (!in.finished() && !in.failed()) {
      NightlyFile file{text_in(in), {}};
      file.name = text_in(in);
      out.left.push_back(std::move(file));
    }
  }
  if (out.folder.empty()) out.folder = rule->folder.empty() ? folder.nightly() : rule->folder;
  return out;
}

Result<Done> note_nightly_files(OpenNode& node, const NightlyFiles& files) {
  sync::LayoutWriter made, left;
  made.u64(files.made_at_ms);
  put_text(made, files.folder);
  for (const auto& name : files.names) put_text(made, name);
  const auto total = files.left.size();
  for (auto i = total - std::min(total, nightly_left_max); i < total; ++i) {
    put_text(left, files.left[i].folder);
    put_text(left, files.left[i].name);
  }
  UnitOfWork work(node.database());
  SettingsTable settings(work);
  settings.set(files_setting, made.take());
  settings.set(left_setting, left.take());
  return work.commit();
}

std::vector<NightlyFile> all_of(const NightlyFiles& files) {
  auto out = files.left;
  for (const auto& name : files.names) out.push_back({files.folder, name});
  return out;
}

NightlyRemoval remove_nightly_files(const std::vector<NightlyFile>& files,
                                    const DataFolder& folder) {
  NightlyRemoval out;
  for (const auto& file : files) {
    std::error_code fault;
    const auto path = fs::path(file.folder) / file.name;
    bool removed = fs::remove(path, fault);
    if (!fault) removed |= fs::remove(path.string() + ".part", fault);  // of one that was cut off
    out.some_stay |= bool(fault);
    if (!removed && (fault || file.folder != folder.nightly())) out.left.push_back(file);
  }
  return out;
}

}  // namespace throughgate::node
