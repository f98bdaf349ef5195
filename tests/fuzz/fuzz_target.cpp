#include "tests/fuzz/fuzz_target.h"

#include <google/protobuf/stubs/logging.h>

#include <cstdlib>

#include "crypto/init.h"

namespace throughgate::fuzz {

void must(bool promise) {
  if (!promise) std::abort();
}

}  // namespace throughgate::fuzz

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {  // NOLINT
  throughgate::fuzz::must(throughgate::crypto::start());
  google::protobuf::SetLogHandler(nullptr);  // it would say of every input that it is not UTF-8
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {  // NOLINT
  throughgate::fuzz::run({bytes, size});
  return 0;
}
