// Why a change never got its place in the order, in words for people.
#pragma once

#include <string>

#include "sync/verdict.h"

namespace throughgate::node {

// Goes after "could not be added: ". `own`: the organisation that made the change; `kind`:
// "handover".
std::string why_refused(sync::Reason reason, const std::string& own, const std::string& kind);

}  // namespace throughgate::node
