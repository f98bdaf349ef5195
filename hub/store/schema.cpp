#include "hub/store/schema.h"

namespace throughgate::hub {
namespace {

// Ids have 16 bytes, hashes and keys 32, signatures 64; times are ms since 1970 UTC.
constexpr sync::store::Migration first = {1, R"sql(
CREATE TABLE hub (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  instance      BLOB NOT NULL CHECK (length(instance) = 16),
  began_ms      INTEGER,            -- when a directory named the instance
  recovered     INTEGER NOT NULL,   -- every dossier is open in this instance
  change        INTEGER NOT NULL,
  signing_seed  BLOB NOT NULL CHECK (length(signing_seed) = 32),
  cursor_key    BLOB NOT NULL CHECK (length(cursor_key) = 32),
  directory_key BLOB CHECK (length(directory_key) = 32)
) STRICT;

CREATE TABLE heard (                -- nodes that have replayed everything to an instance
  instance BLOB NOT NULL,
  node     BLOB NOT NULL,
  PRIMARY KEY (instance, node)
) STRICT, WITHOUT ROWID;

CREATE TABLE directory_step (
  version   INTEGER PRIMARY KEY,
  header    BLOB NOT NULL,
  body      BLOB NOT NULL,
  signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

-- The order held of each dossier (node is null), and branches that nodes replay.
CREATE TABLE chain (
  id                INTEGER PRIMARY KEY,
  dossier           BLOB NOT NULL CHECK (length(dossier) = 16),
  node              BLOB CHECK (length(node) = 16),
  length            INTEGER NOT NULL,
  head              BLOB NOT NULL CHECK (length(head) = 32),
  accepted_at_ms    INTEGER NOT NULL,
  directory_version INTEGER NOT NULL,
  signed_by         BLOB NOT NULL,
  opened_in         BLOB NOT NULL,
  owner             BLOB,
  first_dsn         INTEGER NOT NULL DEFAULT 1,
  target_dsn        INTEGER NOT NULL DEFAULT 0,
  target            BLOB,
  refused           INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX chain_held ON chain (dossier) WHERE node IS NULL;
CREATE UNIQUE INDEX chain_branch ON chain (dossier, node) WHERE node IS NOT NULL;
CREATE INDEX chain_owner ON chain (owner) WHERE node IS NULL;
CREATE INDEX chain_opened ON chain (opened_in) WHERE node IS NULL;

CREATE TABLE entry (
  chain             INTEGER NOT NULL REFERENCES chain (id) ON DELETE CASCADE,
  dsn               INTEGER NOT NULL,
  entry             BLOB NOT NULL CHECK (length(entry) = 32),
  directory_version INTEGER NOT NULL,
  accepted_at_ms    INTEGER NOT NULL,
  head              BLOB NOT NULL CHECK (length(head) = 32),
  kind              INTEGER NOT NULL,
  stream            BLOB NOT NULL CHECK (length(stream) = 16),
  seq               INTEGER NOT NULL,
  author            BLOB NOT NULL CHECK (length(author) = 16),
  redacts_dsn       INTEGER,
  header            BLOB NOT NULL,
  signature         BLOB NOT NULL CHECK (length(signature) = 64),
  PRIMARY KEY (chain, dsn)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entry_stream ON entry (chain, stream, seq);

CREATE TABLE part (                 -- apart from the headers, so that they can be deleted
  chain  INTEGER NOT NULL REFERENCES chain (id) ON DELETE CASCADE,
  dsn    INTEGER NOT NULL,
  clear  BLOB NOT NULL,
  sealed BLOB NOT NULL,             -- empty: deleted after a redaction
  UNIQUE (chain, dsn)
) STRICT;

CREATE TABLE membership (           -- those that took effect
  chain INTEGER NOT NULL REFERENCES chain (id) ON DELETE CASCADE,
  dsn   INTEGER NOT NULL,
  entry BLOB NOT NULL CHECK (length(entry) = 32),
  clear BLOB NOT NULL,
  PRIMARY KEY (chain, dsn)
) STRICT, WITHOUT ROWID;

CREATE TABLE final_verdict (
  entry          BLOB PRIMARY KEY CHECK (length(entry) = 32),
  dossier        BLOB NOT NULL CHECK (length(dossier) = 16),
  outcome        INTEGER NOT NULL,
  reason         INTEGER NOT NULL,
  given_at_ms    INTEGER NOT NULL,
  fork_header    BLOB,
  fork_signature BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX final_verdict_dossier ON final_verdict (dossier);

CREATE TABLE closed_stream (        -- to its author: nobody closes a stream by writing on it
  dossier BLOB NOT NULL,
  stream  BLOB NOT NULL,
  author  BLOB NOT NULL,            -- node
  PRIMARY KEY (dossier, stream, author)
) STRICT, WITHOUT ROWID;

CREATE TABLE hold (
  entry         BLOB PRIMARY KEY CHECK (length(entry) = 32),
  dossier       BLOB NOT NULL CHECK (length(dossier) = 16),
  first_seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_dossier ON hold (dossier);

CREATE TABLE late_entry (           -- what can no longer be accepted, kept for owner and desk
  entry     BLOB PRIMARY KEY CHECK (length(entry) = 32),
  dossier   BLOB NOT NULL CHECK (length(dossier) = 16),
  author    BLOB NOT NULL,          -- organisation
  bytes     INTEGER NOT NULL,
  header    BLOB NOT NULL,
  signature BLOB NOT NULL,
  clear     BLOB NOT NULL,
  sealed    BLOB NOT NULL
) STRICT;
CREATE INDEX late_entry_author ON late_entry (author, bytes);
CREATE INDEX late_entry_dossier ON late_entry (dossier);

CREATE TABLE envelope_list (
  id        INTEGER PRIMARY KEY,
  dossier   BLOB NOT NULL CHECK (length(dossier) = 16),
  epoch     BLOB NOT NULL CHECK (length(epoch) = 16),
  sender    BLOB NOT NULL CHECK (length(sender) = 16),
  bytes     BLOB NOT NULL,
  signature BLOB NOT NULL CHECK (length(signature) = 64),
  change    INTEGER NOT NULL
) STRICT;
CREATE INDEX envelope_list_of ON envelope_list (dossier, epoch, sender);

CREATE TABLE envelope (
  list      INTEGER NOT NULL REFERENCES envelope_list (id) ON DELETE CASCADE,
  kind      INTEGER NOT NULL,
  recipient BLOB NOT NULL CHECK (length(recipient) = 16),
  PRIMARY KEY (list, kind, recipient)
) STRICT, WITHOUT ROWID;

CREATE TABLE pointer (
  organisation BLOB NOT NULL CHECK (length(organisation) = 16),
  dossier      BLOB NOT NULL CHECK (length(dossier) = 16),
  change       INTEGER NOT NULL,
  begins       INTEGER NOT NULL,
  PRIMARY KEY (organisation, dossier)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX pointer_change ON pointer (organisation, change);
CREATE INDEX pointer_dossier ON pointer (dossier);

CREATE TABLE digest (
  dossier        BLOB NOT NULL CHECK (length(dossier) = 16),
  node           BLOB NOT NULL CHECK (length(node) = 16),
  dsn            INTEGER NOT NULL,
  policy_version BLOB NOT NULL CHECK (length(policy_version) = 16),
  digest         BLOB NOT NULL CHECK (length(digest) = 16),
  change         INTEGER NOT NULL,
  PRIMARY KEY (dossier, node)
) STRICT, WITHOUT ROWID;

CREATE TABLE bytes_taken (
  organisation BLOB NOT NULL,
  day          INTEGER NOT NULL,    -- since 1970 UTC
  bytes        INTEGER NOT NULL,
  PRIMARY KEY (organisation, day)
) STRICT, WITHOUT ROWID;
)sql"};

// Letters between the desk and computers that are not enrolled yet; neither says who they are here.
constexpr sync::store::Migration second = {2, R"sql(
CREATE TABLE letter (
  mailbox BLOB NOT NULL CHECK (length(mailbox) = 16),
  slot    INTEGER NOT NULL,
  put_ms  INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (mailbox, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX letter_age ON letter (put_ms);
)sql"};

// What is counted on the way, so that nobody has to count it over: limits and the hub's own
// figures.
constexpr sync::store::Migration third = {3, R"sql(
CREATE TABLE owned (
  organisation BLOB PRIMARY KEY,
  dossiers     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO owned SELECT owner, count(*) FROM chain WHERE node IS NULL AND owner IS NOT NULL GROUP BY owner;

CREATE TABLE totals (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  dossiers   INTEGER NOT NULL,
  entries    INTEGER NOT NULL,
  late       INTEGER NOT NULL,
  late_bytes INTEGER NOT NULL
) STRICT;
INSERT INTO totals SELECT 1,
  (SELECT count(*) FROM chain WHERE node IS NULL AND length > 0),
  (SELECT ifnull(sum(length), 0) FROM chain WHERE node IS NULL),
  (SELECT count(*) FROM late_entry),
  (SELECT ifnull(sum(bytes), 0) FROM late_entry);

CREATE TRIGGER chain_begun AFTER INSERT ON chain WHEN NEW.node IS NULL BEGIN
  UPDATE totals SET dossiers = dossiers + (NEW.length > 0), entries = entries + NEW.length;
  INSERT INTO owned SELECT NEW.owner, 1 WHERE NEW.owner IS NOT NULL ON CONFLICT DO UPDATE SET dossiers = dossiers + 1;
END;
CREATE TRIGGER chain_gone AFTER DELETE ON chain WHEN OLD.node IS NULL BEGIN
  UPDATE totals SET dossiers = dossiers - (OLD.length > 0), entries = entries - OLD.length;
  UPDATE owned SET dossiers = dossiers - 1 WHERE organisation = OLD.owner;
END;
CREATE TRIGGER chain_moved AFTER UPDATE OF length, node, owner ON chain BEGIN
  UPDATE totals SET dossiers = dossiers - (OLD.length > 0), entries = entries - OLD.length WHERE OLD.node IS NULL;
  UPDATE totals SET dossiers = dossiers + (NEW.length > 0), entries = entries + NEW.length WHERE NEW.node IS NULL;
  UPDATE owned SET dossiers = dossiers - 1 WHERE OLD.node IS NULL AND organisation = OLD.owner;
  INSERT INTO owned SELECT NEW.owner, 1 WHERE NEW.node IS NULL AND NEW.owner IS NOT NULL
    ON CONFLICT DO UPDATE SET dossiers = dossiers + 1;
END;
CREATE TRIGGER late_entry_kept AFTER INSERT ON late_entry BEGIN
  UPDATE totals SET late = late + 1, late_bytes = late_bytes + NEW.bytes;
END;
CREATE TRIGGER late_entry_gone AFTER DELETE ON late_entry BEGIN
  UPDATE totals SET late = late - 1, late_bytes = late_bytes - OLD.bytes;
END;

CREATE INDEX hold_age ON hold (first_seen_ms);
)sql"};

constexpr sync::store::Migration fourth = {4, R"sql(
ALTER TABLE directory_step ADD COLUMN root_list BLOB NOT NULL DEFAULT x'';  -- where the version brings one
CREATE TABLE directory_snapshot (version INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

-- Who has said that nothing is left of what was erased, for the desk.
ALTER TABLE hub ADD COLUMN cleared_to INTEGER NOT NULL DEFAULT 0;  -- directory version; no page holds what it erased

CREATE TABLE erasure_receipt (
  kind      INTEGER NOT NULL,       -- WitnessKind
  witness   BLOB NOT NULL CHECK (length(witness) = 16),
  erased_to INTEGER NOT NULL,
  bytes     BLOB NOT NULL,
  signature BLOB NOT NULL CHECK (length(signature) = 64),
  change    INTEGER NOT NULL,
  PRIMARY KEY (kind, witness)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_receipt_change ON erasure_receipt (change);
)sql"};

constexpr sync::store::Migration fifth = {5, R"sql(
-- Who has said that it has deleted a record which is no longer shared with it, for owner and desk.
CREATE TABLE purge_receipt (
  dossier   BLOB NOT NULL CHECK (length(dossier) = 16),
  node      BLOB NOT NULL CHECK (length(node) = 16),
  dsn       INTEGER NOT NULL,
  bytes     BLOB NOT NULL,
  signature BLOB NOT NULL CHECK (length(signature) = 64),
  change    INTEGER NOT NULL,
  PRIMARY KEY (dossier, node)
) STRICT, WITHOUT ROWID;

-- In the order in which owner and desk are told of them; no number comes twice.
ALTER TABLE hub ADD COLUMN late_number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE late_entry ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE late_entry SET number = rowid;
UPDATE hub SET late_number = (SELECT ifnull(max(number), 0) FROM late_entry);
CREATE UNIQUE INDEX late_entry_number ON late_entry (number);

-- One for each request that changed something: tells this memory from another that counted as far.
CREATE TABLE mark (
  change INTEGER PRIMARY KEY,       -- the request's first
  value  BLOB NOT NULL CHECK (length(value) = 8)
) STRICT;
)sql"};

constexpr sync::store::Migration migrations[] = {first, second, third, fourth, fifth};

}  // namespace

std::span<const sync::store::Migration> hub_migrations() { return migrations; }

}  // namespace throughgate::hub
