#include <functional>

#include "tests/sync/hand_made_bundle.h"
#include "tests/sync/zstd_frames.h"
#include "tests/vectors/make_vectors.h"

namespace throughgate::vectors {
namespace {

using namespace sync;
using sync::testing::BundleMakers;
using sync::testing::HandMadeBundle;

class BundleVectors {
 public:
  explicit BundleVectors(Vectors& out) : out_(out) {}

  void add_good() {
    add("good", "For two computers, of which this is one.", accept(by_.content()),
        [](HandMadeBundle&) {});
    add("second_part", "The second of three parts.", accept(by_.content()), [](HandMadeBundle& m) {
      m.part = 2;
      m.parts = 3;
    });
    add("for_the_exchange", "For the exchange, and made by one.", accept(by_.content()),
        [](HandMadeBundle& m) { m.meant_for = m.made_by = 2; });
    add("larger_class", "Padded to the next class: nobody is to know why.", accept(by_.content()),
        [](HandMadeBundle& m) { m.size_class *= 2; });
    add("empty", "Nothing inside.", accept({}),
        [](HandMadeBundle& m) { m.packed = compress(Bytes{}); });
  }

  void add_not_ours() {
    add("other_magic", "The first eight bytes of something else.", "not_a_bundle",
        [](HandMadeBundle& m) { m.magic = "TGBUNDLX"; });
    add("version_2", "Of a later version.", "newer", [](HandMadeBundle& m) { m.version = 2; });
    add("version_0", "Of version 0.", "changed", [](HandMadeBundle& m) { m.version = 0; });
    add("dictionary_unknown", "Packed with a dictionary that is not there.", "newer",
        [](HandMadeBundle& m) { m.packed = sync::testing::stored_frame(1, Bytes{0}, 77); });
    add("not_for_us", "Sealed to the other computer alone.", "not_for_us", [&](HandMadeBundle& m) {
      std::erase_if(m.readers, [&](const auto& each) { return each.id == by_.reader; });
    });
  }

  void add_altered() {
    const Bytes good = HandMadeBundle(by_).file();
    add_file("cut_in_the_header", "Cut after 100 bytes.", "cut_short", first(good, 100));
    add_file("cut_in_the_recipients", "Cut after 200 bytes.", "cut_short", first(good, 200));
    add_file("cut_in_the_end", "One byte short.", "cut_short", first(good, good.size() - 1));
    Bytes longer = good;
    longer.push_back(0);
    add_file("longer", "One byte more.", "changed", longer);
    for (const auto& [name, at] : {std::pair{"maker_bit", std::size_t{12}},
                                   {"key_bit", std::size_t{30}},
                                   {"set_bit", std::size_t{80}},
                                   {"hash_bit", std::size_t{101}},
                                   {"recipient_bit", std::size_t{140}},
                                   {"signature_bit", std::size_t{330}},
                                   {"sealed_bit", std::size_t{1000}}}) {
      Bytes bit = good;
      bit[at] ^= 1;
      add_file(name, "One bit flipped.", "changed", bit);
    }
    add("context", "Signed under another context.", "changed",
        [](HandMadeBundle& m) { m.signed_as = contexts::bundle_part; });
    add("length_too_large", "Says that it is larger than a bundle can be.", "too_large",
        [](HandMadeBundle& m) { m.length = 0xFFFFFFFF; });
    add("count_too_large", "Says that it has more recipients than it holds.", "cut_short",
        [](HandMadeBundle& m) { m.count = 0xFFFF; });
  }

  // Signed as they are: by somebody who is allowed to make bundles.
  void add_badly_made() {
    const std::string expect = "not_opening";
    add("meant_for_3", "For a third kind of recipient.", expect,
        [](HandMadeBundle& m) { m.meant_for = 3; });
    add("made_by_0", "Made by no kind of maker.", expect, [](HandMadeBundle& m) { m.made_by = 0; });
    add("part_0", "Part 0.", expect, [](HandMadeBundle& m) { m.part = 0; });
    add("part_beyond", "Part 2 of 1.", expect, [](HandMadeBundle& m) { m.part = 2; });
    add("directory_beyond", "A version of the list beyond 2 to the 62nd.", expect,
        [](HandMadeBundle& m) { m.directory_version = (std::uint64_t{1} << 62) + 1; });
    add("nobody", "Sealed to nobody.", expect, [](HandMadeBundle& m) { m.readers.clear(); });
    add("recipients_unsorted", "Recipients in falling order.", expect,
        [](HandMadeBundle& m) { std::reverse(m.readers.begin(), m.readers.end()); });
    add("recipient_twice", "One recipient twice.", expect,
        [](HandMadeBundle& m) { m.readers[1] = m.readers[0]; });
    add("no_class", "A size that is no class.", expect,
        [](HandMadeBundle& m) { m.size_class += 64; });
    add("key_of_nobody", "The recipient's box holds another key.", expect,
        [](HandMadeBundle& m) { m.key_of_nobody = true; });
    add("not_padded", "Zeros alone.", expect,
        [](HandMadeBundle& m) { m.padded = Bytes(bundle_class_min); });
    add("bomb_declared", "Declares more than a bundle may hold.", "bomb",
        [](HandMadeBundle& m) { m.packed = sync::testing::bomb(bundle_content_max + 1, 513); });
    add("bomb_lying", "Declares little and holds much.", "unreadable",
        [](HandMadeBundle& m) { m.packed = sync::testing::bomb(1000, 513); });
    add("not_packed", "Not a frame.", "unreadable", [](HandMadeBundle& m) {
      m.packed = {1, 2, 3};
    });
    add("no_message", "Unpacks to what is no message.", "unreadable", [](HandMadeBundle& m) {
      m.packed = compress(Bytes{0xFF, 0xFF});
    });
  }

 private:
  static Bytes first(const Bytes& bytes, std::size_t size) {
    return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
  }
  static std::string accept(const schema::Bundle& content) {
    return "accept " + hex_or_dash(sync::testing::bytes_of(content));
  }

  void add(const std::string& name, const std::string& about, const std::string& expect,
           const std::function<void(HandMadeBundle&)>& change) {
    HandMadeBundle made(by_);
    change(made);
    add_file(name, about, expect, made.file());
  }

  void add_file(const std::string& name, const std::string& about, const std::string& expect,
                const Bytes& file) {
    VectorFile vector("bundle", about, expect);
    vector.add("reader", ByteView(by_.reader));
    vector.add("box_secret", by_.key.secret().view());
    out_["bundle_" + name] = std::move(vector.add("file", ByteView(file)));
  }

  Vectors& out_;
  BundleMakers by_;
};

}  // namespace

void add_bundle_vectors(Vectors& out) {
  BundleVectors vectors(out);
  vectors.add_good();
  vectors.add_not_ours();
  vectors.add_altered();
  vectors.add_badly_made();
}

}  // namespace throughgate::vectors
