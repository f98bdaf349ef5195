#include "node/intake/names.h"

#include <algorithm>
#include <array>

#include "node/intake/cell_text.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

constexpr std::size_t name_bytes_max = 200;

constexpr std::array<std::string_view, 22> titles{
    "mr",       "mrs",   "miss",  "ms",   "mx",   "dr",     "rev",  "revd",
    "reverend", "rev'd", "rev’d", "fr",   "sir",  "father", "prof", "sister",
    "brother",  "imam",  "rabbi", "lady", "dame", "canon"};

// Words that begin a surname of more than one word.
constexpr std::array<std::string_view, 22> particles{
    "ap", "ab",  "ferch", "van", "von", "der", "den",  "de", "la", "le", "du",
    "da", "dos", "di",    "del", "bin", "ibn", "bint", "al", "el", "st", "ter"};

template <class Words>
bool is_one_of(std::string_view word, const Words& words) {
  std::string key = lower_case(word);
  if (key.ends_with('.')) key.pop_back();
  return std::find(words.begin(), words.end(), key) != words.end();
}

std::string joined(const std::vector<std::string>& words, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t index = first; index < last; ++index) {
    if (!text.empty()) text += ' ';
    text += words[index];
  }
  return text;
}

// "o'brien-smith" becomes "O'Brien-Smith"; "mcdonald" becomes "McDonald".
std::string capitalised_word(std::string_view word, bool keep_particles) {
  std::string lower = lower_case(word);
  if (keep_particles && is_one_of(lower, particles) && lower != "st") return lower;
  std::string out;
  std::size_t start = 0;
  while (start <= lower.size()) {
    const auto end = std::min(lower.find_first_of("-'", start), lower.size());
    auto part = capitalise(std::string_view(lower).substr(start, end - start));
    if (part.starts_with("Mc") && part.size() > 3) part = "Mc" + capitalise(part.substr(2));
    out += part;
    if (end == lower.size()) break;
    out += lower[end];
    start = end + 1;
  }
  return out;
}

std::string with_usual_capitals(std::string_view text) {
  const bool one_case = is_all_upper(text) || is_all_lower(text);
  if (!one_case || text.size() <= 2) return std::string(text);  // "JJ" may be initials
  std::string out;
  for (const std::string& word : split(text, " ")) {
    if (!out.empty()) out += ' ';
    out += capitalised_word(word, !out.empty());
  }
  return out;
}

std::string fault_in(std::string_view text) {
  const auto quoted = "\"" + std::string(text) + "\" ";
  if (text.size() > name_bytes_max) return quoted + "is too long for a name";
  if (text.find_first_of("0123456789@<>=[]{}|\\_*#%!?$&+") != std::string_view::npos) {
    return quoted + "holds characters that no name has";
  }
  if (plain_key(text).empty()) return quoted + "holds no letters";
  return {};
}

constexpr std::array<std::string_view, 4> former_openings{"née ", "nee ", "formerly ",
                                                          "previously "};

// The name after "née " where `text` begins so; empty otherwise.
std::string_view after_former_opening(std::string_view text) {
  for (const std::string_view opening : former_openings) {
    if (lower_case(text.substr(0, opening.size())) == opening) return text.substr(opening.size());
  }
  return {};
}

// Takes what stands in brackets, in quotes or after "née" out of `text`, into `name`.
void take_asides(std::string& text, PersonName& name) {
  for (const auto& [open, close] : {std::pair{'(', ')'}, std::pair{'"', '"'}}) {
    const auto start = text.find(open);
    const auto end = start == std::string::npos ? start : text.find(close, start + 1);
    if (end == std::string::npos) continue;
    const std::string inside = text.substr(start + 1, end - start - 1);
    text.erase(start, end - start + 1);
    if (const auto former = after_former_opening(inside); !former.empty()) {
      name.former_names.push_back(with_usual_capitals(former));
    } else {
      name.known_as = with_usual_capitals(inside);
    }
  }
  for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 1)) {
    const auto former = after_former_opening(std::string_view(text).substr(at + 1));
    if (former.empty()) continue;
    name.former_names.push_back(with_usual_capitals(former));
    text.erase(at);
    return;
  }
}

std::string without_outer_spaces(const std::string& text) {
  const auto words = split(text, " ");
  return joined(words, 0, words.size());
}

// Whatever `take_asides` put into `name` must be a name as well.
std::string fault_in_asides(const PersonName& name) {
  std::string fault = name.known_as.empty() ? std::string() : fault_in(name.known_as);
  for (const std::string& former : name.former_names) {
    if (fault.empty()) fault = fault_in(former);
  }
  return fault;
}

// One column's part of a name, put into the member `part`.
Reading<PersonName> read_part(std::string_view text, std::string PersonName::*part) {
  if (text.empty()) return {};
  PersonName name;
  std::string rest(text);
  take_asides(rest, name);
  auto bare = read_name_part(without_outer_spaces(rest));
  if (!bare.problem.empty()) return {{}, bare.problem, {}};
  if (auto fault = fault_in_asides(name); !fault.empty()) return {{}, std::move(fault), {}};
  name.*part = bare.value.value_or(std::string());
  return {std::move(name), {}, {}};
}

PersonName surname_first(const std::vector<std::string>& halves) {
  auto words = split(halves[1], " ");
  if (!words.empty() && is_one_of(words.front(), titles)) words.erase(words.begin());
  return {joined(words, 0, words.size()), halves[0], {}, {}};
}

PersonName surname_last(std::vector<std::string> words) {
  while (words.size() > 1 && is_one_of(words.front(), titles)) words.erase(words.begin());
  if (words.size() == 1) return {{}, words.at(0), {}, {}};
  std::size_t first_of_surname = words.size() - 1;
  while (first_of_surname > 1 && is_one_of(words[first_of_surname - 1], particles)) {
    --first_of_surname;
  }
  return {
      joined(words, 0, first_of_surname), joined(words, first_of_surname, words.size()), {}, {}};
}

}  // namespace

Reading<PersonName> read_full_name(std::string_view text) {
  if (text.empty()) return {};
  PersonName asides;
  std::string rest(text);
  take_asides(rest, asides);
  auto fault = fault_in(rest);
  if (fault.empty()) fault = fault_in_asides(asides);
  if (!fault.empty()) return {{}, std::move(fault), {}};
  const auto halves = split(rest, ",");
  if (halves.size() > 2) return {{}, "\"" + std::string(text) + "\" has more than one comma", {}};
  PersonName name =
      halves.size() == 2 ? surname_first(halves) : surname_last(split(halves[0], " "));
  name.forenames = with_usual_capitals(name.forenames);
  name.surname = with_usual_capitals(name.surname);
  name.known_as = std::move(asides.known_as);
  name.former_names = std::move(asides.former_names);
  return {std::move(name), {}, {}};
}

Reading<PersonName> read_forenames(std::string_view text) {
  return read_part(text, &PersonName::forenames);
}

Reading<PersonName> read_surname(std::string_view text) {
  return read_part(text, &PersonName::surname);
}

Reading<std::string> read_name_part(std::string_view text) {
  if (text.empty()) return {};
  if (auto fault = fault_in(text); !fault.empty()) return {{}, std::move(fault), {}};
  return {with_usual_capitals(text), {}, {}};
}

Reading<std::vector<std::string>> read_former_names(std::string_view text) {
  std::vector<std::string> names;
  for (const std::string& each : split(text, ";,/")) {
    const auto former = after_former_opening(each);
    auto name = read_name_part(former.empty() ? std::string_view(each) : former);
    if (!name.problem.empty()) return {{}, name.problem, {}};
    if (name.value) names.push_back(std::move(*name.value));
  }
  if (names.empty()) return {};
  return {std::move(names), {}, {}};
}

std::string shown_name(const PersonName& name) {
  std::string shown = name.forenames;
  const auto add = [&](const std::string& part) {
    if (part.empty()) return;
    if (!shown.empty()) shown += ' ';
    shown += part;
  };
  if (!name.known_as.empty()) add("(" + name.known_as + ")");
  add(name.surname);
  return shown;
}

}  // namespace throughgate::node
