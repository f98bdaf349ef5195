// 9: of whatever a world is made of, no bit can be altered without being found out. Where files are
// brought in, path_checks.cpp looks at that.
#include <algorithm>

#include "tests/simulation/world.h"

namespace throughgate::simulation {
namespace {

constexpr int entries_tried = 12;

}  // namespace

void World::flip(sync::Bytes& bytes) {
  bytes[updates_.below(bytes.size())] ^= static_cast<std::uint8_t>(1u << updates_.below(8));
  ++counts_.bits_flipped;
}

void World::check_bits(Findings& findings) {
  check_bits_of_entries(findings);
  check_bits_of_heads(findings);
  if (directory_steps_.size() < 2) return;
  sync::Directory before;
  for (std::size_t i = 0; i + 1 < directory_steps_.size(); ++i) {
    (void)before.apply(directory_steps_[i], directory_key_.verify_key());
  }
  for (const bool in_header : {true, false}) {
    auto directory = before;
    auto step = directory_steps_.back();
    flip(in_header ? step.header : step.body);
    if (directory.apply(step, directory_key_.verify_key())) {
      find(findings, "9", "a step of the list with one bit altered is taken");
    }
  }
}

// A bit of an entry is missed by its signature or its hash, one of its place by the chain.
void World::check_bits_of_entries(Findings& findings) {
  for (const auto& [id, order] : orders_) {
    for (int i = 0; i < entries_tried && !order.entries.empty(); ++i) {
      const std::size_t at = updates_.below(order.entries.size());
      const auto& placed = order.entries[at];
      const auto header = sync::decode_header(placed.entry.header).header;
      const auto* author = header ? hub_->sequencer().directory().node(header->author) : nullptr;
      if (!author) continue;
      auto entry = placed.entry;
      auto& part = i % 3 == 0 && !entry.sealed.empty()  ? entry.sealed
                   : i % 3 == 1 && !entry.clear.empty() ? entry.clear
                                                        : entry.header;
      flip(part);
      if (sync::verify(std::move(entry), author->verify_key, sync::SealedPart::may_be_deleted)
              .entry) {
        find(findings, "9", "an entry with one bit altered verifies");
      }
      auto record = placed.record.encode();
      flip(record);
      const auto decoded = sync::decode_order_record(record);
      if (decoded && sync::chain_next(order.heads[at], *decoded) == order.heads[at + 1]) {
        find(findings, "9", "a place with one bit altered leads to the same chain");
      }
    }
  }
}

void World::check_bits_of_heads(Findings& findings) {
  auto& desk = machine("Z1");
  sync::store::UnitOfWork work(desk.node().database());
  for (const auto& id : dossiers_held(work)) {
    const auto proof = sync::store::StoredDossier(work, id).proof();
    if (!proof || !verify(*proof, hub_->key())) continue;
    for (int i = 0; i < 3; ++i) {
      auto altered = *proof;
      sync::Bytes bytes(altered.head.chain.begin(), altered.head.chain.end());
      if (i == 1) bytes.assign(altered.signature.begin(), altered.signature.end());
      if (i == 2) bytes.assign(altered.root.root.begin(), altered.root.root.end());
      flip(bytes);
      if (i == 0) std::copy(bytes.begin(), bytes.end(), altered.head.chain.begin());
      if (i == 1) std::copy(bytes.begin(), bytes.end(), altered.signature.begin());
      if (i == 2) std::copy(bytes.begin(), bytes.end(), altered.root.root.begin());
      if (verify(altered, hub_->key())) find(findings, "9", "a head with one bit altered verifies");
    }
  }
}

}  // namespace throughgate::simulation
