// Everything the hub has answered to entries, whether or not the answer arrived: counted, and
// compared with what the same instance said before. A place once given and a final verdict stay.
#pragma once

#include <map>
#include <set>
#include <string>

#include "hub/sync_api.h"
#include "tests/simulation/reached.h"

namespace throughgate::schema {
class WireEntry;
}

namespace throughgate::simulation {

using Findings = std::map<std::string, std::string>;  // what was found wrong, by invariant

// The first of each kind is kept.
inline void find(Findings& findings, const std::string& invariant, const std::string& what) {
  findings.emplace(invariant, what);
}

// "2: a save by B1 is nowhere; "; empty where nothing was.
inline std::string in_words(const Findings& findings) {
  std::string out;
  for (const auto& [invariant, what] : findings) {
    out.append(invariant).append(": ").append(what).append("; ");
  }
  return out;
}

class AnswerLog {
 public:
  // One sync, as the hub got it and answered it at `now_ms`. What the line had altered is not an
  // entry, and so gets no verdict. `hub` is the one that answered.
  void note(hub::Sequencer& hub, std::uint64_t now_ms, crypto::ByteView request,
            const hub::Answer& answer);

  // The memory of this instance went back, and nobody said so: its words may contradict each other.
  void doubt(const sync::InstanceId& instance) { doubted_.insert(instance); }
  bool is_doubted(const sync::InstanceId& instance) const { return doubted_.contains(instance); }

  // HOLD and final verdicts count once an entry, everything else each time it is answered.
  const Reached& reached() const { return reached_; }
  std::uint64_t accepted() const { return accepted_; }
  const Findings& findings() const { return findings_; }

 private:
  enum class Word { placed, refused };
  // An entry is known by its signature: it is what the request shows of it in every form.
  void compare(const sync::InstanceId& instance, const std::string& signature, Word word,
               const sync::Ruling& ruling);

  // A HOLD is for what may still come, and for no longer than a fortnight.
  void check_hold(const sync::InstanceId& instance, std::uint64_t now_ms,
                  const schema::WireEntry& entry, sync::Reason reason);

  Reached reached_;
  std::uint64_t accepted_ = 0;
  std::set<std::pair<std::string, std::string>> counted_;  // ruling and entry
  std::map<std::pair<sync::InstanceId, std::string>, std::pair<Word, sync::Ruling>> said_;
  std::map<std::pair<sync::InstanceId, std::string>, std::uint64_t> held_since_ms_;
  std::set<std::pair<sync::InstanceId, sync::Hash>> refused_;  // by earlier answers
  std::set<sync::InstanceId> doubted_;
  Findings findings_;
};

}  // namespace throughgate::simulation
