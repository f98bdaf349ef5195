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
  CHECK(without_hidden_signs(
            "Ev\u202Eil\u202C \u2066Si\u00E2n\u2069\u200E\u200F\u061C\uFEFF\u200B"
            "\u00AD\u0086\u2060\uFFFB\u180E\u115F\u1160\u3164\uFFA0\U000E0001\U000E007F") ==
        "Evil Si\u00E2n");
  for (const std::string kept :
       {"\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "\u200D", "\u00A0",
        "\u2010\u2019\u2026\u00B7", "\u05E9\u05DD", "\U0001F1EC"}) {
    CHECK(without_hidden_signs(kept) == kept);
  }
  CHECK(without_hidden_signs("\xE2\x80").size() == 2);  // cut off: not ours to judge
  CHECK(without_hidden_signs("\xF3\xA0\x80").size() == 3);
}

TEST_CASE("pictures and names written with marks stay as they are, flags spelt in tags do not",
          "[unicode]") {
  for (const std::string kept :
       {"\U0001F468\u200D\U0001F469\u200D\U0001F467", "\u2764\uFE0F", "\u8FBB\U000E0100",
        "Si\u00E2n", "Sia\u0302n", "\u0639\u0644\u06CC\u200C\u0631\u0636\u0627",
        "\uAE40\uCCA0\uC218", "\u1820\u182D"}) {
    CHECK(without_hidden_signs(kept) == kept);
    CHECK(trimmed(kept) == kept);
    CHECK_FALSE(is_blank(kept));
  }
  CHECK(without_hidden_signs("\U0001F3F4\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073"
                             "\U000E007F") == "\U0001F3F4");
}

TEST_CASE("a line break beyond ASCII parts two words still", "[unicode]") {
  for (const std::string breaks : {"\u0085", "\u2028", "\u2029"}) {
    CHECK(without_hidden_signs("Main" + breaks + "gate") == "Main\ngate");
    CHECK(without_hidden_signs("Main" + breaks + "gate", ' ') == "Main gate");
    CHECK(visible_line("Main" + breaks + "gate") == "Main gate");
    CHECK(trimmed(breaks + "Main gate" + breaks) == "Main gate");
  }
}

TEST_CASE("what a person sees nothing of says nothing", "[unicode]") {
  for (const std::string nothing :
       {"", " \t\r\n", "\u00A0", "\u3000\u2009", "\u3164", "\u115F\u1160", "\uFFA0", "\u200B",
        "\u200C\u200D", "\uFE0F", "\u2800", "\u0085", "\u2028 \u2029", "\U000E0041", "\u180E",
        "\u034F"}) {
    CHECK(is_blank(nothing));
  }
  for (const std::string something :
       {".", " a ", "\u00E2", "0", "\u2764\uFE0F", "\x01", "\xE2\x80"}) {
    CHECK_FALSE(is_blank(something));
  }
  CHECK(trimmed("\u00A0\u3000 Ann\u00A0Jones\u2009 ") == "Ann\u00A0Jones");
  CHECK(trimmed("\u00A0").empty());
}
