#include "node/text/spoken_telephone.h"

#include <algorithm>
#include <array>

namespace throughgate::node {
namespace {

// Places whose own numbers have five digits, or four. From Ofcom's list of area codes.
constexpr std::array<std::string_view, 12> long_areas{"013873", "015242", "015394", "015395",
                                                      "015396", "016973", "016974", "016977",
                                                      "017683", "017684", "017687", "019467"};

struct Groups {
  std::size_t first;
  std::size_t second;  // 0: all that is left
};

// Of a number that begins with 0; nothing in `first` when its groups cannot be told.
Groups groups_of(std::string_view national) {
  constexpr std::size_t whole = 11;
  const bool starts_long = std::any_of(long_areas.begin(), long_areas.end(),
                                       [&](auto area) { return national.starts_with(area); });
  if (starts_long) return {6, 0};
  const bool big_city = national[1] == '1' && (national[2] == '1' || national[3] == '1');
  if (national[1] == '1') {
    if (!big_city) return {5, 0};
    return national.size() == whole ? Groups{4, 3} : Groups{0, 0};
  }
  if (national[1] == '8' && national.size() < whole) return {4, 0};  // 0800 111111
  if (national.size() != whole) return {0, 0};
  if (national[1] == '2') return {3, 4};
  if (national[1] == '3' || national[1] == '8' || national[1] == '9') return {4, 3};
  if (national[1] == '7') return {5, 0};
  return {0, 0};
}

}  // namespace

std::string spoken_telephone(std::string_view number) {
  constexpr std::size_t shortest = 10;  // +44 and seven digits
  if (!number.starts_with("+44") || number.size() < shortest) return std::string(number);
  std::string national = "0" + std::string(number.substr(3));
  const auto [first, second] = groups_of(national);
  if (first == 0) return national;
  std::string out = national.substr(0, first) + " ";
  if (second == 0) return out + national.substr(first);
  return out + national.substr(first, second) + " " + national.substr(first + second);
}

}  // namespace throughgate::node
