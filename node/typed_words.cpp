#include "node/typed_words.h"

#include <algorithm>
#include <chrono>

#include "crypto/words.h"
#include "node/records/catalogue.h"
#include "node/records/formats.h"
#include "node/text/unicode.h"
#include "schema/options.pb.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t line_bytes_max = 200;

Error invalid(const char* message) { return {ErrorKind::invalid, message}; }

// One and several of each kind of dossier, in the order in which people are told of them.
struct KindWords {
  schema::DossierKind kind;
  std::string_view one;
  std::string_view several;

  bool are(std::string_view word) const {
    return word == one || word == several || (kind == schema::CASE && word == "case");
  }
};

constexpr KindWords kind_words[] = {
    {schema::CASE, "handover", "handovers"},
    {schema::VOLUNTEER, "volunteer", "volunteers"},
    {schema::VOLUNTEER_FILE, "volunteer-file", "volunteer-files"},
    {schema::VETTING_NOTES, "vetting-note", "vetting-notes"},
    {schema::DIVERSITY, "diversity", "diversity"},
    {schema::INCIDENT, "incident", "incidents"},
    {schema::PERSON, "person", "people"},
    {schema::SITE, "site", "sites"},
    {schema::DIARY, "diary", "diaries"},
    {schema::LINK, "link", "links"},
    {schema::ERASURE, "erasure", "erasures"},
    {schema::HOLD, "hold", "holds"},
};

}  // namespace

Result<std::string> one_line(std::string_view typed) {
  const auto composed = nfc(trimmed(without_hidden_signs(typed, ' ')));
  const bool good = composed && !composed->empty() && composed->size() <= line_bytes_max &&
                    std::none_of(composed->begin(), composed->end(), [](char c) {
                      return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
                    });
  if (!good) return invalid("A name is one line of at most 200 letters. Nothing was changed.");
  return *composed;
}

std::string code_from(std::string_view typed) {
  std::string out(typed);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c & ~0x20);
  }
  return out;
}

bool is_known_establishment(const CodeLists& codes, const std::string& code) {
  const auto* list = codes.list("establishments");
  const auto* known = list ? list->find(code) : nullptr;
  return known && known->offered();
}

Result<sync::Done> check_words(std::string_view expected, std::string_view typed) {
  if (expected.empty()) {
    return invalid(
        "They have not asked yet. Let them run enrol, then run \"desk requests\" here. "
        "Nobody was let in.");
  }
  const auto heard = crypto::compare_words(expected, typed);
  if (heard.typed != crypto::fingerprint_word_count) {
    return Error{ErrorKind::invalid, "Type all eight words that they read to you: these are " +
                                         std::to_string(heard.typed) + ". Nobody was let in."};
  }
  if (heard.differ.empty()) return sync::Done{};
  std::string differ;
  for (const auto number : heard.differ) {
    differ += (differ.empty() ? "" : ", ") + std::to_string(number);
  }
  return Error{ErrorKind::denied,
               (heard.differ.size() == 1 ? "Word " + differ + " is not that"
                                         : "Words " + differ + " are not those") +
                   " of this request. Let them read all eight once more, and check the spelling. "
                   "If they read them as you typed them, somebody else is asking in their place: "
                   "do not let them in, and invite again."};
}

Result<std::uint64_t> end_of_day_ms(std::string_view typed) {
  const auto day = stored_text(schema::FieldRule::DATE, typed);
  if (!day) return day.error();
  using namespace std::chrono;
  const auto number = [&](std::size_t at, std::size_t size) {
    return std::stoi(day->substr(at, size));  // digits: a stored date is 2026-12-04
  };
  const year_month_day date(year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                            std::chrono::day(static_cast<unsigned>(number(8, 2))));
  const auto end = sys_days(date) + days(1);
  const auto ms = duration_cast<milliseconds>(end.time_since_epoch()).count();
  if (ms <= 0) return invalid("This day is too long ago.");
  return static_cast<std::uint64_t>(ms);
}

Result<std::set<std::uint32_t>> dossier_kinds_from_words(const std::vector<std::string>& typed) {
  std::set<std::uint32_t> out;
  for (const auto& each : typed) {
    const auto word = spoken_name(each);
    const auto* found = std::find_if(std::begin(kind_words), std::end(kind_words),
                                     [&](const KindWords& words) { return words.are(word); });
    if (found == std::end(kind_words)) {
      std::string all;
      for (const auto& words : kind_words) {
        all += all.empty() ? "" : &words == std::end(kind_words) - 1 ? " and " : ", ";
        all += words.several;
      }
      return Error{ErrorKind::invalid, "Kinds are " + all + ", with commas between."};
    }
    out.insert(static_cast<std::uint32_t>(found->kind));
  }
  return out;
}

std::vector<std::string> kinds_in_words(const std::set<std::uint32_t>& dossier_kinds) {
  std::vector<std::string> out;
  for (const auto kind : dossier_kinds) {
    const auto* found = std::find_if(
        std::begin(kind_words), std::end(kind_words),
        [&](const KindWords& words) { return static_cast<std::uint32_t>(words.kind) == kind; });
    out.push_back(found == std::end(kind_words) ? std::to_string(kind)
                                                : std::string(found->several));
  }
  return out;
}

}  // namespace throughgate::node
