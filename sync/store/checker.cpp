#include "sync/store/checker.h"

#include <map>
#include <set>

#include "sync/store/set_aside.h"

namespace throughgate::sync::store {
namespace {

struct ShownField {
  Bytes value;
  std::uint32_t flags = 0;

  friend bool operator==(const ShownField&, const ShownField&) = default;
};

// One dossier, inside one unit of work.
class DossierCheck {
 public:
  DossierCheck(UnitOfWork& work, const DossierId& dossier, const NodeContext& context,
               CheckReport& report)
      : work_(work),
        context_(context),
        report_(report),
        replica_(work, dossier, context),
        stored_(replica_.stored()) {}

  void run() {
    check_entries();
    check_chain();
    check_fields();
    if (const auto digest = replica_.digest()) report_.digests[stored_.id()] = *digest;
  }

 private:
  void fault(std::optional<std::uint64_t> dsn, const char* what) {
    report_.faults.push_back({stored_.id(), dsn, what});
  }

  std::optional<crypto::VerifyKey> key_of(const NodeId& author) const {
    if (author == context_.identity.node) return context_.identity.signing_key.verify_key();
    const auto* node = context_.directory.node(author);
    return node ? std::optional(node->verify_key) : std::nullopt;
  }

  void check_entries() {
    struct Row {
      Hash hash{};
      std::optional<std::uint64_t> dsn;
      SignedEntry bytes;
      bool redacted = false;
    };
    std::vector<Row> rows;
    work_.each(
        "SELECT e.hash, e.dsn, e.header, e.signature, p.clear, p.sealed, e.redacted_by FROM entry "
        "e "
        "LEFT JOIN part p ON p.entry = e.id WHERE e.dossier = ? ORDER BY e.dsn IS NULL, e.dsn, "
        "e.id",
        bound(stored_.row()), [&](const Statement& row) {
          const auto hash = crypto::to_array<32>(row.view(0));
          const auto signature = crypto::to_array<64>(row.view(3));
          Row out;
          out.hash = hash.value_or(Hash{});
          if (!row.is_null(1)) out.dsn = row.unsigned_integer(1);
          out.bytes = {row.bytes(2), signature.value_or(crypto::Signature{}), row.bytes(4),
                       row.bytes(5)};
          out.redacted = row.integer(6) != 0;
          rows.push_back(std::move(out));
        });
    for (auto& row : rows) check_entry(row.hash, row.dsn, std::move(row.bytes), row.redacted);
  }

  void check_entry(const Hash& hash, std::optional<std::uint64_t> dsn, SignedEntry bytes,
                   bool redacted) {
    ++report_.entries;
    const auto decoded = decode_header(bytes.header);
    if (!decoded.header) return fault(dsn, "The entry's header cannot be read.");
    if (decoded.header->dossier != stored_.id()) {
      return fault(dsn, "The entry belongs to another record.");
    }
    const auto key = key_of(decoded.header->author);
    if (!key) {
      ++report_.without_author;
      return;
    }
    const auto sealed = redacted ? SealedPart::may_be_deleted : SealedPart::required;
    const auto verified = verify(std::move(bytes), *key, sealed);
    if (!verified.entry) {
      return fault(dsn, verified.bad == Bad::part_hash
                            ? "The entry's content is not what its author signed."
                            : "The entry is not signed by its author.");
    }
    if (verified.entry->hash() != hash) fault(dsn, "The entry is kept under another's name.");
  }

  // From the first place to the newest head that the hub signed, and on to what is held.
  void check_chain() {
    Hash head = chain_start(stored_.id());
    std::optional<OrderRecord> before;
    const auto proof = stored_.proof();
    for (std::uint64_t dsn = 1; dsn <= stored_.length(); ++dsn) {
      const auto record = stored_.record_at(dsn);
      if (!record) return fault(dsn, "The order has a gap.");
      if (!follows(*record, before)) fault(dsn, "The order does not follow from the place before.");
      head = chain_next(head, *record);
      if (stored_.chain_at(dsn) != head) return fault(dsn, "The order's chain does not hold.");
      if (proof && proof->head.dsn == dsn && proof->head.chain != head) {
        fault(dsn, "The order is not the one that the central exchange signed.");
      }
      before = *record;
    }
    if (proof && (proof->head.dossier != stored_.id() || proof->head.dsn > stored_.length())) {
      fault(std::nullopt, "Part of the signed order is missing.");
    }
    check_memberships();
  }

  void check_memberships() {
    for (const auto& effective : stored_.memberships().all()) {
      const auto row = stored_.row_at(effective.dsn);
      const auto held = row ? stored_.load(*row) : std::nullopt;
      if (!held || held->entry.hash() != effective.entry || !held->entry.membership() ||
          *held->entry.membership() != effective.membership) {
        fault(effective.dsn, "Who shares this record is not what the entry says.");
      }
    }
  }

  void check_fields() {
    auto kept = kept_fields();
    const auto role_now = replica_.role_lookup();
    for (const auto& key : replica_.ops().fields()) {
      const auto* policy = context_.policies.find(key.record_type, key.field);
      if (!policy || !is_shown(stored_, context_.policies, key.record_type)) continue;
      ++report_.fields;
      const auto ops = replica_.ops().load(key, OpTable::View::shown, role_now);
      const auto projected = project(*policy, ops);
      const auto found = kept.find(key);
      if (projected.siblings.empty()) continue;  // anything kept is found below
      const ShownField anew{shown_value(projected), shown_flags(projected, ops)};
      if (found == kept.end() || found->second != anew) {
        fault(std::nullopt, "A field does not show what its history says.");
      }
      if (found != kept.end()) kept.erase(found);
    }
    for (std::size_t i = 0; i < kept.size(); ++i) {
      fault(std::nullopt, "A field is shown that has no history.");
    }
  }

  std::map<FieldKey, ShownField> kept_fields() {
    std::map<FieldKey, ShownField> out;
    work_.each("SELECT record, type, field, value, flags FROM field WHERE dossier = ?",
               bound(stored_.row()), [&](const Statement& row) {
                 const FieldKey key{RecordId::from(row.view(0)).value_or(RecordId{}),
                                    static_cast<std::uint32_t>(row.integer(1)),
                                    static_cast<std::uint32_t>(row.integer(2))};
                 out[key] = {row.bytes(3), static_cast<std::uint32_t>(row.integer(4))};
               });
    return out;
  }

  UnitOfWork& work_;
  const NodeContext& context_;
  CheckReport& report_;
  Replica replica_;
  StoredDossier& stored_;
};

}  // namespace

Result<CheckReport> check_store(Database& database, const NodeContext& context) {
  std::vector<DossierId> dossiers;
  {
    UnitOfWork work(database);
    work.each("SELECT dossier FROM dossier ORDER BY dossier", bound(), [&](const Statement& row) {
      if (const auto id = DossierId::from(row.view(0))) dossiers.push_back(*id);
    });
    if (auto done = work.commit(); !done) return done.error();
  }
  CheckReport report;
  for (const auto& dossier : dossiers) {
    UnitOfWork work(database);
    DossierCheck(work, dossier, context, report).run();
    if (work.failed()) return work.error();
    ++report.dossiers;  // and the unit is rolled back: nothing was to be written
  }
  return report;
}

}  // namespace throughgate::sync::store
