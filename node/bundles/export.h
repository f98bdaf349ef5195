// Bundles made at this computer: for an organisation's computers, for every organisation that
// something here is shared with, or for the central exchange by way of anybody.
// Threads: those of the OpenNode.
#pragma once

#include <string>
#include <vector>

#include "node/bundles/made_files.h"
#include "node/open_node.h"
#include "sync/bundle.h"
#include "sync/store/bundle_folder.h"

namespace throughgate::node {

// For whom, and who will be able to open it.
struct BundleReaders {
  std::string name;                    // the organisation's; "the central exchange"
  std::vector<std::string> computers;  // by their labels; none for the exchange
  sync::BundleFor meant_for = sync::BundleFor::nodes;
  sync::OrganisationId organisation;  // not for the exchange
};

struct WrittenBundle {
  std::string file_name;
  std::uint64_t bytes = 0;
};

struct ExportReport {
  BundleReaders readers;
  std::size_t records = 0;
  std::size_t left_out = 0;  // handovers for which the reader has no ground any more
  std::vector<WrittenBundle> files;
};

// Of one organisation. Fails with
//   denied  none of its computers is in the central list, or it is this computer alone
sync::Result<BundleReaders> readers_of(const OpenNode& node, const sync::OrganisationId& to);
sync::Result<BundleReaders> hub_readers(const OpenNode& node);
// Of every other organisation that something here is shared with, as far as it has a computer.
sync::Result<std::vector<BundleReaders>> all_readers(OpenNode& node);

// What to tell whoever made it of what was left out; empty: nothing was.
std::string left_out_in_words(const ExportReport& report);

struct Making {
  MadeBy by = MadeBy::person;
  sync::ActorId who{};  // all zero: the program itself, or whoever holds a key file
  sync::store::OnNames before{};
};

// Writes all files for these readers into the folder, or none; for the exchange those too that
// others gave to be passed on. It stands in the list of who looked at what before they do. Fails
// with
//   stale     this store was put back from a backup, and is closed
//   denied    this computer is not in the central list yet: nobody could check what it made
//   newer     the central list asks for a newer program
//   invalid   the limit is too small for what must stand in each file
//   not_found, unavailable  as write_bundles()
sync::Result<ExportReport> export_bundles(OpenNode& node, const BundleReaders& readers,
                                          const std::string& folder, std::size_t file_bytes_max,
                                          const Making& making = {});

}  // namespace throughgate::node
