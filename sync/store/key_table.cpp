#include "sync/store/key_table.h"

#include <algorithm>
#include <set>

namespace throughgate::sync::store {

namespace {

std::optional<crypto::ContentKey> key_from(ByteView bytes) {
  if (bytes.size() != 32) return std::nullopt;
  return crypto::ContentKey(
      crypto::Secret<32>(std::span<const std::uint8_t, 32>(bytes.data(), 32)));
}

std::set<Recipient> recipients_in(const EnvelopeList& list) {
  std::set<Recipient> out;
  for (const auto& each : list.envelopes) out.insert(each.recipient);
  return out;
}

bool includes(const std::set<Recipient>& all, const std::set<Recipient>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

}  // namespace

std::optional<crypto::ContentKey> KeyTable::find(std::int64_t dossier, const EpochId& epoch) const {
  std::optional<crypto::ContentKey> key;
  work_.each("SELECT key FROM dossier_key WHERE dossier = ? AND epoch = ?",
             bound(dossier, epoch.view()), [&](const Statement& row) {
               key = key_from(row.view(0));
               if (!key) work_.fail_as_damaged();
             });
  return key;
}

std::map<EpochId, crypto::ContentKey> KeyTable::all(std::int64_t dossier) const {
  std::map<EpochId, crypto::ContentKey> out;
  work_.each("SELECT epoch, key FROM dossier_key WHERE dossier = ?", bound(dossier),
             [&](const Statement& row) {
               const auto epoch = EpochId::from(row.view(0));
               auto key = key_from(row.view(1));
               if (epoch && key) out.emplace(*epoch, std::move(*key));
             });
  return out;
}

bool KeyTable::holds(std::int64_t dossier, const EpochId& epoch) const {
  return work_
      .first("SELECT 1 FROM dossier_key WHERE dossier = ? AND epoch = ?",
             bound(dossier, epoch.view()), unsigned_column)
      .has_value();
}

void KeyTable::add(std::int64_t dossier, const EpochId& epoch, const crypto::ContentKey& key) {
  work_.run("INSERT OR IGNORE INTO dossier_key (dossier, epoch, key) VALUES (?, ?, ?)", dossier,
            epoch.view(), key.secret().view());
}

// One that its sender's others make up for is not needed, and one that makes up for others takes
// their place. No honest sender has more than a few for an epoch.
void KeyTable::keep(const EnvelopeList& list, bool unsent) {
  constexpr std::size_t of_one_sender_max = 64;
  const auto next = recipients_in(list);
  std::set<Recipient> before;
  std::vector<crypto::Signature> made_up_for;
  std::size_t held = 0;
  for (const auto& each : lists(list.dossier)) {
    if (each.sender != list.sender || each.epoch != list.epoch) continue;
    const auto those = recipients_in(each);
    before.insert(those.begin(), those.end());
    if (includes(next, those)) made_up_for.push_back(each.signature);
    ++held;
  }
  if (held > 0 && includes(before, next)) return;
  if (held - made_up_for.size() >= of_one_sender_max) return;
  for (const auto& signature : made_up_for) {
    work_.run(
        "DELETE FROM envelope_list WHERE dossier = ? AND epoch = ? AND sender = ? AND signature = "
        "?",
        list.dossier.view(), list.epoch.view(), list.sender.view(), signature);
  }
  work_.run(
      "INSERT INTO envelope_list (dossier, epoch, sender, list, signature, unsent) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      list.dossier.view(), list.epoch.view(), list.sender.view(), list.encode(), list.signature,
      unsent);
}

std::vector<EnvelopeList> KeyTable::read(std::string_view sql, const DossierId& dossier) const {
  std::vector<EnvelopeList> out;
  work_.each(sql, bound(dossier.view()), [&](const Statement& row) {
    const auto signature = crypto::to_array<64>(row.view(1));
    auto list = signature ? decode_envelope_list(row.view(0), *signature) : std::nullopt;
    if (!list) return work_.fail_as_damaged();
    out.push_back(std::move(*list));
  });
  return out;
}

std::vector<EnvelopeList> KeyTable::lists(const DossierId& dossier) const {
  return read("SELECT list, signature FROM envelope_list WHERE dossier = ?", dossier);
}

std::vector<EnvelopeList> KeyTable::unsent(const DossierId& dossier) const {
  return read("SELECT list, signature FROM envelope_list WHERE dossier = ? AND unsent", dossier);
}

std::vector<DossierId> KeyTable::placed_dossiers_with_unsent() const {
  std::vector<DossierId> out;
  work_.each(
      "SELECT DISTINCT l.dossier FROM envelope_list l JOIN dossier d ON d.dossier = l.dossier "
      "WHERE l.unsent AND d.length > 0",
      bound(), [&](const Statement& row) {
        if (const auto id = DossierId::from(row.view(0))) out.push_back(*id);
      });
  return out;
}

void KeyTable::mark_sent(const EnvelopeList& list) {
  work_.run(
      "UPDATE envelope_list SET unsent = 0 WHERE dossier = ? AND epoch = ? AND sender = ? "
      "AND list = ?",
      list.dossier.view(), list.epoch.view(), list.sender.view(), list.encode());
}

void KeyTable::mark_all_unsent(const DossierId& dossier) {
  work_.run("UPDATE envelope_list SET unsent = 1 WHERE dossier = ?", dossier.view());
}

}  // namespace throughgate::sync::store
