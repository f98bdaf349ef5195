// retention.toml, read.
#include <algorithm>
#include <fstream>
#include <set>

#include "node/erasure/retention.h"
#include "tools/third_party/toml.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t file_bytes_max = 64 << 10;
constexpr std::size_t text_bytes_max = 60;  // of a name; a source may be longer
constexpr std::size_t source_bytes_max = 300;
constexpr std::int64_t months_max = 1200;

Error invalid(const std::string& what) {
  return {ErrorKind::invalid, "How long records are kept (retention.toml): " + what};
}

struct FromName {
  std::string_view name;
  KeptFrom from;
};
constexpr FromName from_names[] = {{"not-appointed", KeptFrom::not_appointed},
                                   {"left", KeptFrom::left},
                                   {"vetting-decided", KeptFrom::vetting_decided},
                                   {"handover-over", KeptFrom::handover_over},
                                   {"incident-closed", KeptFrom::incident_closed}};

bool is_line(const std::string& text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Result<RetentionRule> rule_in(const toml::table& table) {
  for (const auto& [key, value] : table) {
    const auto name = key.str();
    if (name != "name" && name != "from" && name != "months" && name != "source") {
      return invalid("\"" + std::string(name) +
                     "\" is not known. A rule has name, from, months and source.");
    }
  }
  RetentionRule rule;
  rule.name = table["name"].value_exact<std::string>().value_or("");
  rule.source = table["source"].value_exact<std::string>().value_or("");
  const auto from = table["from"].value_exact<std::string>().value_or("");
  const auto months = table["months"].value_exact<std::int64_t>().value_or(0);
  if (!is_line(rule.name, text_bytes_max)) {
    return invalid("each rule needs a name, one line of at most 60 letters.");
  }
  if (!is_line(rule.source, source_bytes_max)) {
    return invalid("the rule \"" + rule.name + "\" needs a source, in a line.");
  }
  if (months < 1 || months > months_max) {
    return invalid("months of the rule \"" + rule.name + "\" must be from 1 to 1200.");
  }
  rule.months = static_cast<int>(months);
  for (const auto& each : from_names) {
    if (each.name != from) continue;
    rule.from = each.from;
    return rule;
  }
  return invalid("\"from\" of the rule \"" + rule.name +
                 "\" must be not-appointed, left, vetting-decided, handover-over or "
                 "incident-closed.");
}

}  // namespace

Result<RetentionSchedule> parse_retention(std::string_view text) {
  if (text.size() > file_bytes_max) return invalid("the file is too large.");
  const auto parsed = toml::parse(text);
  if (!parsed) {
    return invalid("line " + std::to_string(parsed.error().source().begin.line) +
                   " cannot be read.");
  }
  RetentionSchedule out;
  std::set<KeptFrom> seen;
  std::set<std::string> names;
  for (const auto& [key, value] : parsed.table()) {
    const auto* rules = value.as_array();
    if (key.str() != "rule" || rules == nullptr) {
      return invalid("it holds [[rule]] and nothing else.");
    }
    for (const auto& each : *rules) {
      const auto* table = each.as_table();
      if (table == nullptr) return invalid("it holds [[rule]] and nothing else.");
      auto rule = rule_in(*table);
      if (!rule) return rule.error();
      if (!seen.insert(rule->from).second || !names.insert(rule->name).second) {
        return invalid("two rules have the same name or the same \"from\": \"" + rule->name +
                       "\".");
      }
      out.rules.push_back(*std::move(rule));
    }
  }
  return out;
}

Result<RetentionSchedule> read_retention(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Error{ErrorKind::not_found,
                 "The file that says how long records are kept is not there: " + path +
                     ". Put it back, or name it as files.retention in node.toml."};
  }
  std::string text(file_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return parse_retention(text);
}

}  // namespace throughgate::node
