// Unicode as people's names need it, over utf8proc: for search, sign-in names and imported files.
//
// `nfc` is the door: it alone takes text from outside. The functions below it are given what `nfc`
// returned; anything else (not strict UTF-8, overlong runs of marks) comes back unchanged.
// No state, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace throughgate::node {

// Well-formed UTF-8: no overlong form, surrogate, or value above U+10FFFF.
bool is_strict_utf8(std::string_view text);

// Canonical composed form. nullopt for what is not strict UTF-8, or has more than 30 combining
// marks in a row: no language needs that (UAX #15, stream-safe text), and sorting them is slow.
std::optional<std::string> nfc(std::string_view text);

// For comparing without regard to case: "Straße" and "STRASSE" become equal. Not for showing.
std::string fold_case(std::string_view text);

// "Siân Ødegård" becomes "Sian Odegard": marks go, and letters of their own get their usual
// spelling in English. For search keys, not for showing.
std::string strip_accents(std::string_view text);

// True when the text has a letter that has another case, and every such letter is upper (lower).
bool is_all_upper(std::string_view text);
bool is_all_lower(std::string_view text);

std::string lower_case(std::string_view text);
// The first letter as a title shows it, the rest untouched.
std::string capitalise(std::string_view text);

// Bytes of the sign that `text` begins with, where it is one that nobody sees and that can make
// people read something else than what is there: direction marks, overrides and isolates, spaces of
// no width, soft hyphens, controls beyond ASCII, tags, Hangul fillers. 0: another one. The joiners
// and variation selectors that some languages and pictures need are not among them; a flag spelt in
// tags becomes a plain one. UTF-8 only.
std::size_t hidden_sign(std::string_view text);
// Bytes of the line break beyond ASCII that `text` begins with (U+0085, U+2028, U+2029); 0: none.
std::size_t line_break(std::string_view text);
// Such line breaks become `instead`, so that no two words become one.
std::string without_hidden_signs(std::string_view text, char instead = '\n');
// What people see of `text`, in one form: without hidden signs, lines ended by "\n", and U+FFFD for
// controls that no text holds.
std::string visible_text(std::string_view text);
// The same on one line: line breaks are blanks, and blanks at either end go.
std::string visible_line(std::string_view text);

// Without the blanks at either end, of any width.
std::string_view trimmed(std::string_view text);
// Says nothing that a person can see: empty, or blanks, hidden signs and joiners alone. What is not
// strict UTF-8 says something, if nothing good.
bool is_blank(std::string_view text);

// UTF-8 of one code point. Surrogates and values above U+10FFFF become U+FFFD.
void append_utf8(std::string& text, char32_t code_point);

}  // namespace throughgate::node
