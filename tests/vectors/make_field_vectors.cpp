#include "test_records.pb.h"
#include "tests/sync/merge_fixture.h"
#include "tests/vectors/field_vector.h"
#include "tests/vectors/make_vectors.h"

namespace throughgate::vectors {
namespace {

using namespace sync;
using namespace sync::testing;

}  // namespace

void add_field_vectors(Vectors& out) {
  const auto add = [&](const std::string& name, const std::string& about, const std::string& field,
                       std::vector<Made> list) {
    const auto ops = made(std::move(list));
    VectorFile vector("field", about, "accept " + crypto::to_hex(canonical_field(field, ops)));
    vector.add("field", field);
    for (const auto& op : ops) vector.add("op", print_op(op));
    out["field_" + name] = std::move(vector);
  };
  add("latest", "LATEST: the greatest effective time is shown, both stand.", "address",
      {set(2, "Mill Lane").at(10), set(1, "High Street").at(20)});
  add("latest_tie", "LATEST: at one time the greater entry hash is shown.", "address",
      {set(1, "Mill Lane").at(10), set(2, "High Street").at(10)});
  add("superseded", "What is named goes, what is not stays.", "address",
      {set(1, "a"), set(2, "b"), set(3, "c").over({1})});
  add("shown_owner", "While siblings differ the owner's is shown.", "release_date",
      {set(1, "2027-03-01").at(1), set(2, "2027-03-08").at(9).as(Role::receiver)});
  add("strictest", "STRICTEST: lowered by the receiver in vain.", "risk",
      {level(1, test::HIGH), level(2, test::LOW).over({1}).as(Role::receiver)});
  add("strictest_unknown", "STRICTEST: an unknown number ranks strictest.", "risk",
      {level(1, test::HIGH), level(2, 77)});
  add("strictest_clear", "STRICTEST: CLEAR ranks lowest.", "risk", {level(1, test::LOW), clear(2)});
  add("set", "SET: added again by somebody whom the removal had not seen.", "language",
      {set(1, "Welsh").of(OpKind::add), set(2, "Welsh").of(OpKind::remove).over({1}),
       set(3, "Welsh").of(OpKind::add)});
  add("append", "APPEND: by place.", "note",
      {set(2, "first").of(OpKind::append).placed(4),
       set(1, "second").of(OpKind::append).placed(5)});
  add("lifecycle", "LIFECYCLE: the first by place wins, the other did not apply.", "stage",
      {step(9, test::NEW, test::OFFERED).placed(2),
       step(1, test::OFFERED, test::WITHDRAWN).placed(4),
       step(2, test::OFFERED, test::TAKEN).placed(3).as(Role::receiver)});
  add("writers", "An op by a role outside the writers does not count.", "gate_result",
      {set(1, "met").as(Role::receiver), set(2, "missed").over({1})});
  add("copy_original", "Written again: the original counts.", "address",
      {set(5, "x"), set(2, "x").again(5, 1)});
  add("copy_author", "Written again: the author's copy before the owner's.", "address",
      {set(2, "x").by(2).again(9, 1), set(3, "x").as(Role::contributor).again(9, 1)});
  add("copy_superseded", "Written again: a supersede of the original acts on the copy.", "address",
      {set(2, "x").again(9, 1), set(3, "y").over({9})});
  add("copy_contradicts", "Written again: a copy that contradicts its original is a new op.",
      "address", {set(5, "x"), set(2, "y").again(5, 1)});
  add("redacted", "A removed value keeps its place.", "address",
      {set(1, "a"), set(2, "b").over({1}).removed()});
}

}  // namespace throughgate::vectors
