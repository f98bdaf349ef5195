// Files of others for the hub, kept here unopened until they are passed on, and the hub's answers
// to them. Each is known by its label: whose it is, of which set, which part. Part of a UnitOfWork.
#pragma once

#include <vector>

#include "sync/bundle.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

enum class Fate : std::uint8_t { waits = 0, taken = 1, refused = 2 };  // stored: never renumbered

struct PassedOnFile {
  std::uint64_t number = 0;
  NodeId maker;
  std::uint64_t made_at_ms = 0;     // by its maker's clock
  std::uint64_t brought_at_ms = 0;  // by this computer's
  std::uint64_t kept_ms = 0;        // for how long it has been here, as count_time() counted it
  std::uint64_t tried = 0;          // after whatever has a smaller number; 0: not yet
  Fate fate = Fate::waits;
  std::uint64_t fate_at_ms = 0;  // when it was last asked; 0: not yet
  std::string said;              // by the hub, where it was not taken
  std::uint64_t bytes = 0;       // that are kept of it
};
struct CarriedAnswer {
  std::uint64_t number = 0;
  std::uint64_t to = 0;  // the file that it answers
  std::uint64_t bytes = 0;
};

class PassedOnTable {
 public:
  explicit PassedOnTable(UnitOfWork& work) : work_(work) {}

  std::vector<PassedOnFile> all() const;  // the oldest first
  std::vector<CarriedAnswer> answers() const;
  std::optional<PassedOnFile> find(const BundleLabel& label) const;
  Bytes file(std::uint64_t number) const;  // empty: none
  Bytes answer(std::uint64_t number) const;
  std::uint64_t bytes() const;  // of all that is kept

  void add(const BundleLabel& label, ByteView file, std::uint64_t now_ms);
  void keep_again(std::uint64_t number, ByteView file, std::uint64_t now_ms);
  // What is taken or refused is kept no longer; that it was, is.
  void note_fate(std::uint64_t number, Fate fate, const std::string& said, std::uint64_t now_ms);
  void add_answer(std::uint64_t to, ByteView file);
  // Time is counted as it passes, by steps of a day at most: a clock that was wrong, or is put
  // right, neither removes anything nor keeps it for ever.
  void count_time(std::uint64_t now_ms);
  void remove_kept_for(std::uint64_t ms);
  void remove(std::uint64_t number);  // with its answers
  void remove_answers_to(std::uint64_t number);
  void remove_answers();

 private:
  UnitOfWork& work_;
};

}  // namespace throughgate::sync::store
