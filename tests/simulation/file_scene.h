// A scene in which files go where a network does not.
#pragma once

#include "node/bundles/import.h"
#include "schema/bundle.pb.h"
#include "sync/bundle.h"
#include "sync/store/packing.h"
#include "tests/simulation/scene.h"

namespace throughgate::simulation {

struct FileScene : Scene {
  // All that one has for the other's organisation, in files that the other takes in.
  void carry(NodeMachine& from, NodeMachine& to) {
    auto& maker = from.node();
    const auto& reader = to.node().identity();
    const auto context = maker.context();
    const auto packed = sync::store::Packing(maker.database(), context, sync::bundle_content_max)
                            .for_organisation(reader.organisation);
    REQUIRE(packed);
    REQUIRE(packed->parts.size() == 1);
    sync::BundleLabel label;
    label.maker = maker.identity().node.bytes;
    label.parts = 1;
    const auto made =
        sync::seal_bundle(label, {{reader.node.bytes, reader.box_key.public_key()}},
                          packed->parts[0], maker.identity().signing_key, maker.random());
    REQUIRE(made);
    REQUIRE(node::take_bundle(to.node(), *made));
  }
};

}  // namespace throughgate::simulation
