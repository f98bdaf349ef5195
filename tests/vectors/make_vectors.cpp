// Writes the test vectors into a folder. usage: make_vectors FOLDER
// What each vector expects of a refusal is said here, not asked of the program. Packing and
// serialising may differ between library releases, so running this again may write other, equally
// good bytes: vectors that are published stay as they are.
#include <fstream>
#include <iostream>

#include "crypto/init.h"
#include "tests/vectors/make_vectors.h"

namespace {

int fail(const char* what) {
  std::cerr << "make_vectors: " << what << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace throughgate;
  if (argc != 2) return fail("give one folder");
  if (!crypto::start()) return fail("no source of random bytes");
  vectors::Vectors all;
  vectors::add_entry_vectors(all);
  vectors::add_judge_vectors(all);
  vectors::add_order_vectors(all);
  vectors::add_key_vectors(all);
  vectors::add_directory_vectors(all);
  vectors::add_root_vectors(all);
  vectors::add_enrolment_vectors(all);
  vectors::add_field_vectors(all);
  vectors::add_bundle_vectors(all);
  for (const auto& [name, vector] : all) {
    std::ofstream out(std::string(argv[1]) + "/" + name + ".txt");
    out << vector.print();
    if (!out) return fail("cannot write there");
  }
  std::cout << all.size() << " vectors\n";
  return 0;
}
