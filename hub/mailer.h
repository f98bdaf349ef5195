// One e-mail, always the same words: it names no person, no record and no other organisation.
// Blocks for as long as the server takes, half a minute at most. The one file that knows libcurl.
// Threads: one at a time.
#pragma once

#include <string>

#include "crypto/random.h"
#include "hub/mail_settings.h"
#include "sync/result.h"

namespace throughgate::hub {

class Mailer {
 public:
  // `random` must outlive it.
  Mailer(const MailSettings& settings, crypto::Random& random);

  // Fails with `unavailable`: the words say what went wrong, and no address. Any time may be given
  // for the message's date.
  sync::Result<sync::Done> send(const std::string& to, std::uint64_t now_ms);

 private:
  const MailSettings& settings_;
  crypto::Random& random_;
};

}  // namespace throughgate::hub
