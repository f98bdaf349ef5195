#include "node/bundles/maker.h"

namespace throughgate::node {
namespace {

using sync::BundleBy;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Error withdrawn() {
  return {ErrorKind::denied,
          "The computer that made this bundle has been withdrawn by the central team. Nothing of "
          "it was taken in. Ask the site for a bundle from another computer."};
}

Error not_who_it_says() {
  return {ErrorKind::rejected,
          "This bundle was not made by the computer that it names. Do not bring it in; tell the "
          "central team. Nothing was changed."};
}

}  // namespace

std::string computer_name(const sync::Directory& directory, const sync::NodeId& id) {
  const auto* node = directory.node(id);
  const auto* organisation = node ? directory.organisation(node->organisation) : nullptr;
  return organisation ? organisation->name + ", " + node->label : std::string();
}

Result<Done> check_maker(const sync::BundleLabel& label, const sync::Directory& directory) {
  if (label.made_by == BundleBy::hub) {
    const bool is_hub = label.maker_key == directory.hub_key() &&
                        label.maker == sync::hub_reader_id(directory.hub_key());
    if (is_hub) return Done{};
  } else if (const auto* node = directory.node(sync::NodeId{label.maker})) {
    if (node->verify_key != label.maker_key) return not_who_it_says();
    if (node->revoked_in) return withdrawn();
    return Done{};
  }
  return Error{ErrorKind::stale,
               "Whoever made this bundle is in no central list that is known here. Sync, or bring "
               "in a newer bundle, then try again. Nothing was changed."};
}

}  // namespace throughgate::node
