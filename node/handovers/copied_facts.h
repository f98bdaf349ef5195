// Which fields of a handover are copied from the person's own record when one is begun from it.
#pragma once

#include <span>

namespace throughgate::node {

std::span<const char* const> facts_copied_from_person();  // as in the .proto, of both records

}  // namespace throughgate::node
