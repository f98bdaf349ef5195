// A context to unpack with, kept. To make one asks the processor what it can do, which a virtual
// machine answers slowly: a twelfth of a world's time. The shipped program makes one for each
// change, and leaves nothing of it in memory; here nothing is secret. Put in the place of zstd's
// own when linking; the symbols are named beside `world`.
#include <zstd.h>

#include <memory>
#include <vector>

namespace throughgate::simulation {

ZSTD_DCtx* make_anew() asm("__real_ZSTD_createDCtx");
std::size_t free_at_last(ZSTD_DCtx*) asm("__real_ZSTD_freeDCtx");
ZSTD_DCtx* take_kept() asm("__wrap_ZSTD_createDCtx");
std::size_t keep(ZSTD_DCtx*) asm("__wrap_ZSTD_freeDCtx");

namespace {

struct FreeAtLast {
  void operator()(ZSTD_DCtx* context) const { free_at_last(context); }
};

std::vector<std::unique_ptr<ZSTD_DCtx, FreeAtLast>>& unused() {
  thread_local std::vector<std::unique_ptr<ZSTD_DCtx, FreeAtLast>> all;
  return all;
}

}  // namespace

ZSTD_DCtx* take_kept() {
  if (unused().empty()) return make_anew();
  auto* context = unused().back().release();
  unused().pop_back();
  return context;
}

// As if it were new; with the settings of the one before it would unpack by its dictionary.
std::size_t keep(ZSTD_DCtx* context) {
  if (context == nullptr) return 0;
  ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters);
  unused().emplace_back(context);
  return 0;
}

}  // namespace throughgate::simulation
