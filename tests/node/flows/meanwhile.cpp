#include "tests/node/flows/meanwhile.h"

#include <cerrno>

#include "sync/order.h"

namespace throughgate::node::testing {

std::function<void()> once_heads_are_signed;
bool stick_cannot_refuse_names = false;

// The linker puts these in the place of what they are named for.
std::vector<sync::SignedHead> shipped_separate(const sync::SignedHeads& heads) __asm__(
    "__real__ZN11throughgate4sync8separateERKNS0_11SignedHeadsE");
std::vector<sync::SignedHead> interrupted_separate(const sync::SignedHeads& heads) __asm__(
    "__wrap__ZN11throughgate4sync8separateERKNS0_11SignedHeadsE");

std::vector<sync::SignedHead> interrupted_separate(const sync::SignedHeads& heads) {
  auto out = shipped_separate(heads);
  if (once_heads_are_signed) once_heads_are_signed();
  return out;
}

int shipped_rename(int from_folder, const char* from, int to_folder, const char* to,
                   unsigned flags) __asm__("__real_renameat2");
int rename_on_stick(int from_folder, const char* from, int to_folder, const char* to,
                    unsigned flags) __asm__("__wrap_renameat2");

int rename_on_stick(int from_folder, const char* from, int to_folder, const char* to,
                    unsigned flags) {
  if (!stick_cannot_refuse_names || flags == 0) {
    return shipped_rename(from_folder, from, to_folder, to, flags);
  }
  errno = EINVAL;
  return -1;
}

}  // namespace throughgate::node::testing
