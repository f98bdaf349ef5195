#include "sync/compression.h"

#include <zstd.h>

#include <memory>
#include <new>

#include "sync/layout.h"

namespace throughgate::sync {
namespace {

constexpr int level = 3;  // higher levels gain under 2 % on frames this small

struct Free {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Error refused(const char* why) { return {ErrorKind::rejected, why}; }

// Not so for a skippable frame, which holds nothing.
bool starts_with_magic(ByteView packed) { return LayoutReader(packed).u32() == ZSTD_MAGICNUMBER; }

}  // namespace

Bytes compress(ByteView plain) {
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());  // 60 us to make
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 1);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 0);  // the seal is the checksum
  Bytes packed(ZSTD_compressBound(plain.size()));
  const std::size_t size =
      ZSTD_compress2(context.get(), packed.data(), packed.size(), plain.data(), plain.size());
  if (ZSTD_isError(size) != 0) throw std::bad_alloc();  // the only failure with these settings
  packed.resize(size);
  return packed;
}

Result<Bytes> decompress(ByteView packed, std::size_t bytes_max) {
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (!starts_with_magic(packed) || size == ZSTD_CONTENTSIZE_ERROR ||
      size == ZSTD_CONTENTSIZE_UNKNOWN) {
    return refused("The change is not packed in a way this program reads.");
  }
  if (size > bytes_max) return refused("The change unpacks to more than the limit.");
  if (ZSTD_findFrameCompressedSize(packed.data(), packed.size()) != packed.size()) {
    return refused("The change is packed with something after its end.");
  }
  if (ZSTD_getDictID_fromFrame(packed.data(), packed.size()) != 0) {
    return refused("The change is packed with a dictionary this program does not have.");
  }
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
  if (!context) throw std::bad_alloc();
  Bytes plain(static_cast<std::size_t>(size));
  const std::size_t got =
      ZSTD_decompressDCtx(context.get(), plain.data(), plain.size(), packed.data(), packed.size());
  if (ZSTD_isError(got) != 0 || got != plain.size()) return refused("The change does not unpack.");
  return plain;
}

}  // namespace throughgate::sync
