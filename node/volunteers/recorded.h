// The volunteers recorded here already, as an import compares with them. Read once, when made.
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
  std::size_t size() const { return known_.size(); }

 private:
  void add(const sync::store::RecordRow& row);

  std::set<RowKey> keys_;
  std::vector<Known> known_;
  std::map<std::string, std::vector<std::size_t>> by_key_;
};

}  // namespace throughgate::node
