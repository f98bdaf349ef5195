// One computer of the benchmark: the shipped store, services and sync client, and what is timed.
// Threads: one. Errors: those of what it calls.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/record_service.h"
#include "node/sync_round.h"
#include "tests/bench/workload.h"

namespace throughgate::bench {

// Where a round of changes goes: volunteers first, first + step, ... `count` of them.
struct EditRound {
  std::size_t number = 1;
  std::size_t first = 0;
  std::size_t step = 1;
  std::size_t count = 0;
};

class BenchSite {
 public:
  // `ids_file`: which dossier volunteer `i` became; written by create().
  BenchSite(node::OpenNode& node, const node::CodeLists& codes, node::By by, std::string hub_url,
            std::string ids_file);

  // Volunteers 0 to count - 1: one transaction for each `batch` of them, through the call that an
  // import makes for each of its rows.
  sync::Result<sync::Done> create(std::size_t count, std::size_t batch);
  // As a person does it: opens the record, changes a field and saves, a transaction each.
  sync::Result<sync::Done> edit(const EditRound& round, Author author);
  // A new connection, signed in anew.
  sync::Result<node::SyncReport> sync();

  // One record as people read it: "field=value" for each field that shows something.
  sync::Result<std::vector<std::string>> get(std::size_t i);
  // How many volunteers are active: every one is looked at.
  sync::Result<std::size_t> scan();
  struct Digest {
    std::size_t count = 0;
    std::string hash;  // over all fields of all volunteers
  };
  sync::Result<Digest> digest();

 private:
  sync::Result<std::vector<sync::store::RecordRow>> all(std::vector<std::uint32_t> fields);
  sync::Result<sync::store::RecordName> name_of(std::size_t i);
  sync::Result<sync::Done> load_ids();

  node::OpenNode& node_;
  const node::CodeLists& codes_;
  node::RecordService records_;
  Workload workload_;
  const node::By by_;
  const std::string hub_url_;
  const std::string ids_file_;
  const node::RecordType& type_;
  std::vector<sync::DossierId> ids_;
};

}  // namespace throughgate::bench
