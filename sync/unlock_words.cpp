#include "sync/unlock_words.h"

#include "crypto/hash.h"
#include "crypto/words.h"
#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::sync {

std::optional<std::string> unlock_words(const crypto::BoxKey& own,
                                        const crypto::BoxPublicKey& other, const Unlocking& what) {
  const auto shared = own.shared_with(other);
  if (!shared) return std::nullopt;
  LayoutWriter out;
  out.bytes(what.computer.bytes).bytes(what.desk.bytes).u32(what.state).u16(what.days);
  const Hash mac = crypto::keyed_hash(shared->view(), contexts::unlock_words, {out.take()});
  return crypto::fingerprint_words(mac);
}

}  // namespace throughgate::sync
