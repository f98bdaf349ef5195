#include "sync/envelope.h"

#include "crypto/hash.h"
#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::sync {

Hash key_commitment(const crypto::ContentKey& key, const DossierId& dossier) {
  return crypto::keyed_hash(key.secret().view(), contexts::key_commitment, {dossier.view()});
}

Bytes EnvelopeList::encode() const {
  LayoutWriter out;
  out.bytes(sender.bytes).bytes(dossier.bytes).bytes(epoch.bytes);
  out.u16(static_cast<std::uint16_t>(envelopes.size()));
  for (const auto& envelope : envelopes) {
    out.u8(static_cast<std::uint8_t>(envelope.recipient.kind)).bytes(envelope.recipient.id);
    out.bytes(envelope.sealed);
  }
  return out.take();
}

std::optional<Envelope> seal_key(const crypto::ContentKey& key, const Recipient& recipient,
                                 const crypto::BoxPublicKey& box_key) {
  const auto sealed =
      crypto::to_array<envelope_bytes>(crypto::seal_to(box_key, key.secret().view()));
  return sealed ? std::optional(Envelope{recipient, *sealed}) : std::nullopt;
}

void sign(EnvelopeList& list, const crypto::SigningKey& sender) {
  list.signature = sender.sign(contexts::envelope_list, list.encode());
}

bool verify(const EnvelopeList& list, const crypto::VerifyKey& sender) {
  return crypto::verify(sender, contexts::envelope_list, list.encode(), list.signature);
}

std::optional<EnvelopeList> decode_envelope_list(ByteView bytes,
                                                 const crypto::Signature& signature) {
  LayoutReader in(bytes);
  EnvelopeList list;
  list.sender = in.id<NodeId>();
  list.dossier = in.id<DossierId>();
  list.epoch = in.id<EpochId>();
  list.signature = signature;
  const std::size_t count = in.u16();
  if (count > envelopes_max) return std::nullopt;
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    Envelope envelope;
    const std::uint8_t kind = in.u8();
    if (kind < 1 || kind > 2) return std::nullopt;
    envelope.recipient.kind = static_cast<RecipientKind>(kind);
    envelope.recipient.id = in.array<16>();
    envelope.sealed = in.array<envelope_bytes>();
    list.envelopes.push_back(envelope);
  }
  if (!in.finished()) return std::nullopt;
  return list;
}

std::optional<crypto::ContentKey> open_envelope(const Envelope& envelope,
                                                const crypto::BoxKey& box_key,
                                                const DossierId& dossier, const Hash& commitment) {
  auto plain = box_key.open(envelope.sealed);
  if (!plain || plain->size() != 32) return std::nullopt;
  crypto::ContentKey key{crypto::Secret<32>(std::span<const std::uint8_t, 32>(*plain))};
  crypto::wipe(*plain);
  if (!crypto::equal_in_constant_time(key_commitment(key, dossier), commitment))
    return std::nullopt;
  return key;
}

}  // namespace throughgate::sync
