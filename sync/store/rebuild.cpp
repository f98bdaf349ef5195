#include "sync/store/rebuild.h"

#include <algorithm>

#include "sync/envelope.h"

namespace throughgate::sync::store {
namespace {

// By the one there is, or by one before it that was lost.
bool is_signed_by_the_hub(const SignedHead& proof, const Directory& directory) {
  const auto& former = directory.former_hub_keys();
  return verify(proof, directory.hub_key()) ||
         std::any_of(former.begin(), former.end(),
                     [&](const crypto::VerifyKey& key) { return verify(proof, key); });
}

}  // namespace

// An entry's row as it is kept; nothing of it is believed yet.
struct Rebuild::Kept {
  EntryRow row = 0;
  Hash hash{};
  SignedEntry bytes;
  OrganisationId organisation;
  Standing standing = Standing::outbox;
  std::optional<OrderRecord> place;
  Hash chain{};
};

Rebuild::Rebuild(const StoredDossier& kept, UnitOfWork& anew, const NodeContext& context,
                 DossierFaults& faults)
    : stored_(kept),
      kept_(kept.work()),
      context_{context.policies, context.directory, context.identity, context.random,
               [this] { return arrived_at_ms_; }},
      faults_(faults),
      replica_(anew, kept.id(), context_) {}

bool Rebuild::run() {
  take_keys();
  if (stored_.receiving() == Receiving::counts) {  // which some kinds do from then on
    replica_.stored().set_receiving(Receiving::counts, stored_.kind());
  }
  kept_.each("SELECT target FROM redaction WHERE entry IN (SELECT id FROM entry WHERE dossier = ?)",
             bound(stored_.row()), [&](const Statement& row) { redacted_.insert(row.integer(0)); });
  bool whole = true;
  for (const EntryRow row : stored_.placed_after(0)) {
    if (whole) {
      whole = place(row);
    } else {
      check_only(row);
    }
  }
  for (const EntryRow row :
       rows("SELECT id FROM entry WHERE dossier = ? AND dsn IS NULL ORDER BY id")) {
    if (whole) {
      hold(row);
    } else {
      check_only(row);
    }
  }
  if (whole) {
    replica_.finish();
    resolve_as_kept();
  }
  check_keys();
  check_proof();
  return whole;
}

std::vector<EntryRow> Rebuild::rows(std::string_view sql) const {
  std::vector<EntryRow> out;
  kept_.each(sql, bound(stored_.row()),
             [&](const Statement& row) { out.push_back(row.integer(0)); });
  return out;
}

std::optional<Rebuild::Kept> Rebuild::load(EntryRow id) {
  ++entries_;
  return kept_.first(
      "SELECT e.hash, e.header, e.signature, p.clear, p.sealed, a.organisation, e.standing, e.dsn, "
      "e.directory_version, e.accepted_at_ms, e.chain, e.arrived_at_ms FROM entry "
      "e JOIN author a ON a.id = e.author LEFT JOIN part p ON p.entry = e.id WHERE e.id = ?",
      bound(id), [&](const Statement& row) {
        arrived_at_ms_ = row.unsigned_integer(11);
        Kept kept;
        kept.row = id;
        kept.hash = crypto::to_array<32>(row.view(0)).value_or(Hash{});
        kept.bytes = {row.bytes(1), crypto::to_array<64>(row.view(2)).value_or(crypto::Signature{}),
                      row.bytes(3), row.bytes(4)};
        kept.organisation = OrganisationId::from(row.view(5)).value_or(OrganisationId{});
        kept.standing = static_cast<Standing>(row.integer(6));
        kept.chain = crypto::to_array<32>(row.view(10)).value_or(Hash{});
        if (!row.is_null(7)) {
          kept.place = {row.unsigned_integer(7), kept.hash, row.unsigned_integer(8),
                        row.unsigned_integer(9)};
        }
        return kept;
      });
}

// ---- entries

std::optional<AuthorStanding> Rebuild::standing_now(const NodeId& author) const {
  const auto& identity = context_.identity;  // may record before it is listed
  if (author == identity.node) {
    return AuthorStanding{identity.organisation, identity.signing_key.verify_key(), false};
  }
  return context_.directory.standing(author, context_.directory.version());
}

std::optional<VerifiedEntry> Rebuild::prove(Kept& kept, const std::optional<AuthorStanding>& author,
                                            SealedPart sealed) {
  const auto dsn = kept.place ? std::optional(kept.place->dsn) : std::nullopt;
  const auto told = [&](const char* what) {
    faults_.add(dsn, what);
    return std::nullopt;
  };
  const auto hash = entry_hash(kept.bytes.header);
  if (sealed == SealedPart::required && kept.bytes.sealed.empty()) {
    return told("The content of this change is missing.");
  }
  std::optional<VerifiedEntry> entry;
  if (author) {
    auto verified = verify(std::move(kept.bytes), author->key, sealed);
    if (!verified.entry) {
      return told(verified.bad == Bad::part_hash
                      ? "The content of this change is not what its author signed."
                      : "This change is not signed by its author.");
    }
    entry = std::move(verified.entry);
  } else {
    ++without_author_;
    entry = as_verified_before(std::move(kept.bytes));
    if (!entry) return told("This change cannot be read.");
  }
  if (hash != kept.hash) return told("This change is kept under another one's name.");
  if (const auto* membership = entry->membership()) {
    commitments_[membership->epoch()].insert(membership->key_commitment);
  }
  return entry;
}

bool Rebuild::place(EntryRow row) {
  auto kept = load(row);
  const auto header = kept ? decode_header(kept->bytes.header).header : std::nullopt;
  const StoredDossier& anew = replica_.stored();
  const std::uint64_t dsn = anew.length() + 1;
  const auto told = [&](const char* what) {
    faults_.add(dsn, what);
    return false;
  };
  if (!kept || !kept->place || kept->place->dsn != dsn)
    return told("The change at this place is missing.");
  if (!header) return told("This change cannot be read.");
  if (header->dossier != stored_.id()) return told("This change belongs to another record.");
  const OrderRecord record = *kept->place;
  if (!follows(record, before_)) return told("This place does not follow from the one before.");
  const auto author = context_.directory.standing(header->author, record.directory_version);
  if (kept->bytes.sealed.empty() && !redacted_.contains(row)) ++without_content_;
  const auto entry = prove(*kept, author, SealedPart::may_be_deleted);
  if (!entry) return false;
  if (author && judge(*entry, *author, anew).outcome != Outcome::accepted) {
    return told("The rules do not give this change its place.");
  }
  replica_.accept(*entry, author ? author->organisation : kept->organisation, record);
  before_ = record;
  if (anew.chain_at(dsn) != kept->chain) return told("The chain of places does not hold here.");
  return true;
}

void Rebuild::hold(EntryRow row) {
  auto kept = load(row);
  const auto header = kept ? decode_header(kept->bytes.header).header : std::nullopt;
  if (!header) return faults_.add(std::nullopt, "A change that was not sent yet cannot be read.");
  if (header->dossier != stored_.id()) {
    return faults_.add(std::nullopt, "A change that was not sent yet belongs to another record.");
  }
  const auto author = standing_now(header->author);
  const auto entry = prove(*kept, author, SealedPart::required);
  if (!entry) return;
  if (kept->standing == Standing::accepted) {
    return faults_.add(std::nullopt, "A change counts as sent, but has no place.");
  }
  replica_.hold(*entry, author ? author->organisation : kept->organisation, kept->standing);
}

// Behind the place where the order breaks off: is it at least what its author signed?
void Rebuild::check_only(EntryRow row) {
  auto kept = load(row);
  const auto header = kept ? decode_header(kept->bytes.header).header : std::nullopt;
  const auto dsn = kept && kept->place ? std::optional(kept->place->dsn) : std::nullopt;
  if (!header) return faults_.add(dsn, "This change cannot be read.");
  prove(*kept, standing_now(header->author), SealedPart::may_be_deleted);
}

// What was resolved while an order was here that has gone since (the exchange was put back) cannot
// be resolved again: then what it replaced is as it was kept, and all else as its author wrote it.
void Rebuild::resolve_as_kept() {
  StoredDossier& anew = replica_.stored();
  const OpTable kept_ops(kept_, stored_);
  bool any = false;
  for (const EntryRow row : anew.unmerged()) {
    const auto held = anew.load(row);
    if (!held || held->dsn || held->content != Content::unresolved) continue;
    const auto kept_row = stored_.find(held->entry.hash());
    const auto kept = kept_row ? stored_.load(*kept_row) : std::nullopt;
    const auto change_set = replica_.open_entry(held->entry);
    if (!kept || kept->content != Content::merged || !change_set) continue;
    auto superseded = kept_ops.superseded_by(*kept_row);
    for (std::uint32_t i = 0; i < change_set->ops.size(); ++i) {
      replica_.ops().add(row, OpTable::from_itself, i, change_set->ops[i], superseded[i]);
    }
    anew.set_content(row, Content::merged);
    any = true;
  }
  if (!any) return;
  replica_.touch_everything();
  replica_.finish();
}

// ---- keys

void Rebuild::take_keys() {
  for (const auto& [epoch, key] : KeyTable(kept_).all(stored_.row())) {
    replica_.keys().add(replica_.stored().row(), epoch, key);
  }
}

void Rebuild::check_keys() {
  const bool any_unreadable =
      kept_
          .first(
              "SELECT 1 FROM dossier_key WHERE dossier = ? AND (length(key) != 32 OR "
              "length(epoch) != 16)",
              bound(stored_.row()), unsigned_column)
          .has_value();
  if (any_unreadable) faults_.add(std::nullopt, "A key of this record cannot be read.");
  for (const auto& [epoch, key] : KeyTable(kept_).all(stored_.row())) {
    const Hash commitment = key_commitment(key, stored_.id());
    const auto signed_for = commitments_.find(epoch);
    if (EpochId::first_bytes_of(commitment) != epoch ||
        (signed_for != commitments_.end() && !signed_for->second.contains(commitment))) {
      faults_.add(std::nullopt, "A key of this record is not the one that its owner signed for.");
    }
  }
}

// ---- the order

void Rebuild::check_proof() {
  const StoredDossier& anew = replica_.stored();
  const auto proof = stored_.proof();
  if (!proof) {
    if (stored_.proven() != 0) {
      faults_.add(std::nullopt, "The central exchange's signature under the order is missing.");
    }
    return;
  }
  if (proof->head.dossier != stored_.id() || proof->head.dsn != stored_.proven() ||
      !is_signed_by_the_hub(*proof, context_.directory)) {
    return faults_.add(std::nullopt, "The order is not signed by the central exchange.");
  }
  if (proof->head.dsn > stored_.length()) {
    return faults_.add(std::nullopt,
                       "Part of the order that the central exchange signed is missing.");
  }
  if (proof->head.dsn <= anew.length() && anew.chain_at(proof->head.dsn) != proof->head.chain) {
    faults_.add(proof->head.dsn, "The order is not the one that the central exchange signed.");
  }
}

}  // namespace throughgate::sync::store
