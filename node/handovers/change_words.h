// A change to a handover as people read it. The instruction of a do or don't is never told without
// saying which of the two it is: alone, "Be alone with children" says the opposite of what it
// means.
#pragma once

#include <functional>

#include "node/handovers/acknowledgement.h"

namespace throughgate::node {

// A change that does not stand alone in its field: others stand that say something else.
struct InTwoPlaces {
  struct Other {
    sync::OrganisationId organisation;
    std::string value;
  };

  bool is_shown = true;       // false: another's value is shown, and this change's is not
  std::string shown;          // what is shown meanwhile
  bool is_strict = false;     // it is shown as the stricter, and so stays in force
  bool is_open = false;       // somebody has to decide which of them holds
  std::vector<Other> others;  // what else stands
};

struct ChangeWords {
  std::string label;   // "What to do"
  std::string value;   // "Do not: Be alone with children"
  std::string before;  // what it said when it was changed; empty: nothing, the same, or not known
  std::optional<InTwoPlaces> in_two_places{};  // none: nothing else stands beside it
};

// "High stays in force until it is decided"; "1 December 2099 is shown until it is decided".
std::string shown_meanwhile_in_words(const InTwoPlaces& in_two_places);

// "Do not: Be alone with children": as it is shown now.
std::string instruction_in_words(const sync::store::RecordRow& flag, const CodeLists& codes);

// Every op of one record that counted when it came, and what each of them made it say.
class RecordTelling {
 public:
  // `codes` must outlive it.
  RecordTelling(sync::store::RecordName record, std::vector<sync::store::OpView> ops,
                const CodeLists& codes);

  // With what the record said beside it at that moment.
  ChangeWords then(const sync::store::OpView& change) const;
  // With what the record says beside it now.
  ChangeWords now(const sync::store::OpView& change) const;
  // A kind given in one save with its instruction: the instruction tells both.
  bool is_told_by_another(const sync::store::OpView& change) const;
  // What its author had before them and replaced by something else; nullptr: nothing, or not known
  // here. Preferred is the last, back along what was replaced, for which `known` holds.
  const sync::store::OpView* before(
      const sync::store::OpView& change,
      const std::function<bool(const sync::store::OpView&)>& known) const;
  // With what else stands in its field now.
  std::optional<InTwoPlaces> in_two_places(const sync::store::OpView& change,
                                           const sync::PolicyTable& policies) const;

 private:
  const sync::store::OpView* find(const sync::OpId& id) const;
  // The last op of a field, of those up to the end of `last`'s save; nullptr: of all.
  const sync::store::OpView* latest(int field, const sync::store::OpView* last) const;
  ChangeWords told(const sync::store::OpView& change, const sync::store::OpView* last) const;

  sync::store::RecordName record_;
  std::vector<sync::store::OpView> ops_;  // in the order in which they hold
  const CodeLists* codes_;
};

// One that waits to be read: what it says now, and said when somebody here last read or wrote it,
// else when it was changed.
//   the errors of RecordReader
sync::Result<ChangeWords> words_of_unread(const RecordService& records, const CaseFile& file,
                                          const Unread& unread);
// One that stands, with what its record says beside it now.
sync::Result<ChangeWords> words_of_standing(const RecordService& records,
                                            const sync::store::RecordName& record,
                                            const sync::store::OpView& change);

}  // namespace throughgate::node
