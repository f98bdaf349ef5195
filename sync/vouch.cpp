#include "sync/vouch.h"

#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::sync {
namespace {

// organisation 16 · node 16 · verify_key 32 · box_key 32
Bytes signed_part(const VouchedFor& computer) {
  LayoutWriter out;
  out.bytes(computer.organisation.bytes).bytes(computer.node.bytes);
  out.bytes(computer.verify_key).bytes(computer.box_key);
  return out.take();
}

}  // namespace

Vouch vouch(const VouchedFor& computer, const crypto::SigningKey& sheet_key) {
  return {sheet_key.verify_key(), sheet_key.sign(contexts::sheet_vouch, signed_part(computer))};
}

bool holds(const Vouch& vouch, const VouchedFor& computer) {
  return crypto::verify(vouch.sheet_key, contexts::sheet_vouch, signed_part(computer),
                        vouch.signature);
}

}  // namespace throughgate::sync
