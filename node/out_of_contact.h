// How long this computer has heard nothing of the rest: warned of after 60 days; after 120 what is
// shared with other organisations is closed to reading until it hears something, while recording
// goes on. Others may meanwhile have erased, redacted or stopped what it would still show.
//
// The days are counted as they pass, never worked out from two dates: each time the store is used,
// what has passed since the last use is added. A clock that jumps by more than a year adds nothing,
// and neither does one that is put back; so a clock that is wrong by years neither closes nor
// opens. Threads: those of the OpenNode.
#pragma once

#include <string>

#include "node/open_node.h"

namespace throughgate::node {

constexpr std::uint64_t contact_day_ms = 24ull * 60 * 60 * 1000;
constexpr std::uint64_t contact_warning_days = 60;
constexpr std::uint64_t contact_closing_days = 120;
// A computer that was off for longer looks like one whose clock is wrong: it is asked to exchange.
constexpr std::uint64_t believed_days = 400;

struct OutOfContact {
  std::uint64_t passed_ms = 0;  // since it last heard something
  std::uint64_t days = 0;       // whole ones of these
  std::uint64_t open_days = 0;  // that the central team's words still keep it open, begun ones too
  std::uint32_t state = 0;      // the number that those words are made for
  bool is_closed = false;
  bool clock_jumped = false;  // by more than a year, since it last heard something
  // Less than a time that others have told of, by so much; 0: not so.
  std::uint64_t clock_behind_ms = 0;
};
// Nothing of it in a computer that belongs to no list yet, nor at the central team, which signs
// what others hear late.
sync::Result<OutOfContact> out_of_contact(OpenNode& node);

// Adds what has passed; writes at most once an hour. `at_least_ms`: how much it must be by now in
// all, by a clock that nobody sets.
sync::Result<sync::Done> note_time_passed(OpenNode& node, std::uint64_t at_least_ms = 0);
// The computer has heard something new of the rest, as that stood so long ago: counts from there
// again. What is older than what it had heard changes nothing, and opens nothing that is closed.
sync::Result<sync::Done> note_heard(OpenNode& node, std::uint64_t ago_ms = 0);

// The central team's words, as typed. Returns for how many days they open it.
//   invalid  there is nothing to open yet, or not eight words
//   denied   they are not for this computer as it is now, or too many tries
sync::Result<std::uint64_t> open_by_words(OpenNode& node, const std::string& typed);

// At the desk: the words for one computer, by the number that it shows.
//   not_found  no such computer, or it was withdrawn
//   invalid    too many days
sync::Result<std::string> words_to_open(OpenNode& node, const sync::NodeId& computer,
                                        std::uint32_t state, std::uint64_t days);

// "4821 0937"; what is typed may have anything between its digits. nullopt: not eight digits.
std::string shown_state(std::uint32_t state);
std::optional<std::uint32_t> typed_state(const std::string& typed);

// What people are told of it; empty while there is nothing to say.
std::string contact_warning(const OutOfContact& contact);
// What people are told of the clock where nobody could be asked; empty: nothing.
std::string clock_warning(const OutOfContact& contact);
// Instead of a record that is closed.
sync::Error closed_to_reading();

}  // namespace throughgate::node
