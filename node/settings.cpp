#include "node/settings.h"

#include <fstream>
#include <map>
#include <variant>

#include "tools/third_party/toml.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t settings_bytes_max = 64 << 10;

Error invalid(const std::string& what) {
  return {ErrorKind::invalid, "Settings (node.toml): " + what};
}

struct Number {
  std::int64_t* place;
  std::int64_t least, most;
};
using Place = std::variant<std::string*, bool*, Number>;

std::map<std::string, Place> places(Settings& settings) {
  return {{"hub.url", &settings.hub_url},
          {"hub.certificate", &settings.hub_certificate},
          {"files.codes", &settings.codes},
          {"files.retention", &settings.retention},
          {"sync.every_seconds", Number{&settings.sync_every_seconds, 0, 86'400}},
          {"sync.unsent_warning_days", Number{&settings.unsent_warning_days, 1, 60}},
          {"pages.port", Number{&settings.port, 1'024, 65'535}},
          {"pages.lock_after_minutes", Number{&settings.lock_after_minutes, 1, 60}},
          {"pages.wipe_on_lock", &settings.wipe_on_lock}};
}

// Says what the value must be; empty when it was taken.
std::string take(const Place& place, const toml::node& value) {
  if (const auto* text = std::get_if<std::string*>(&place)) {
    const auto given = value.value_exact<std::string>();
    if (!given) return "must be a text in quotation marks.";
    **text = *given;
    return {};
  }
  if (const auto* choice = std::get_if<bool*>(&place)) {
    const auto given = value.value_exact<bool>();
    if (!given) return "must be true or false.";
    **choice = *given;
    return {};
  }
  const auto& number = std::get<Number>(place);
  const auto given = value.value_exact<std::int64_t>();
  if (!given || *given < number.least || *given > number.most) {
    return "must be a whole number from " + std::to_string(number.least) + " to " +
           std::to_string(number.most) + ".";
  }
  *number.place = *given;
  return {};
}

Result<Settings> take_all(const toml::table& table) {
  Settings settings;
  const auto known = places(settings);
  for (const auto& [section, content] : table) {
    const auto* values = content.as_table();
    const std::string name(section.str());
    if (!values) return invalid(name + " is not a section this program knows.");
    for (const auto& [key, value] : *values) {
      std::string full = name;
      full.append(".").append(key.str());
      const auto place = known.find(full);
      if (place == known.end()) return invalid(full + " is not a setting this program knows.");
      if (const auto fault = take(place->second, value); !fault.empty()) {
        return invalid(full.append(" ").append(fault));
      }
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
  if (!file) return Settings{};
  std::string text(settings_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return parse_settings(text);
}

}  // namespace throughgate::node
