#include "sync/list_orders.h"

#include <catch_amalgamated.hpp>

#include "schema/directory.pb.h"
#include "sync/wire_values.h"

using namespace throughgate::sync;

namespace {

DirectoryStep step_with(const throughgate::schema::DirectoryBody& body) {
  DirectoryStep step;
  step.body = from_wire(body.SerializeAsString());
  return step;
}

}  // namespace

TEST_CASE("what a version says once is read from it, and from no other bytes", "[directory]") {
  const NodeId node{{1}};
  const Hash entry{7};
  const InstanceId instance{{2}};
  const DossierId dossier{{3}};
  throughgate::schema::DirectoryBody body;
  CHECK(accidents_in(step_with(body)).empty());
  CHECK_FALSE(opening_in(step_with(body)));
  auto& accident = *body.add_accidents();
  accident.set_node(to_wire(node.view()));
  accident.set_entry(to_wire(ByteView(entry)));
  body.mutable_opening()->set_instance(to_wire(instance.view()));
  const auto all = opening_in(step_with(body));
  REQUIRE(all);
  CHECK(all->dossiers.empty());  // which means all of them
  body.mutable_opening()->add_dossiers(to_wire(dossier.view()));
  const auto accidents = accidents_in(step_with(body));
  REQUIRE(accidents.size() == 1);
  CHECK(accidents[0].node == node);
  CHECK(accidents[0].entry == entry);
  const auto one = opening_in(step_with(body));
  REQUIRE(one);
  CHECK(one->instance == instance);
  CHECK(one->dossiers == std::vector{dossier});

  DirectoryStep broken;
  broken.body = {0xFF, 0xFF, 0xFF};
  CHECK(accidents_in(broken).empty());
  CHECK_FALSE(opening_in(broken));
}
