#include "tests/crypto/freed_memory.h"

#include <malloc.h>

#include <cassert>
#include <cstdlib>
#include <new>

namespace {

std::array<std::uint8_t, 64> wanted;
std::size_t wanted_size = 0;  // 0: nobody is looking
bool found = false;

void give_back(void* block) noexcept {
  if (wanted_size > 0 && block != nullptr) {
    const auto* begin = static_cast<const std::uint8_t*>(block);
    const auto* end = begin + malloc_usable_size(block);
    found = found || std::search(begin, end, wanted.begin(), wanted.begin() + wanted_size) != end;
  }
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) {
  void* block = std::calloc(1, size);  // so that a freed secret is not seen a second time
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* block) noexcept { give_back(block); }
void operator delete(void* block, std::size_t /*size*/) noexcept { give_back(block); }

namespace throughgate::crypto {

FreedMemory::FreedMemory(ByteView secret) {
  assert(!secret.empty() && secret.size() <= wanted.size() && wanted_size == 0);
  std::copy(secret.begin(), secret.end(), wanted.begin());
  found = false;
  wanted_size = secret.size();
}

FreedMemory::~FreedMemory() { wanted_size = 0; }

bool FreedMemory::held_secret() const { return found; }

}  // namespace throughgate::crypto
