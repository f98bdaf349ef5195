// Which fault is planted in the shipped rules, if any. The functions beside this file stand, when
// linked, in the place of shipped ones (`--wrap`, see wrapped_symbols.txt). With nothing planted
// they do what those do; so shipped code needs no hook.
#pragma once

#include <string_view>

#include "wrapped_symbols.h"  // written by CMake from wrapped_symbols.txt

namespace throughgate::simulation {

// One at a time; for as long as it lives.
class Planted {
 public:
  explicit Planted(std::string_view fault);
  ~Planted();
  Planted(const Planted&) = delete;
  Planted& operator=(const Planted&) = delete;
};

bool is_planted(std::string_view fault);

}  // namespace throughgate::simulation

// Defines what stands in the place of a function, by its name in wrapped_symbols.txt: `real_NAME`
// is the shipped one. Of a member, the first parameter is its object.
#define THROUGHGATE_IN_PLACE_OF(result, name, ...)                 \
  result real_##name(__VA_ARGS__) asm("__real_" SYMBOL_##name);    \
  result wrapped_##name(__VA_ARGS__) asm("__wrap_" SYMBOL_##name); \
  result wrapped_##name(__VA_ARGS__)
