#include "sync/wire_values.h"

#include "sync/limits.h"

namespace throughgate::sync {
namespace {

std::optional<crypto::Signature> signature_of(const std::string& text) {
  return crypto::to_array<64>(crypto::as_bytes(text));
}

schema::SignedBytes signed_bytes(ByteView bytes, const crypto::Signature& signature) {
  schema::SignedBytes out;
  out.set_bytes(to_wire(bytes));
  out.set_signature(to_wire(ByteView(signature)));
  return out;
}

}  // namespace

schema::DirectoryStep to_wire(const DirectoryStep& step) {
  schema::DirectoryStep out;
  out.set_header(to_wire(ByteView(step.header)));
  out.set_body(to_wire(ByteView(step.body)));
  out.set_signature(to_wire(ByteView(step.signature)));
  out.set_root_list(to_wire(ByteView(step.root_list)));
  return out;
}

std::optional<DirectoryStep> from_wire(const schema::DirectoryStep& step) {
  const auto signature = crypto::to_array<64>(crypto::as_bytes(step.signature()));
  if (!signature) return std::nullopt;
  return DirectoryStep{from_wire(step.header()), from_wire(step.body()), *signature,
                       from_wire(step.root_list())};
}

schema::WireHead to_wire(const Head& head) {
  schema::WireHead out;
  out.set_dossier(to_wire(head.dossier.view()));
  out.set_dsn(head.dsn);
  out.set_chain(to_wire(ByteView(head.chain)));
  return out;
}

std::optional<Head> from_wire(const schema::WireHead& head) {
  const auto dossier = id_from_wire<DossierId>(head.dossier());
  const auto chain = hash_from_wire(head.chain());
  if (!dossier || !chain || head.dsn() > counter_max) return std::nullopt;
  return Head{*dossier, head.dsn(), *chain};
}

schema::WireHeadProof to_wire(const SignedHead& head) {
  schema::WireHeadProof out;
  *out.mutable_head() = to_wire(head.head);
  *out.mutable_root() = signed_bytes(head.root.encode(), head.signature);
  for (const auto& step : head.path) {
    std::string text(1, step.sibling_is_left ? '\1' : '\0');
    out.add_path(text + to_wire(ByteView(step.sibling)));
  }
  return out;
}

std::optional<SignedHead> from_wire(const schema::WireHeadProof& proof) {
  const auto head = from_wire(proof.head());
  const auto root = decode_heads_root(crypto::as_bytes(proof.root().bytes()));
  const auto signature = signature_of(proof.root().signature());
  if (!head || !root || !signature || proof.path_size() > static_cast<int>(merkle_path_max)) {
    return std::nullopt;
  }
  SignedHead out{*head, {}, *root, *signature};
  for (const auto& step : proof.path()) {
    const auto bytes = crypto::as_bytes(step);
    if (bytes.size() != 33 || bytes[0] > 1) return std::nullopt;
    out.path.push_back({bytes[0] == 1, *crypto::to_array<32>(bytes.subspan(1))});
  }
  return out;
}

schema::WireHeads to_wire(const SignedHeads& heads) {
  schema::WireHeads out;
  *out.mutable_root() = signed_bytes(heads.root.encode(), heads.signature);
  for (const auto& head : heads.heads) *out.add_heads() = to_wire(head);
  return out;
}

std::optional<SignedHeads> from_wire(const schema::WireHeads& heads) {
  const auto root = decode_heads_root(crypto::as_bytes(heads.root().bytes()));
  const auto signature = signature_of(heads.root().signature());
  if (!root || !signature) return std::nullopt;
  SignedHeads out{*root, *signature, {}};
  for (const auto& each : heads.heads()) {
    const auto head = from_wire(each);
    if (!head) return std::nullopt;
    out.heads.push_back(*head);
  }
  return out;
}

schema::SignedBytes to_wire(const EnvelopeList& list) {
  return signed_bytes(list.encode(), list.signature);
}

std::optional<EnvelopeList> envelope_list_from_wire(const schema::SignedBytes& bytes) {
  const auto signature = signature_of(bytes.signature());
  return signature ? decode_envelope_list(crypto::as_bytes(bytes.bytes()), *signature)
                   : std::nullopt;
}

}  // namespace throughgate::sync
