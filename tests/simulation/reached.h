// What worlds have reached: how often each verdict was given and each rule of merge was used. A
// world that never reaches a rule says nothing about it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sync/policy.h"
#include "sync/verdict.h"

namespace throughgate::simulation {

using Reached = std::map<std::string, std::uint64_t>;

std::string name_of(const sync::Ruling& ruling);  // "HOLD predecessor missing", "REJECTED base" ...
std::string name_of(sync::Policy policy);         // "policy LATEST" ...

namespace reached {
constexpr auto bad = "BAD";
constexpr auto need_full = "NEED_FULL";
constexpr auto in_review = "changed in two places";
constexpr auto settled = "changed in two places, settled";
constexpr auto redacted = "value redacted";
constexpr auto written_again = "copy written again";
constexpr auto key_renewed = "new key after a theft";
}  // namespace reached

// All that a world can reach, with restores, clones, erasures, bad lines and a confused member.
const std::vector<std::string>& what_must_be_reached();

// Every answer that there is to an entry, and every policy.
const std::vector<std::string>& what_there_is();

}  // namespace throughgate::simulation
