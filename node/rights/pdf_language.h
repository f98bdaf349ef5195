// Says in a finished PDF which language it is in, which the library that draws it cannot.
#pragma once

#include <optional>
#include <string>

#include "crypto/bytes.h"

namespace throughgate::node {

// The same file with an update behind it, as the format foresees: its catalogue again, with the
// language, with the title to be shown in place of the file's name, and with the word that its
// parts are marked. nullopt: not a file of the form that Cairo writes. `language`: letters, digits
// and dashes.
std::optional<crypto::Bytes> with_language(const crypto::Bytes& pdf, const std::string& language);

}  // namespace throughgate::node
