#include "tests/simulation/reached.h"

namespace throughgate::simulation {
namespace {

using sync::Outcome;
using sync::Policy;
using sync::Reason;

const std::map<Reason, const char*>& reasons() {
  static const std::map<Reason, const char*> names{
      {Reason::none, ""},
      {Reason::dossier_unknown, "dossier unknown"},
      {Reason::not_yet_a_member, "not yet a member"},
      {Reason::predecessor_missing, "predecessor missing"},
      {Reason::dependency_missing, "dependency missing"},
      {Reason::envelopes_missing, "envelopes missing"},
      {Reason::hub_recovering, "hub recovering"},
      {Reason::update_needed, "update needed"},
      {Reason::over_quota, "over quota"},
      {Reason::revoked, "revoked"},
      {Reason::not_a_member, "not a member"},
      {Reason::reader, "reader"},
      {Reason::stream_taken, "stream taken"},
      {Reason::stream_closed, "stream closed"},
      {Reason::base, "base"},
      {Reason::dependency, "dependency"},
      {Reason::epoch, "epoch"},
      {Reason::membership_version, "membership version"},
      {Reason::first_entry, "first entry"},
      {Reason::second_first_entry, "second first entry"},
      {Reason::key_kept_after_removal, "key kept after removal"},
      {Reason::redact_role, "redact role"},
      {Reason::redact_target, "redact target"},
      {Reason::expired, "expired"},
      {Reason::erased, "erased"}};
  return names;
}

const char* name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted:
      return "ACCEPTED";
    case Outcome::duplicate:
      return "DUPLICATE";
    case Outcome::need_full:
      return reached::need_full;
    case Outcome::hold:
      return "HOLD";
    case Outcome::rejected:
      return "REJECTED";
    case Outcome::fork:
      return "FORK";
  }
  return "an unknown outcome";
}

}  // namespace

std::string name_of(const sync::Ruling& ruling) {
  std::string name = name_of(ruling.outcome);
  if (ruling.reason == Reason::none) return name;
  const auto found = reasons().find(ruling.reason);
  return name + ' ' + (found == reasons().end() ? "for an unknown reason" : found->second);
}

std::string name_of(Policy policy) {
  switch (policy) {
    case Policy::latest:
      return "policy LATEST";
    case Policy::strictest:
      return "policy STRICTEST";
    case Policy::set:
      return "policy SET";
    case Policy::append:
      return "policy APPEND";
    case Policy::lifecycle:
      return "policy LIFECYCLE";
  }
  return "an unknown policy";
}

const std::vector<std::string>& what_must_be_reached() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names{reached::bad,        reached::need_full, reached::in_review,
                                   reached::settled,    reached::redacted,  reached::written_again,
                                   reached::key_renewed};
    for (const auto outcome : {Outcome::accepted, Outcome::duplicate, Outcome::fork}) {
      names.push_back(name_of({outcome, Reason::none}));
    }
    for (const auto reason :
         {Reason::dossier_unknown, Reason::not_yet_a_member, Reason::predecessor_missing,
          Reason::dependency_missing, Reason::envelopes_missing, Reason::hub_recovering,
          Reason::update_needed, Reason::over_quota}) {
      names.push_back(name_of({Outcome::hold, reason}));
    }
    for (const auto reason :
         {Reason::revoked, Reason::not_a_member, Reason::reader, Reason::stream_closed,
          Reason::base, Reason::dependency, Reason::redact_role, Reason::expired, Reason::erased,
          // by a confused member
          Reason::stream_taken, Reason::epoch, Reason::membership_version, Reason::first_entry,
          Reason::second_first_entry, Reason::key_kept_after_removal, Reason::redact_target}) {
      names.push_back(name_of({Outcome::rejected, reason}));
    }
    for (const auto policy :
         {Policy::latest, Policy::strictest, Policy::set, Policy::append, Policy::lifecycle}) {
      names.push_back(name_of(policy));
    }
    return names;
  }();
  return all;
}

const std::vector<std::string>& what_there_is() {
  static const std::vector<std::string> all = [] {
    auto names = what_must_be_reached();
    for (const auto& [reason, words] : reasons()) {
      if (reason == Reason::none) continue;
      const auto outcome = reason < Reason::revoked ? Outcome::hold : Outcome::rejected;
      names.push_back(name_of({outcome, reason}));
    }
    return names;
  }();
  return all;
}

}  // namespace throughgate::simulation
