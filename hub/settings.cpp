#include "hub/settings.h"

#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "tools/third_party/toml.h"

namespace throughgate::hub {
namespace {

constexpr std::size_t settings_bytes_max = 64 << 10;
constexpr std::uint64_t mebibyte = 1 << 20;

// One setting: takes the value, false when it is not one.
using Take = std::function<bool(const toml::node&)>;

Take text(std::string& into) {
  return [&into](const toml::node& node) {
    const auto value = node.value_exact<std::string>();
    if (!value || value->empty()) return false;
    into = *value;
    return true;
  };
}

template <typename Number>
Take number(Number& into, std::int64_t least, std::int64_t most, Number unit = 1) {
  return [&into, least, most, unit](const toml::node& node) {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) return false;
    into = static_cast<Number>(*value) * unit;
    return true;
  };
}

Take texts(std::vector<std::string>& into) {
  return [&into](const toml::node& node) {
    const auto* list = node.as_array();
    if (!list) return false;
    into.clear();
    for (const auto& each : *list) {
      const auto value = each.value_exact<std::string>();
      if (!value) return false;
      into.push_back(*value);
    }
    return true;
  };
}

std::map<std::string, Take> takers(Settings& settings) {
  return {
      {"store.file", text(settings.store_file)},
      {"store.key_file", text(settings.key_file)},
      {"server.address", text(settings.server.address)},
      {"server.port", number(settings.server.port, 0, 65535)},
      {"server.hosts", texts(settings.server.hosts)},
      {"server.threads", number(settings.server.threads, 2, 512)},
      {"limits.bytes_per_day_mib", number(settings.limits.bytes_per_day_max, 1, 1 << 20, mebibyte)},
      {"limits.dossiers", number(settings.limits.dossiers_max, 1, 100'000'000)},
      {"limits.late_box_mib", number(settings.limits.late_bytes_max, 1, 1 << 20, mebibyte)},
  };
}

Error invalid(const std::string& what) { return {ErrorKind::invalid, "Settings: " + what}; }

Result<Settings> take_all(const toml::table& table) {
  Settings settings;
  const auto known = takers(settings);
  for (const auto& [section, content] : table) {
    const auto* values = content.as_table();
    const std::string name(section.str());
    if (!values) return invalid(name + " is not a section this program knows.");
    for (const auto& [key, value] : *values) {
      const std::string full = name + "." + std::string(key.str());
      const auto taker = known.find(full);
      if (taker == known.end()) return invalid(full + " is not a setting this program knows.");
      if (!taker->second(value)) return invalid(full + " has a value that cannot be used.");
    }
  }
  return settings;
}

}  // namespace

Result<Settings> parse_settings(std::string_view text) {
  if (text.size() > settings_bytes_max) return invalid("the file is too large.");
  const auto parsed = toml::parse(text);
  if (!parsed) {
    return invalid("line " + std::to_string(parsed.error().source().begin.line) +
                   " cannot be read.");
  }
  return take_all(parsed.table());
}

Result<Settings> read_settings(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {ErrorKind::not_found, "The settings file " + path + " cannot be read."};
  std::ostringstream text;
  text << file.rdbuf();
  return parse_settings(text.str());
}

}  // namespace throughgate::hub
