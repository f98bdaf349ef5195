// The commands of throughgate-hub, as typed. 0 done, 1 refused or failed, 2 wrong usage.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace throughgate::hub {

// Results go to `out`; what went wrong, in plain English, to `err`. crypto must have been started.
int run_command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);

}  // namespace throughgate::hub
