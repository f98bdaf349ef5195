#include "node/bundles/nightly_files.h"

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

constexpr std::string_view rule_setting = "nightly rule";    // when u8 · folder
constexpr std::string_view files_setting = "nightly files";  // made_at u64 · folder and names

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
  if (out.folder.empty()) out.folder = rule->folder.empty() ? folder.nightly() : rule->folder;
  return out;
}

Result<Done> note_nightly_files(OpenNode& node, const NightlyFiles& files) {
  sync::LayoutWriter out;
  out.u64(files.made_at_ms);
  put_text(out, files.folder);
  for (const auto& name : files.names) put_text(out, name);
  return keep(node, files_setting, out.take());
}

Result<Done> remove_nightly_files(const NightlyFiles& files) {
  std::error_code failed;
  for (const auto& name : files.names) {
    std::error_code fault;
    fs::remove(fs::path(files.folder) / name, fault);
    if (fault) failed = fault;
  }
  if (!failed) return Done{};
  return Error{ErrorKind::unavailable,
               "Files of an earlier night could not be removed. Check that their folder may be "
               "written to."};
}

}  // namespace throughgate::node
