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

constexpr sync::store::Migration migrations[] = {first, second};

}  // namespace

std::span<const sync::store::Migration> hub_migrations() { return migrations; }

}  // namespace throughgate::hub
