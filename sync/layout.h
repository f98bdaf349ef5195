// Fixed little-endian layouts, as everything signed is written. See docs/format.md.
#pragma once

#include <cstdint>

#include "sync/ids.h"

namespace throughgate::sync {

class LayoutWriter {
 public:
  LayoutWriter& u8(std::uint8_t value) { return number(value, 1); }
  LayoutWriter& u16(std::uint16_t value) { return number(value, 2); }
  LayoutWriter& u32(std::uint32_t value) { return number(value, 4); }
  LayoutWriter& u64(std::uint64_t value) { return number(value, 8); }
  LayoutWriter& bytes(ByteView bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return *this;
  }

  std::size_t size() const { return out_.size(); }
  Bytes take() { return std::move(out_); }

 private:
  LayoutWriter& number(std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return *this;
  }
  Bytes out_;
};

// Reads past the end give zeros and make the reader fail; ask finished() once, at the end.
class LayoutReader {
 public:
  explicit LayoutReader(ByteView in) : in_(in) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  template <std::size_t Size>
  ByteArray<Size> array() {
    ByteArray<Size> out{};
    if (const ByteView taken = bytes(Size); !failed_) {
      std::copy(taken.begin(), taken.end(), out.begin());
    }
    return out;
  }
  template <class AnyId>
  AnyId id() {
    return AnyId{array<sizeof(AnyId::bytes)>()};
  }
  ByteView bytes(std::size_t size) {
    if (failed_ || size > in_.size() - at_) {
      failed_ = true;
      return {};
    }
    at_ += size;
    return in_.subspan(at_ - size, size);
  }

  bool failed() const { return failed_; }
  bool finished() const { return !failed_ && at_ == in_.size(); }  // all there, and nothing more
  std::size_t position() const { return at_; }

 private:
  std::uint64_t number(int width) {
    std::uint64_t value = 0;
    const ByteView taken = bytes(static_cast<std::size_t>(width));
    for (std::size_t i = 0; i < taken.size(); ++i) value |= std::uint64_t{taken[i]} << (8 * i);
    return value;
  }
  ByteView in_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace throughgate::sync
