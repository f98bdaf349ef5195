// Where a volunteer stands, as one thing for whoever looks. The record keeps two fields, because
// anybody may stop a volunteer at once, while only their own site moves them from stage to stage:
// who was stopped keeps the stage they had, and stands there again when it is lifted. The stricter
// of the two holds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace throughgate::node {

struct WhereTheyStand {
  std::string code;   // "ACTIVE", "UNDER_REVIEW", "EXCLUDED"; empty: only a newer program knows it
  std::string label;  // "Active", "Under review: no sessions", "Excluded"
  bool is_stopped = false;        // by suspension, exclusion or review
  std::string stage_beside = {};  // "Active": the stage they had, where that says something else
};

// Of the numbers of Volunteer.status and Volunteer.standing.
WhereTheyStand where_they_stand(std::uint32_t stage, std::uint32_t standing);

// Each that there is, in the order of the stages.
std::vector<WhereTheyStand> everywhere_they_stand();

}  // namespace throughgate::node
