#include "node/desk/agreements.h"

#include "node/dossier_kinds.h"
#include "node/last_contact.h"
#include "node/text/numbers.h"
#include "node/typed_words.h"
#include "sync/store/stored_dossier.h"

namespace throughgate::node {
namespace {

using sync::Agreement;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::OrganisationId;
using sync::Result;
using sync::store::bound;
using sync::store::StoredDossier;
using sync::store::UnitOfWork;

std::string joined(const std::vector<std::string>& kinds) {
  std::string out;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == kinds.size() ? " and " : ", ") + kinds[i];
  }
  return out;
}

bool is_shared_under(const StoredDossier& stored, const Agreement& agreement) {
  const auto& all = stored.memberships().all();
  if (all.empty() || !agreement.dossier_kinds.contains(stored.kind())) return false;
  const auto& now = all.back().membership;
  return now.owner() == agreement.from && now.role_of(agreement.to);
}

// Records that are held here, and that the one shares with the other now.
Result<std::uint64_t> shared_now(OpenNode& node, const Agreement& agreement) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  std::vector<DossierId> may_be;
  work.each(
      "SELECT dossier FROM dossier d WHERE EXISTS (SELECT 1 FROM membership m WHERE m.dossier = "
      "d.id AND instr(m.clear, ?) > 0)",
      bound(agreement.to.view()), [&](const auto& row) {
        if (const auto id = DossierId::from(row.view(0))) may_be.push_back(*id);
      });
  std::uint64_t out = 0;
  for (const auto& id : may_be) out += is_shared_under(StoredDossier(work, id), agreement) ? 1 : 0;
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

std::string what_has_left(const std::string& from, const std::string& to, std::uint64_t shared) {
  if (shared == 0) {
    return "This computer knows of no record that " + from + " shares with " + to +
           " under it now.";
  }
  const bool one = shared == 1;
  return to + " keeps what " + from + " shares with it now: " + with_thousands(shared) +
         (one ? " record" : " records") + " that this computer knows of. It goes on getting what " +
         from + " adds to " + (one ? "it, until " : "them, until ") + from + " ends that for " +
         (one ? "it" : "each of them") + ". What somebody has read or saved, nobody can call back.";
}

}  // namespace

Result<Agreement> agreement_in_force(OpenNode& node, const OrganisationId& from,
                                     const OrganisationId& to) {
  const auto now_ms = exchange_time_ms(node);
  if (!now_ms) return now_ms.error();
  for (const auto& [id, agreement] : node.directory().agreements()) {
    if (agreement.from == from && agreement.to == to && agreement.expires_at_ms > *now_ms) {
      return agreement;
    }
  }
  return Error{ErrorKind::not_found,
               "There is no agreement in force from the first to the second. \"desk directory\" "
               "lists those that there are. Nothing was changed."};
}

Result<std::vector<std::string>> meaning_of_ending(OpenNode& node, const Agreement& agreement) {
  const auto shared = shared_now(node, agreement);
  if (!shared) return shared.error();
  const auto from = organisation_name(node, agreement.from);
  const auto to = organisation_name(node, agreement.to);
  std::vector<std::string> out{
      "It ends at once. " + from + " shares no more " +
          joined(kinds_in_words(agreement.dossier_kinds)) + " with " + to +
          ", and what it shares from then on is not shown there. A computer goes on as before "
          "until it has the new list.",
      what_has_left(from, to, *shared)};
  if (agreement_in_force(node, agreement.to, agreement.from)) {
    out.push_back("What " + to + " may share with " + from +
                  " stays as it is: that is another agreement.");
  }
  out.emplace_back("To share anew, they need a new agreement.");
  return out;
}

}  // namespace throughgate::node
