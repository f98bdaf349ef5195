#include "sync/store/node_schema.h"

#include <array>

namespace throughgate::sync::store {
namespace {

// The first that was ever kept: earlier numbers were those of trial versions, whose stores were
// thrown away.
constexpr std::string_view version_3 = R"sql(
-- Single values: this node's identity, the hub's instance and cursor, the policy version projected.
CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE directory_step (
  version INTEGER PRIMARY KEY, header BLOB NOT NULL, body BLOB NOT NULL, signature BLOB NOT NULL);

CREATE TABLE author (id INTEGER PRIMARY KEY, node BLOB NOT NULL UNIQUE, organisation BLOB NOT NULL);

CREATE TABLE dossier (
  id INTEGER PRIMARY KEY,
  dossier BLOB NOT NULL UNIQUE,
  length INTEGER NOT NULL DEFAULT 0,    -- accepted entries held
  chain BLOB NOT NULL,                  -- the chain's head there
  readable INTEGER NOT NULL DEFAULT 0,  -- the last place up to which everything opens
  proven INTEGER NOT NULL DEFAULT 0,    -- the place of the newest signed head that the chain has reached
  proof BLOB,                           -- that signed head
  heard INTEGER NOT NULL DEFAULT 0,     -- the newest place the hub has told of
  heard_proof BLOB,                     -- that signed head, until the chain has reached it
  stream BLOB,                          -- what this incarnation writes to; made at its first save
  stream_seq INTEGER NOT NULL DEFAULT 0,
  stream_tip BLOB,
  confirmed BLOB,                       -- the hub instance that has answered for the head held
  digest_sent INTEGER NOT NULL DEFAULT 0,
  newer INTEGER NOT NULL DEFAULT 0,     -- Newer in stored_dossier.h
  stale INTEGER NOT NULL DEFAULT 0);    -- read by an earlier program: to be read again
CREATE INDEX dossier_to_fetch ON dossier (id) WHERE heard > length AND NOT newer & 1;
CREATE INDEX dossier_to_digest ON dossier (id) WHERE digest_sent != length;
CREATE INDEX dossier_newer ON dossier (id) WHERE newer;
CREATE INDEX dossier_stale ON dossier (id) WHERE stale;

-- Every entry held, accepted or not. id is the order of arrival.
CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  dossier INTEGER NOT NULL REFERENCES dossier (id),
  author INTEGER NOT NULL REFERENCES author (id),
  stream BLOB NOT NULL,
  seq INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  standing INTEGER NOT NULL,            -- Standing in stored_dossier.h
  content INTEGER NOT NULL,             -- Content in stored_dossier.h
  header BLOB NOT NULL,
  signature BLOB NOT NULL,
  dsn INTEGER,                          -- from here to `inert`: only while accepted
  directory_version INTEGER,
  accepted_at_ms INTEGER,
  chain BLOB,                           -- the chain's head at this place
  inert INTEGER NOT NULL DEFAULT 0,     -- a membership that lost its compare-and-swap
  role INTEGER,                         -- its author's at this place
  redacted_by INTEGER NOT NULL DEFAULT 0,  -- the entry whose copy stands in for this one's ops
  waiting_since_ms INTEGER,
  clock_ms INTEGER,                     -- from here on: once opened
  effective_ms INTEGER,
  actor BLOB,
  arrived_at_ms INTEGER NOT NULL DEFAULT 0,  -- when it reached this node, by its clock
  passed_over INTEGER NOT NULL DEFAULT 0);   -- holds fields of a newer program
CREATE UNIQUE INDEX entry_by_place ON entry (dossier, dsn) WHERE dsn IS NOT NULL;
CREATE INDEX entry_by_stream ON entry (dossier, stream, seq);
CREATE INDEX entry_to_send ON entry (id) WHERE dsn IS NULL AND standing <= 2;
CREATE INDEX entry_unplaced ON entry (dossier, standing, id) WHERE dsn IS NULL;
CREATE INDEX entry_unmerged ON entry (dossier, id) WHERE content < 2;
CREATE INDEX entry_to_read_again ON entry (dossier, id) WHERE content > 2 OR passed_over;

-- Parts stand apart from headers so that they can be deleted.
CREATE TABLE part (entry INTEGER PRIMARY KEY REFERENCES entry (id), clear BLOB, sealed BLOB);

CREATE TABLE membership (  -- those that took effect
  dossier INTEGER NOT NULL, dsn INTEGER NOT NULL, entry BLOB NOT NULL, clear BLOB NOT NULL,
  PRIMARY KEY (dossier, dsn)) WITHOUT ROWID;

CREATE TABLE redaction (
  target INTEGER NOT NULL, dsn INTEGER NOT NULL, entry INTEGER NOT NULL,
  PRIMARY KEY (target, dsn)) WITHOUT ROWID;
CREATE INDEX redaction_by_entry ON redaction (entry);

-- Ops in the order a record is read in.
CREATE TABLE op (
  dossier INTEGER NOT NULL, record BLOB NOT NULL, type INTEGER NOT NULL, field INTEGER NOT NULL,
  entry INTEGER NOT NULL REFERENCES entry (id),
  source INTEGER NOT NULL,              -- 0, or the redaction whose copy this op is from
  idx INTEGER NOT NULL,
  kind INTEGER NOT NULL, value BLOB NOT NULL, removed INTEGER NOT NULL,
  supersedes BLOB NOT NULL,             -- identities: {entry 32, index u32}
  again BLOB,                           -- {entry 32, index u32, author 16}
  PRIMARY KEY (dossier, record, type, field, entry, source, idx)) WITHOUT ROWID;
CREATE INDEX op_by_entry ON op (entry, source);

-- What is shown, field by field: thrown away and rebuilt from the ops whenever the rules change.
CREATE TABLE field (
  id INTEGER PRIMARY KEY,
  type INTEGER NOT NULL, dossier INTEGER NOT NULL, record BLOB NOT NULL, field INTEGER NOT NULL,
  value BLOB NOT NULL, flags INTEGER NOT NULL,
  sort TEXT COLLATE NOCASE GENERATED ALWAYS AS (CAST(substr(value, 1, 48) AS TEXT)) VIRTUAL);
CREATE INDEX field_by_value ON field (type, field, sort, dossier, record);  -- lists sorted by what a field shows
CREATE UNIQUE INDEX field_by_record ON field (type, dossier, record, field);
CREATE INDEX field_in_review ON field (dossier) WHERE flags & 1;

CREATE TABLE search_row (field INTEGER PRIMARY KEY REFERENCES field (id), class INTEGER NOT NULL);
CREATE VIRTUAL TABLE search_open USING fts5 (text, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE search_personal USING fts5 (text, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE search_confidential USING fts5 (text, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE search_restricted USING fts5 (text, tokenize = "unicode61 remove_diacritics 2");
INSERT INTO search_open (search_open, rank) VALUES ('secure-delete', 1);
INSERT INTO search_personal (search_personal, rank) VALUES ('secure-delete', 1);
INSERT INTO search_confidential (search_confidential, rank) VALUES ('secure-delete', 1);
INSERT INTO search_restricted (search_restricted, rank) VALUES ('secure-delete', 1);

CREATE TABLE dossier_key (
  dossier INTEGER NOT NULL, epoch BLOB NOT NULL, key BLOB NOT NULL,
  PRIMARY KEY (dossier, epoch)) WITHOUT ROWID;

-- Kept for each sender, so that a bad list cannot displace a good one; given back to a hub that lost them.
CREATE TABLE envelope_list (
  dossier BLOB NOT NULL, epoch BLOB NOT NULL, sender BLOB NOT NULL, list BLOB NOT NULL, signature BLOB NOT NULL,
  unsent INTEGER NOT NULL,
  PRIMARY KEY (dossier, epoch, sender)) WITHOUT ROWID;
CREATE INDEX envelope_unsent ON envelope_list (dossier) WHERE unsent;

-- Who still lacks which key, as the hub last said; until this node has sealed it or hears otherwise.
CREATE TABLE wanted (
  dossier BLOB NOT NULL, epoch BLOB NOT NULL, kind INTEGER NOT NULL, recipient BLOB NOT NULL,
  PRIMARY KEY (dossier, epoch, kind, recipient)) WITHOUT ROWID;

CREATE TABLE actor (
  organisation BLOB NOT NULL, id BLOB NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
  PRIMARY KEY (organisation, id)) WITHOUT ROWID;
CREATE TABLE stream_actor (  -- whom a stream of ours has named, and how
  stream BLOB NOT NULL, actor BLOB NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
  PRIMARY KEY (stream, actor)) WITHOUT ROWID;

CREATE TABLE digest (  -- what other members' nodes say they hold
  dossier BLOB NOT NULL, node BLOB NOT NULL, dsn INTEGER NOT NULL, policy_version BLOB NOT NULL, digest BLOB NOT NULL,
  proven INTEGER NOT NULL DEFAULT 0,  -- up to here it and this node's have been equal: that far it is delivered
  PRIMARY KEY (dossier, node)) WITHOUT ROWID;

-- What people are told about: refused or moved entries, differing digests, a disk put back.
CREATE TABLE notice (
  id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, kind INTEGER NOT NULL, dossier BLOB, entry BLOB, detail INTEGER NOT NULL,
  seen INTEGER NOT NULL DEFAULT 0);

-- Rows of files already imported, so that the same row makes nothing twice. Goes with its dossier.
CREATE TABLE import_row (key BLOB PRIMARY KEY, dossier BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX import_row_by_dossier ON import_row (dossier);

-- Whom a sign-in name on this computer stands for: the actor's id is the staff record's.
CREATE TABLE account (sign_in_name TEXT PRIMARY KEY, actor BLOB NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL)
  WITHOUT ROWID;

CREATE TABLE invitation (  -- at the desk: codes given out, and who has come
  mailbox BLOB PRIMARY KEY, code BLOB NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL,
  establishment TEXT NOT NULL, organisation BLOB, made_at_ms INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL,
  request BLOB,            -- once one has come that was made with this code
  approved_in INTEGER,     -- the directory version that lets the computer in
  answered INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;

-- Entries whose header is of a later version, kept as they came until this program is updated.
CREATE TABLE parked (
  hash BLOB PRIMARY KEY,
  dossier BLOB,                         -- with its place, where the exchange gave it one
  dsn INTEGER, directory_version INTEGER, accepted_at_ms INTEGER,
  header BLOB NOT NULL, signature BLOB NOT NULL, clear BLOB NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX parked_by_place ON parked (dossier, dsn) WHERE dsn IS NOT NULL;
)sql";

constexpr std::string_view version_4 = R"sql(
-- What others send counts only where the rule of its kind says so.
ALTER TABLE dossier ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;       -- DossierKind in options.proto
ALTER TABLE dossier ADD COLUMN receiving INTEGER NOT NULL DEFAULT 0;  -- Receiving in receiving.h
CREATE INDEX dossier_set_aside ON dossier (id) WHERE receiving = 2;
CREATE INDEX notice_by_dossier ON notice (dossier, kind);

-- Heads that the hub at hand has not answered for, whichever it is.
CREATE INDEX dossier_by_confirmed ON dossier (confirmed, id) WHERE length > 0 AND proof IS NOT NULL;
)sql";

constexpr std::string_view version_5 = R"sql(
ALTER TABLE digest ADD COLUMN heard_at_ms INTEGER NOT NULL DEFAULT 0;  -- when it came, by this computer's clock
)sql";

constexpr std::string_view version_6 = R"sql(
ALTER TABLE directory_step ADD COLUMN root_list BLOB NOT NULL DEFAULT x'';  -- where the version brings one
CREATE TABLE directory_snapshot (version INTEGER PRIMARY KEY, bytes BLOB NOT NULL);

-- Who looked at what, and took out files: on this computer only, ids and no names. See node/audit.h.
CREATE TABLE audit (
  number INTEGER PRIMARY KEY,           -- 1, 2, 3 ... without gaps
  at_ms INTEGER NOT NULL,
  actor BLOB NOT NULL,
  act INTEGER NOT NULL,                 -- AuditAct
  dossier BLOB NOT NULL, record BLOB NOT NULL, type INTEGER NOT NULL,  -- zero where it is no look
  fields BLOB NOT NULL,                 -- u32 each
  count INTEGER NOT NULL,               -- rows of a file
  reason TEXT NOT NULL,
  mark BLOB NOT NULL);                  -- the hash of this row and the mark before it
CREATE INDEX audit_by_dossier ON audit (dossier, number);
CREATE INDEX audit_by_actor ON audit (actor, number);

ALTER TABLE account ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;      -- the password was given by somebody else
ALTER TABLE account ADD COLUMN last_sign_in_ms INTEGER NOT NULL DEFAULT 0;  -- 0: never

CREATE TABLE erased_dossier (  -- refused for ever
  dossier BLOB PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;

-- At the desk: who has said that nothing is left, and up to which version of the directory.
CREATE TABLE erasure_receipt (
  kind INTEGER NOT NULL, witness BLOB NOT NULL, erased_to INTEGER NOT NULL, done_at_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL, signature BLOB NOT NULL,
  PRIMARY KEY (kind, witness)) WITHOUT ROWID;
)sql";

constexpr std::string_view version_7 = R"sql(
-- Dossiers whose key a revoked computer may know, or knew. See key_renewals.h.
CREATE TABLE key_renewal (
  dossier BLOB PRIMARY KEY,
  version INTEGER NOT NULL,             -- of the directory: a key from before it must go
  duty INTEGER NOT NULL,                -- KeyDuty
  done INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX key_renewal_due ON key_renewal (duty, dossier) WHERE NOT done;

-- What one computer wrote since some moment, where that was stolen.
CREATE INDEX entry_by_author ON entry (author, accepted_at_ms) WHERE accepted_at_ms IS NOT NULL;

-- Not shared with this organisation any more, as far as its chain shows: to be deleted. All that ever
-- changed members are looked at once.
ALTER TABLE dossier ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
UPDATE dossier SET ended = 1 WHERE id IN (SELECT dossier FROM membership GROUP BY dossier HAVING count(*) > 1);
CREATE INDEX dossier_ended ON dossier (id) WHERE ended;

CREATE TABLE purged_dossier (  -- what was deleted for that; goes when the record is shared again
  dossier BLOB PRIMARY KEY,
  dsn INTEGER NOT NULL, chain BLOB NOT NULL,  -- where the order stood here: at the removal
  removal BLOB NOT NULL,                -- its entry
  removed_by BLOB NOT NULL,             -- organisation
  removed_at_ms INTEGER NOT NULL,       -- by the exchange's clock
  kind INTEGER NOT NULL,                -- DossierKind
  own_kept INTEGER NOT NULL,            -- changes of this organisation that were never accepted
  receipt BLOB, signature BLOB,         -- once no page holds it any more
  told_to BLOB) WITHOUT ROWID;          -- the hub instance that has the receipt

-- At owner and desk: which computers have said that they have deleted it.
CREATE TABLE purge_receipt (
  dossier BLOB NOT NULL, node BLOB NOT NULL, dsn INTEGER NOT NULL, bytes BLOB NOT NULL, signature BLOB NOT NULL,
  PRIMARY KEY (dossier, node)) WITHOUT ROWID;

-- Entries that need nobody's attention any more, by the entry that says so.
CREATE TABLE closing (
  dossier INTEGER NOT NULL, closes BLOB NOT NULL, entry INTEGER NOT NULL REFERENCES entry (id),
  PRIMARY KEY (dossier, closes, entry)) WITHOUT ROWID;
CREATE INDEX closing_by_entry ON closing (entry);

-- Why somebody looked goes with the record that they looked at. What the mark of a row is made of is not
-- the reason but its hash, salted: so the reason can go, and the rows still hang together. Rows from
-- before this version have neither until node/audit_renewal.h has been at them.
ALTER TABLE audit ADD COLUMN reason_salt BLOB NOT NULL DEFAULT x'';
ALTER TABLE audit ADD COLUMN reason_hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE audit ADD COLUMN reason_gone_with BLOB NOT NULL DEFAULT x'';  -- the erased dossier

-- Files of others for the hub, unopened, until they are passed on, and what became of each.
CREATE TABLE passed_on (
  id INTEGER PRIMARY KEY,
  maker BLOB NOT NULL, bundle_set BLOB NOT NULL, part INTEGER NOT NULL,  -- as its label says
  made_at_ms INTEGER NOT NULL,          -- by its maker's clock
  brought_at_ms INTEGER NOT NULL,       -- by this computer's, which may be wrong: shown, and no more
  kept_ms INTEGER NOT NULL,             -- for how long it has been here, as counted; and until when by
  seen_ms INTEGER NOT NULL,             -- this clock that was counted
  tried INTEGER NOT NULL,               -- greater than that of whatever was tried before; 0: not yet
  fate INTEGER NOT NULL, fate_at_ms INTEGER NOT NULL, said TEXT NOT NULL,
  file BLOB NOT NULL,                   -- empty once it was taken or refused
  UNIQUE (maker, bundle_set, part));
CREATE TABLE carried_answer (           -- of the hub, for whoever made the file
  id INTEGER PRIMARY KEY, passed_on INTEGER NOT NULL, file BLOB NOT NULL);
CREATE INDEX carried_answer_by_file ON carried_answer (passed_on);

-- Files made here for other organisations, and what was in them: for whoever has to take one back.
CREATE TABLE made_file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- people name it: never given twice
  organisation BLOB NOT NULL, bundle_set BLOB NOT NULL,
  made_at_ms INTEGER NOT NULL, files INTEGER NOT NULL,
  made_by INTEGER NOT NULL,              -- MadeBy: a person, or the program at night
  recalled_at_ms INTEGER NOT NULL DEFAULT 0);
CREATE INDEX made_file_by ON made_file (made_by, id);
CREATE TABLE made_file_record (
  made_file INTEGER NOT NULL, dossier BLOB NOT NULL,
  PRIMARY KEY (made_file, dossier)) WITHOUT ROWID;
CREATE INDEX made_file_record_by_dossier ON made_file_record (dossier);
)sql";

constexpr const char* version_8 = R"sql(
-- Several of one sender: a disk that was put back makes another list than the one that it had made, and each
-- of them says to whom the key was given.
CREATE TABLE envelope_list_of_sender (
  dossier BLOB NOT NULL, epoch BLOB NOT NULL, sender BLOB NOT NULL, list BLOB NOT NULL, signature BLOB NOT NULL,
  unsent INTEGER NOT NULL,
  PRIMARY KEY (dossier, epoch, sender, signature)) WITHOUT ROWID;
INSERT INTO envelope_list_of_sender (dossier, epoch, sender, list, signature, unsent)
  SELECT dossier, epoch, sender, list, signature, unsent FROM envelope_list;
DROP TABLE envelope_list;
ALTER TABLE envelope_list_of_sender RENAME TO envelope_list;
CREATE INDEX envelope_unsent ON envelope_list (dossier) WHERE unsent;
)sql";

constexpr std::array migrations{Migration{3, version_3}, Migration{4, version_4},
                                Migration{5, version_5}, Migration{6, version_6},
                                Migration{7, version_7}, Migration{8, version_8}};

}  // namespace

std::span<const Migration> node_migrations() { return migrations; }

}  // namespace throughgate::sync::store
