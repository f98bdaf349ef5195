// One test vector: a text file of `name: value` lines, for any implementation to read. A name may
// come more than once; lines that start with # say what the vector is about.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/bytes.h"

namespace throughgate::vectors {

class VectorFile {
 public:
  VectorFile() = default;
  VectorFile(std::string kind, std::string about, std::string expect);

  VectorFile& add(std::string_view name, std::string value);
  VectorFile& add(std::string_view name, crypto::ByteView bytes);  // as hexadecimal; "-" for none

  // Throws std::runtime_error where the vector is not as it should be: it is ours.
  const std::string& text(std::string_view name) const;
  crypto::Bytes bytes(std::string_view name) const;
  std::uint64_t number(std::string_view name) const;
  std::optional<std::string> find(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;

  static VectorFile parse(std::string_view file);
  std::string print() const;

 private:
  std::string about_;
  std::vector<std::pair<std::string, std::string>> lines_;
};

// Hexadecimal; "-" for none; "zeros N" for so many.
crypto::Bytes from_hex_or_dash(std::string_view text);
std::string hex_or_dash(crypto::ByteView bytes);
std::vector<std::string> words(std::string_view line);

}  // namespace throughgate::vectors
