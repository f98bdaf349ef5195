#include "node/text/unicode.h"

#include <catch_amalgamated.hpp>

using namespace throughgate::node;

TEST_CASE("only well-formed UTF-8 is strict", "[unicode]") {
  CHECK(is_strict_utf8("Siân 𝒮 \U0010FFFF"));
  CHECK(is_strict_utf8(""));
  const char* overlong = "\xC0\xAF";
  const char* surrogate = "\xED\xA0\x80";
  const char* above_the_last = "\xF4\x90\x80\x80";
  const char* cut_off = "Jos\xC3";
  const char* windows_1252 = "Jos\xE9";
  for (const char* text : {overlong, surrogate, above_the_last, cut_off, windows_1252}) {
    CHECK_FALSE(is_strict_utf8(text));
    CHECK(nfc(text) == std::nullopt);
  }
}

TEST_CASE("a letter and its mark become one letter, whichever way they were typed", "[unicode]") {
  CHECK(nfc("Sia\u0302n") == "Siân");
  CHECK(nfc("Siân") == "Siân");
  CHECK(nfc("\u212B") == "Å");  // the Angstrom sign
}

TEST_CASE("thirty marks in a row are text, thirty-one are not", "[unicode]") {
  std::string text = "q";
  for (int count = 0; count < 30; ++count) text += "\u0323";
  CHECK(nfc(text).has_value());
  text += "\u0323";
  CHECK(nfc(text) == std::nullopt);
  CHECK(fold_case(text) == text);
  CHECK(strip_accents(text) == text);
}

TEST_CASE("names that differ in case alone fold to one", "[unicode]") {
  CHECK(fold_case("STRASSE") == fold_case("Straße"));
  CHECK(fold_case("SIÂN") == fold_case("siân"));
  CHECK(fold_case("ŁUKASZ") == fold_case("Łukasz"));
  CHECK(fold_case("ΣΊΣΥΦΟΣ") == fold_case("Σίσυφος"));
  CHECK(fold_case("Sian") != fold_case("Siân"));
}

TEST_CASE("accents go, and letters of their own get their English spelling", "[unicode]") {
  CHECK(strip_accents("Siân Ødegård Łukasz Æsa Þór Straße") ==
        "Sian Odegard Lukasz AEsa Thor Strasse");
  CHECK(strip_accents("Жукова") == "Жукова");
}

TEST_CASE("one-case words are recognised, and others left alone", "[unicode]") {
  CHECK(is_all_upper("ÉVANS 2"));
  CHECK_FALSE(is_all_upper("Évans"));
  CHECK(is_all_lower("évans"));
  CHECK_FALSE(is_all_lower("12"));
  CHECK(capitalise("élan") == "Élan");
  CHECK(lower_case("ÉVANS") == "évans");
}

TEST_CASE("what nobody sees goes, and the joiners that languages need stay", "[unicode]") {
  CHECK(without_hidden_signs("Ev\u202Eil\u202C \u2066Si\u00E2n\u2069\u200E\u200F\u061C\uFEFF\u200B"
                             "\u00AD\u0085\u2060\uFFFB") == "Evil Si\u00E2n");
  for (const std::string kept :
       {"\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "\u200D", "\u00A0",
        "\u2010\u2019\u2026\u00B7", "\u05E9\u05DD", "\U0001F1EC"}) {
    CHECK(without_hidden_signs(kept) == kept);
  }
  CHECK(without_hidden_signs("\xE2\x80").size() == 2);  // cut off: not ours to judge
}
