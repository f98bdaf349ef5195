#include "node/breach.h"

#include <algorithm>

#include "node/days.h"
#include "node/desk/revocations.h"
#include "node/dossier_kinds.h"
#include "node/erasure/erasure_plan.h"
#include "node/last_contact.h"
#include "node/text/numbers.h"
#include "sync/store/bundle_folder.h"
#include "sync/store/key_renewals.h"

namespace throughgate::node {
namespace {

using sync::DossierId;
using sync::EnrolledNode;
using sync::Error;
using sync::ErrorKind;
using sync::OrganisationId;
using sync::Result;
using sync::store::KeyTable;
using sync::store::Purpose;
using sync::store::StoredDossier;
using sync::store::UnitOfWork;

struct Shared {
  DossierId id;
  OrganisationId owner;
  KeyStanding key = KeyStanding::old_key;
};

// Those that the organisation was a member of by then.
std::vector<Shared> shared_with(const OrganisationId& organisation, const EnrolledNode* computer,
                                std::uint64_t until_ms, UnitOfWork& work) {
  std::vector<DossierId> ids;
  work.each("SELECT dossier FROM dossier WHERE length > 0 ORDER BY id", sync::store::bound(),
            [&](const auto& row) {
              if (const auto id = DossierId::from(row.view(0))) ids.push_back(*id);
            });
  const KeyTable keys(work);
  std::vector<Shared> out;
  for (const auto& id : ids) {
    const StoredDossier stored(work, id);
    const auto& all = stored.memberships().all();
    const bool was_member = std::any_of(all.begin(), all.end(), [&](const auto& each) {
      return each.membership.role_of(organisation) && stored.accepted_at(each.dsn) <= until_ms;
    });
    if (!was_member) continue;
    const bool knows = !computer || sync::store::may_know_key(stored, keys, *computer);
    out.push_back(
        {id, all.back().membership.owner(), knows ? KeyStanding::old_key : KeyStanding::new_key});
  }
  return out;
}

// What somebody's roles do not show them is counted, and not named.
Result<ReadableRecord> described(const Shared& shared, const RecordService& records) {
  ReadableRecord out{
      shared.id, "Record", organisation_name(records.node(), shared.owner), {}, shared.key};
  const auto held = records.whole().dossier(shared.id);
  if (!held) return held.error();
  if (const auto* type = record_type(held->root_type)) {
    out.kind = rule_of(*type->descriptor).label();
  }
  const auto going = going_record(records, shared.id);
  if (going) out.name = going->name;
  if (!going && going.error().kind != ErrorKind::denied) return going.error();
  return out;
}

Result<sync::Done> add_records(const std::vector<Shared>& shared, const RecordService& records,
                               Breach& out) {
  for (const auto& each : shared) {
    auto record = described(each, records);
    if (!record) return record.error();
    out.records.push_back(*std::move(record));
  }
  return sync::Done{};
}

void say_what_is_missing(const OrganisationId& organisation, const OpenNode& node, Breach& out) {
  if (organisation == node.identity().organisation) return;
  out.not_in_it.push_back(
      "Records that only " + out.whose +
      " holds (volunteer files, vetting notes, equality monitoring, people in prison, diaries, "
      "incidents, site settings) are not in this list. They make the same report with another of "
      "their computers.");
}

std::string counted(const std::map<std::string, std::uint64_t>& counts) {
  std::string out;
  for (const auto& [name, count] : counts) {
    out += "  " + name + ": " + with_thousands(count) + "\n";
  }
  return out;
}

std::string shown_time(std::uint64_t ms) {
  if (ms == 0) return "not known";
  const auto minutes = ms / 60'000 % 1440;  // of the day
  const auto two = [](std::uint64_t n) {
    return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
  };
  return iso_day(ms) + " " + two(minutes / 60) + ":" + two(minutes % 60) + " UTC";
}

std::string key_text(const Breach& breach) {
  if (breach.is_bundle) return "";
  const auto renewed = breach.with_new_keys();
  const auto left = breach.records.size() - renewed;
  return "What is written now\n  Records with a new key, which it never gets: " +
         with_thousands(renewed) + "\n  Records without one yet: " + with_thousands(left) + "\n\n";
}

std::string protection_text(const Breach& breach) {
  std::string out = "How it is protected\n";
  if (!breach.is_bundle) {
    return out +
           "  The store is sealed. It opens with a password of somebody who worked there, its "
           "recovery sheet, or a\n  key file if one was made. Say here whether any of these was "
           "lost too, and whether it was switched on:\n\n";
  }
  out += "  The file is sealed. It opens on these computers only: " + breach.standing + ".\n";
  for (const auto& each : breach.openers) {
    out += "  " + each + " is withdrawn: whoever has that computer and the file can read it.\n";
  }
  if (breach.openers.empty()) out += "  None of them is withdrawn.\n";
  return out + "\n";
}

std::string record_lines(const Breach& breach) {
  std::string out = "Each record: number, kind, kept by, about";
  out += breach.is_bundle ? "\n" : ", key\n";
  for (const auto& each : breach.records) {
    out += "  " + each.id.hex() + "  " + each.kind + "  " + each.owner + "  " +
           (each.name.empty() ? "-" : each.name);
    if (!breach.is_bundle) out += each.key == KeyStanding::new_key ? "  new" : "  old";
    out += "\n";
  }
  return out;
}

}  // namespace

std::map<std::string, std::uint64_t> Breach::by_kind() const {
  std::map<std::string, std::uint64_t> out;
  for (const auto& each : records) ++out[each.kind];
  return out;
}

std::map<std::string, std::uint64_t> Breach::by_owner() const {
  std::map<std::string, std::uint64_t> out;
  for (const auto& each : records) ++out[each.owner];
  return out;
}

std::uint64_t Breach::with_new_keys() const {
  return static_cast<std::uint64_t>(
      std::count_if(records.begin(), records.end(),
                    [](const auto& each) { return each.key == KeyStanding::new_key; }));
}

Result<Breach> breach_of_computer(RecordService& records, const sync::NodeId& computer) {
  OpenNode& node = records.node();
  const auto* listed = node.directory().node(computer);
  if (!listed) {
    return Error{ErrorKind::not_found,
                 "There is no such computer in the central list held here. Sync, then try again."};
  }
  Breach out;
  out.whose = organisation_name(node, listed->organisation);
  out.what = out.whose + ", " + listed->label;
  const auto why = in_words(listed->reason);
  out.standing = !listed->revoked_in ? "not withdrawn yet: ring the central team at once"
                 : why.empty()       ? "withdrawn"
                                     : "withdrawn: " + why;
  out.suspect_since_ms = listed->suspect_since_ms;
  std::vector<Shared> shared;
  {
    UnitOfWork work(node.database(), Purpose::reading);
    out.happened_ms = last_heard_ms(work, computer);
    shared = shared_with(listed->organisation, listed, node.now_ms(), work);
    if (auto done = work.commit(); !done) return done.error();
  }
  if (auto added = add_records(shared, records, out); !added) return added.error();
  say_what_is_missing(listed->organisation, node, out);
  return out;
}

Result<Breach> breach_of_bundle(RecordService& records, const std::string& path) {
  OpenNode& node = records.node();
  const auto facts = inspect_bundle(node, path);
  if (!facts) return facts.error();
  const auto file = sync::store::read_bundle_file(path);
  if (!file) return file.error();
  const auto sealed = sync::read_bundle(*file);
  if (!sealed.bundle) return sync::error_of(sealed.fault);
  Breach out;
  out.is_bundle = true;
  out.what = facts->made_by.empty() ? "a computer that is not in the central list" : facts->made_by;
  out.happened_ms = facts->label.made_at_ms;
  for (const auto& each : facts->meant_for) {
    out.standing += (out.standing.empty() ? "" : "; ") + each;
  }
  std::optional<OrganisationId> reader;
  for (const auto& id : sealed.bundle->readers()) {
    const auto* listed = node.directory().node(sync::NodeId{id});
    if (!listed) continue;
    reader = listed->organisation;
    if (listed->revoked_in) {
      out.openers.push_back(organisation_name(node, listed->organisation) + ", " + listed->label);
    }
  }
  out.whose = reader ? organisation_name(node, *reader) : "the central exchange";
  if (!reader) {
    out.not_in_it.push_back(
        "It was made for the central exchange, which has no keys: what is inside is sealed a "
        "second "
        "time.");
    return out;
  }
  std::vector<Shared> shared;
  {
    UnitOfWork work(node.database(), Purpose::reading);
    shared = shared_with(*reader, nullptr, out.happened_ms, work);
    if (auto done = work.commit(); !done) return done.error();
  }
  if (auto added = add_records(shared, records, out); !added) return added.error();
  out.not_in_it.push_back(
      "These are the records that were shared with " + out.whose +
      " when it was made, as far as this computer holds them: it held at most these.");
  return out;
}

Result<Breach> breach_of_made_file(RecordService& records, std::uint64_t number) {
  OpenNode& node = records.node();
  const auto file = made_file(node, number);
  if (!file) return file.error();
  const auto ids = records_of(node, number);
  if (!ids) return ids.error();
  Breach out;
  out.is_bundle = true;
  out.what = organisation_name(node, node.identity().organisation) + ", this computer";
  out.whose = file->name;
  out.happened_ms = file->made_at_ms;
  for (const auto& [id, computer] : node.directory().nodes()) {
    if (computer.organisation != file->organisation) continue;
    const std::string name = file->name + ", " + computer.label;
    if (computer.revoked_in) out.openers.push_back(name);
    out.standing += (out.standing.empty() ? "" : "; ") + name;
  }
  std::vector<Shared> shared;
  {
    UnitOfWork work(node.database(), Purpose::reading);
    for (const auto& id : *ids) {
      if (!StoredDossier::exists(work, id)) continue;  // deleted since
      const StoredDossier stored(work, id);
      const auto& all = stored.memberships().all();
      if (!all.empty()) shared.push_back({id, all.back().membership.owner()});
    }
    if (auto done = work.commit(); !done) return done.error();
  }
  if (auto added = add_records(shared, records, out); !added) return added.error();
  if (file->records != shared.size()) {
    out.not_in_it.push_back(
        "Records that were in it and are not held here any more are not in "
        "this list.");
  }
  return out;
}

std::string text_of(const Breach& breach, const std::string& who, std::uint64_t at_ms) {
  std::string out =
      breach.is_bundle ? "What a lost bundle could show\n" : "What a lost computer could read\n";
  out += "Made " + shown_time(at_ms) + " by " + who + "\n\n";
  out += (breach.is_bundle ? "Made by: " : "Computer: ") + breach.what + "\n";
  out += (breach.is_bundle ? "Made when, by its clock: " : "Last heard of here: ") +
         shown_time(breach.happened_ms) + "\n";
  if (!breach.is_bundle) out += "Standing: " + breach.standing + "\n";
  if (breach.suspect_since_ms != 0) {
    out += "Its changes are looked at since: " + shown_time(breach.suspect_since_ms) + "\n";
  }
  out += "Who could read with it: " + breach.whose + "\n\n";
  out += "Records: " + with_thousands(breach.records.size()) + "\n" + counted(breach.by_kind());
  out += "Kept by\n" + counted(breach.by_owner()) + "\n";
  out += key_text(breach) + protection_text(breach);
  for (const auto& each : breach.not_in_it) out += each + "\n\n";
  out +=
      "The law gives 72 hours from when you knew to tell the Information Commissioner, unless it "
      "is "
      "unlikely to put\nanybody at risk (Data Protection Act 2018, section 67; UK GDPR, article "
      "33). A "
      "notice says: what happened; which\nkinds of people and records, and about how many; whom to "
      "ask; what may follow; what is done about it.\n\n";
  return out + record_lines(breach);
}

}  // namespace throughgate::node
