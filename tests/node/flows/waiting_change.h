// A handover with a change of the prison's that waits to be sent, and a hub that lies of it.
#pragma once

#include <algorithm>
#include <catch_amalgamated.hpp>

#include "node/handovers/case_file.h"
#include "sync/contexts.h"
#include "sync/signed_verdict.h"
#include "sync/wire_values.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {

// A handover that both have, with a change of the prison's that waits to be sent.
struct WaitingChange {
  World world;
  sync::DossierId id = shared_handover(world);
  std::vector<sync::SignedEntry> own;  // of the prison's in this dossier, as written
  int times_offered = 0;

  WaitingChange() {
    world.sync_all(3);
    change("sender-name", "Sam Changed");
    read_own();
  }

  void change(const std::string& field, const std::string& value) {
    const auto& handover = *record_type(*schema::Handover::descriptor());
    const auto open = must(world.prison.records->open({id, {}, handover.number}));
    must(world.prison.records->set_fields(open, {{field, value}}, world.prison.by));
  }

  void read_own() {
    const auto author = world.prison.node->identity().node;
    sync::store::UnitOfWork work(world.prison.node->database(), sync::store::Purpose::reading);
    work.each(
        "SELECT header, signature FROM entry WHERE author = (SELECT id FROM author WHERE node = ?) "
        "AND dossier = (SELECT id FROM dossier WHERE dossier = ?) ORDER BY id",
        sync::store::bound(author.view(), id.view()), [&](const sync::store::Statement& row) {
          const auto header = row.view(0);
          own.push_back(
              {{header.begin(), header.end()}, *crypto::to_array<64>(row.view(1)), {}, {}});
        });
    REQUIRE(own.size() >= 2);
  }
  const sync::SignedEntry& waiting() const { return own.back(); }

  // The hub has placed nothing, and says this of the change instead.
  void say(const sync::Ruling& ruling, const crypto::Bytes& other = {},
           const std::optional<crypto::Signature>& signature = {}) {
    world.listener = [this, ruling, other, signature](HubClient::Endpoint endpoint,
                                                      crypto::ByteView request,
                                                      crypto::Bytes& answer) {
      if (endpoint != HubClient::Endpoint::sync) return;
      schema::SyncRequest asked;
      schema::SyncReply reply;
      REQUIRE(asked.ParseFromArray(request.data(), static_cast<int>(request.size())));
      REQUIRE(reply.ParseFromArray(answer.data(), static_cast<int>(answer.size())));
      const auto ours = sync::to_wire(waiting().signature);
      if (asked.entries_size() == 0 || asked.entries(0).entries(0).signature() != ours) return;
      REQUIRE(reply.answers_size() == 1);
      ++times_offered;
      sync::SignedVerdict verdict{*sync::id_from_wire<sync::InstanceId>(reply.instance()),
                                  id,
                                  sync::entry_hash(waiting().header),
                                  ruling,
                                  0,
                                  world.now_ms,
                                  {}};
      sign(verdict, world.hub_key());
      reply.clear_heads();
      reply.set_cursor(asked.cursor());
      auto& said = *reply.mutable_answers(0);
      said.Clear();
      said.mutable_verdict()->set_bytes(sync::to_wire(verdict.encode()));
      said.mutable_verdict()->set_signature(sync::to_wire(verdict.signature));
      if (!other.empty()) said.set_fork_header(sync::to_wire(other));
      if (signature) said.set_fork_signature(sync::to_wire(*signature));
      answer.resize(reply.ByteSizeLong());
      REQUIRE(reply.SerializeToArray(answer.data(), static_cast<int>(answer.size())));
    };
  }

  // Another header for the same place, which the author need not have signed.
  crypto::Bytes another_header() const {
    auto header = *sync::decode_header(waiting().header).header;
    header.sealed.hash[0] ^= 1;
    return header.encode();
  }
  crypto::Signature signed_by(const Site& site, const crypto::Bytes& header) const {
    return site.node->identity().signing_key.sign(sync::contexts::entry_signature, header);
  }

  std::size_t told(sync::store::NoticeKind kind) const {
    const auto notices = must(world.prison.reader().notices(false));
    return static_cast<std::size_t>(
        std::count_if(notices.begin(), notices.end(),
                      [&](const auto& each) { return each.kind == static_cast<int>(kind); }));
  }

  bool is_to_be_sent() const {
    sync::store::UnitOfWork work(world.prison.node->database(), sync::store::Purpose::reading);
    return work
        .first("SELECT 1 FROM entry WHERE hash = ? AND dsn IS NULL AND standing = ?",
               sync::store::bound(sync::entry_hash(waiting().header),
                                  static_cast<int>(sync::store::Standing::outbox)),
               sync::store::unsigned_column)
        .has_value();
  }

  std::string name_at(const Site& site) const {
    return must(read_case(*site.records, id)).text(schema::Handover::kSenderNameFieldNumber);
  }
};

}  // namespace throughgate::node::testing
