// For whom something has waited too long, and who is due an e-mail about it: at most one a day for
// each organisation, across restarts. It knows numbers only: how far each organisation has been
// told, and since when there was more. Kept in a small file of its own beside the store.
// Threads: one at a time.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "hub/mail_settings.h"
#include "sync/result.h"

namespace throughgate::hub {

class Waiting {
 public:
  // What is asked of the hub: how far an organisation has been told since this program started (0:
  // not at all), and whether there is more for it than that.
  struct Hub {
    std::function<std::uint64_t(const sync::OrganisationId&)> told_to;
    std::function<sync::Result<bool>(const sync::OrganisationId&, std::uint64_t)> has_more;
  };
  using Send = std::function<sync::Result<sync::Done>(const std::string& to)>;
  struct Counts {
    std::uint64_t sent = 0;
    std::uint64_t failed = 0;
  };

  // `settings` must outlive it. A file that cannot be read counts as empty.
  Waiting(const MailSettings& settings, std::string file, Hub hub);

  // One look at everybody. Before a mail leaves, that it does is on disk: a program that ends in
  // between sends no second one. After a failure it waits a quarter of an hour, then twice as long
  // each time, up to a day. Fails only where the store or the file does; nothing is sent then.
  sync::Result<Counts> look(std::uint64_t now_ms, const Send& send);

 private:
  struct Standing {
    std::uint64_t told_to = 0;
    std::uint64_t since_ms = 0;   // 0: nothing waits
    std::uint64_t mailed_ms = 0;  // 0: never
  };
  struct Failure {
    std::uint64_t next_ms = 0;
    std::uint64_t wait_ms = 0;
  };
  sync::Result<bool> is_due(const sync::OrganisationId& organisation, std::uint64_t now_ms);
  sync::Result<sync::Done> keep() const;

  const MailSettings& settings_;
  const std::string file_;
  const Hub hub_;
  std::map<sync::OrganisationId, Standing> standings_;
  std::map<sync::OrganisationId, Failure> failures_;
};

}  // namespace throughgate::hub
