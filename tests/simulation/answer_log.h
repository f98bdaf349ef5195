// Everything the hub has answered to entries, whether or not the answer arrived: counted, and
// compared with what the same instance said before. A place once given and a final verdict stay.
#pragma once

#include <map>
#include <set>
#include <string>

#include "hub/sync_api.h"
#include "tests/simulation/reached.h"

namespace throughgate::simulation {

using Findings = std::map<std::string, std::string>;  // what was found wrong, by invariant

class AnswerLog {
 public:
  // One sync, as the hub got it and answered it. What the line had altered is not an entry, and so
  // gets no verdict.
  void note(const sync::InstanceId& instance, crypto::ByteView request, const hub::Answer& answer);

  // HOLD and final verdicts count once an entry, everything else each time it is answered.
  const Reached& reached() const { return reached_; }
  std::uint64_t accepted() const { return accepted_; }
  const Findings& findings() const { return findings_; }

 private:
  enum class Word { placed, refused };
  // An entry is known by its signature: it is what the request shows of it in every form.
  void compare(const sync::InstanceId& instance, const std::string& signature, Word word,
               const sync::Ruling& ruling);

  Reached reached_;
  std::uint64_t accepted_ = 0;
  std::set<std::pair<std::string, std::string>> counted_;  // ruling and entry
  std::map<std::pair<sync::InstanceId, std::string>, std::pair<Word, sync::Ruling>> said_;
  Findings findings_;
};

}  // namespace throughgate::simulation
