#include "sync/parse.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <cstdint>

namespace throughgate::sync {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// What a field may cost in memory, in parts of a quarter: one that has a length of its own stands
// for an object or a string, any other for a number.
constexpr std::size_t with_length = 4;
constexpr std::size_t without_length = 1;

class Walk {
 public:
  explicit Walk(std::size_t most) : left_(most) {}

  // False when what is left is used up, or the bytes are no fields.
  bool through(const Descriptor* shape, CodedInputStream& in, int depth) {
    while (const std::uint32_t tag = in.ReadTag()) {
      if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
        if (!uses(without_length) || !WireFormatLite::SkipField(&in, tag)) return false;
        continue;
      }
      std::uint32_t length = 0;
      if (!uses(with_length) || !in.ReadVarint32(&length) || length > INT32_MAX) return false;
      const auto* field = shape->FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const auto* inner = field ? field->message_type() : nullptr;
      if (!inner) {
        if (!in.Skip(static_cast<int>(length))) return false;
        continue;
      }
      if (depth == 0) return false;
      const auto limit = in.PushLimit(static_cast<int>(length));
      if (!through(inner, in, depth - 1) || in.BytesUntilLimit() != 0) return false;
      in.PopLimit(limit);
    }
    return true;
  }

 private:
  bool uses(std::size_t cost) {
    if (left_ < cost) return false;
    left_ -= cost;
    return true;
  }

  std::size_t left_;
};

}  // namespace

bool is_worth_its_bytes(const Descriptor& shape, crypto::ByteView bytes) {
  CodedInputStream in(bytes.data(), static_cast<int>(bytes.size()));
  return Walk(std::min(bytes.size() / 3 + parse_cost_free, parse_cost_max))
      .through(&shape, in, messages_deep_max);
}

}  // namespace throughgate::sync
