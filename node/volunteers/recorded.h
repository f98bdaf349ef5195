// The volunteers recorded here already, as an import compares with them, and the page on which one
// is added by hand. Read once, when made: it costs a pass over all of them.
#pragma once

#include <map>
#include <set>

#include "node/intake/intake.h"
#include "node/record_service.h"

namespace throughgate::node {

class RecordedVolunteers final : public ExistingVolunteers {
 public:
  static sync::Result<RecordedVolunteers> read(RecordService& records);

  bool imported(const RowKey& key) const override { return keys_.contains(key); }
  std::vector<Known> find(const std::vector<std::string>& keys) const override;
  // Everybody who may be this person, by the rule of an import.
  struct Alike {
    sync::DossierId id;
    std::string name;
    std::string because;  // "same name and date of birth"
  };
  std::vector<Alike> alike(const Identity& identity) const;
  std::size_t size() const { return known_.size(); }

 private:
  void add(const sync::store::RecordRow& row);
  std::set<std::size_t> places_of(const std::vector<std::string>& keys) const;

  std::set<RowKey> keys_;
  std::vector<Known> known_;
  std::vector<sync::DossierId> ids_;  // of those known
  std::map<std::string, std::vector<std::size_t>> by_key_;
};

}  // namespace throughgate::node
