// E-mail addresses and postcodes.
#pragma once

#include <string>
#include <string_view>

#include "node/intake/refusal.h"

namespace throughgate::node {

// As written but for the domain in lower case; "mailto:" and "Name <address>" are taken off.
// A problem when it cannot be an address or there is more than one. No mail server is asked.
Reading<std::string> read_email(std::string_view text);

// "sw1a1aa" becomes "SW1A 1AA". A problem when it has not the shape of a UK postcode; the letters
// O and I typed for digits are mended with a warning.
Reading<std::string> read_postcode(std::string_view text);

}  // namespace throughgate::node
