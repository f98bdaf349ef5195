#include "node/web/pages/addresses.h"

#include <catch_amalgamated.hpp>

#include "node/records/catalogue.h"
#include "records/handover.pb.h"
#include "records/volunteer.pb.h"
#include "tests/node/web/pages/page_world.h"

namespace throughgate::node::testing {
namespace {

using namespace web;

Parameters path_of(const std::string& address) {
  const auto segments = parse_target(address)->segments;
  Parameters path;
  const char* names[] = {"", "dossier", "record", "type", "field"};
  for (std::size_t i = 1; i < segments.size(); ++i) path.add(names[i], segments[i]);
  return path;
}

sync::store::RecordName some_record() {
  sync::store::RecordName name;
  name.dossier.bytes.fill(0xA1);
  name.record.bytes.fill(0x0B);
  name.type = 110;
  return name;
}

}  // namespace

TEST_CASE("the address of a field that differs names that field again", "[pages]") {
  const auto found = field_in(path_of(conflict_address(some_record(), 20)));
  REQUIRE(found);
  CHECK(found->record == some_record());
  CHECK(found->field == 20);
}

TEST_CASE("an address that names no field is none", "[pages]") {
  const std::string good = conflict_address(some_record(), 20);
  const auto with = [&](const std::string& part, const std::string& instead) {
    std::string address = good;
    address.replace(address.find(part), part.size(), instead);
    return field_in(path_of(address));
  };
  REQUIRE(with("/110/", "/110/"));
  CHECK_FALSE(with("/110/", "/+110/"));
  CHECK_FALSE(with("/110/", "/0110/"));
  CHECK_FALSE(with("/110/", "/99999999999/"));
  CHECK_FALSE(with("a1a1", "a1"));
  CHECK_FALSE(with("a1a1", "zzzz"));
  CHECK_FALSE(with("0b0b0b0b0b0b0b0b", "0b"));
  CHECK_FALSE(field_in(path_of("/changed-in-two-places")));
}

TEST_CASE("a handover and a volunteer have a page, a record of the site has none", "[pages]") {
  const auto id = some_record().dossier;
  const auto number = [](const auto& descriptor) { return record_type(descriptor)->number; };
  CHECK(page_address(id, number(*schema::Handover::descriptor())) == "/handovers/" + id.hex());
  CHECK(page_address(id, number(*schema::Volunteer::descriptor())) == "/volunteers/" + id.hex());
  CHECK_FALSE(page_address(id, root_record_type(schema::SITE)->number));
  CHECK_FALSE(page_address(id, 0));
}

}  // namespace throughgate::node::testing
