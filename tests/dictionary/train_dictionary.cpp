// Makes a compression dictionary and says what it saves. usage: train_dictionary ID BYTES FILE
// The same arguments make the same file with the same zstd. A dictionary that has been shipped
// stays as it is: a better one gets the next id.
#define ZDICT_STATIC_LINKING_ONLY  // for the trainer whose result does not depend on threads
#include <zdict.h>
#include <zstd.h>

#include <fstream>
#include <iostream>
#include <memory>

#include "crypto/init.h"
#include "tests/dictionary/made_up_changes.h"

namespace throughgate::dictionary {
namespace {

constexpr std::uint64_t training_seed = 1;
constexpr std::uint64_t measuring_seed = 2;  // what is measured was not trained on
constexpr std::size_t training_volunteers = 240;
constexpr std::size_t measuring_volunteers = 60;

int fail(const std::string& what) {
  std::cerr << "train_dictionary: " << what << '\n';
  return 1;
}

std::optional<sync::Bytes> train(std::uint32_t id, std::size_t bytes) {
  const auto made = make_up_changes(training_seed, training_volunteers, Words::to_train);
  std::vector<std::size_t> sizes;
  sync::Bytes samples;
  for (const auto* some : {&made.begun, &made.edited}) {
    for (const auto& each : *some) {
      sizes.push_back(each.size());
      samples.insert(samples.end(), each.begin(), each.end());
    }
  }
  std::cout << sizes.size() << " change sets, " << samples.size()
            << " bytes; not saved: " << made.refused << '\n';
  sync::Bytes out(bytes);
  ZDICT_cover_params_t cover{};
  cover.nbThreads = 1;
  cover.steps = 16;
  cover.zParams.dictID = id;
  cover.zParams.compressionLevel = 19;
  const auto size =
      ZDICT_optimizeTrainFromBuffer_cover(out.data(), out.size(), samples.data(), sizes.data(),
                                          static_cast<unsigned>(sizes.size()), &cover);
  if (ZDICT_isError(size) != 0) return std::nullopt;
  std::cout << "k " << cover.k << ", d " << cover.d << '\n';
  out.resize(size);
  return out;
}

// As the program packs, but for the dictionary; and what that comes to once padded.
struct Packed {
  double bytes = 0;
  double padded = 0;
  double in_one_pad = 0;
};

Packed packed(const std::vector<sync::Bytes>& changes, const sync::Bytes& dictionary, int level) {
  const std::unique_ptr<ZSTD_CDict, decltype(&ZSTD_freeCDict)> digested(
      ZSTD_createCDict(dictionary.data(), dictionary.size(), level), &ZSTD_freeCDict);
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     &ZSTD_freeCCtx);
  Packed out;
  const auto share = 1.0 / static_cast<double>(changes.size());
  for (const auto& each : changes) {
    sync::Bytes room(ZSTD_compressBound(each.size()));
    const auto size = ZSTD_compress_usingCDict(context.get(), room.data(), room.size(), each.data(),
                                               each.size(), digested.get());
    out.bytes += share * static_cast<double>(size);
    out.padded += share * static_cast<double>(crypto::pad(sync::Bytes(size)).size());
    out.in_one_pad += share * (size < 64 ? 1 : 0);
  }
  return out;
}

void measure(const char* what, const std::vector<sync::Bytes>& changes,
             const sync::Bytes& dictionary) {
  double plain = 0;
  for (const auto& each : changes) plain += static_cast<double>(each.size());
  std::cout << what << ": " << plain / static_cast<double>(changes.size()) << " bytes\n";
  for (const int level : {3, 19}) {
    for (const bool with : {false, true}) {
      const auto to = packed(changes, with ? dictionary : sync::Bytes{}, level);
      std::cout << "  level " << level << (with ? ", with it: " : ", without: ") << to.bytes
                << ", padded " << to.padded << ", in one pad " << 100 * to.in_one_pad << " %\n";
    }
  }
}

int run(std::uint32_t id, std::size_t bytes, const std::string& path) {
  const auto dictionary = train(id, bytes);
  if (!dictionary) return fail("zstd cannot train with these samples");
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(dictionary->data()),
            static_cast<std::streamsize>(dictionary->size()));
  out.close();
  if (!out) return fail("cannot write " + path);
  const auto unseen = make_up_changes(measuring_seed, measuring_volunteers, Words::to_measure);
  measure("new record", unseen.begun, *dictionary);
  measure("one field", unseen.edited, *dictionary);
  return 0;
}

}  // namespace
}  // namespace throughgate::dictionary

int main(int argc, char** argv) {
  using namespace throughgate;
  if (argc != 4) return dictionary::fail("usage: train_dictionary ID BYTES FILE");
  if (!crypto::start()) return dictionary::fail("no source of random bytes");
  return dictionary::run(static_cast<std::uint32_t>(std::stoul(argv[1])), std::stoul(argv[2]),
                         argv[3]);
}
