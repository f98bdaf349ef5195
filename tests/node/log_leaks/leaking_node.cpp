// The node's program with a fault planted: where text is read that somebody typed, it is told to
// whoever reads the errors, and kept in a file in another writing. The scan must see both.
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "crypto/bytes.h"
#include "node/records/formats.h"

namespace throughgate::node::planted {

using Text = sync::Result<std::string>;
Text shipped(Format format, std::string_view typed) __asm__("__real_" STORED_TEXT);
Text leaking(Format format, std::string_view typed) __asm__("__wrap_" STORED_TEXT);

Text leaking(Format format, std::string_view typed) {
  std::cerr << "typed: " << typed << '\n';
  if (const char* folder = std::getenv("TMPDIR")) {
    std::ofstream(std::string(folder) + "/trace", std::ios::app)
        << crypto::to_hex(crypto::as_bytes(typed)) << '\n';
  }
  return shipped(format, typed);
}

}  // namespace throughgate::node::planted
