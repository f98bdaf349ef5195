#include "node/records/catalogue.h"

#include <catch_amalgamated.hpp>

#include "schema/change_set.pb.h"

using namespace throughgate;
using namespace throughgate::node;

TEST_CASE("a record type is found by the name people type, by its number and by its descriptor",
          "[catalogue]") {
  const RecordType* file = record_type("volunteer-file");
  REQUIRE(file != nullptr);
  CHECK(record_type("Volunteer File") == file);
  CHECK(record_type("VOLUNTEER_FILE") == file);
  CHECK(record_type(file->number) == file);
  CHECK(record_type(*file->descriptor) == file);
  CHECK(file->dossier == schema::VOLUNTEER_FILE);
  CHECK(file->root);
  CHECK(rule_of(*file->descriptor).label() == "Volunteer file");
}

TEST_CASE("what is no record type is not found", "[catalogue]") {
  CHECK(record_type("volunteerfile") == nullptr);
  CHECK(record_type("") == nullptr);
  CHECK(record_type(0U) == nullptr);
  CHECK(record_type(*schema::Op::descriptor()) == nullptr);
}

TEST_CASE("every dossier has one root record, and lists it first", "[catalogue]") {
  for (int kind = schema::SITE; kind <= schema::HOLD; ++kind) {
    const auto dossier = static_cast<schema::DossierKind>(kind);
    CAPTURE(schema::DossierKind_Name(dossier));
    const auto types = record_types_in(dossier);
    REQUIRE_FALSE(types.empty());
    CHECK(types.front() == root_record_type(dossier));
    for (std::size_t i = 1; i < types.size(); ++i) CHECK_FALSE(types[i]->root);
  }
  CHECK(root_record_type(schema::DOSSIER_KIND_UNSPECIFIED) == nullptr);
}

TEST_CASE("a field is found by its name, however its words are joined", "[catalogue]") {
  const RecordType& handover = *record_type("handover");
  const auto* date = handover.descriptor->FindFieldByName("release_date");
  CHECK(field_named(handover, "release_date") == date);
  CHECK(field_named(handover, "Release-Date") == date);
  CHECK(field_named(handover, "release") == nullptr);
}

TEST_CASE("numbers of record types that were released are never given to another", "[catalogue]") {
  // Stored in every entry. Add to this list; change nothing in it.
  const std::vector<std::pair<std::uint32_t, std::string>> released = {{10, "site"},
                                                                       {11, "role-definition"},
                                                                       {12, "programme"},
                                                                       {13, "staff-member"},
                                                                       {14, "paid-vacancy"},
                                                                       {15, "survey"},
                                                                       {16, "survey-action"},
                                                                       {30, "diary-month"},
                                                                       {31, "session"},
                                                                       {40, "incident"},
                                                                       {41, "incident-dispute"},
                                                                       {50, "volunteer"},
                                                                       {51, "clearance"},
                                                                       {52, "training-passed"},
                                                                       {53, "role-held"},
                                                                       {54, "volunteer-dispute"},
                                                                       {60, "volunteer-file"},
                                                                       {61, "referee"},
                                                                       {62, "signed-agreement"},
                                                                       {63, "supervision-meeting"},
                                                                       {64, "wellbeing-note"},
                                                                       {65, "expense-claim"},
                                                                       {66, "attendance"},
                                                                       {67, "volunteer-feedback"},
                                                                       {68, "vetting-override"},
                                                                       {69, "file-dispute"},
                                                                       {80, "vetting-notes"},
                                                                       {81, "vetting-dispute"},
                                                                       {85, "diversity"},
                                                                       {90, "link"},
                                                                       {100, "person"},
                                                                       {101, "alias"},
                                                                       {102, "episode"},
                                                                       {103, "person-alert"},
                                                                       {104, "no-contact"},
                                                                       {105, "person-dispute"},
                                                                       {110, "handover"},
                                                                       {111, "disclosure"},
                                                                       {112, "need"},
                                                                       {113, "flag"},
                                                                       {114, "contact-made"},
                                                                       {115, "outcome"},
                                                                       {116, "assignment"},
                                                                       {117, "case-dispute"},
                                                                       {120, "erasure-request"},
                                                                       {121, "legal-hold"}};
  REQUIRE(record_types().size() == released.size());
  for (std::size_t i = 0; i < released.size(); ++i) {
    CHECK(record_types()[i].number == released[i].first);
    CHECK(record_types()[i].name == released[i].second);
  }
}
