"""Writes the word list as a C++ header. usage: embed_words.py LIST.json HEADER.h"""
import hashlib
import json
import sys
from pathlib import Path

# Words on paper in safes must keep their meaning: this is the published sha256 of BIP-39's english.txt.
FROZEN = "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"

words = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
found = hashlib.sha256("".join(f"{word}\n" for word in words).encode()).hexdigest()
if found != FROZEN:
    sys.exit(f"{sys.argv[1]} is not the frozen word list: sha256 {found}, expected {FROZEN}")

lines = "\n".join(f'    "{word}",' for word in words)
Path(sys.argv[2]).write_text(f"""// Made by embed_words.py. Sorted; four letters tell all words apart.
#pragma once

#include <array>
#include <string_view>

namespace throughgate::crypto {{

inline constexpr std::array<std::string_view, {len(words)}> english_words = {{
{lines}
}};

}}  // namespace throughgate::crypto
""", encoding="utf-8")
