// The recovery sheet as text for a terminal or printer: 24 numbered words, and a code that a
// telephone's camera reads as the same words. The one secret that people keep on paper.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/box_key.h"
#include "crypto/secret.h"
#include "sync/ids.h"
#include "sync/result.h"

namespace throughgate::node {

// The organisation's number as the sheet prints it: its 32 digits and four more that show a
// mistyped one, or the sheet of another organisation. In groups of four.
std::string sheet_number(const crypto::BoxKey& recovery_key, const sync::OrganisationId& id);

// That number as somebody typed it, in any spelling, with the sheet's key. Sheets printed before
// there were check digits have the 32 alone, which are taken as they are: a slip in them, or the
// sheet of another, is refused by the desk when it is asked to let the computer in, as the
// organisation is not the one invited or its recovery key differs.
//   invalid  it is not the number of this sheet
sync::Result<sync::OrganisationId> organisation_on_sheet(const crypto::BoxKey& recovery_key,
                                                         std::string_view typed);

// The sheet's key from its 24 words as somebody typed them off it: crypto/words.h says how. The
// words stand in no message.
//   invalid  they are not; the message, which begins in lower case, says which to look at again
sync::Result<crypto::BoxKey> recovery_key_from_typed(std::string_view words);

// Lines of at most 80 columns in UTF-8. The organisation's number is printed too: a lost computer
// is rebuilt from both.
crypto::SecretText recovery_sheet(const crypto::BoxKey& recovery_key,
                                  std::string_view organisation_name,
                                  const sync::OrganisationId& organisation);

// The words as a code that a telephone's camera reads, to be drawn: a square so many modules wide,
// light edge and all, and the path of its dark ones as SVG has paths. nullopt: no memory for it.
struct SheetCode {
  int width = 0;
  crypto::SecretText path;
};
std::optional<SheetCode> sheet_code(const crypto::BoxKey& recovery_key);

}  // namespace throughgate::node
