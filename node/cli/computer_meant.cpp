#include "node/cli/computer_meant.h"

#include "node/cli/words.h"
#include "node/text/unicode.h"

namespace throughgate::node::cli {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<ListedComputer> computer_meant(OpenNode& node, const std::string& typed) {
  auto listed = listed_computers(node);
  if (!listed) return listed.error();
  const auto digits = id_beginning(typed);
  std::vector<ListedComputer*> meant;
  for (auto& each : *listed) {
    const bool by_number = digits && each.node.id.hex().starts_with(*digits);
    if (by_number || fold_case(each.node.label) == fold_case(typed)) meant.push_back(&each);
  }
  if (meant.size() == 1) return std::move(*meant.front());
  return Error{ErrorKind::not_found,
               "There is no such computer, or there are several. \"desk computers\" lists them "
               "with their numbers. Nothing was changed."};
}

}  // namespace throughgate::node::cli
