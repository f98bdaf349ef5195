// "Changed in two places": fields that two sites changed without having seen each other's change,
// where a person has to say which holds.
// Threads: those of the RecordService.
#pragma once

#include <string>
#include <vector>

#include "node/record_service.h"

namespace throughgate::node {

struct Conflict {
  sync::store::RecordName record;
  std::uint32_t field = 0;
  sync::Hash item{};  // the same on every node while the same changes stand against each other
  std::vector<sync::store::OpView> siblings;  // what is shown comes first
};

struct ConflictPage {
  std::vector<Conflict> conflicts;
  std::optional<sync::store::ReviewRow> next;  // none: that was all
};

// What a person decides: one of the values that stand, or another one.
struct Resolution {
  std::optional<sync::OpId> keep;  // this one's value
  std::string instead;             // where `keep` is not given: as typed; empty clears
  bool desk_was_asked = false;     // the owner asked the central team to decide
};

// Until when the organisation that keeps the record decides alone, unless it asks the central team;
// ms since 1970 UTC. nullopt: one of the changes has no place in the exchange's order yet.
std::optional<std::uint64_t> owner_has_until_ms(const Conflict& conflict);

class Conflicts {
 public:
  explicit Conflicts(RecordService& records) : records_(records) {}

  // At most 100 a page.
  sync::Result<ConflictPage> list(const std::optional<sync::store::ReviewRow>& after = {},
                                  std::size_t limit = 50) const;
  //   not_found  nothing stands against anything in this field
  sync::Result<Conflict> show(const sync::store::RecordName& record, std::uint32_t field) const;

  // Puts one value in the place of exactly the changes in `conflict`; `by.reason` is needed.
  //   denied   only the owner, or the desk when asked or after 24 hours
  //   stale    something else has come in, or somebody has decided already: look again
  //   invalid  no reason, or a value that does not fit
  sync::Result<Saved> resolve(const Conflict& conflict, const Resolution& resolution, const By& by);

  // May this person decide it, by their roles? `denied` says who may.
  sync::Result<sync::Done> check_roles(const Conflict& conflict) const;
  // May they, and this organisation, now? `denied` says who may.
  sync::Result<sync::Done> may_resolve(const Conflict& conflict, bool desk_was_asked) const;

 private:
  sync::Result<sync::Done> check_date(const sync::store::RecordName& record,
                                      const sync::store::OpDraft& op) const;
  sync::Result<sync::store::OpDraft> op_for(const Conflict& conflict, const Resolution& resolution,
                                            sync::Role role) const;
  RecordService& records_;
};

}  // namespace throughgate::node
