// Wrong passwords of late, by sign-in name, kept on disk so that a restart does not forget them;
// and wrong words of a recovery sheet, under a name that nobody can sign in by: after five in a row
// each further one makes the next wait twice as long, up to a quarter of an hour, so that at most
// about a dozen guesses an hour get through. Names are kept as keyed hashes, and unknown names are
// treated as known ones are.
//
// It slows down who sits at the keyboard. Who has the disk is stopped by Argon2id alone.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "crypto/random.h"
#include "node/clock.h"
#include "node/data_folder.h"

namespace throughgate::node {

class Attempts {
 public:
  // `random` must outlive it. `too_many`: a sentence for whoever must wait.
  Attempts(DataFolder folder, crypto::Random& random,
           std::string_view too_many = "Too many wrong passwords for this name.")
      : folder_(std::move(folder)), random_(random), too_many_(too_many) {}

  // Counts an attempt, then lets `is_right` make it, and starts the count anew when it was: a
  // program killed in between gains nothing. One that throws was not made, and is taken back. One
  // at a time over all programs on this folder: right passwords at one moment never count against
  // each other, and guesses side by side are worth no more than in a row. False: it was wrong.
  //   denied       too soon after the last wrong ones; the message says how long to wait
  //   unavailable  the count cannot be kept, so no attempt may be made
  sync::Result<bool> attempt(std::string_view name, const Clock& clock,
                             const std::function<bool()>& is_right);
  // The count starts anew.
  sync::Result<sync::Done> forget(std::string_view name);

 private:
  // Both with the lock held.
  sync::Result<sync::Done> count(std::string_view name, std::uint64_t now_ms);
  sync::Result<sync::Done> start_anew(std::string_view name);
  sync::Error too_soon(std::uint64_t wait_ms) const;

  DataFolder folder_;
  crypto::Random& random_;
  std::string too_many_;
};

}  // namespace throughgate::node
