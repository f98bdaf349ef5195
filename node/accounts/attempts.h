// Wrong passwords of late, by sign-in name, kept on disk so that a restart does not forget them:
// after five in a row each further one makes the next wait twice as long, up to a quarter of an
// hour, so that at most about a dozen guesses an hour get through. Names are kept as keyed hashes,
// and unknown names are treated as known ones are.
//
// It slows down who sits at the keyboard. Who has the disk is stopped by Argon2id alone.
#pragma once

#include <string_view>

#include "crypto/random.h"
#include "node/data_folder.h"

namespace throughgate::node {

class Attempts {
 public:
  // `random` must outlive it.
  Attempts(DataFolder folder, crypto::Random& random)
      : folder_(std::move(folder)), random_(random) {}

  // Counts an attempt before it is made: a program killed in between gains nothing.
  //   denied       too soon after the last wrong ones; the message says how long to wait
  //   unavailable  the count cannot be kept, so no attempt may be made
  sync::Result<sync::Done> begin(std::string_view name, std::uint64_t now_ms);
  // The password was right: the count starts anew.
  sync::Result<sync::Done> succeeded(std::string_view name);

 private:
  DataFolder folder_;
  crypto::Random& random_;
};

}  // namespace throughgate::node
