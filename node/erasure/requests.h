// Requests to erase: asked for by whoever keeps the records, signed by the central team. A request
// is a record of its own, shared with the central team, and stays as the note of who asked and why.
// One for an organisation's own copy erases nothing elsewhere: it leaves the record's members.
// Threads: those of the RecordService's node. Errors: those named, and those of RecordService.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/erasure/erasure_plan.h"
#include "records/erasure.pb.h"
#include "sync/store/origin.h"

namespace throughgate::node {

constexpr std::size_t named_records_max = 200;  // in one request

// One dossier that a request names, with what proves to the desk, which may not hold it, whose it
// is. Layout, 48 bytes: dossier 16 · author node 16 · dossier random 16.
struct NamedRecord {
  sync::DossierId id;
  sync::NodeId author;
  sync::ByteArray<16> dossier_random{};

  crypto::Bytes encode() const;
};
std::optional<NamedRecord> decode_named_record(crypto::ByteView bytes);

struct ErasureAsked {  // a request as this node shows it
  sync::DossierId id;
  schema::ErasureRequest::State state = schema::ErasureRequest::ASKED_FOR;
  std::optional<std::uint64_t> erased_in;  // directory version by which all it names is erased
  std::string kind;                        // "Volunteer"
  std::vector<NamedRecord> records;
  std::size_t unreadable = 0;  // named in no such layout, or by another than who asks
  schema::ErasureRequest::Ground ground = schema::ErasureRequest::GROUND_NOT_SET;
  std::string reason, rule, due_on, answer;
  sync::OrganisationId by;
  std::string by_name;  // the member of staff
  std::uint64_t at_ms = 0;

  bool is_open() const { return !erased_in && state == schema::ErasureRequest::ASKED_FOR; }
  bool is_own_copy() const { return ground == schema::ErasureRequest::OWN_COPY; }
};

struct Ground {
  schema::ErasureRequest::Ground ground = schema::ErasureRequest::PERSON_ASKED;
  std::string reason;
  std::string rule, due_on;  // with PERIOD_OVER: which rule for keeping, and the last day
};

class ErasureRequests {
 public:
  explicit ErasureRequests(RecordService& records) : records_(records) {}  // which must outlive it

  //   invalid  no reason, or one is open already for one of these
  //   denied   a legal hold is in force on one of them
  //   stale    the first entry of one is not here yet
  sync::Result<Saved> ask(const ErasurePlan& plan, const Ground& ground, const By& by);
  //   not_found  no such request here
  //   denied     another organisation's
  //   invalid    it is not open any more, or no reason
  sync::Result<Saved> take_back(const sync::DossierId& request, const std::string& reason,
                                const By& by);

 private:
  sync::Result<sync::Done> may_be_asked(const ErasurePlan& plan) const;

  RecordService& records_;
};

sync::Result<ErasureAsked> read_request(const RecordService& records, const sync::DossierId& id);
// All that this node knows of, in the order they came here.
sync::Result<std::vector<ErasureAsked>> all_requests(const RecordService& records);
// "Asked for", "Refused", "Erased".
std::string state_in_words(const ErasureAsked& asked);

}  // namespace throughgate::node
