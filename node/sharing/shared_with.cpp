#include "node/sharing/shared_with.h"

#include <algorithm>
#include <map>

#include "node/days.h"
#include "node/dossier_kinds.h"
#include "node/records/formats.h"
#include "sync/store/membership_reader.h"
#include "sync/store/purge_post.h"

namespace throughgate::node {
namespace {

using sync::Result;
using sync::store::MembershipChange;

std::string on_day(std::uint64_t ms) { return shown_text(schema::FieldRule::DATE, iso_day(ms)); }

std::optional<sync::Role> role_in(const MembershipChange& change,
                                  const sync::OrganisationId& organisation) {
  for (const auto& member : change.members) {
    if (member.organisation == organisation) return member.role;
  }
  return std::nullopt;
}

class Spans {
 public:
  explicit Spans(const OpenNode& node) : node_(node) {}

  void add(const MembershipChange& change) {
    for (const auto& [organisation, role] : change.members) {
      const auto found = open_.find(organisation);
      if (found != open_.end()) {
        spans_[found->second].role = role;
        continue;
      }
      open_[organisation] = spans_.size();
      spans_.push_back({organisation,
                        organisation_name(node_, organisation),
                        role,
                        change.at_ms,
                        std::nullopt,
                        std::nullopt,
                        false,
                        {},
                        {},
                        {}});
    }
    std::erase_if(open_, [&](const auto& each) {
      if (role_in(change, each.first)) return false;
      end(spans_[each.second], change);
      return true;
    });
  }

  std::vector<SharedSpan> take() {
    std::stable_sort(spans_.begin(), spans_.end(), [](const auto& a, const auto& b) {
      return a.until_ms.value_or(UINT64_MAX) > b.until_ms.value_or(UINT64_MAX);
    });
    return std::move(spans_);
  }

 private:
  void end(SharedSpan& span, const MembershipChange& change) const {
    span.until_ms = change.at_ms;
    span.until_dsn = change.dsn;
    span.ends_provisionally = !change.dsn;
    span.reason = change.reason;
    span.ended_by = (change.actor_name.empty() ? std::string() : change.actor_name + ", ") +
                    organisation_name(node_, change.by);
  }

  const OpenNode& node_;
  std::map<sync::OrganisationId, std::size_t> open_;
  std::vector<SharedSpan> spans_;
};

// What each computer of an organisation that left has said. Withdrawn ones say nothing any more.
void add_copies(SharedSpan& span, const OpenNode& node,
                const std::vector<sync::PurgeReceipt>& receipts) {
  for (const auto& [id, listed] : node.directory().nodes()) {
    if (listed.organisation != span.organisation) continue;
    const auto said =
        std::find_if(receipts.begin(), receipts.end(),
                     [&, node_id = id](const auto& each) { return each.node == node_id; });
    if (said != receipts.end()) {
      span.copies.push_back({listed.label, said->done_at_ms, said->own_kept});
    } else if (!listed.revoked_in) {
      span.copies.push_back({listed.label, 0, 0});
    }
  }
}

}  // namespace

Result<std::vector<SharedSpan>> shared_with(const RecordService& records,
                                            const sync::DossierId& dossier) {
  OpenNode& node = records.node();
  if (auto seen = records.glance().dossier(dossier); !seen) return seen.error();
  const auto changes = sync::store::membership_changes(node.database(), node.context(), dossier);
  if (!changes) return changes.error();
  Spans spans(node);
  for (const auto& change : *changes) spans.add(change);
  auto out = spans.take();
  sync::store::UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const auto receipts = sync::store::purge_receipts(work, dossier);
  if (work.failed()) return work.error();
  std::set<sync::OrganisationId> here;
  for (auto& span : out) {
    // One that was let in again is not asked what it did before.
    const bool is_last = here.insert(span.organisation).second;
    const bool ours = span.organisation == node.identity().organisation;
    if (span.until_ms && !span.ends_provisionally && is_last && !ours) {
      add_copies(span, node, receipts);
    }
  }
  return out;
}

std::string in_words(const SharedSpan& span) {
  if (!span.until_ms) return span.name + " can see this since " + on_day(span.from_ms) + ".";
  std::string out = span.name + " could see this from " + on_day(span.from_ms) + " to " +
                    on_day(*span.until_ms) + ".";
  if (span.ends_provisionally) {
    out = span.name + " can no longer see what is written here once this has been sent.";
  }
  return out;
}

std::string in_words(const DeletedCopy& copy) {
  if (copy.at_ms == 0) {
    return "Its computer \"" + copy.computer + "\" has not said yet that it has deleted its copy.";
  }
  std::string out = "Its computer \"" + copy.computer + "\" says that it deleted its copy on " +
                    on_day(copy.at_ms) + ".";
  if (copy.own_kept > 0) {
    out += " It keeps " + std::to_string(copy.own_kept) +
           (copy.own_kept == 1 ? " change" : " changes") + " made there that could not be added.";
  }
  return out;
}

}  // namespace throughgate::node
