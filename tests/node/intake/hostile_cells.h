// Twenty cells that a spreadsheet would run, or that a guard against that could spoil.
#pragma once

#include <array>
#include <string_view>

namespace throughgate::node {

constexpr std::array<std::string_view, 20> hostile_cells{
    "=1+1",
    "=HYPERLINK(\"http://example.org\",\"see\")",
    "=cmd|' /C calc'!A0",
    "=SUM(A1:A9)*2",
    "+44 7700 900123",
    "+cmd|' /C calc'!A0",
    "-2",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "@x",
    "\tx",
    "\rx",
    "\nx",
    "\xEF\xBC\x9D"
    "1",  // full-width =
    "\xEF\xBC\x8B"
    "1",  // +
    "\xEF\xBC\x8D"
    "1",  // -
    "\xEF\xBC\xA0"
    "x",  // @
    "'=1",
    "''=1",
    "'+44"};

}  // namespace throughgate::node
