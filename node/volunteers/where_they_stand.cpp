#include "node/volunteers/where_they_stand.h"

#include <algorithm>

#include "node/stages.h"
#include "records/volunteer.pb.h"

namespace throughgate::node {
namespace {

using google::protobuf::FieldDescriptor;
using schema::Volunteer;

const FieldDescriptor& field(int number) {
  return *Volunteer::descriptor()->FindFieldByNumber(number);
}

// The standing that comes to the same as the stage; clear for a stage that stops nobody.
std::uint32_t standing_at(std::uint32_t stage) {
  if (stage == Volunteer::EXCLUDED) return Volunteer::EXCLUSION;
  return stage == Volunteer::SUSPENDED ? Volunteer::SUSPENSION : Volunteer::CLEAR;
}

// "" for a number of a newer program.
std::string stage_code(std::uint32_t stage) {
  const auto* value =
      field(Volunteer::kStatusFieldNumber).enum_type()->FindValueByNumber(static_cast<int>(stage));
  return value ? value->name() : std::string();
}

std::string stopped_code(std::uint32_t standing) {
  if (standing == Volunteer::EXCLUSION) return stage_code(Volunteer::EXCLUDED);
  if (standing == Volunteer::SUSPENSION) return stage_code(Volunteer::SUSPENDED);
  return standing == Volunteer::UNDER_REVIEW ? Volunteer::Standing_Name(Volunteer::UNDER_REVIEW)
                                             : std::string();
}

}  // namespace

WhereTheyStand where_they_stand(std::uint32_t stage, std::uint32_t standing) {
  const std::string stage_words = stage_label(field(Volunteer::kStatusFieldNumber), stage);
  const std::uint32_t by_stage = standing_at(stage);
  const std::uint32_t holds = std::max(standing, by_stage);
  if (holds <= Volunteer::CLEAR) return {stage_code(stage), stage_words};
  return {stopped_code(holds), stage_label(field(Volunteer::kStandingFieldNumber), holds), true,
          by_stage == Volunteer::CLEAR ? stage_words : std::string()};
}

std::vector<WhereTheyStand> everywhere_they_stand() {
  std::vector<WhereTheyStand> out;
  const auto& stages = *field(Volunteer::kStatusFieldNumber).enum_type();
  for (int i = 0; i < stages.value_count(); ++i) {
    const int stage = stages.value(i)->number();
    if (stage == Volunteer::SUSPENDED) {  // a review is the mildest way to be stopped
      out.push_back(where_they_stand(Volunteer::ENQUIRY, Volunteer::UNDER_REVIEW));
    }
    out.push_back(where_they_stand(static_cast<std::uint32_t>(stage), Volunteer::CLEAR));
  }
  return out;
}

}  // namespace throughgate::node
