#include "node/organisation_facts.h"

#include "sync/layout.h"

namespace throughgate::node {

// kind u8 · name length u16 · name · establishment
sync::Bytes encode(const OrganisationFacts& facts) {
  sync::LayoutWriter out;
  out.u8(static_cast<std::uint8_t>(facts.kind));
  out.u16(static_cast<std::uint16_t>(facts.site.name.size()));
  out.bytes(crypto::as_bytes(facts.site.name)).bytes(crypto::as_bytes(facts.site.establishment));
  return out.take();
}

std::optional<OrganisationFacts> decode_facts(sync::ByteView bytes) {
  sync::LayoutReader in(bytes);
  const auto kind = in.u8();
  const std::string name(crypto::as_text(in.bytes(in.u16())));
  if (in.failed() || kind < 1 || kind > 3) return std::nullopt;
  const std::string establishment(crypto::as_text(bytes.subspan(in.position())));
  return OrganisationFacts{static_cast<sync::OrganisationKind>(kind), {name, establishment}};
}

}  // namespace throughgate::node
