#include "node/records/codes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "node/records/formats.h"
#include "tools/third_party/toml.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t files_max = 100;
constexpr std::size_t file_bytes_max = 256 << 10;
constexpr std::size_t codes_max = 1000;
constexpr std::size_t code_bytes_max = 32;  // what a field with a code list keeps
constexpr std::size_t text_bytes_max = 300;

// What a list may say of a code; a misspelt key is refused, not silently left out.
constexpr std::array<std::string_view, 14> known_facts = {
    "share", "group", "note",   "valid_months", "welsh_name", "types",   "categories",
    "male",  "town",  "female", "county",       "postcode",   "country", "maps_to"};

Error wrong(const std::string& list, const std::string& place, const std::string& what) {
  return {ErrorKind::invalid, "Code list \"" + list + "\", " + place + ": " + what};
}

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= code_bytes_max &&
         std::all_of(text.begin(), text.end(), [](char letter) {
           return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' ||
                  letter == '-';
         });
}

bool same_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

// What is wrong with one key and its text; nullopt when it was taken.
std::optional<std::string> take(Code& code, std::string_view key, std::string text) {
  if (text.size() > text_bytes_max) return "\"" + std::string(key) + "\" is too long";
  if (!is_utf8(text)) return "\"" + std::string(key) + "\" is not UTF-8";
  if (key == "code") {
    code.code = std::move(text);
  } else if (key == "label") {
    code.label = std::move(text);
  } else if (key == "retired_on") {
    if (!text.empty() && !is_date(text)) return "retired_on must be a date such as 2026-12-04";
    code.retired_on = std::move(text);
  } else if (std::find(known_facts.begin(), known_facts.end(), key) != known_facts.end()) {
    if (!text.empty()) code.facts.emplace(key, std::move(text));
  } else {
    return "\"" + std::string(key) + "\" is not a key this program knows";
  }
  return std::nullopt;
}

Result<CodeList> checked(const std::string& name, std::string title, std::vector<Code> codes) {
  if (codes.empty()) return wrong(name, "whole file", "there are no codes");
  if (codes.size() > codes_max) return wrong(name, "whole file", "more than 1,000 codes");
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::string place = "code " + std::to_string(i + 1);
    if (!is_code(codes[i].code)) {
      return wrong(name, place, "a code has 1 to 32 letters, digits, \"_\" or \"-\"");
    }
    if (codes[i].label.empty()) return wrong(name, place, "the label is missing");
    if (!seen.insert(codes[i].code).second) return wrong(name, place, "the code stands here twice");
  }
  return CodeList(name, std::move(title), std::move(codes));
}

std::optional<std::string> text_of_node(const toml::node& node) {
  if (node.is_string()) return node.value<std::string>();
  if (node.is_integer()) return std::to_string(*node.value<std::int64_t>());
  if (!node.is_date()) return std::nullopt;
  const toml::date date = *node.value<toml::date>();
  return iso_date({date.year, date.month, date.day});
}

Result<Code> parse_code(const std::string& list, const toml::table& table) {
  Code code;
  const std::string place = "line " + std::to_string(table.source().begin.line);
  for (const auto& [key, node] : table) {
    auto text = text_of_node(node);
    if (!text) return wrong(list, place, "\"" + std::string(key.str()) + "\" must be text");
    if (auto fault = take(code, key.str(), std::move(*text))) return wrong(list, place, *fault);
  }
  return code;
}

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  for (const char letter : line) {
    if (letter == ',') {
      cells.emplace_back();
    } else {
      cells.back() += letter;
    }
  }
  return cells;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Result<std::string> read_file(const std::filesystem::path& path, const std::string& name) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return wrong(name, "whole file", "it cannot be read");
  std::string text(file_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > file_bytes_max) return wrong(name, "whole file", "it is larger than 256 KiB");
  return text;
}

}  // namespace

std::string_view Code::fact(std::string_view name) const {
  const auto found = facts.find(name);
  return found == facts.end() ? std::string_view() : std::string_view(found->second);
}

CodeList::CodeList(std::string name, std::string title, std::vector<Code> codes)
    : name_(std::move(name)), title_(std::move(title)), codes_(std::move(codes)) {}

const Code* CodeList::find(std::string_view code) const {
  const auto found = std::find_if(codes_.begin(), codes_.end(),
                                  [&](const Code& each) { return each.code == code; });
  return found == codes_.end() ? nullptr : &*found;
}

const Code* CodeList::find_typed(std::string_view text) const {
  const Code* retired = nullptr;
  for (const Code& code : codes_) {
    if (!same_in_any_case(code.code, text) && !same_in_any_case(code.label, text)) continue;
    if (code.offered()) return &code;
    retired = &code;
  }
  return retired;
}

Result<CodeList> parse_code_list(const std::string& name, std::string_view toml) {
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    return wrong(name, "line " + std::to_string(parsed.error().source().begin.line),
                 std::string(parsed.error().description()));
  }
  const toml::table& table = parsed.table();
  const auto title = table["title"].value<std::string>();
  const toml::array* entries = table["code"].as_array();
  if (!title || entries == nullptr || table.size() != 2) {
    return wrong(name, "whole file", "it needs a title and [[code]] tables, and nothing else");
  }
  std::vector<Code> codes;
  for (const toml::node& entry : *entries) {
    if (!entry.is_table()) return wrong(name, "whole file", "each code must be a [[code]] table");
    auto code = parse_code(name, *entry.as_table());
    if (!code) return code.error();
    codes.push_back(std::move(*code));
  }
  return checked(name, *title, std::move(codes));
}

Result<CodeList> parse_code_table(const std::string& name, std::string_view csv) {
  if (csv.find('"') != std::string_view::npos) {
    return wrong(name, "whole file", "quotes are not taken here");
  }
  const auto lines = lines_of(csv);
  if (lines.empty()) return wrong(name, "whole file", "it is empty");
  std::vector<std::string> columns = cells_of(lines.front());
  std::replace(columns.begin(), columns.end(), std::string("name"), std::string("label"));

  std::vector<Code> codes;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::string place = "row " + std::to_string(i + 1);
    std::vector<std::string> cells = cells_of(lines[i]);
    if (cells.size() != columns.size()) return wrong(name, place, "it has too many or few cells");
    Code code;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (auto fault = take(code, columns[c], std::move(cells[c]))) {
        return wrong(name, place, *fault);
      }
    }
    codes.push_back(std::move(code));
  }
  // A table is long, and people look for a name in it; a .toml list stands in an order of its own.
  std::stable_sort(codes.begin(), codes.end(),
                   [](const Code& a, const Code& b) { return a.label < b.label; });
  return checked(name, name, std::move(codes));
}

Result<CodeLists> CodeLists::load(const std::filesystem::path& folder) {
  std::error_code failed;
  std::vector<std::filesystem::path> files;
  std::filesystem::directory_iterator entry(folder, failed);
  for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    const auto extension = entry->path().extension();
    if (extension == ".toml" || extension == ".csv") files.push_back(entry->path());
  }
  if (failed || files.empty()) {
    return Error{ErrorKind::not_found,
                 "There are no code lists in " + folder.string() +
                     ". Write --codes FOLDER before the command, or name their folder as \"codes\" "
                     "under [files] in the settings, node.toml in the data folder."};
  }
  if (files.size() > files_max) return Error{ErrorKind::invalid, "More than 100 code lists"};
  std::sort(files.begin(), files.end());

  CodeLists lists;
  for (const auto& path : files) {
    const std::string name = path.stem().string();
    auto text = read_file(path, name);
    if (!text) return text.error();
    auto list =
        path.extension() == ".toml" ? parse_code_list(name, *text) : parse_code_table(name, *text);
    if (!list) return list.error();
    if (!lists.lists_.emplace(name, std::move(*list)).second) {
      return wrong(name, "whole file", "there are two lists of this name");
    }
  }
  return lists;
}

const CodeList* CodeLists::list(std::string_view name) const {
  const auto found = lists_.find(name);
  return found == lists_.end() ? nullptr : &found->second;
}

std::vector<std::string> CodeLists::names() const {
  std::vector<std::string> names;
  for (const auto& [name, list] : lists_) names.push_back(name);
  return names;
}

}  // namespace throughgate::node
