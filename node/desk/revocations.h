// The computers of the central list, and what it means to withdraw one.
// Threads: those of the OpenNode. Errors: those named, and those of Database.
#pragma once

#include <string>
#include <vector>

#include "node/desk/desk.h"

namespace throughgate::node {

// When something by a computer, or about what it holds, last came here; 0: never.
std::uint64_t last_heard_ms(sync::store::UnitOfWork& work, const sync::NodeId& node);

struct ListedComputer {
  sync::EnrolledNode node;
  std::string organisation;
  std::uint64_t last_heard_ms = 0;  // 0: never
  bool is_this_one = false;
};

// Of every organisation, withdrawn or not; by organisation, then by label.
sync::Result<std::vector<ListedComputer>> listed_computers(OpenNode& node);

// "in use", "withdrawn: stolen".
std::string standing_in_words(const ListedComputer& computer);

// The first moment that may be meant by a day, such as "2026-12-04" or "4 December 2026"; 0 for no
// day.
sync::Result<std::uint64_t> suspect_since_ms(std::string_view day);

// "stolen"; what somebody reads after "withdrawn:". Empty where it is not said.
std::string in_words(sync::RevocationReason reason);

// Fails with `denied` for the computer that is worked on: the desk does not withdraw itself.
sync::Result<sync::Done> check_another(const ListedComputer& computer);

// Whether somebody has looked on the computer itself what it has not sent, before it is withdrawn.
enum class UnsentThere { not_asked, none, given_up };
// Fails with `denied` where a computer that is at hand would be withdrawn and nobody has looked.
sync::Result<sync::Done> check_unsent_asked(sync::RevocationReason reason, UnsentThere unsent);

// What a person reads before they withdraw it, one sentence each.
std::vector<std::string> meaning_of_revoking(const ListedComputer& computer,
                                             const sync::Directory& directory);

}  // namespace throughgate::node
