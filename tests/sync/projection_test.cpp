#include "sync/projection.h"

#include <catch_amalgamated.hpp>
#include <set>

#include "tests/sync/merge_fixture.h"
#include "tests/sync/seeded_random.h"

using namespace throughgate;
using namespace throughgate::sync;
using namespace throughgate::sync::testing;

namespace {

const FieldKey key{{{1, 2, 3, 4, 5, 6, 7, 8}}, 9, 10};

Bytes canonical_of(const char* field, std::vector<Made> ops) {
  return canonical(key, project(card(field), made(std::move(ops))));
}

}  // namespace

TEST_CASE("a field's canonical bytes stand as the format document says", "[projection]") {
  const Bytes bytes = canonical_of("address", {set(1, "ab")});
  std::string expected =
      "0102030405060708"
      "09000000"
      "0a000000"
      "01"
      "01000000";
  expected += "01" + std::string(62, '0') +
              "00000000"
              "00"
              "00"
              "02000000"
              "6162";  // the sibling
  expected +=
      "01"
      "01" +
      std::string(62, '0') + "00000000";  // shown
  expected +=
      "00000000"
      "00000000"
      "00000000";  // nothing listed or not applied; state 0
  CHECK(crypto::to_hex(bytes) == expected);
}

TEST_CASE("the canonical bytes differ for whatever a person could see differ", "[projection]") {
  const std::set<Bytes> all{
      canonical_of("address", {set(1, "a")}),
      canonical_of("address", {set(1, "b")}),
      canonical_of("address", {set(2, "a")}),
      canonical_of("address", {set(1, "a"), set(2, "b")}),
      canonical_of("address", {set(1, "a"), set(2, "b").at(9)}),
      canonical_of("address", {set(1, "a").at(9), set(2, "b")}),
      canonical_of("address", {set(1, "").removed()}),
      canonical_of("address", {set(1, "")}),
      canonical_of("address", {clear(1)}),
      canonical_of("address", {}),
      canonical_of("note", {set(1, "a").of(OpKind::append), set(2, "b").of(OpKind::append)}),
      canonical_of("note",
                   {set(1, "a").of(OpKind::append).placed(3), set(2, "b").of(OpKind::append)}),
      canonical_of("stage", {step(1, 0, 1)}),
      canonical_of("stage", {step(1, 0, 1).as(Role::receiver)})};
  CHECK(all.size() == 13);  // two of the addresses show the same
}

TEST_CASE("a digest is keyed and names its dossier and place", "[projection]") {
  SeededRandom random(1);
  const auto a = crypto::ContentKey::generate(random);
  const auto b = crypto::ContentKey::generate(random);
  const std::map<FieldKey, Bytes> fields{{key, canonical_of("address", {set(1, "a")})}};
  const std::map<FieldKey, Bytes> others{{key, canonical_of("address", {set(1, "b")})}};
  const DossierId dossier{{1}};
  const std::set<ProjectionDigest> digests{
      projection_digest(a, dossier, 5, fields), projection_digest(b, dossier, 5, fields),
      projection_digest(a, {{2}}, 5, fields),   projection_digest(a, dossier, 6, fields),
      projection_digest(a, dossier, 5, others), projection_digest(a, dossier, 5, {})};
  CHECK(digests.size() == 6);
  CHECK(projection_digest(a, dossier, 5, fields) == projection_digest(a, dossier, 5, fields));
}

TEST_CASE("a digest is the keyed hash of the fields in their order", "[projection]") {
  SeededRandom random(1);
  const auto content_key = crypto::ContentKey::generate(random);
  const DossierId dossier{{1}};
  const FieldKey later{key.record, key.record_type, key.field + 1};
  const Bytes one = canonical_of("address", {set(1, "a")});
  const Bytes two = canonical_of("address", {set(2, "b")});
  LayoutWriter all;
  all.bytes(dossier.bytes).u64(5).u32(2).bytes(one).bytes(two);
  CHECK(projection_digest(content_key, dossier, 5, {{later, two}, {key, one}}) ==
        crypto::keyed_hash_128(content_key.secret().view(), crypto::Context{"tg digest"},
                               {all.take()}));
}
