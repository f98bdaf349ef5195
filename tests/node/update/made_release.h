// Releases as a maker would make them, of small files, in a folder that goes at the end.
#pragma once

#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "crypto/random.h"
#include "node/update/programs_folder.h"

namespace throughgate::node::testing {

using ReleasedTexts = std::map<std::string, std::string>;  // by name

inline const ReleasedTexts& released_texts() {
  static const ReleasedTexts texts{{"bin/throughgate-node", "the program of "},
                                   {"config/codes/languages.toml", "a list of "},
                                   {"config/node.example.toml", "settings of "},
                                   {"docs/daily-work.md", "a guide of "}};
  return texts;
}

inline void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What this program is: 0.1.0, number 3, whose stores are of version 7.
inline Release running_release() {
  return {"throughgate", "made-up-machine", {0, 1, 0}, 3, 7, 5, {}};
}

// With each file's text followed by the version.
inline std::string release_bytes(Release release, const crypto::SigningKey& key,
                                 const ReleasedTexts& texts = released_texts()) {
  std::string contents;
  for (const auto& [name, text] : texts) {
    const auto whole = text + version_text(release) + "\n";
    release.files.push_back(
        {name, name.starts_with("bin/"), whole.size(), crypto::sha256(crypto::as_bytes(whole))});
    contents += whole;
  }
  const auto head = signed_head(release, key);
  return std::string(crypto::as_text(head)) + contents;
}

}  // namespace throughgate::node::testing
