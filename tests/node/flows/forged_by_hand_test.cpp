// What a program writes that asks nobody, brought by hand: it begins, closes and changes nothing
// of another's.
#include <catch_amalgamated.hpp>

#include "node/bundles/export.h"
#include "node/bundles/import.h"
#include "records/volunteer.pb.h"
#include "schema/bundle.pb.h"
#include "sync/store/bundle_folder.h"
#include "sync/store/unpacking.h"
#include "sync/wire_form.h"
#include "sync/wire_values.h"
#include "tests/node/flows/forged_members.h"
#include "tests/node/flows/found_here.h"

namespace throughgate::node::testing {
namespace {

using sync::DossierId;
using sync::ErrorKind;
using sync::OpKind;
using sync::Role;
using sync::store::NoticeKind;

// What begins a record of this id, as a program would write it that asks nobody.
sync::VerifiedEntry forged_first(Site& by, const DossierId& id,
                                 const std::vector<sync::Member>& members) {
  sync::store::UnitOfWork work(by.node->database());  // nothing of it is kept
  const auto context = by.node->context();
  sync::store::Replica replica(work, id, context);
  const auto key = crypto::ContentKey::generate(by.node->random());
  sync::Membership membership;
  membership.number = 1;
  membership.dossier_random = by.node->random().bytes<16>();
  membership.members = members;
  std::sort(membership.members.begin(), membership.members.end(),
            [](const auto& a, const auto& b) { return a.organisation < b.organisation; });
  membership.key_commitment = sync::key_commitment(key, id);
  replica.take_key(membership.epoch(), key);
  const sync::store::EntryDraft draft{
      sync::EntryKind::membership,
      membership.encode(),
      by.records->authorship(by.by),
      {{{{}, record_type("volunteer")->number, schema::Volunteer::kFamilyNameFieldNumber},
        OpKind::set,
        {'P', 'l', 'a', 'n', 't', 'e', 'd'},
        {},
        {}}},
      {},
      {},
      {}};
  return must(sync::store::write_entry(replica, draft, context));
}

schema::Bundle bundle_of(const DossierId& id, const sync::VerifiedEntry& entry) {
  schema::Bundle out;
  auto& group = *out.add_dossiers()->mutable_entries();
  group.set_dossier(sync::to_wire(id.view()));
  sync::add_to_group(entry, sync::WireForm::full, group);
  return out;
}

}  // namespace

TEST_CASE("who may not change the members of a record changes them nowhere, brought by hand",
          "[receiving]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  const auto forged = forged_members(world.partner, id, [&](sync::Membership& next) {
    for (auto& member : next.members) {
      if (member.role == Role::owner) member.role = Role::contributor;
      if (member.organisation == world.partner.organisation) member.role = Role::owner;
    }
  });
  must(world.prison.node->admission().receive_by_hand(forged.bytes()));
  const auto shown = must(world.prison.reader().dossier(id));
  CHECK(shown.own_role == Role::owner);
  CHECK_FALSE(shown.members_provisional);
}

TEST_CASE("nobody begins another organisation's record, by whichever way it is brought",
          "[receiving]") {
  World world;
  Site& partner = world.partner;
  const auto id = shared_handover(world);  // the partner has not heard of it yet
  const std::vector<sync::Member> theirs{{world.stranger.organisation, Role::owner},
                                         {partner.organisation, Role::receiver}};
  const std::vector<sync::Member> as_the_prisons{{world.prison.organisation, Role::owner},
                                                 {world.stranger.organisation, Role::contributor},
                                                 {partner.organisation, Role::receiver}};
  const bool claims_it = GENERATE(true, false);
  const auto forged = forged_first(world.stranger, id, claims_it ? theirs : as_the_prisons);

  SECTION("as an entry") {
    CHECK(refusal(partner.node->admission().receive_by_hand(forged.bytes())).kind ==
          ErrorKind::rejected);
  }
  SECTION("in a bundle") {
    const auto context = partner.node->context();
    const auto counts = must(sync::store::Unpacking(partner.node->database(), context,
                                                    world.stranger.node->identity().node)
                                 .take(bundle_of(id, forged)));
    CHECK(counts.not_ours == 1);
    CHECK(counts.by_hand == 0);
  }
  SECTION("kept by an earlier program, which did not ask") {
    sync::store::UnitOfWork work(partner.node->database());
    const auto context = partner.node->context();
    sync::store::Replica replica(work, id, context);
    replica.hold(forged, world.stranger.organisation, sync::store::Standing::carried);
    CHECK_FALSE(replica.latest_membership());
    CHECK_FALSE(replica.role_now(world.stranger.organisation));
    CHECK_FALSE(replica.unplaced_first());
    replica.finish();
    must(work.commit());
  }
  CHECK(found(partner, "Planted") == 0);
  // And whose it is begins it, by hand and by network.
  TemporaryFolder stick;
  const auto readers = must(readers_of(*world.prison.node, partner.organisation));
  const auto made =
      must(export_bundles(*world.prison.node, readers, stick.file("."), sync::bundle_bytes_max));
  for (const auto& file : made.files) {
    must(take_bundle(*partner.node,
                     must(sync::store::read_bundle_file(stick.file(file.file_name)))));
  }
  const auto shown = must(partner.reader().dossier(id));
  CHECK(shown.own_role == Role::receiver);
  world.sync_all();
  CHECK(must(read_case(*partner.records, id)).state == schema::Handover::SENT);
  CHECK(is_whole(partner));
}

TEST_CASE("nobody closes another's stream by hand, though they know its number", "[receiving]") {
  World world;
  const auto id = shared_handover(world);
  world.sync_all();
  const auto stream_of_prison = [&] {
    sync::store::UnitOfWork work(world.prison.node->database(), sync::store::Purpose::reading);
    return sync::store::StoredDossier(work, id).own_stream();
  };
  const auto before = stream_of_prison();
  REQUIRE(before);
  const auto forged = [&] {
    sync::store::UnitOfWork work(world.partner.node->database());
    const auto context = world.partner.node->context();
    sync::store::Replica replica(work, id, context);
    replica.stored().set_own_stream({before->id, 0, {}});
    const sync::store::EntryDraft draft{
        sync::EntryKind::change,
        {},
        world.partner.records->authorship(world.partner.by),
        {{{{}, record_type("handover")->number, schema::Handover::kReceiverContactFieldNumber},
          OpKind::set,
          {'x'},
          {},
          {}}},
        {},
        {},
        {}};
    return must(sync::store::write_entry(replica, draft, context));
  }();
  REQUIRE(forged.header().stream == before->id);
  must(world.prison.node->admission().receive_by_hand(forged.bytes()));
  const auto after = stream_of_prison();
  REQUIRE(after);
  CHECK(after->id == before->id);
  CHECK(after->seq == before->seq);
  for (const auto& notice : must(world.prison.reader().notices(false))) {
    CHECK(notice.kind != static_cast<int>(NoticeKind::disk_put_back));
  }
}

}  // namespace throughgate::node::testing
