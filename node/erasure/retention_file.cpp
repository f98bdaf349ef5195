// retention.toml, read.
#include <algorithm>
#include <fstream>

#include "node/erasure/schedule.h"
#include "tools/third_party/toml.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t file_bytes_max = 64 << 10;
constexpr std::size_t text_bytes_max = 60;  // of a name; a source may be longer
constexpr std::size_t source_bytes_max = 300;
constexpr std::int64_t months_max = 1200;
constexpr std::int64_t days_max = 3660;

Error invalid(const std::string& what) {
  return {ErrorKind::invalid, "How long records are kept (retention.toml): " + what};
}

Error wrong_section() { return invalid("it holds [[rule]], [goes-with] and nothing else."); }

bool is_line(const std::string& text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

constexpr std::string_view rule_keys[] = {"name", "from", "months", "days", "longest", "source"};

// nullopt: it is there, and no number from 0 to `max`.
std::optional<int> number_in(const toml::table& table, std::string_view key, std::int64_t max) {
  if (!table.contains(key)) return 0;
  const auto number = table[key].value_exact<std::int64_t>();
  if (!number || *number < 0 || *number > max) return std::nullopt;
  return static_cast<int>(*number);
}

Result<RetentionRule> periods_in(const toml::table& table, RetentionRule rule) {
  const auto months = number_in(table, "months", months_max);
  const auto days = number_in(table, "days", days_max);
  const auto longest = number_in(table, "longest", months_max);
  const std::string of = " of the rule \"" + rule.name + "\" ";
  if (!months) return invalid("months" + of + "must be from 0 to 1200.");
  if (!days) return invalid("days" + of + "must be from 0 to 3660.");
  if (!table.contains("months") && !table.contains("days")) {
    return invalid("the rule \"" + rule.name + "\" needs months or days; 0 is at once.");
  }
  if (!longest || (*longest > 0 && (rule.from != KeptFrom::partner_copy || *longest < *months))) {
    return invalid("longest" + of +
                   "goes with \"from\" partner-copy only, is from 1 to 1200 months, and no fewer "
                   "than its months.");
  }
  rule.months = *months;
  rule.days = *days;
  rule.longest = *longest;
  return rule;
}

Result<RetentionRule> rule_in(const toml::table& table) {
  for (const auto& [key, value] : table) {
    const auto name = key.str();
    if (std::find(std::begin(rule_keys), std::end(rule_keys), name) == std::end(rule_keys)) {
      return invalid("\"" + std::string(name) +
                     "\" is not known. A rule has name, from, months or days, source, and may "
                     "have longest.");
    }
  }
  RetentionRule rule;
  rule.name = table["name"].value_exact<std::string>().value_or("");
  rule.source = table["source"].value_exact<std::string>().value_or("");
  if (!is_line(rule.name, text_bytes_max)) {
    return invalid("each rule needs a name, one line of at most 60 letters.");
  }
  if (!is_line(rule.source, source_bytes_max)) {
    return invalid("the rule \"" + rule.name + "\" needs a source, in a line.");
  }
  const auto from = kept_from(table["from"].value_exact<std::string>().value_or(""));
  if (!from) {
    return invalid("\"from\" of the rule \"" + rule.name +
                   "\" is none of those that the file's first lines list.");
  }
  rule.from = *from;
  return periods_in(table, std::move(rule));
}

Result<Done> take_rules(const toml::node& value, RetentionSchedule& out) {
  const auto* rules = value.as_array();
  if (rules == nullptr) return wrong_section();
  for (const auto& each : *rules) {
    const auto* table = each.as_table();
    if (table == nullptr) return wrong_section();
    auto rule = rule_in(*table);
    if (!rule) return rule.error();
    const bool known = std::any_of(out.rules.begin(), out.rules.end(), [&](const auto& other) {
      return other.from == rule->from || other.name == rule->name;
    });
    if (known) {
      return invalid("two rules have the same name or the same \"from\": \"" + rule->name + "\".");
    }
    out.rules.push_back(*std::move(rule));
  }
  return Done{};
}

Result<Done> take_words(const toml::node& value, RetentionSchedule& out) {
  const auto* table = value.as_table();
  if (table == nullptr) return wrong_section();
  for (const auto& [key, words] : *table) {
    const std::string name(key.str());
    const auto* type = record_type(name);
    if (!type || type->name != name) {
      return invalid("\"" + name +
                     "\" in [goes-with] is no kind of record. \"record types\" lists them.");
    }
    const auto text = words.value_exact<std::string>().value_or("");
    if (!is_line(text, source_bytes_max)) {
      return invalid("\"" + name + "\" in [goes-with] needs a line that says with what it goes.");
    }
    out.goes_with[name] = text;
  }
  return Done{};
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
  for (const auto& [key, value] : parsed.table()) {
    const auto taken = key.str() == "rule"        ? take_rules(value, out)
                       : key.str() == "goes-with" ? take_words(value, out)
                                                  : Result<Done>(wrong_section());
    if (!taken) return taken.error();
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
