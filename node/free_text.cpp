#include "node/free_text.h"

#include <algorithm>
#include <optional>

#include "node/shipped_free_text.h"
#include "node/text/unicode.h"
#include "tools/third_party/toml.h"

namespace throughgate::node {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

namespace {

constexpr std::size_t list_bytes_max = 64 << 10;
constexpr std::size_t number_words_max = 5;  // "QQ 12 34 56 C"
constexpr std::size_t nhs_digits = 10;

bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 'A' a letter, '9' a digit.
bool has_form(std::string_view text, std::string_view form) {
  return std::equal(text.begin(), text.end(), form.begin(), form.end(),
                    [](char c, char f) { return f == 'A' ? is_letter(c) : is_digit(c); });
}

bool is_nhs_number(std::string_view text) {
  if (text.size() != nhs_digits || !std::all_of(text.begin(), text.end(), is_digit)) return false;
  std::size_t sum = 0;
  for (std::size_t i = 0; i + 1 < nhs_digits; ++i) {
    sum += static_cast<std::size_t>(text[i] - '0') * (nhs_digits - i);
  }
  const std::size_t check = (11 - sum % 11) % 11;
  return check != 10 && text.back() == static_cast<char>('0' + check);
}

bool is_national_insurance_number(std::string_view text) {
  return has_form(text, "AA999999A") && text.back() <= 'D';
}

// Beyond ASCII everything belongs to a word: letters of names do, and nothing is looked for there.
bool is_part_of_word(char c) {
  return is_letter(c) || is_digit(c) || (c >= 'a' && c <= 'z') || c == '\'' ||
         static_cast<unsigned char>(c) >= 0x80;
}

Error invalid(const std::string& what) {
  return {ErrorKind::invalid, "What free text is looked through for (free-text.toml): " + what};
}

}  // namespace

// The words of a text, and where they stand in it.
class TextWords {
 public:
  explicit TextWords(std::string_view text) : text_(text) {
    for (std::size_t at = 0; at < text.size();) {
      if (!is_part_of_word(text[at])) {
        ++at;
        continue;
      }
      const std::size_t begin = at;
      while (at < text.size() && is_part_of_word(text[at])) ++at;
      const auto word = text.substr(begin, at - begin);
      words_.push_back({begin, at, fold_case(strip_accents(word)), std::string(word)});
      for (char& c : words_.back().upper) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
      }
    }
  }

  static std::vector<std::string> folded(std::string_view text) {
    std::vector<std::string> out;
    for (auto& word : TextWords(text).words_) out.push_back(std::move(word.folded));
    return out;
  }

  // The first part of the text that is such a thing.
  std::optional<std::string> find(const FreeText::Kind& kind,
                                  const std::set<std::string>& own_numbers,
                                  const CodeList* alerts) const {
    for (std::size_t at = 0; at < words_.size(); ++at) {
      for (const auto& term : kind.terms) {
        if (begins(term, at)) return part(at, term.size());
      }
      if (kind.alerts && alerts) {
        if (const auto length = alert_at(*alerts, at)) return part(at, *length);
      }
      if (const auto length = number_at(kind.numbers, own_numbers, at)) return part(at, *length);
    }
    return std::nullopt;
  }

 private:
  struct Word {
    std::size_t begin, end;
    std::string folded, upper;
  };

  std::string part(std::size_t first, std::size_t count) const {
    const auto begin = words_[first].begin;
    return std::string(text_.substr(begin, words_[first + count - 1].end - begin));
  }

  bool begins(const std::vector<std::string>& term, std::size_t at) const {
    if (term.empty() || at + term.size() > words_.size()) return false;
    for (std::size_t i = 0; i < term.size(); ++i) {
      const std::string_view wanted = term[i];
      const std::string& word = words_[at + i].folded;
      const bool fits = wanted.back() == '*' ? word.starts_with(wanted.substr(0, wanted.size() - 1))
                                             : word == wanted;
      if (!fits) return false;
    }
    return true;
  }

  // Codes as they are written, in capitals; and what they stand for where that is more than a word.
  std::optional<std::size_t> alert_at(const CodeList& alerts, std::size_t at) const {
    for (const auto& code : alerts.codes()) {
      if (code.fact("share") != "S0") continue;
      const auto& word = words_[at];
      if (text_.substr(word.begin, word.end - word.begin) == code.code) return 1;
      const auto label = folded(code.label);
      if (label.size() > 1 && begins(label, at)) return label.size();
    }
    return std::nullopt;
  }

  // Numbers are typed with blanks, and without.
  std::optional<std::size_t> number_at(FreeText::Numbers numbers,
                                       const std::set<std::string>& own_numbers,
                                       std::size_t at) const {
    std::string joined;
    for (std::size_t count = 1; count <= number_words_max && at + count <= words_.size(); ++count) {
      joined += words_[at + count - 1].upper;
      if (is_number(numbers, joined) && !own_numbers.contains(joined)) return count;
    }
    return std::nullopt;
  }

  static bool is_number(FreeText::Numbers numbers, std::string_view text) {
    switch (numbers) {
      case FreeText::Numbers::none:
        return false;
      case FreeText::Numbers::prison:
        return has_form(text, "A9999AA");
      case FreeText::Numbers::national_insurance:
        return is_national_insurance_number(text);
      case FreeText::Numbers::nhs:
        return is_nhs_number(text);
    }
    return false;
  }

  std::string_view text_;
  std::vector<Word> words_;
};

// free-text.toml, read.
class FreeTextReader {
 public:
  static Result<FreeText> read(const toml::table& table) {
    FreeText out;
    const auto* kinds = table["kind"].as_array();
    if (!kinds || table.size() != 1) return invalid("it holds [[kind]] and nothing else.");
    for (const auto& each : *kinds) {
      if (!each.is_table()) return invalid("each kind is a table.");
      auto kind = kind_in(*each.as_table());
      if (!kind) return kind.error();
      out.kinds_.push_back(*std::move(kind));
    }
    return out;
  }

 private:
  static Result<FreeText::Kind> kind_in(const toml::table& table) {
    FreeText::Kind kind;
    kind.name = table["name"].value_exact<std::string>().value_or("");
    if (kind.name.empty()) return invalid("each kind needs a name.");
    if (table["source"].value_exact<std::string>().value_or("").empty()) {
      return invalid("\"" + kind.name + "\" needs a source.");
    }
    kind.alerts = table["alerts"].value_exact<bool>().value_or(false);
    const auto numbers = numbers_in(table["numbers"].value_exact<std::string>().value_or(""));
    if (!numbers) return invalid("\"" + kind.name + "\" names no numbers that are known.");
    kind.numbers = *numbers;
    if (const auto* words = table["words"].as_array()) {
      for (const auto& word : *words) {
        auto term = term_in(word.value_exact<std::string>().value_or(""));
        if (term.empty()) return invalid("\"" + kind.name + "\" has a word that is none.");
        kind.terms.push_back(std::move(term));
      }
    }
    const bool finds =
        kind.alerts || kind.numbers != FreeText::Numbers::none || !kind.terms.empty();
    if (!finds) return invalid("\"" + kind.name + "\" finds nothing.");
    return kind;
  }

  static std::optional<FreeText::Numbers> numbers_in(std::string_view name) {
    if (name.empty()) return FreeText::Numbers::none;
    if (name == "prison-number") return FreeText::Numbers::prison;
    if (name == "national-insurance-number") return FreeText::Numbers::national_insurance;
    if (name == "nhs-number") return FreeText::Numbers::nhs;
    return std::nullopt;
  }

  static std::vector<std::string> term_in(const std::string& text) {
    auto out = TextWords::folded(text);
    if (!out.empty() && text.back() == '*') out.back() += '*';
    return out;
  }
};

Result<FreeText> FreeText::parse(std::string_view text) {
  if (text.size() > list_bytes_max) return invalid("it is too long.");
  const auto parsed = toml::parse(text);
  if (!parsed) {
    return invalid("line " + std::to_string(parsed.error().source().begin.line) +
                   " cannot be read.");
  }
  return FreeTextReader::read(parsed.table());
}

// Its own test reads it; a list that does not hold warns of nothing.
const FreeText& FreeText::shipped() {
  static const FreeText list = [] {
    auto parsed = parse(shipped_free_text);
    return parsed ? *std::move(parsed) : FreeText{};
  }();
  return list;
}

std::vector<TextDoubt> FreeText::doubts_in(const std::string& where, std::string_view text,
                                           const std::set<std::string>& own_numbers,
                                           const CodeList* alerts) const {
  const TextWords words(text);
  std::vector<TextDoubt> out;
  for (const auto& kind : kinds_) {
    if (auto part = words.find(kind, own_numbers, alerts)) {
      out.push_back({where, *std::move(part), kind.name});
    }
  }
  return out;
}

std::vector<std::string> FreeText::looked_for() const {
  std::vector<std::string> out;
  for (const auto& kind : kinds_) out.push_back(kind.name);
  return out;
}

}  // namespace throughgate::node
