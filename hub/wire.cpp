#include "hub/wire.h"

namespace throughgate::hub::wire {

std::optional<sync::Head> head(const schema::WireHead& in) {
  const auto dossier = id<sync::DossierId>(in.dossier());
  const auto chain = array<32>(in.chain());
  if (!dossier || !chain) return std::nullopt;
  return sync::Head{*dossier, in.dsn(), *chain};
}

void set(const sync::Head& head, schema::WireHead& out) {
  out.set_dossier(text(head.dossier.bytes));
  out.set_dsn(head.dsn);
  out.set_chain(text(head.chain));
}

std::optional<sync::SignedHead> signed_head(const schema::WireHeadProof& in) {
  const auto head = wire::head(in.head());
  const auto root = sync::decode_heads_root(crypto::as_bytes(in.root().bytes()));
  const auto signature = array<64>(in.root().signature());
  if (!head || !root || !signature || in.path_size() > int{sync::merkle_path_max}) {
    return std::nullopt;
  }
  sync::SignedHead out{*head, {}, *root, *signature};
  for (const auto& step : in.path()) {
    const auto sibling = step.size() == 33 ? array<32>(step.substr(1)) : std::nullopt;
    if (!sibling || (step[0] != 0 && step[0] != 1)) return std::nullopt;
    out.path.push_back({step[0] == 1, *sibling});
  }
  return out;
}

std::optional<sync::DirectoryStep> step(const schema::DirectoryStep& in) {
  const auto signature = array<64>(in.signature());
  if (!signature) return std::nullopt;
  return sync::DirectoryStep{bytes(in.header()), bytes(in.body()), *signature,
                             bytes(in.root_list())};
}

void set(const sync::DirectoryStep& step, schema::DirectoryStep& out) {
  out.set_header(text(step.header));
  out.set_body(text(step.body));
  out.set_signature(text(step.signature));
  out.set_root_list(text(step.root_list));
}

}  // namespace throughgate::hub::wire
