// "Changes made on a stolen computer": what it wrote since it was stolen and the exchange took, as
// far as nobody has said yet whether it holds. See sync/store/suspects.h.
// Threads: those of the RecordService.
#pragma once

#include <string>
#include <vector>

#include "node/record_service.h"
#include "sync/store/suspects.h"

namespace throughgate::node {

struct SuspectField {
  sync::store::RecordName record;
  sync::store::OpView op;  // without a value where the person may not see it
  bool is_hidden = false;
};

struct Suspect {
  sync::store::SuspectChange change;
  std::uint32_t root_type = 0;
  std::vector<SuspectField> fields;  // that still say what was written there
};

enum class Verdict {
  keep,       // it holds: somebody of today says the same again
  undo,       // what stood before stands again, where that can be
  looked_at,  // nothing is changed: it was right, or is put right elsewhere
};

class Suspects {
 public:
  explicit Suspects(RecordService& records) : records_(records) {}

  static constexpr std::size_t listed_max = 500;
  // The oldest first.
  sync::Result<std::vector<Suspect>> list(std::size_t limit = listed_max) const;
  sync::Result<std::uint64_t> count() const;  // at most listed_max
  // By the change's name, as list() gives it.
  //   not_found  it is settled, or never was suspect
  sync::Result<Suspect> find(const sync::Hash& entry) const;

  // One save, in the person's name and with their reason: the change is settled on every computer
  // of theirs once it is there. What is strictest is never lowered by it.
  //   denied   by roles
  //   invalid  no reason, or one that looks as if it should not be shared; or nothing of it can be
  //   undone: `notes` of the others say what was not
  sync::Result<Saved> settle(const sync::Hash& entry, Verdict verdict, const By& by);
  // All that list() gives and this person may settle, each in a save of its own; what was done when
  // it is cut off stays done. How many. The reason is looked through before any is saved.
  sync::Result<std::size_t> keep_all(const By& by);

 private:
  struct Plan {
    std::vector<sync::store::OpDraft> ops;
    std::vector<std::string> notes;
  };
  sync::Result<Suspect> described(sync::store::SuspectChange change) const;
  sync::Result<Plan> plan(const Suspect& suspect, Verdict verdict) const;
  sync::Result<sync::Done> add_kept(const SuspectField& field, sync::Role role, Plan& plan) const;
  sync::Result<sync::Done> add_undone(const SuspectField& field, sync::Role role, Plan& plan) const;

  RecordService& records_;
};

// "HMP Leeds, Reception PC"
std::string computer_name(const OpenNode& node, const sync::NodeId& id);
// Of a change that shows in no field: "Somebody was let in, or shut out." Empty otherwise.
std::string what_else(const Suspect& suspect);

}  // namespace throughgate::node
