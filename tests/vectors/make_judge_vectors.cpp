#include "sync/verdict.h"
#include "tests/sync/test_dossier.h"
#include "tests/vectors/make_vectors.h"

namespace throughgate::vectors {
namespace {

using namespace sync;
using namespace sync::testing;

std::string in_words(const Ruling& ruling) {
  static const std::map<Outcome, std::string> outcomes{{Outcome::accepted, "accepted"},
                                                       {Outcome::duplicate, "duplicate"},
                                                       {Outcome::hold, "hold"},
                                                       {Outcome::rejected, "rejected"},
                                                       {Outcome::fork, "fork"}};
  const auto reason = static_cast<unsigned>(ruling.reason);
  return outcomes.at(ruling.outcome) + (reason == 0 ? "" : " " + std::to_string(reason));
}

// A dossier and everything that has a place in it, so that a vector can tell the whole story.
class Story {
 public:
  explicit Story(Vectors& out) : out_(out) {}

  void begin() { place(dossier.write_first(stream), dossier.owner); }
  void place(const VerifiedEntry& entry, const Author& author) {
    dossier.place(entry, author);
    places_.push_back(place_words(entry, author, dossier.order.records().back()));
  }
  VerifiedEntry add(const Author& author, Stream& in, Draft draft = {}) {
    auto entry = dossier.write(author, in, std::move(draft));
    place(entry, author);
    return entry;
  }
  VerifiedEntry write(const Author& author, Draft draft = {}) {
    Stream fresh = dossier.new_stream();
    return dossier.write(author, fresh, std::move(draft));
  }
  VectorFile& judge(const std::string& name, const std::string& about, const Ruling& expect,
                    const VerifiedEntry& entry, const Author& author) {
    VectorFile vector("judge", about, in_words(expect));
    vector.add("dossier", dossier.id.view());
    for (const auto& line : places_) vector.add("place", line);
    vector.add("judge", entry_words(entry, author));
    return out_["judge_" + name] = std::move(vector);
  }

  TestDossier dossier{71};
  Stream stream = dossier.new_stream();

 private:
  Vectors& out_;
  std::vector<std::string> places_;
};

constexpr Ruling accepted{};
constexpr Ruling hold(Reason reason) { return {Outcome::hold, reason}; }
constexpr Ruling rejected(Reason reason) { return {Outcome::rejected, reason}; }

void at_the_start(Vectors& out) {
  Story s(out);
  Stream stream = s.dossier.new_stream();
  s.judge("first", "A first entry.", accepted, s.dossier.write_first(stream), s.dossier.owner);
  s.judge("dossier_unknown", "A CHANGE of a dossier that nobody has begun.",
          hold(Reason::dossier_unknown), s.write(s.dossier.owner), s.dossier.owner);
  const auto draft = TestDossier::membership_draft(s.dossier.first_membership);
  s.judge("first_by_receiver", "A first entry sent by somebody who was handed a copy of it.",
          rejected(Reason::first_entry), s.write(s.dossier.receiver, draft), s.dossier.receiver);
  Draft based = draft;
  based.base_head = Hash{1};
  s.judge("first_base", "A first entry on another chain's start.", rejected(Reason::first_entry),
          s.write(s.dossier.owner, based), s.dossier.owner);
}

void who_may(Vectors& out) {
  Story s(out);
  s.begin();
  auto& d = s.dossier;
  s.judge("receiver", "A CHANGE by the receiver.", accepted, s.write(d.receiver), d.receiver);
  s.judge("reader", "A CHANGE by a reader.", rejected(Reason::reader), s.write(d.reader), d.reader);
  s.judge("not_yet_a_member", "A CHANGE by an organisation that was never a member.",
          hold(Reason::not_yet_a_member), s.write(d.stranger), d.stranger);
  s.judge("revoked", "A CHANGE by a revoked node.", rejected(Reason::revoked), s.write(d.owner),
          d.owner)
      .add("revoked", "yes");
  Membership removal = d.next_membership();
  std::erase_if(removal.members,
                [&](const Member& m) { return m.organisation == d.receiver.organisation; });
  s.judge("key_kept_after_removal", "A removal that keeps the key.",
          rejected(Reason::key_kept_after_removal),
          s.write(d.owner, TestDossier::membership_draft(removal)), d.owner);
  removal.key_commitment = Hash{7};
  s.add(d.owner, s.stream, TestDossier::membership_draft(removal));
  s.judge("not_a_member", "A CHANGE by an organisation that was removed.",
          rejected(Reason::not_a_member), s.write(d.receiver), d.receiver);
}

void streams(Vectors& out) {
  Story s(out);
  s.begin();
  auto& d = s.dossier;
  Stream before = s.stream;
  const auto placed = s.add(d.owner, s.stream);
  s.judge("duplicate", "An entry that has its place.", {Outcome::duplicate, Reason::none}, placed,
          d.owner);
  s.judge("fork", "Another entry for a place taken, by the same node.",
          {Outcome::fork, Reason::none}, d.write(d.owner, before), d.owner);
  Stream taken = s.stream;
  s.judge("stream_taken", "A second author on a stream.", rejected(Reason::stream_taken),
          d.write(d.receiver, taken), d.receiver);
  Stream gap = d.new_stream();
  d.write(d.owner, gap);
  s.judge("predecessor_missing", "The entry before it has no place yet.",
          hold(Reason::predecessor_missing), d.write(d.owner, gap), d.owner);
}

void bases(Vectors& out) {
  Story s(out);
  s.begin();
  auto& d = s.dossier;
  Draft head;
  head.base_head = Hash{1};
  s.judge("base", "A base off the chain.", rejected(Reason::base), s.write(d.owner, head), d.owner);
  Draft beyond;
  beyond.base = 9;
  s.judge("base_beyond", "A base beyond the end of the chain.", rejected(Reason::base),
          s.write(d.owner, beyond), d.owner);
  Draft start;
  start.base = 0;
  s.judge("base_0_unseen", "Base 0, the first entry neither its own nor under a dependency.",
          rejected(Reason::base), s.write(d.receiver, start), d.receiver);
  start.dependencies = {s.stream.as_dependency()};
  s.judge("base_0_carried", "Base 0, the first entry carried to its author.", accepted,
          s.write(d.receiver, start), d.receiver);
  Draft missing;
  missing.dependencies = {{StreamId{{1}}, 1, Hash{1}}};
  s.judge("dependency_missing", "A dependency without a place.", hold(Reason::dependency_missing),
          s.write(d.owner, missing), d.owner);
  Draft conflict;
  conflict.dependencies = {{s.stream.id, 1, Hash{1}}};
  s.judge("dependency", "A dependency on another entry than the one placed.",
          rejected(Reason::dependency), s.write(d.receiver, conflict), d.receiver);
}

void epochs(Vectors& out) {
  Story s(out);
  s.begin();
  auto& d = s.dossier;
  s.judge("second_first_entry", "A second first entry.", rejected(Reason::second_first_entry),
          s.write(d.owner, TestDossier::membership_draft(d.first_membership)), d.owner);
  Membership rotation = d.next_membership();
  rotation.key_commitment = Hash{7};
  const auto draft = TestDossier::membership_draft(rotation);
  const auto loser = s.write(d.desk, draft);
  s.add(d.owner, s.stream, draft);
  s.judge("loser", "A MEMBERSHIP that lost its compare-and-swap: it has its place, inert.",
          accepted, loser, d.desk);
  Draft since;
  since.base = 1;
  since.epoch = EpochId{{7}};
  s.judge("epoch_begun_since", "Sealed under an epoch begun after its base.", accepted,
          s.write(d.receiver, since), d.receiver);
  Draft ended;
  ended.epoch = d.first_membership.epoch();
  s.judge("epoch", "Sealed under an epoch that had ended at its base.", rejected(Reason::epoch),
          s.write(d.receiver, ended), d.receiver);
  Draft number;
  number.membership_version = 1;
  s.judge("membership_version", "A CHANGE that names another membership than its base's.",
          rejected(Reason::membership_version), s.write(d.receiver, number), d.receiver);
  Membership next = d.next_membership();
  Draft early = TestDossier::membership_draft(next);
  early.base = 1;
  early.epoch = EpochId{{7}};
  s.judge("membership_epoch", "A MEMBERSHIP sealed under an epoch begun after its base.",
          rejected(Reason::epoch), s.write(d.owner, early), d.owner);
  next.key_commitment = d.first_membership.key_commitment;
  s.judge("epoch_again", "A MEMBERSHIP that brings an old key back.", rejected(Reason::epoch),
          s.write(d.owner, TestDossier::membership_draft(next)), d.owner);
}

void redactions(Vectors& out) {
  Story s(out);
  s.begin();
  auto& d = s.dossier;
  const auto target = s.add(d.owner, s.stream);
  const auto draft = TestDossier::redaction_draft(2, target.hash());
  s.judge("redact", "A REDACT by the desk.", accepted, s.write(d.desk, draft), d.desk);
  s.judge("redact_role", "A REDACT by the receiver.", rejected(Reason::redact_role),
          s.write(d.receiver, draft), d.receiver);
  s.judge("redact_target", "A REDACT of an entry that is not in that place.",
          rejected(Reason::redact_target),
          s.write(d.owner, TestDossier::redaction_draft(1, target.hash())), d.owner);
  const auto redaction = s.add(d.owner, s.stream, draft);
  s.judge("redact_redact", "A REDACT of a REDACT.", rejected(Reason::redact_target),
          s.write(d.owner, TestDossier::redaction_draft(3, redaction.hash())), d.owner);
}

}  // namespace

void add_judge_vectors(Vectors& out) {
  at_the_start(out);
  who_may(out);
  streams(out);
  bases(out);
  epochs(out);
  redactions(out);
}

}  // namespace throughgate::vectors
