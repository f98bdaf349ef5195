#include "node/own_computers.h"

#include <algorithm>

#include "node/days.h"
#include "node/desk/revocations.h"
#include "node/records/formats.h"
#include "sync/list_orders.h"
#include "sync/store/directory_table.h"
#include "sync/store/list_notices.h"

namespace throughgate::node {
namespace {

using sync::EnrolledNode;
using sync::NodeId;
using sync::Result;
using sync::RevocationReason;
using sync::store::ListNotice;
using sync::store::Notice;

// Those of this organisation that the version names in an accident.
Result<std::vector<const EnrolledNode*>> of_accident(OpenNode& node, std::uint64_t version) {
  sync::store::UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const auto steps = sync::store::DirectoryTable(work).after(version - 1);
  if (auto done = work.commit(); !done) return done.error();
  std::vector<const EnrolledNode*> out;
  if (steps.empty()) return out;
  for (const auto& each : sync::accidents_in(steps.front())) {
    const auto* listed = node.directory().node(each.node);
    const bool ours = listed && listed->organisation == node.identity().organisation;
    if (ours && std::find(out.begin(), out.end(), listed) == out.end()) out.push_back(listed);
  }
  return out;
}

std::vector<const EnrolledNode*> withdrawn_in(const OpenNode& node, std::uint64_t version) {
  std::vector<const EnrolledNode*> out;
  for (const auto& [id, listed] : node.directory().nodes()) {
    const bool ours = listed.organisation == node.identity().organisation;
    if (ours && listed.revoked_in == version) out.push_back(&listed);
  }
  return out;
}

std::string names_of(const std::vector<const EnrolledNode*>& computers) {
  std::string out;
  for (const auto* each : computers) {
    out += (out.empty() ? "\"" : " and \"") + each->label + "\"";
  }
  return out.empty() ? "a computer of yours" : out;
}

bool is_among(const NodeId& id, const std::vector<const EnrolledNode*>& computers) {
  return std::any_of(computers.begin(), computers.end(),
                     [&](const EnrolledNode* each) { return each->id == id; });
}

ListNews accident(const OpenNode& node, const std::vector<const EnrolledNode*>& computers) {
  const bool this_one = is_among(node.identity().node, computers);
  const std::string who = this_one ? "this computer" : names_of(computers);
  return {
      "The central team has decided: two versions of what " + who + " wrote came about by accident",
      std::string(this_one ? "This computer writes on under new numbers now."
                           : "Once it has exchanged, it writes on under new numbers.") +
          " What has its place in a record stands. The other version is kept, and is written again "
          "where nothing speaks against it.",
      "Find out why. Most often a disk was copied, or put back from a copy, and both are in use: "
      "stop using one of the two, and have it set up anew as another computer. Then look whether "
      "what was written on either is there."};
}

std::string next_after(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::misused:
      return "Do not use it. Leave it as it is, and ring the central team before anybody wipes it.";
    case RevocationReason::stolen:
    case RevocationReason::lost:
      return "If it turns up, do not use it: ring the central team. It is set up anew, and invited "
             "as another computer.";
    case RevocationReason::retired:
      return "Wipe its disk, if nobody has.";
    case RevocationReason::unsaid:
      break;
  }
  return "Do not use it. Ring the central team and ask why.";
}

std::string looked_at_since(const EnrolledNode& computer) {
  if (computer.suspect_since_ms == 0) return {};
  return " Changes that it made from " +
         shown_text(schema::FieldRule::DATE, iso_day(computer.suspect_since_ms)) +
         " on are to be looked at.";
}

ListNews withdrawn(const OpenNode& node, const std::vector<const EnrolledNode*>& computers) {
  const bool this_one = is_among(node.identity().node, computers);
  const auto* first = computers.empty() ? nullptr : computers.front();
  const auto reason = first ? first->reason : RevocationReason::unsaid;
  const auto why = in_words(reason);
  return {"The central team has withdrawn " + (this_one ? "this computer" : names_of(computers)) +
              (why.empty() ? std::string() : ": " + why),
          "Nothing that it writes is taken any more, for good. What was accepted of it before "
          "stands. What it had not sent is lost, and the records that it could read get new "
          "keys." +
              (first ? looked_at_since(*first) : std::string()),
          this_one ? "Stop working on this computer. Ring the central team before anybody wipes it."
                   : next_after(reason)};
}

}  // namespace

Result<std::optional<ListNews>> list_news(OpenNode& node, const Notice& notice) {
  using News = std::optional<ListNews>;
  const auto version = static_cast<std::uint64_t>(std::max(notice.detail, 1));
  switch (static_cast<ListNotice>(notice.kind)) {
    case ListNotice::accident: {
      const auto computers = of_accident(node, version);
      return computers ? Result<News>(accident(node, *computers)) : computers.error();
    }
    case ListNotice::withdrawn:
      return News(withdrawn(node, withdrawn_in(node, version)));
  }
  return News();
}

Result<std::vector<std::string>> unseen_list_news(OpenNode& node) {
  const auto notices = sync::store::RecordReader(node.database(), node.context()).notices(true);
  if (!notices) return notices.error();
  std::vector<std::string> out;
  for (const auto& each : *notices) {
    const auto news = list_news(node, each);
    if (!news) return news.error();
    if (*news) out.push_back((*news)->title + ". " + (*news)->happened + " " + (*news)->next);
  }
  return out;
}

}  // namespace throughgate::node
