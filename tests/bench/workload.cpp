#include "tests/bench/workload.h"

#include <array>
#include <string>

namespace throughgate::bench {
namespace {

using node::FieldInput;

constexpr std::array given_names{"Amal", "Bryn",  "Carys", "Dilip", "Erin",  "Femi",  "Gwil",
                                 "Hana", "Idris", "Jess",  "Kofi",  "Lowri", "Marta", "Nia"};
constexpr std::array family_names{"Quillfeather", "Marlowby", "Tansywick", "Hollinbrook",
                                  "Okonedo",      "Varleigh", "Penhallt",  "Szymczyk",
                                  "Brackenby",    "Dasgupto"};
constexpr std::array phrases{"prefers mornings",  "has a first aid certificate",
                             "speaks some Welsh", "asks for training",
                             "comes by bus",      "knows the gate",
                             "likes group work",  "works late on Fridays",
                             "plays chess",       "needs a large print rota"};
constexpr std::size_t note_bytes = 120;
constexpr std::size_t numbers = 1000;  // 07700 900000 to 900999 belong to nobody

// A small generator of its own for each volunteer: splitmix64.
class Draw {
 public:
  explicit Draw(std::size_t i) : state_(i * 0x9E3779B97F4A7C15ull + 42) {}
  std::size_t below(std::size_t end) {
    state_ += 0x9E3779B97F4A7C15ull;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return static_cast<std::size_t>((z ^ (z >> 31)) % end);
  }
  template <std::size_t Size>
  std::string of(const std::array<const char*, Size>& words) {
    return words[below(Size)];
  }

 private:
  std::uint64_t state_;
};

std::string digits(std::size_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

std::string mobile(std::size_t number) { return "07700 900" + digits(number % numbers, 3); }

std::string note(Draw& draw) {
  std::string out;
  while (out.size() < note_bytes) out += draw.of(phrases) + ", ";
  out.resize(note_bytes);
  if (out.back() == ' ') out.back() = '.';  // a space at the end would not be kept
  return out;
}

FieldInput set(const char* field, std::string text) {
  return {field, std::move(text), FieldInput::How::set};
}

}  // namespace

Workload::Workload(const node::CodeLists& codes)
    : reasons_(*codes.list("leaving-reasons")), prisons_(*codes.list("establishments")) {}

// Retired codes are left out, as a form would.
std::string_view Workload::code(const node::CodeList& list, std::size_t number) const {
  std::vector<const node::Code*> offered;
  for (const auto& each : list.codes()) {
    if (each.offered()) offered.push_back(&each);
  }
  return offered[number % offered.size()]->code;
}

std::vector<FieldInput> Workload::volunteer(std::size_t i) const {
  Draw draw(i);
  const std::string given = draw.of(given_names);
  const std::string family = draw.of(family_names);
  const std::string born = digits(1940 + draw.below(65), 4) + "-" + digits(1 + draw.below(12), 2) +
                           "-" + digits(1 + draw.below(28), 2);
  return {set("given-name", given),
          set("family-name", family),
          set("known-as", draw.of(given_names)),
          set("former-names", draw.of(family_names)),
          set("date-of-birth", born),
          set("email", given + "." + family + std::to_string(i) + "@example.org"),
          set("mobile", mobile(i)),
          set("status", "ACTIVE"),
          set("standing", "CLEAR"),
          set("standing-reason", note(draw)),
          set("stage-reason", std::string(code(reasons_, i))),
          set("home-site", std::string(code(prisons_, i)))};
}

FieldInput Workload::edit(std::size_t i, std::size_t round, Author author) const {
  const bool second = author == Author::second;
  std::size_t field = (i * 7 + round) % editable_fields;
  if (second && i % 20 != 0) field = (field + 3) % editable_fields;
  const std::string mark =
      std::string(second ? "B" : "A") + std::to_string(round) + " " + std::to_string(i);
  switch (field) {
    case 0:
      return set("given-name", "Given " + mark);
    case 1:
      return set("family-name", "Family " + mark);
    case 2:
      return set("known-as", "Known " + mark);
    case 3:
      return set("email", "changed." + std::to_string(round) + (second ? "b" : "a") +
                              std::to_string(i) + "@example.org");
    case 4:
      return set("mobile", mobile(i + 222 * round + (second ? 111 : 0)));
    case 5:
      return set("standing-reason", "Changed in round " + mark);
    case 6:
      return set("stage-reason", std::string(code(reasons_, i + round + (second ? 7 : 0))));
    default:
      return set("home-site", std::string(code(prisons_, i + round + (second ? 7 : 0))));
  }
}

}  // namespace throughgate::bench
