// A dossier key on its way: sealed to one node, or to an organisation's recovery key.
#pragma once

#include <optional>
#include <vector>

#include "crypto/box_key.h"
#include "crypto/content_key.h"
#include "crypto/signing_key.h"
#include "sync/ids.h"

namespace throughgate::sync {

// BLAKE2b-256(key = dossier key, context ‖ dossier): names the key, says nothing of it.
Hash key_commitment(const crypto::ContentKey& key, const DossierId& dossier);

enum class RecipientKind : std::uint8_t { node = 1, recovery_key = 2 };

struct Recipient {
  RecipientKind kind = RecipientKind::node;
  ByteArray<16> id{};  // of the node, or of the organisation

  friend auto operator<=>(const Recipient&, const Recipient&) = default;
};

constexpr std::size_t envelope_bytes = 32 + crypto::sealed_box_overhead;
constexpr std::size_t envelopes_max = 1024;  // in one list

struct Envelope {
  Recipient recipient;
  ByteArray<envelope_bytes> sealed{};

  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// Signed by its sender. Layout: sender 16 · dossier 16 · epoch 16 · count u16 ·
//                               {recipient kind u8 · id 16 · sealed 80}.
struct EnvelopeList {
  NodeId sender;
  DossierId dossier;
  EpochId epoch;
  std::vector<Envelope> envelopes;
  crypto::Signature signature{};

  Bytes encode() const;  // what is signed
  friend bool operator==(const EnvelopeList&, const EnvelopeList&) = default;
};

// nullopt for a public key that nobody can hold the secret of.
std::optional<Envelope> seal_key(const crypto::ContentKey& key, const Recipient& recipient,
                                 const crypto::BoxPublicKey& box_key);
void sign(EnvelopeList& list, const crypto::SigningKey& sender);
bool verify(const EnvelopeList& list, const crypto::VerifyKey& sender);
// Of encode(); the signature travels beside it.
std::optional<EnvelopeList> decode_envelope_list(ByteView bytes,
                                                 const crypto::Signature& signature);

// The key inside, when it opens with `box_key` and is the one committed to; nullopt otherwise.
std::optional<crypto::ContentKey> open_envelope(const Envelope& envelope,
                                                const crypto::BoxKey& box_key,
                                                const DossierId& dossier, const Hash& commitment);

}  // namespace throughgate::sync
