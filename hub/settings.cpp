#include "hub/settings.h"

#include <algorithm>
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

Take flag(bool& into) {
  return [&into](const toml::node& node) {
    const auto value = node.value_exact<bool>();
    if (value) into = *value;
    return value.has_value();
  };
}

// One line, with one "@" and something on both sides of it; what ends a header line is none.
bool is_address(const std::string& text) {
  const auto at = text.find('@');
  return text.size() <= 254 && at != std::string::npos && at > 0 && at + 1 < text.size() &&
         text.find('@', at + 1) == std::string::npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return c > 0x20 && c < 0x7F &&
                  std::string_view("<>(),;:\\\"[]").find(c) == std::string_view::npos;
         });
}

Take address(std::string& into) {
  return [&into](const toml::node& node) {
    const auto value = node.value_exact<std::string>();
    if (!value || !is_address(*value)) return false;
    into = *value;
    return true;
  };
}

// { "32 digits" = "address", ... }
Take addresses(std::map<sync::OrganisationId, std::string>& into) {
  return [&into](const toml::node& node) {
    const auto* table = node.as_table();
    if (!table) return false;
    for (const auto& [key, value] : *table) {
      const auto bytes = crypto::from_hex(key.str());
      const auto id = bytes ? sync::OrganisationId::from(*bytes) : std::nullopt;
      if (!id || !address(into[*id])(value)) return false;
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
      {"mail.host", text(settings.mail.host)},
      {"mail.port", number(settings.mail.port, 1, 65535)},
      {"mail.tls", flag(settings.mail.tls)},
      {"mail.certificate", text(settings.mail.certificate)},
      {"mail.from", address(settings.mail.from)},
      {"mail.user", text(settings.mail.user)},
      {"mail.password_file", text(settings.mail.password_file)},
      {"mail.after_minutes", number(settings.mail.after_minutes, 0, 60LL * 24 * 60)},
      {"mail.every_seconds", number(settings.mail.every_seconds, 1, 86'400)},
      {"mail.to", addresses(settings.mail.to)},
      {"limits.bytes_per_day_mib", number(settings.limits.bytes_per_day_max, 1, 1 << 20, mebibyte)},
      {"limits.dossiers", number(settings.limits.dossiers_max, 1, 100'000'000)},
      {"limits.late_box_mib", number(settings.limits.late_bytes_max, 1, 1 << 20, mebibyte)},
  };
}

Error invalid(const std::string& what) { return {ErrorKind::invalid, "Settings: " + what}; }

bool is_this_machine(const std::string& host) {
  return host == "127.0.0.1" || host == "localhost" || host == "::1";
}

Result<Settings> check(Settings settings) {
  const auto& mail = settings.mail;
  if (mail.host.empty()) return settings;
  if (mail.from.empty()) return invalid("mail.host is named, and mail.from is not.");
  if (mail.user.empty() != mail.password_file.empty()) {
    return invalid("mail.user and mail.password_file go together.");
  }
  if (!mail.tls && !is_this_machine(mail.host)) {
    return invalid("mail.tls may be false only for a mail server on this very machine.");
  }
  return settings;
}

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
  return check(std::move(settings));
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
