// Whatever this program frees is wiped first, by whichever of its libraries: keys, records and
// pages leave nothing behind in memory that another part of the program, a dump or whoever takes
// the machine could read. Stands in the place of the C library's own free() and realloc(), which
// the C++ library, SQLite, zstd and all others call. What is still held, and what a library keeps
// for its next use, is not freed and so not meant. Not under the sanitizers, which have their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

// The C library's own, under the names that it gives them for whoever stands in their place.
extern "C" void* libc_malloc(std::size_t size) __asm__("__libc_malloc");
extern "C" void libc_free(void* memory) __asm__("__libc_free");

extern "C" void free(void* memory) noexcept {
  if (memory == nullptr) return;
  explicit_bzero(memory, malloc_usable_size(memory));
  libc_free(memory);
}

// Never in place where it shrinks by much or grows: what would be cut off, or left, is not wiped.
extern "C" void* realloc(void* memory, std::size_t size) noexcept {
  if (memory == nullptr) return libc_malloc(size);
  if (size == 0) {
    free(memory);
    return nullptr;
  }
  const std::size_t held = malloc_usable_size(memory);
  if (size <= held && size >= held / 2) return memory;
  void* moved = libc_malloc(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, memory, std::min(size, held));
  free(memory);
  return moved;
}

#endif
