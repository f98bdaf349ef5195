// What a handover that goes on after another took from it, once where that came from is to be gone.
#include <algorithm>
#include <catch_amalgamated.hpp>
#include <set>

#include "node/erasure/copies.h"
#include "node/field_names.h"
#include "records/case.pb.h"
#include "tests/node/flows/example_handover.h"

namespace throughgate::node::testing {
namespace {

using sync::DossierId;
using sync::store::RecordName;

// A handover from the person's record, with an alert of theirs; stopped, and begun again.
struct BegunAgain : World {
  DossierId person, first, second;

  BegunAgain() {
    person =
        made("person",
             {{"given-name", "Alex"}, {"family-name", "Example"}, {"prison-number", "A1234BC"}});
    must(prison.records->new_record_in(person, *record_type("person-alert"),
                                       {{"code", "RST"}, {"from", "2026-01-02"}}, prison.by));
    Handovers handovers(*prison.records);
    first = must(handovers.begin_from(
                     person, {{"risk-to-staff", "High"}, {"risk-summary", "shouts"}}, prison.by))
                .record.dossier;
    must(prison.records->new_record_in(first, *record_type("need"),
                                       {{"pathway", "Accommodation"}, {"need", "a room"}},
                                       prison.by));
    second = must(handovers.begin_again(first, prison.by)).record.dossier;
    change({second, {}, record_type("handover")->number}, {{"licence-headline", "curfew"}});
    sync_all();
  }
  DossierId made(const std::string& type, const std::vector<FieldInput>& inputs) {
    return must(prison.records->new_record(*record_type(type), inputs, prison.by)).record.dossier;
  }
  void change(const RecordName& record, const std::vector<FieldInput>& inputs) {
    must(prison.records->set_fields(must(prison.records->open(record)), inputs, prison.by));
  }
  // "Handover: Alex" for each value that is listed as copied from there into the second handover.
  std::set<std::string> copied(const DossierId& source) {
    std::set<std::string> out;
    for (const auto& copies : must(copies_of(*prison.records, source))) {
      if (copies.record.dossier != second) continue;
      for (const auto& op : must(prison.reader().ops(copies.record))) {
        const bool is_listed =
            std::find(copies.values.begin(), copies.values.end(), op.id) != copies.values.end();
        if (is_listed) out.insert(copies.what + ", " + label_of(copies.record.type, op.field));
      }
    }
    return out;
  }
};

}  // namespace

TEST_CASE("what a person's record gave to a handover is found in the one that replaces it, too",
          "[erasure][copies]") {
  BegunAgain world;
  CHECK(world.copied(world.person) ==
        std::set<std::string>{"Handover, First names", "Handover, Family name",
                              "Handover, Prison number", "Do or don't, Kind", "Do or don't, Alert",
                              "Do or don't, What to do"});
}

TEST_CASE("what a handover took over from the one that it replaces is found, and removed",
          "[erasure][copies]") {
  BegunAgain world;
  const auto taken = world.copied(world.first);
  for (const char* fact :
       {"Handover, Risk in a few words", "Need, Kind of support", "Need, What is needed"}) {
    CAPTURE(fact);
    CHECK(taken.contains(fact));
  }
  CHECK_FALSE(taken.contains("Handover, First names"));    // the person's record gave that
  CHECK_FALSE(taken.contains("Do or don't, What to do"));  // and this
  CHECK_FALSE(
      taken.contains("Handover, Risk to staff and volunteers"));    // corrected, and never removed
  CHECK_FALSE(taken.contains("Handover, Licence in a few words"));  // typed since
  for (const auto& copies : must(copies_of(*world.prison.records, world.first))) {
    must(remove_copies(*world.prison.records, copies, world.prison.by));
  }
  world.sync_all();
  CHECK(must(copies_of(*world.prison.records, world.first)).empty());
}

}  // namespace throughgate::node::testing
