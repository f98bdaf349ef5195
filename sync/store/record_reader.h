// What a node shows of its records: lists, one record, its history, what a search finds. Only
// reads, each call as of one moment, while others may write. Knows fields by number and policy;
// what they are called is for node/records. What is set aside is not there for any call but the one
// that asks for it.
// Threads: those of its Database. Errors: those of Database, and those named at each call.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/store/record_table.h"
#include "sync/store/replica.h"

namespace throughgate::sync::store {

struct RecordName {
  DossierId dossier;
  RecordId record;  // all zero: the root record
  std::uint32_t type = 0;

  FieldKey field(std::uint32_t number) const { return {record, type, number}; }
  friend auto operator<=>(const RecordName&, const RecordName&) = default;
};

// ---- one record

enum class OpStanding : std::uint8_t {
  shown,        // the value a reader sees, or one of those listed
  beside,       // stands as well, and is not what is shown
  superseded,   // somebody who had seen it put something else in its place
  not_counted,  // its organisation may not write this field
  not_applied,  // a step that did not fit any more
  refused,      // never got a place; kept
};

struct OpView {
  OpId id;
  std::uint32_t field = 0;
  OpKind kind = OpKind::set;
  Bytes value;
  bool removed = false;        // redacted: the value is gone
  std::vector<OpId> replaces;  // what its author had before them, and put it in the place of
  OpStanding standing = OpStanding::shown;

  NodeId node;
  OrganisationId organisation;
  std::optional<Role> role;  // its organisation's when it was written; now, while provisional
  ActorId actor;
  std::string actor_name;  // empty where the entry that names the actor is not here
  std::string actor_role;
  std::uint64_t clock_ms = 0;       // the author's own clock; may be wrong
  std::uint64_t effective_ms = 0;   // as far as the exchange's order bounds it
  std::uint64_t arrived_at_ms = 0;  // "reached us at", by this machine's clock; 0: not known
  std::optional<std::uint64_t> accepted_at_ms;  // the exchange's clock; none: provisional
  std::optional<std::uint64_t> dsn;
  std::string reason;       // filled by history() and review() only
  bool is_suspect = false;  // stands, from a computer that was stolen: see suspects.h

  bool is_provisional() const { return !dsn && standing != OpStanding::refused; }
};

struct FieldView {
  std::uint32_t field = 0;
  Policy policy = Policy::latest;
  std::vector<OpView> ops;  // those that stand: shown first, then beside, then not applied
  std::uint32_t state = 0;  // LIFECYCLE
  bool in_review = false;   // changed in two places
  std::optional<Hash> review_item;

  const OpView* shown() const;                // LATEST, STRICTEST; nullptr when nothing stands
  std::vector<const OpView*> listed() const;  // SET, APPEND
  // What a form opened now has seen, to be superseded by its save; what is shown comes first.
  std::vector<OpId> seen() const;
};

struct DossierView {
  DossierId id;
  std::uint32_t root_type = 0;  // 0: nothing readable is here yet
  std::vector<Member> members;  // by the latest membership held
  bool members_provisional = false;
  std::optional<Role> own_role;
  std::uint64_t length = 0;    // accepted entries here
  bool complete = false;       // everything the exchange has told of is here, open and understood
  bool update_needed = false;  // a newer program wrote what this one cannot show
  bool waiting_for_key = false;
  bool provisional = false;  // holds something that has no place yet

  const Member* member(Role role) const;  // the first in this role
};

struct RecordView {
  RecordName name;
  DossierView dossier;
  std::vector<FieldView> fields;  // by number; only those in which something stands
  // Filled where the reader is a person: fields of the type that they do not see, whether anything
  // stands there or not; and those of them that they see once they say why.
  std::vector<std::uint32_t> hidden;
  std::vector<std::uint32_t> on_request;

  const FieldView* field(std::uint32_t number) const;
  bool is_hidden(std::uint32_t number) const;
  bool is_on_request(std::uint32_t number) const;
};

// ---- lists

struct ShownField {
  Bytes value;  // as record_table.h keeps it
  bool in_review = false;
  bool provisional = false;
  bool removed = false;
};

struct RecordRow {
  RecordName name;
  std::map<std::uint32_t, ShownField> fields;
};

struct ListQuery {
  std::uint32_t type = 0;
  std::vector<std::uint32_t> fields;     // whose shown values to bring along
  std::optional<std::uint32_t> sort_by;  // a text field; none: in the order they came to this node
  std::optional<std::uint32_t> then_by;  // another, where the first is equal; with sort_by only
  bool descending = false;
  std::optional<DossierId> dossier;  // only of this dossier; not together with sort_by
  std::string after;                 // RecordPage::next of the page before
  std::size_t limit = 50;            // at most 500
};

struct RecordPage {
  std::vector<RecordRow> rows;
  std::string next;  // empty: that was all
};

struct ReviewRow {
  RecordName name;
  std::uint32_t field = 0;
};

struct SearchQuery {
  std::string text;                  // at most 200 bytes; the last word may be unfinished
  std::uint8_t class_max = 1;        // 1 open, 2 personal, 3 confidential, 4 restricted
  std::vector<std::uint32_t> types;  // only of these record types; empty: of all
  // Does the reader see this field of this record type? None: everything.
  std::function<bool(std::uint32_t type, std::uint32_t field)> sees;
  std::size_t limit = 50;  // at most 200
};

struct SearchHit {
  DossierId dossier;
  std::vector<std::pair<RecordName, std::uint32_t>> fields;  // where the words stand
};

struct SearchResult {
  std::vector<SearchHit> hits;  // newest dossier first; every word stands somewhere in each
  bool more = false;            // not all: more words would help
};

struct Notice {
  std::int64_t id = 0;
  std::uint64_t at_ms = 0;
  int kind = 0;  // NoticeKind in admission.h
  std::optional<DossierId> dossier;
  std::optional<Hash> entry;
  int detail = 0;
  bool seen = false;
};

// A dossier that others sent and that does not count here: see sync/receiving.h.
struct SetAside {
  OrganisationId from;         // who let this organisation in; itself where it shared its own
  bool may_be_agreed = false;  // an agreement would let it count; else nothing does
};

// How far a change has come at another node of a member.
struct Delivery {
  NodeId node;
  std::uint64_t proven_dsn = 0;   // it holds everything up to here
  std::uint64_t heard_at_ms = 0;  // when it last said anew what it holds, by this machine's clock
};

class RecordReader {
 public:
  RecordReader(Database& database, const NodeContext& context)
      : database_(database), context_(context) {}

  // Costs what the page costs. Sorted by a field, records that lack it come last; reaching those
  // passes over the others once.
  //   invalid  a limit or a cursor that this reader did not make
  Result<RecordPage> list(const ListQuery& query) const;
  // Records whose field shows exactly this value; at most 100.
  Result<std::vector<RecordName>> find(std::uint32_t type, std::uint32_t field,
                                       ByteView value) const;
  //   not_found  no such dossier, or nothing of this record, is here
  Result<RecordView> read(const RecordName& name) const;
  // One of its fields, at less cost; without ops where nothing stands in it.
  //   not_found  no such dossier is here
  Result<FieldView> field(const RecordName& name, std::uint32_t number) const;
  Result<DossierView> dossier(const DossierId& id) const;
  // The dossiers held here, but for those set aside, whose ids lie from `first` to `last`, in
  // order; at most `limit`.
  Result<std::vector<DossierId>> between(const DossierId& first, const DossierId& last,
                                         std::size_t limit) const;
  // nullopt: it counts, or it is not here.
  Result<std::optional<SetAside>> set_aside(const DossierId& id) const;
  // Every op ever of the record or of one field, newest first.
  Result<std::vector<OpView>> history(const RecordName& name, std::optional<std::uint32_t> field,
                                      std::size_t offset = 0, std::size_t limit = 200) const;
  // The same without reasons, in no order: cheap enough to ask at every save.
  Result<std::vector<OpView>> ops(const RecordName& name) const;
  // "Changed in two places", everywhere; pass on what came last as `after`.
  Result<std::vector<ReviewRow>> in_review(const std::optional<ReviewRow>& after = {},
                                           std::size_t limit = 100) const;
  // One such field, with the reason of each change.
  Result<FieldView> review(const RecordName& name, std::uint32_t field) const;
  //   invalid  nothing to search for, or too long
  Result<SearchResult> search(const SearchQuery& query) const;
  Result<std::vector<Notice>> notices(bool unseen_only = true, std::size_t limit = 200) const;
  // All of one dossier, seen or not, oldest first.
  Result<std::vector<Notice>> notices_of(const DossierId& dossier) const;
  Result<std::vector<Delivery>> deliveries(const DossierId& dossier) const;

 private:
  Database& database_;
  const NodeContext& context_;
};

// A person has seen it.
Result<Done> mark_notice_seen(Database& database, std::int64_t notice);

}  // namespace throughgate::sync::store
