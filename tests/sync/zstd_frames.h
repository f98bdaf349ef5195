// zstd frames made by hand (RFC 8878), so that their headers can lie.
#pragma once

#include "sync/layout.h"

namespace throughgate::sync::testing {

enum class Block : std::uint8_t { raw = 0, repeated = 1 };

// The header of a single-segment frame that declares `content_size`; dictionary 0: none is named.
inline LayoutWriter zstd_header(std::uint64_t content_size, std::uint32_t dictionary = 1) {
  LayoutWriter out;
  out.u32(0xFD2FB528).u8(dictionary == 0 ? 0xE0 : 0xE3);  // size in 8 bytes, single segment
  if (dictionary != 0) out.u32(dictionary);
  out.u64(content_size);
  return out;
}

// `size` is of the block's content; a repeated block stores one byte of it.
inline void add_block(LayoutWriter& out, Block type, bool last, std::uint32_t size,
                      ByteView content) {
  const std::uint32_t header =
      (last ? 1U : 0U) | static_cast<std::uint32_t>(type) << 1U | size << 3U;
  out.u8(static_cast<std::uint8_t>(header))
      .u16(static_cast<std::uint16_t>(header >> 8U))
      .bytes(content);
}

// Declares `declared` bytes and holds `content`.
inline Bytes stored_frame(std::uint64_t declared, ByteView content, std::uint32_t dictionary = 1) {
  auto out = zstd_header(declared, dictionary);
  add_block(out, Block::raw, true, static_cast<std::uint32_t>(content.size()), content);
  return out.take();
}

// About a kilobyte that unpacks to `blocks` times 128 KiB.
inline Bytes bomb(std::uint64_t declared, int blocks) {
  auto out = zstd_header(declared);
  const Bytes zero{0};
  for (int i = 1; i <= blocks; ++i) add_block(out, Block::repeated, i == blocks, 128 << 10, zero);
  return out.take();
}

}  // namespace throughgate::sync::testing
