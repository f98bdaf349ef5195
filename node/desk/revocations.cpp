#include "node/desk/revocations.h"

#include <algorithm>

#include "node/dossier_kinds.h"
#include "node/typed_words.h"
#include "schema/directory.pb.h"
#include "sync/wire_values.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::RevocationReason;
using sync::store::bound;
using sync::store::Purpose;
using sync::store::UnitOfWork;

Error cannot_withdraw_itself() {
  return {ErrorKind::denied,
          "This is the computer that you are working on, and it does not withdraw itself. Do it "
          "from another computer of the central team that signs the list. If there is none, the "
          "root key holders first name another one: docs/root.md says how. Nothing was changed."};
}

Error said_already(const sync::EnrolledNode& node) {
  return {ErrorKind::denied, "This computer is withdrawn already, from version " +
                                 std::to_string(*node.revoked_in) +
                                 " of the central list on. Nothing was changed."};
}

}  // namespace

std::uint64_t last_heard_ms(UnitOfWork& work, const sync::NodeId& node) {
  return work
      .first(
          "SELECT max(ifnull((SELECT max(heard_at_ms) FROM digest WHERE node = ?1), 0), "
          "ifnull((SELECT max(e.arrived_at_ms) FROM entry e JOIN author a ON a.id = e.author "
          "WHERE a.node = ?1), 0), ifnull((SELECT max(done_at_ms) FROM erasure_receipt WHERE "
          "kind = 1 AND witness = ?1), 0))",
          bound(node.view()), sync::store::unsigned_column)
      .value_or(0);
}

Result<std::vector<ListedComputer>> listed_computers(OpenNode& node) {
  UnitOfWork work(node.database(), Purpose::reading);
  std::vector<ListedComputer> out;
  for (const auto& [id, listed] : node.directory().nodes()) {
    const bool is_this_one = id == node.identity().node;
    out.push_back({listed, organisation_name(node, listed.organisation),
                   is_this_one ? node.now_ms() : last_heard_ms(work, id), is_this_one});
  }
  if (auto done = work.commit(); !done) return done.error();
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.organisation, a.node.label) < std::tie(b.organisation, b.node.label);
  });
  return out;
}

std::string standing_in_words(const ListedComputer& computer) {
  if (computer.is_this_one) return "this computer";
  if (!computer.node.revoked_in) return "in use";
  const auto why = in_words(computer.node.reason);
  return "withdrawn" + (why.empty() ? "" : ": " + why);
}

// British summer time begins an hour before the day does in UTC: rather too early than too late.
Result<std::uint64_t> suspect_since_ms(std::string_view day) {
  if (day.empty()) return std::uint64_t{0};
  const auto end = end_of_day_ms(day);
  if (!end) return end.error();
  constexpr std::uint64_t hour_ms = 60ull * 60 * 1000;
  return *end - 25 * hour_ms;
}

std::string in_words(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::stolen:
      return "stolen";
    case RevocationReason::lost:
      return "lost";
    case RevocationReason::retired:
      return "no longer used";
    case RevocationReason::misused:
      return "misused";
    case RevocationReason::unsaid:
      break;
  }
  return {};
}

Result<Done> check_another(const ListedComputer& computer) {
  if (computer.is_this_one) return cannot_withdraw_itself();
  return Done{};
}

Result<Done> check_unsent_asked(RevocationReason reason, UnsentThere unsent) {
  if (reason != RevocationReason::retired || unsent != UnsentThere::not_asked) return Done{};
  return Error{
      ErrorKind::denied,
      "This computer is no longer used, so somebody can look what it has not sent: ask "
      "them to run \"retire-check\" on it and to read you what it says. Where all is sent, "
      "add --unsent none; where what is left is to be lost, --unsent given-up. Nothing was "
      "changed."};
}

std::vector<std::string> meaning_of_revoking(const ListedComputer& computer,
                                             const sync::Directory& directory) {
  std::vector<std::string> out{
      "From the next version of the central list on, the exchange and every site refuse all that "
      "this computer sends or has sent by stick and that has no place yet. What was accepted of it "
      "stays.",
      "Every record that it could read gets a new key, which it never gets. What it holds today it "
      "keeps: nobody can call that back.",
      "What it has not sent is lost, and nobody but itself knows how much that is. Where it is at "
      "hand, have \"retire-check\" run on it first.",
      "There is no way back. If it turns up again, it is set up anew and invited as another "
      "computer."};
  std::size_t others = 0;
  for (const auto* each : directory.active_nodes(computer.node.organisation)) {
    others += each->id != computer.node.id;
  }
  if (others == 0 && !computer.node.revoked_in) {
    out.push_back(
        "It is the only computer of " + computer.organisation +
        ". Records that only they hold get new keys once they have another one: \"desk invite " +
        "--another\", then their recovery sheet.");
  }
  return out;
}

Result<Done> Desk::revoke(const sync::NodeId& node, RevocationReason reason,
                          std::uint64_t suspect_since_ms) {
  return on_the_newest_list([&] { return revoke_now(node, reason, suspect_since_ms); });
}

Result<Done> Desk::revoke_now(const sync::NodeId& node, RevocationReason reason,
                              std::uint64_t suspect_since_ms) {
  if (auto desk = is_desk(); !desk) return desk;
  const auto* listed = node_.directory().node(node);
  if (!listed) {
    return Error{ErrorKind::not_found,
                 "There is no such computer. \"desk computers\" lists them. Nothing was changed."};
  }
  if (node == node_.identity().node) return cannot_withdraw_itself();
  if (suspect_since_ms > node_.now_ms()) {
    return Error{
        ErrorKind::invalid,
        "It cannot have been stolen at a time that has not come yet. Nothing was changed."};
  }
  const bool says_the_same =
      listed->reason == reason && listed->suspect_since_ms == suspect_since_ms;
  if (listed->revoked_in && says_the_same) return said_already(*listed);
  schema::DirectoryBody body;
  if (!listed->revoked_in) body.add_revoked_nodes(sync::to_wire(node.view()));
  auto& said = *body.add_revocations();
  said.set_node(sync::to_wire(node.view()));
  said.set_reason(static_cast<schema::NodeRevocation::Reason>(reason));
  said.set_suspect_since_ms(suspect_since_ms);
  return sign_next(body);
}

}  // namespace throughgate::node
