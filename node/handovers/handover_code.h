// The handover code: where the line is down, the partner reads six figures to the prison on the
// telephone, and the prison's computer can tell that they were made by a computer of the partner's
// that holds this handover with the same release day, meeting place and meeting time. It is made of
// the handover's key, the partner, those three, and a quarter of an hour; nothing is sent.
// A fact beside the handover's stage: accepting it, and being met, are still the partner's to say.
// Threads: those of the RecordService.
#pragma once

#include "node/handovers/case_file.h"

namespace throughgate::node {

constexpr std::uint64_t code_step_ms = 15 * 60 * 1000;
constexpr std::uint64_t code_steps_good = 3;   // it is good for three quarters of an hour at least,
constexpr std::uint64_t code_steps_ahead = 1;  // and where the partner's clock is a little fast

struct HandoverCode {
  std::string digits;  // "481516"
  std::uint64_t good_until_ms = 0;
};

// What a code says that both ends have before them: "Release 4 December 2026, main gate, 9:30am".
std::string code_facts_in_words(const CaseFile& file);

class HandoverCodes {
 public:
  explicit HandoverCodes(RecordService& records) : records_(records) {}

  // Is it for this organisation to make one (or to type one), at the stage it is at?
  static bool makes(const CaseFile& file);
  static bool takes(const CaseFile& file);

  //   denied       not the partner, or nothing to confirm at this stage
  //   unavailable  its key has not come yet
  sync::Result<HandoverCode> make(const CaseFile& file) const;
  // Records that it fitted, and what it says. Blanks among the figures are no matter.
  //   denied       not the prison, or nothing to confirm; five wrong ones: until when
  //   invalid      not six figures; it does not fit: what to do
  // A wrong one counts, on disk before it is looked at.
  sync::Result<Saved> confirm(const CaseFile& file, const std::string& typed, const By& by);

 private:
  sync::Result<bool> fits(const CaseFile& file, std::uint32_t figures) const;

  RecordService& records_;
};

}  // namespace throughgate::node
