// The recovery sheet as text for a terminal or printer: 24 numbered words, and a code that a
// telephone's camera reads as the same words. The one secret that people keep on paper.
#pragma once

#include <string_view>

#include "crypto/box_key.h"
#include "crypto/secret.h"

namespace throughgate::node {

// Lines of at most 80 columns in UTF-8. `organisation_id` is printed too: a lost computer is
// rebuilt from both.
crypto::SecretText recovery_sheet(const crypto::BoxKey& recovery_key,
                                  std::string_view organisation_name,
                                  std::string_view organisation_id);

}  // namespace throughgate::node
