#include "tests/vectors/vector_file.h"

#include <sstream>
#include <stdexcept>

namespace throughgate::vectors {

using crypto::Bytes;
using crypto::ByteView;

VectorFile::VectorFile(std::string kind, std::string about, std::string expect)
    : about_(std::move(about)) {
  add("kind", std::move(kind));
  add("expect", std::move(expect));
}

VectorFile& VectorFile::add(std::string_view name, std::string value) {
  lines_.emplace_back(name, std::move(value));
  return *this;
}

VectorFile& VectorFile::add(std::string_view name, ByteView bytes) {
  return add(name, hex_or_dash(bytes));
}

std::optional<std::string> VectorFile::find(std::string_view name) const {
  for (const auto& [key, value] : lines_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

const std::string& VectorFile::text(std::string_view name) const {
  for (const auto& [key, value] : lines_) {
    if (key == name) return value;
  }
  throw std::runtime_error("the vector has no " + std::string(name));
}

Bytes VectorFile::bytes(std::string_view name) const { return from_hex_or_dash(text(name)); }

std::uint64_t VectorFile::number(std::string_view name) const { return std::stoull(text(name)); }

std::vector<std::string> VectorFile::all(std::string_view name) const {
  std::vector<std::string> out;
  for (const auto& [key, value] : lines_) {
    if (key == name) out.push_back(value);
  }
  return out;
}

VectorFile VectorFile::parse(std::string_view file) {
  VectorFile out;
  std::istringstream in{std::string(file)};
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    if (line[0] == '#') {
      out.about_ += (out.about_.empty() ? "" : "\n") + line.substr(line.size() > 1 ? 2 : 1);
      continue;
    }
    const auto colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error("not a vector line: " + line);
    out.add(line.substr(0, colon), line.substr(colon + 2));
  }
  return out;
}

std::string VectorFile::print() const {
  std::string out = "# " + about_ + "\n";
  for (const auto& [name, value] : lines_) out.append(name).append(": ").append(value).append("\n");
  return out;
}

Bytes from_hex_or_dash(std::string_view text) {
  if (text == "-") return {};
  if (text.substr(0, 6) == "zeros ") return Bytes(std::stoul(std::string(text.substr(6))));
  auto bytes = crypto::from_hex(text);
  if (!bytes) throw std::runtime_error("not hexadecimal");
  return std::move(*bytes);
}

std::string hex_or_dash(ByteView bytes) { return bytes.empty() ? "-" : crypto::to_hex(bytes); }

std::vector<std::string> words(std::string_view line) {
  std::istringstream in{std::string(line)};
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

}  // namespace throughgate::vectors
