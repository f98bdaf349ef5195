// The desk's side of erasure: what sites have asked for and what stands against it, the signature,
// and who has not yet said that nothing is left.
// Threads: those of the RecordService's node. Errors: those named, and those of Desk and
// RecordService.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/desk/desk.h"
#include "node/erasure/retention.h"

namespace throughgate::node {

struct Considered {
  ErasureAsked asked;
  std::vector<GoingRecord> going;    // what it names, and links that go with it
  std::vector<Hold> holds;           // in force on any of it
  std::vector<std::string> against;  // why it cannot be signed as it is; whole sentences
};

struct Outstanding {                  // a computer, or the central exchange
  std::string who;                    // "HMP Example, Office"
  std::uint64_t erased_to = 0;        // what it has said so far; 0: nothing
  std::uint64_t last_heard_ms = 0;    // when something of it last came here; 0: never
  std::vector<sync::DossierId> owed;  // of which it has not said that nothing is left
};

class DeskErasures {
 public:
  explicit DeskErasures(RecordService& records) : records_(records), desk_(records.node()) {}

  // Open requests; with `all` those that are over too.
  sync::Result<std::vector<Considered>> requests(bool all = false);
  sync::Result<Considered> consider(const sync::DossierId& request);

  // May be repeated after a crash.
  //   denied   this is not the desk, a legal hold is in force, or the records are not theirs
  //   invalid  the request is not open
  sync::Result<sync::Done> sign(const sync::DossierId& request, const By& by);
  // Signs what was confirmed as kept long enough, where the desk's own schedule says so too and
  // nothing stands against it. How many requests. The others wait for a person.
  sync::Result<std::size_t> sign_scheduled(const RetentionSchedule& schedule,
                                           const std::string& today);
  // Ends the part of whoever asked for its own copy to go, where nothing stands against it: nobody
  // decides that but they themselves. How many requests. May be repeated after a crash.
  sync::Result<std::size_t> let_copies_go(const By& by);
  //   invalid  it is not open, or no reason
  sync::Result<Saved> refuse(const sync::DossierId& request, const std::string& reason,
                             const By& by);

  // Who has still to say that nothing is left; those that owe most first. Empty: nobody.
  sync::Result<std::vector<Outstanding>> outstanding();

 private:
  sync::Result<bool> is_scheduled(const Considered& considered, const RetentionSchedule& schedule,
                                  const std::string& today);
  sync::Result<bool> let_copy_go(const Considered& considered, const By& by);
  sync::Result<sync::Done> note_signed(const sync::DossierId& request, const By& by);
  sync::Result<sync::Done> check_copy(const NamedRecord& named, Considered& out);
  sync::Result<sync::Done> add_going(Considered& out);
  sync::Result<sync::Done> add_links(const sync::DossierId& record, Considered& out);
  sync::Result<sync::Done> check_whose(const NamedRecord& named, Considered& out);

  RecordService& records_;
  Desk desk_;
};

}  // namespace throughgate::node
