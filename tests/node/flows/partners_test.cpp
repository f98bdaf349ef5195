// Others come in, and the backup takes over.
#include <catch_amalgamated.hpp>

#include "node/handovers/acknowledgement.h"
#include "node/sharing/no_longer_shared.h"
#include "schema/directory.pb.h"
#include "sync/wire_values.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using schema::Handover;
using sync::DossierId;
using sync::ErrorKind;
using sync::Role;

By because(Site& site, const std::string& reason) { return {site.by.actor, reason}; }

void agree(World& world, const Site& with, char id) {
  schema::DirectoryBody body;
  auto& agreement = *body.add_agreements();
  agreement.set_id(std::string(16, id));
  agreement.set_from(sync::to_wire(world.prison.organisation.view()));
  agreement.set_to(sync::to_wire(with.organisation.view()));
  agreement.add_dossier_kinds(schema::CASE);
  agreement.set_expires_at_ms(world.now_ms + 365ull * 24 * 3600 * 1000);
  world.publish(body);
}

BasisInput ground_for(const World& world, const Site& site) {
  auto basis = example_basis(world);
  basis.partner = site.organisation;
  return basis;
}

std::optional<Role> role_at(Site& site, const DossierId& id, const Site& of) {
  for (const auto& member : must(site.reader().dossier(id)).members) {
    if (member.organisation == of.organisation) return member.role;
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("somebody more takes part only with an agreement and a ground that names all of it",
          "[partners]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  Handovers prison(*world.prison.records);
  const auto why = because(world.prison, "housing");
  const auto& other = world.stranger.organisation;
  CHECK(refusal(prison.add_partner(id, other, Role::reader, why)).kind == ErrorKind::denied);
  agree(world, world.stranger, 'b');
  CHECK(refusal(prison.add_partner(id, other, Role::reader, why)).kind == ErrorKind::invalid);
  auto basis = ground_for(world, world.stranger);
  basis.classes = {"IDENTITY"};
  must(prison.record_basis(id, basis, world.prison.by));
  CHECK(refusal(prison.add_partner(id, other, Role::reader, why)).message.find("Not named") !=
        std::string::npos);
  must(prison.record_basis(id, ground_for(world, world.stranger), world.prison.by));
  CHECK(refusal(Handovers(*world.partner.records)
                    .add_partner(id, other, Role::reader, because(world.partner, "friends")))
            .kind == ErrorKind::denied);
  must(prison.add_partner(id, other, Role::reader, why));
  world.sync_all(3);
  const auto file = must(read_case(*world.stranger.records, id));
  CHECK(file.role() == Role::reader);
  CHECK(file.text(Handover::kFamilyNameFieldNumber) != "");
  CHECK(must(Acknowledgements(*world.stranger.records).awaiting(file)).empty());
  must(prison.add_partner(id, other, Role::contributor, because(world.prison, "they help")));
  world.sync_all(2);
  CHECK(role_at(world.partner, id, world.stranger) == Role::contributor);
  must(prison.remove_partner(id, other, because(world.prison, "done")));
  world.sync_all(2);
  CHECK(must(delete_what_is_no_longer_shared(*world.stranger.node)) == 1);
  CHECK(must(read_case(*world.prison.records, id)).state == Handover::SENT);
}

TEST_CASE("the backup sees nothing until it takes over, and then the partner leaves in one step",
          "[partners]") {
  World world;
  agree(world, world.stranger, 'b');
  const auto id = shared_handover(world);
  world.sync_all();
  must(Handovers(*world.partner.records).accept(id, "Ann, 07700 900001", world.partner.by));
  world.sync_all();
  Handovers prison(*world.prison.records);
  const auto why = because(world.prison, "no answer");
  CHECK(refusal(prison.use_backup(id, why)).kind == ErrorKind::invalid);
  must(prison.name_backup(id, world.stranger.organisation, world.prison.by));
  world.sync_all();
  CHECK_FALSE(role_at(world.prison, id, world.stranger));
  CHECK(refusal(read_case(*world.stranger.records, id)).kind == ErrorKind::not_found);
  CHECK(refusal(prison.use_backup(id, why)).kind == ErrorKind::invalid);  // no ground yet
  must(prison.record_basis(id, ground_for(world, world.stranger), world.prison.by));
  must(prison.use_backup(id, why));
  world.sync_all(3);
  CHECK(role_at(world.prison, id, world.stranger) == Role::receiver);
  CHECK_FALSE(role_at(world.prison, id, world.partner));
  CHECK(must(delete_what_is_no_longer_shared(*world.partner.node)) == 1);
  const auto file = must(read_case(*world.stranger.records, id));
  CHECK(file.state == Handover::SENT);
  must(Handovers(*world.stranger.records).accept(id, "Bo, 07700 900002", world.stranger.by));
  world.sync_all();
  CHECK(must(read_case(*world.prison.records, id)).state == Handover::ACCEPTED);
}

}  // namespace throughgate::node::testing
