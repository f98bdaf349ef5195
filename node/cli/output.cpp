#include "node/cli/output.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ostream>

#include "node/text/unicode.h"

namespace throughgate::node::cli {
namespace {

constexpr std::size_t line_max = 160;  // a wide window; longer lines are hard to follow anyway

// What would steer the terminal is shown as '?'; what only hides is left out, as on pages.
std::string without_controls(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text[0]);
    const bool c1 = byte == 0xC2 && text.size() > 1 &&
                    static_cast<unsigned char>(text[1]) < 0xA0;  // U+0080 to U+009F
    const std::size_t hidden = std::max(line_break(text), hidden_sign(text));
    if (c1 || byte < 0x20 || byte == 0x7F) {
      out += '?';
    } else if (line_break(text) > 0) {
      out += ' ';
    } else if (hidden == 0) {
      out += text[0];
    }
    text.remove_prefix(std::max<std::size_t>(hidden, 1));
  }
  return out;
}

std::string text_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return without_controls(*text);
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "yes" : "no";
  std::string out;
  for (const auto& each : std::get<std::vector<std::string>>(value)) {
    out += (out.empty() ? "" : ", ") + without_controls(each);
  }
  return out;
}

std::string json_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return json_text(*text);
  if (const auto* number = std::get_if<std::uint64_t>(&value)) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  std::string out = "[";
  for (const auto& each : std::get<std::vector<std::string>>(value)) {
    out += (out.size() == 1 ? "" : ", ") + json_text(each);
  }
  return out + "]";
}

std::string json_name(std::string_view spoken) {
  std::string out(spoken);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  return json_text(out);
}

std::size_t letters_in(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

void put_padded(std::ostream& out, const std::string& text, std::size_t width) {
  out << text << std::string(width - std::min(width, letters_in(text)), ' ');
}

}  // namespace

std::string shown_size(std::uint64_t bytes) {
  constexpr std::uint64_t mb = 1'000'000;
  if (bytes < mb) return std::to_string((bytes + 999) / 1000) + " kB";
  const auto tenths = (bytes + mb / 10 - 1) / (mb / 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MB";
}

std::string shown_time(std::uint64_t ms) {
  if (ms == 0) return "never";
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(ms)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<minutes>(time - day));
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u %02d:%02d UTC",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()));
  return out.data();
}

void Output::json_facts(const Facts& facts) {
  for (std::size_t i = 0; i < facts.size(); ++i) {
    out_ << (i == 0 ? "" : ", ") << json_name(facts[i].first) << ": " << json_of(facts[i].second);
  }
}

void Output::json_rows(const std::vector<std::string>& columns, const std::vector<Row>& rows) {
  out_ << "[";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    out_ << (row == 0 ? "\n  {" : ",\n  {");
    for (std::size_t i = 0; i < columns.size(); ++i) {
      out_ << (i == 0 ? "" : ", ") << json_name(columns[i]) << ": " << json_of(rows[row].at(i));
    }
    out_ << "}";
  }
  out_ << (rows.empty() ? "]" : "\n]");
}

void Output::listed_rows(const std::vector<std::string>& columns, const std::vector<Row>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i > 0) out_ << '\n';
    Facts filled;
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const auto& value = rows[i].at(column);
      if (!text_of(value).empty()) filled.emplace_back(columns[column], value);
    }
    facts(filled);
  }
}

void Output::table(const std::vector<std::string>& columns,
                   const std::vector<std::vector<Value>>& rows, std::string_view when_empty) {
  if (json_) {
    json_rows(columns, rows);
    out_ << '\n';
    return;
  }
  if (rows.empty()) return say(when_empty);
  std::vector<std::size_t> widths;
  std::size_t line = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::size_t width = letters_in(columns[i]);
    for (const auto& row : rows) width = std::max(width, letters_in(text_of(row.at(i))));
    widths.push_back(i + 1 < columns.size() ? width + 2 : 0);  // nothing follows the last
    line += width + 2;
  }
  if (line > line_max) return listed_rows(columns, rows);
  for (std::size_t i = 0; i < columns.size(); ++i) put_padded(out_, columns[i], widths[i]);
  out_ << '\n';
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) put_padded(out_, text_of(row[i]), widths[i]);
    out_ << '\n';
  }
}

void Output::facts(const Facts& facts) {
  if (json_) {
    out_ << "{";
    json_facts(facts);
    out_ << "}\n";
    return;
  }
  std::size_t width = 0;
  for (const auto& [name, value] : facts) width = std::max(width, letters_in(name) + 2);
  for (const auto& [name, value] : facts) {
    put_padded(out_, name + ":", width + 1);
    out_ << text_of(value) << '\n';
  }
}

void Output::facts(const Facts& first, const std::vector<NamedTable>& tables) {
  if (!json_) {
    facts(first);
    for (const auto& each : tables) {
      if (each.rows.empty()) continue;
      out_ << '\n' << each.name << '\n';
      table(each.columns, each.rows, "");
    }
    return;
  }
  out_ << "{";
  json_facts(first);
  for (const auto& each : tables) {
    out_ << ",\n " << json_name(each.name) << ": ";
    json_rows(each.columns, each.rows);
  }
  out_ << "}\n";
}

void Output::say(std::string_view text) {
  if (!json_) out_ << text << '\n';
}

void Output::raw_json(std::string_view json) {
  if (json_) out_ << json << '\n';
}

}  // namespace throughgate::node::cli
