// Files of others for the central exchange, by way of this computer: kept unopened, passed on with
// its next visit, and what the exchange answers kept for whoever made them. They are sealed to the
// exchange, and its answers to their makers: whoever passes them on learns only what stands
// outside. Nothing hangs on it: a maker keeps what it made until it has seen it in its place.
// Threads: those of the OpenNode.
#pragma once

#include <string>
#include <vector>

#include "node/bundles/export.h"
#include "node/sync_round.h"
#include "sync/store/passed_on_table.h"

namespace throughgate::node {

// For others, and so bounded: whoever has a stick could fill this computer otherwise.
constexpr std::uint64_t passed_on_bytes_max = 64'000'000;  // as messages say it
constexpr std::size_t passed_on_files_max = 1000;
constexpr std::uint64_t passed_on_days = 30;  // of use; then a maker has long made it anew

// What to do with a file for the exchange that is too large for any site to pass on; else empty.
std::string too_large_to_pass_on(sync::BundleFor meant_for, std::uint64_t bytes);

struct ToPassOn {
  bool was_passed_on = false;  // and taken, before
  std::uint64_t waiting = 0;   // files, with this one
};
// Again changes nothing. `file`: that of `bundle`, for the exchange. Fails with
//   denied       this computer is not enrolled; it is for another exchange; its maker was withdrawn
//   rejected     its maker is not who it says
//   stale        its maker is in no list held here
//   invalid      too large to be passed on
//   unavailable  as much is kept for others as may be
sync::Result<ToPassOn> keep_to_pass_on(OpenNode& node, const sync::SealedBundle& bundle,
                                       crypto::ByteView file);

// Each that waits and whose time has come (pass_on_waits.h), first those that were tried longest
// ago; what became of it is noted. Returns how many were taken or refused. One that gets an error
// is stepped over; where the exchange does not answer, or does not let this computer in, the rest
// waits for the next visit. What has been here for too long goes afterwards. Fails only where the
// store does.
sync::Result<std::size_t> pass_on(OpenNode& node, SyncRound& round);

struct PassedOn : sync::store::PassedOnFile {
  std::string made_by;            // organisation and computer
  std::uint64_t days_left = 0;    // of use, then it goes, answers and all
  std::uint64_t next_try_ms = 0;  // by this clock; 0: with the next visit, where it waits
  std::vector<sync::store::CarriedAnswer> answers;
};
sync::Result<std::vector<PassedOn>> passed_on_files(OpenNode& node);          // the oldest first
sync::Result<PassedOn> passed_on_file(OpenNode& node, std::uint64_t number);  // or `not_found`
sync::Result<std::uint64_t> bytes_for_others(OpenNode& node);  // of passed_on_bytes_max
// The bytes of those that wait, and of one answer. `not_found` for a number that is none.
sync::Result<std::vector<crypto::Bytes>> files_that_wait(OpenNode& node);
sync::Result<crypto::Bytes> carried_answer(OpenNode& node, std::uint64_t number);

// A file that could not be passed on is tried with the next visit, whatever it was to wait for.
//   not_found  there is no such file
//   invalid    it does not wait
sync::Result<sync::Done> try_now(OpenNode& node, std::uint64_t number);

// Room for others. An answer that its maker has goes; that the exchange has the file stays known.
//   not_found  there is no such file, or no answer to it
sync::Result<sync::Done> note_brought_back(OpenNode& node, std::uint64_t number);
// A file that waits is deleted unsent. Its maker makes it anew: meaning_of_giving_up().
//   not_found  there is no such file
//   invalid    it does not wait
sync::Result<sync::Done> give_up(OpenNode& node, std::uint64_t number);
std::vector<std::string> meaning_of_giving_up(const PassedOn& file);

}  // namespace throughgate::node
