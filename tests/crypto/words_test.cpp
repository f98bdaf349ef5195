#include "crypto/words.h"

#include <catch_amalgamated.hpp>
#include <sstream>

#include "crypto/hash.h"
#include "crypto/recovery_key.h"
#include "tests/crypto/example_bytes.h"
#include "tests/crypto/freed_memory.h"

using namespace throughgate::crypto;

namespace {

constexpr auto some_value = "68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c";
const std::string some_words =
    "hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy "
    "gospel tennis maple dilemma loan word shrug inflict delay length";

std::vector<std::string> split(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

std::string joined(const std::vector<std::string>& words, const std::string& between = " ") {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string read_back(std::string_view text) {
  const auto value = from_words(text);
  return value ? to_hex(value->view()) : "none";
}

}  // namespace

TEST_CASE("a value has the words that BIP-39 gives it, and they give it back", "[words]") {
  const auto [value, words] = GENERATE(table<const char*, std::string>({
      {"0000000000000000000000000000000000000000000000000000000000000000",
       "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
       "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
       "abandon art"},
      {"7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
       "legal winner thank year wave sausage worth useful legal winner thank year wave sausage "
       "worth useful legal winner thank year wave sausage worth title"},
      {"8080808080808080808080808080808080808080808080808080808080808080",
       "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount "
       "doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless"},
      {"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
       "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo "
       "zoo vote"},
      {some_value, some_words},
      {"9f6a2878b2520799a44ef18bc7df394e7061a224d2c33cd015b157d746869863",
       "panda eyebrow bullet gorilla call smoke muffin taste mesh discover soft ostrich alcohol "
       "speed nation flash devote level hobby quick inner drive ghost inside"},
      {"066dca1a2bb7e8a1db2832148ce9933eea0f3ac9548d793112d9a95c9407efad",
       "all hour make first leader extend hole alien behind guard gospel lava path output census "
       "museum junior mass reopen famous sing advance salt reform"},
      {"f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
       "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing "
       "screen patrol group space point ten exist slush involve unfold"},
  }));
  CHECK(to_words(secret_of(value).view()).view() == words);
  CHECK(read_back(words) == value);
}

TEST_CASE("the word list is the published one, and four letters tell its words apart", "[words]") {
  std::string list;
  for (unsigned index = 0; index < 2048; ++index) {
    ByteArray<32> value{};
    value[0] = static_cast<std::uint8_t>(index >> 3);
    value[1] = static_cast<std::uint8_t>(index << 5);
    const auto words = split(std::string(to_words(value).view()));
    list += words[0] + "\n";

    auto short_words = words;
    for (auto& word : short_words) word = word.substr(0, 4);
    CHECK(read_back(joined(short_words)) == to_hex(value));
  }
  CHECK(to_hex(sha256(as_bytes(list))) ==
        "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
}

TEST_CASE("words may be typed in any case, cut short and spaced as one likes", "[words]") {
  std::string upper = some_words;
  for (auto& letter : upper) letter = static_cast<char>(std::toupper(letter));
  CHECK(read_back(upper) == some_value);
  CHECK(read_back("  " + joined(split(some_words), " \t\r\n ") + "\n") == some_value);

  auto shortened = split(some_words);
  for (std::size_t i = 0; i < shortened.size(); ++i)
    shortened[i] = shortened[i].substr(0, 4 + i % 3);
  CHECK(read_back(joined(shortened)) == some_value);
}

TEST_CASE("words may be typed with the numbers that the sheet prints before them", "[words]") {
  std::string numbered;
  std::string dotted;
  const auto words = split(some_words);
  for (std::size_t i = 0; i < words.size(); ++i) {
    numbered += "  " + std::to_string(i + 1) + " " + words[i] + (i % 4 == 3 ? "\n" : "   ");
    dotted += std::to_string(i + 1) + ". " + words[i] + "\n";
  }
  CHECK(read_back(numbered) == some_value);
  CHECK(read_back(dotted) == some_value);
  CHECK(read_back("1" + some_words) == "none");
  CHECK(read_back("1 2 3") == "none");
  CHECK(read_back(". " + some_words) == "none");
}

TEST_CASE("text that is not 24 words of the list is refused", "[words]") {
  const auto words = split(some_words);
  const auto with_last = [&](const std::string& last) {
    auto changed = words;
    changed.back() = last;
    return joined(changed);
  };
  REQUIRE(read_back(with_last("length")) == some_value);

  CHECK(read_back("") == "none");
  CHECK(read_back(with_last("")) == "none");               // 23 words
  CHECK(read_back(with_last("length length")) == "none");  // 25
  CHECK(read_back(with_last("lengthy")) == "none");        // begins with a word of the list
  CHECK(read_back(with_last("lengthlength")) == "none");
  CHECK(read_back(with_last("l\xc3\xa9ngth")) == "none");
  CHECK(read_back(with_last("length.")) == "none");
  CHECK(read_back(with_last("letter")) == "none");  // another word: the checksum differs
  auto three_letters = words;
  three_letters[1] = "dia";  // diagram, which is the first of those that begin so
  CHECK(read_back(joined(three_letters)) == "none");
  CHECK(read_back(some_words + std::string(words_text_max, ' ')) == "none");
  CHECK(read_back(some_words + std::string(1, '\0')) == "none");
}

TEST_CASE("words in another order are refused by the checksum, but for one in 256", "[words]") {
  const auto words = split(some_words);
  int refused = 0;
  int tried = 0;
  for (std::size_t a = 0; a < words.size(); ++a) {
    for (std::size_t b = a + 1; b < words.size(); ++b) {
      if (words[a] == words[b]) continue;
      auto swapped = words;
      std::swap(swapped[a], swapped[b]);
      ++tried;
      refused += read_back(joined(swapped)) == "none" ? 1 : 0;
    }
  }
  CHECK(tried == 274);
  CHECK(refused >= tried - 5);
}

TEST_CASE("a fingerprint is eight words of a hash of the bytes", "[words]") {
  CHECK(fingerprint_words(as_bytes("abc")) == "boss tree logic garlic dwarf armed someone shuffle");
  CHECK(split(fingerprint_words({})).size() == fingerprint_word_count);

  const Bytes key(32, 0x5a);
  for (std::size_t bit = 0; bit < 8 * key.size(); ++bit) {
    CAPTURE(bit);
    CHECK(fingerprint_words(with_bit_flipped(key, bit)) != fingerprint_words(key));
  }
}

TEST_CASE("words of a secret leave nothing in freed memory", "[words]") {
  const auto secret = secret_of(some_value);
  SECTION("the words") {
    const FreedMemory freed(as_bytes(std::string_view(some_words).substr(0, 40)));
    { const auto words = to_words(secret.view()); }
    CHECK_FALSE(freed.held_secret());
  }
  SECTION("the value") {
    const FreedMemory freed(secret.view());
    { const auto value = from_words(some_words); }
    CHECK_FALSE(freed.held_secret());
  }
}

TEST_CASE("a look at typed words says how many there are, and which are none of the list",
          "[words]") {
  const auto none = look_at_words("  1 \n");
  CHECK(none.count == 0);
  CHECK(none.unknown.empty());
  const auto three = look_at_words("1 Abandon 2 hamstr\n3 zoo");
  CHECK(three.count == 3);
  CHECK(three.unknown == std::vector<std::size_t>{2});
}
