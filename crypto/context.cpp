#include "crypto/context.h"

namespace throughgate::crypto {

Bytes in_context(const Context& context, ByteView message) {
  Bytes joined;
  joined.reserve(context.bytes().size() + message.size());
  joined.insert(joined.end(), context.bytes().begin(), context.bytes().end());
  joined.insert(joined.end(), message.begin(), message.end());
  return joined;
}

}  // namespace throughgate::crypto
