#include "node/key_renewal.h"

#include <algorithm>

#include "node/dossier_kinds.h"
#include "node/text/numbers.h"

namespace throughgate::node {
namespace {

using sync::Result;
using sync::store::KeyAwaited;
using sync::store::Purpose;
using sync::store::UnitOfWork;

std::string records(std::uint64_t count) {
  return with_thousands(count) + (count == 1 ? " record" : " records");
}

std::string who_must(const KeyAwaited& awaited, const OpenNode& node) {
  const std::string owner = organisation_name(node, awaited.owner);
  if (awaited.desk_may) {
    return "The central team makes the new keys of " + records(awaited.dossiers) + " of " + owner +
           ".";
  }
  if (!node.directory().active_nodes(awaited.owner).empty()) {
    return owner + " makes the new keys of " + records(awaited.dossiers) +
           " with its next exchange.";
  }
  return owner + " has no computer left that could make the new keys of " +
         records(awaited.dossiers) +
         ". It needs another one, let in by the central team and opened with its recovery sheet.";
}

}  // namespace

Result<RenewalStanding> renewal_standing(OpenNode& node) {
  RenewalStanding out;
  UnitOfWork work(node.database(), Purpose::reading);
  out.counts = sync::store::key_renewal_counts(work);
  if (out.counts.others > 0) {
    for (const auto& each : sync::store::keys_awaited(work, node.context())) {
      out.awaited.push_back(who_must(each, node));
    }
  }
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

std::string in_words(const RenewalStanding& standing) {
  const auto& counts = standing.counts;
  if (counts.due == 0) return {};
  std::string out = with_thousands(counts.done) + " of " + records(counts.due) + " have new keys.";
  if (counts.sent > 0) {
    out += " For " + with_thousands(counts.sent) + " more they wait to be sent.";
  }
  const std::uint64_t to_make = counts.ours - std::min(counts.ours, counts.sent);
  if (to_make > 0) {
    out += " For " + with_thousands(to_make) + " this computer makes them with the next exchange.";
  }
  if (counts.asked > 0) {
    out += " For " + with_thousands(counts.asked) + " the central team makes them.";
  }
  for (const auto& sentence : standing.awaited) out += " " + sentence;
  return out;
}

Result<std::size_t> renew_keys(OpenNode& node, sync::store::KeyRenewal& renewal,
                               std::size_t keys_max, const sync::Actor& actor) {
  const sync::store::Authorship by{actor, node.now_ms(),
                                   "A computer that could read this record was withdrawn."};
  std::size_t made = 0;
  while (made < keys_max) {
    const auto portion = renewal.run(std::min(keys_max - made, keys_per_commit), by);
    if (!portion) return portion.error();
    if (*portion == 0) break;
    made += *portion;
  }
  return made;
}

}  // namespace throughgate::node
