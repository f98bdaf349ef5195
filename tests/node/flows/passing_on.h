// Files for the exchange that go there by way of somebody else.
#pragma once

#include "node/bundles/import.h"
#include "node/bundles/passing_on.h"
#include "schema/bundle.pb.h"
#include "schema/directory.pb.h"
#include "tests/node/flows/bundle_stick.h"

namespace throughgate::node::testing {

bool has_it(Site& site, const sync::DossierId& id);  // with a place

// As "bring in" does, and a visit to the exchange.
sync::Result<ToPassOn> give(Site& site, crypto::ByteView file);
std::size_t visit(World& world, Site& site);
PassedOn only_one(Site& site);  // of those kept there
std::vector<crypto::Bytes> answers_at(Site& site);
// Each table of the hub, with how many rows it has.
std::vector<std::string> rows_of_hub(World& world);

// A file for the exchange by this site: of that content; and of about so many bytes that do not
// pack.
crypto::Bytes file_with(World& world, Site& site, const schema::Bundle& content,
                        crypto::Random& random);
crypto::Bytes heavy_file(World& world, Site& site, std::size_t bytes, std::uint64_t seed);
// So many changes of a handover that do not pack: some 4 KB each.
void write_much(World& world, const sync::DossierId& id, int changes);

}  // namespace throughgate::node::testing
