// Single values of this node's store. Part of a UnitOfWork.
#pragma once

#include <optional>
#include <string_view>

#include "sync/store/unit_of_work.h"

namespace throughgate::sync::store {

namespace setting {
constexpr std::string_view hub_instance = "hub instance";
constexpr std::string_view cursor = "cursor";
constexpr std::string_view asked_anew = "asked anew";    // see sync/store/asking_anew.h
constexpr std::string_view fetch_after = "fetch after";  // the dossier row that did not move last
constexpr std::string_view replayed_to = "replayed to";  // the instance that has all we hold
constexpr std::string_view anchor = "directory key";     // what the directory is believed by
constexpr std::string_view identity = "identity";
constexpr std::string_view read_by = "read by";  // what the program that last opened it can read
constexpr std::string_view last_contact_ms = "last contact";
constexpr std::string_view clock_offset_ms = "clock offset";
constexpr std::string_view hub_url = "hub url";
constexpr std::string_view organisation_facts = "organisation facts";  // as given at set-up
constexpr std::string_view desk_key = "desk key";                      // the directory key's seed
constexpr std::string_view next_desk_key = "next desk key";  // of one the root list is to name
constexpr std::string_view trial_root = "trial root";        // seed of a root that lies at the desk
constexpr std::string_view enrolment_code = "enrolment code";  // while an answer is awaited
constexpr std::string_view enrolment_request = "enrolment request";
constexpr std::string_view enrolment_tries = "enrolment tries";
constexpr std::string_view contact_tally = "contact tally";  // see node/out_of_contact.h
constexpr std::string_view unlock_tries = "unlock tries";
constexpr std::string_view last_backup_ms = "last backup";
constexpr std::string_view closed_since_backup_ms = "closed since backup";  // see node/restored.h
constexpr std::string_view handover_code_tries = "handover code tries";
constexpr std::string_view passed_on_tries = "passed on tries";  // see node/bundles/pass_on_waits.h
constexpr std::string_view erased_to = "erased to";  // the directory's last_erasure() then
constexpr std::string_view traces_of_erased = "traces of erased";  // 0: none; else a count
constexpr std::string_view erasure_receipt = "erasure receipt";    // signature, then what it signs
constexpr std::string_view receipt_told_to = "receipt told to";    // erased_to, hub instance
constexpr std::string_view revocations_heeded_to = "revocations heeded to";  // a version
constexpr std::string_view late_to = "late to";  // hub instance, the newest of its late box here
}  // namespace setting

class SettingsTable {
 public:
  explicit SettingsTable(UnitOfWork& work) : work_(work) {}

  std::optional<Bytes> find(std::string_view name) const {
    return work_.first("SELECT value FROM setting WHERE name = ?", bound(name), bytes_column);
  }
  void set(std::string_view name, ByteView value) {
    work_.run(
        "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET "
        "value = excluded.value WHERE value != excluded.value",
        name, value);
  }
  void remove(std::string_view name) { work_.run("DELETE FROM setting WHERE name = ?", name); }

 private:
  UnitOfWork& work_;
};

}  // namespace throughgate::sync::store
