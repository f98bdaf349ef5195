#include "sync/signed_verdict.h"

#include "sync/contexts.h"
#include "sync/layout.h"

namespace throughgate::sync {

Bytes SignedVerdict::encode() const {
  LayoutWriter out;
  out.bytes(instance.bytes).bytes(dossier.bytes).bytes(entry);
  out.u8(static_cast<std::uint8_t>(ruling.outcome));
  out.u16(static_cast<std::uint16_t>(ruling.reason));
  out.u64(dsn).u64(given_at_ms);
  return out.take();
}

void sign(SignedVerdict& verdict, const crypto::SigningKey& hub_key) {
  verdict.signature = hub_key.sign(contexts::verdict_signature, verdict.encode());
}

bool verify(const SignedVerdict& verdict, const crypto::VerifyKey& hub_key) {
  return crypto::verify(hub_key, contexts::verdict_signature, verdict.encode(), verdict.signature);
}

std::optional<SignedVerdict> decode_verdict(ByteView bytes, const crypto::Signature& signature) {
  LayoutReader in(bytes);
  SignedVerdict verdict;
  verdict.instance = in.id<InstanceId>();
  verdict.dossier = in.id<DossierId>();
  verdict.entry = in.array<32>();
  const std::uint8_t outcome = in.u8();
  verdict.ruling.reason = static_cast<Reason>(in.u16());
  verdict.dsn = in.u64();
  verdict.given_at_ms = in.u64();
  verdict.signature = signature;
  if (!in.finished() || outcome < 1 || outcome > 6) return std::nullopt;
  verdict.ruling.outcome = static_cast<Outcome>(outcome);
  return verdict;
}

bool proves_fork(const ForkProof& proof, const crypto::VerifyKey& author_key) {
  const auto a = decode_header(proof.header_a).header;
  const auto b = decode_header(proof.header_b).header;
  return a && b && proof.header_a != proof.header_b && a->author == b->author &&
         a->dossier == b->dossier && a->stream == b->stream && a->seq == b->seq &&
         crypto::verify(author_key, contexts::entry_signature, proof.header_a, proof.signature_a) &&
         crypto::verify(author_key, contexts::entry_signature, proof.header_b, proof.signature_b);
}

}  // namespace throughgate::sync
