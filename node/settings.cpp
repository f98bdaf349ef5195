#include "node/settings.h"

#include <fstream>
#include <map>
#include <sstream>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t settings_bytes_max = 64 << 10;

Error invalid(const std::string& what) {
  return {ErrorKind::invalid, "Settings (node.toml): " + what};
}

std::map<std::string, std::string*> places(Settings& settings) {
  return {{"hub.url", &settings.hub_url},
          {"hub.certificate", &settings.hub_certificate},
          {"files.codes", &settings.codes}};
}

Result<Settings> take_all(const toml::table& table) {
  Settings settings;
  const auto known = places(settings);
  for (const auto& [section, content] : table) {
    const auto* values = content.as_table();
    const std::string name(section.str());
    if (!values) return invalid(name + " is not a section this program knows.");
    for (const auto& [key, value] : *values) {
      const std::string full = name + "." + std::string(key.str());
      const auto place = known.find(full);
      if (place == known.end()) return invalid(full + " is not a setting this program knows.");
      const auto text = value.value_exact<std::string>();
      if (!text) return invalid(full + " must be a text in quotation marks.");
      *place->second = *text;
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
