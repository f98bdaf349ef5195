// Telephone numbers as people in the UK write them.
#pragma once

#include <string>
#include <string_view>

namespace throughgate::node {

// Of a number in one form ("+447700900123"): "07700 900123", "0113 496 0000", "020 7946 0000". A UK
// number whose groups we cannot tell stays in one piece, "0" first; foreign ones stay as they are.
std::string spoken_telephone(std::string_view number);

}  // namespace throughgate::node
