#include "sync/dictionary/dictionaries.h"

#include <array>

// From embedded.S.
extern "C" const std::uint8_t throughgate_dictionary_1[];
extern "C" const std::uint8_t throughgate_dictionary_1_end[];

namespace throughgate::sync {

std::span<const Dictionary> dictionaries() {
  static const std::array all{
      Dictionary{1, ByteView(throughgate_dictionary_1, throughgate_dictionary_1_end)}};
  return all;
}

}  // namespace throughgate::sync
