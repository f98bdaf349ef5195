// The stages of a handover and of a volunteer, against tables written by hand from how the work is
// done.
#include <array>
#include <catch_amalgamated.hpp>
#include <string>
#include <string_view>

#include "node/records/catalogue.h"
#include "records/handover.pb.h"
#include "records/volunteer.pb.h"

using namespace throughgate;
using google::protobuf::EnumDescriptor;
using schema::FieldRule;

namespace {

// Who may: o the prison, r the partner, b both of them, c the prison and the central team, a
// everybody but readers, . nobody. A row is the state left, a column the state entered, both in
// this order:
constexpr std::array<std::string_view, 21> states = {
    "DRAFT",          "READY",    "SENT",      "ACCEPTED",    "DECLINED",          "MORE_INFO",
    "PLANNED",        "RELEASED", "GATE_MET",  "GATE_MISSED", "CONTACT_RECOVERED", "LOST",
    "ACTIVE_SUPPORT", "CLOSED",   "HELD",      "WITHDRAWN",   "BASIS_ENDED",       "RECALLED",
    "DIED",           "EXPIRED",  "SUPERSEDED"};
// clang-format off
constexpr std::array<std::string_view, 21> who_may = {
  //  draft    declined     met    lost   held   recalled
  //  |ready   |more info   |missed|support|withdrawn|died
  //  | sent   | planned    | found| closed| basis   | expired
  //  | |accepted| released | |    | |     | |       | | superseded
     ". o . . . . . . . . . . . . o o a b a c c",  // draft
     ". . o . . . . . . . . . . . o o a b a c c",  // ready
     ". o . r r r . . . . . . . . o o a b a c c",  // sent
     ". o . . . . b . . . . . . . o b a b a c c",  // accepted
     ". o . . . . . . . . . . . . o o a b a c c",  // declined
     ". o . r r . . . . . . . . . o o a b a c c",  // more information asked for
     ". o . . . . . b . . . . . . o b a b a c c",  // planned
     ". . . . . . . . r r . . . . o b a b a c c",  // released
     ". . . . . . . . . . . . r . o b a b a c c",  // met at the gate
     ". . . . . . . . . . r r . . o b a b a c c",  // not met at the gate
     ". . . . . . . . . . . . r . o b a b a c c",  // found afterwards
     ". . . . . . . . . . . . r . o b a b a c c",  // not found
     ". . . . . . . . . . . . . r o b a b a c c",  // being supported
     ". . . . . . . . . . . . . . . . . . . . .",  // closed
     ". . . . . . . . . . . . . . . b a b a c c",  // on hold
     ". . . . . . . . . . . . . . . . . . . . .",  // withdrawn
     ". . . . . . . . . . . . . . . . . . . . .",  // sharing has ended
     ". . . . . . . . . . . . . . . . . . . . .",  // recalled: a new handover at the next release
     ". . . . . . . . . . . . . . . . . . . . .",  // died
     ". . . . . . . . . . . . . . . . . . . . .",  // ran out of time
     ". . . . . . . . . . . . . . . . . . . . .",  // replaced by another
};
// clang-format on

enum class Role { owner, receiver, contributor, reader, central };
constexpr std::array<Role, 5> roles = {Role::owner, Role::receiver, Role::contributor, Role::reader,
                                       Role::central};

bool table_allows(char mark, Role role) {
  switch (mark) {
    case 'o':
      return role == Role::owner;
    case 'r':
      return role == Role::receiver;
    case 'b':
      return role == Role::owner || role == Role::receiver;
    case 'c':
      return role == Role::owner || role == Role::central;
    case 'a':
      return role != Role::reader;
    default:
      return false;
  }
}

bool includes(FieldRule::By by, Role role) {
  switch (by) {
    case FieldRule::OWNER:
      return role == Role::owner;
    case FieldRule::RECEIVER:
      return role == Role::receiver;
    case FieldRule::OWNER_AND_RECEIVER:
      return role == Role::owner || role == Role::receiver;
    case FieldRule::CENTRAL:
      return role == Role::central;
    case FieldRule::OWNER_AND_CENTRAL:
      return role == Role::owner || role == Role::central;
    case FieldRule::ANY:
      return role != Role::reader;
    default:
      return false;
  }
}

bool proto_allows(const EnumDescriptor& type, std::string_view from, std::string_view to,
                  Role role) {
  const auto* state = type.FindValueByName(std::string(to));
  REQUIRE(state != nullptr);
  for (const auto& step : node::rule_of(*state).enter()) {
    if (step.from() == from && includes(step.by(), role)) return true;
  }
  return false;
}

const EnumDescriptor& handover_states() { return *schema::Handover::State_descriptor(); }
const EnumDescriptor& volunteer_states() { return *schema::Volunteer::Status_descriptor(); }

bool volunteer_may(std::string_view from, std::string_view to) {
  return proto_allows(volunteer_states(), from, to, Role::owner);
}

}  // namespace

TEST_CASE("every step of a handover, from every state to every state by every role, is as written",
          "[lifecycle]") {
  REQUIRE(handover_states().value_count() == static_cast<int>(states.size()));
  for (std::size_t from = 0; from < states.size(); ++from) {
    for (std::size_t to = 0; to < states.size(); ++to) {
      for (const Role role : roles) {
        CAPTURE(states[from], states[to], static_cast<int>(role));
        CHECK(proto_allows(handover_states(), states[from], states[to], role) ==
              table_allows(who_may[from][2 * to], role));
      }
    }
  }
}

TEST_CASE("stored numbers of a handover's states are those of the table", "[lifecycle]") {
  for (std::size_t i = 0; i < states.size(); ++i) {
    CHECK(handover_states().FindValueByName(std::string(states[i]))->number() ==
          static_cast<int>(i));
  }
}

TEST_CASE("only the volunteer's own site moves them from stage to stage", "[lifecycle]") {
  for (int i = 0; i < volunteer_states().value_count(); ++i) {
    const auto* stage = volunteer_states().value(i);
    for (const auto& step : node::rule_of(*stage).enter()) CHECK(step.by() == FieldRule::OWNER);
  }
}

TEST_CASE("nobody becomes an active volunteer past vetting, induction and training",
          "[lifecycle]") {
  for (const auto* stage : {"APPLICATION", "SHORTLIST", "INTERVIEW", "REFERENCES", "VETTING",
                            "INDUCTION", "DECLINED", "WITHDRAWN", "LEFT", "EXCLUDED"}) {
    CAPTURE(stage);
    CHECK_FALSE(volunteer_may(stage, "ACTIVE"));
  }
  for (const auto* stage : {"ROLE_TRAINING", "TRIAL", "PAUSED", "LEAVING", "SUSPENDED"}) {
    CAPTURE(stage);
    CHECK(volunteer_may(stage, "ACTIVE"));
  }
}

TEST_CASE("an enquiry can be brought in at any stage, from a list kept before", "[lifecycle]") {
  for (int i = 1; i < volunteer_states().value_count(); ++i) {
    const auto& stage = volunteer_states().value(i)->name();
    CAPTURE(stage);
    CHECK(volunteer_may("ENQUIRY", stage));
  }
}

TEST_CASE("a volunteer can be excluded from every other stage, and comes back only as an enquiry",
          "[lifecycle]") {
  for (int i = 0; i < volunteer_states().value_count(); ++i) {
    const auto& stage = volunteer_states().value(i)->name();
    CAPTURE(stage);
    if (stage != "EXCLUDED") CHECK(volunteer_may(stage, "EXCLUDED"));
    CHECK(volunteer_may("EXCLUDED", stage) == (stage == "ENQUIRY"));
  }
}
