#include "sync/wire_form.h"

#include <set>

#include "schema/wire.pb.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/sync/test_dossier.h"

namespace throughgate::fuzz {
namespace {

using namespace sync;
using namespace sync::testing;

// The dossier of the vectors' wire forms, which are the seeds: two of its entries have a place.
struct Receiver {
  TestDossier dossier{70};
  std::set<Hash> signed_entries;

  Receiver() {
    Stream stream = dossier.new_stream();
    const auto first = dossier.begin(stream);
    const auto change = dossier.add(
        dossier.owner, stream,
        {.changes = change_of({set_op(1, "12 Mill Lane", {{SeenName::By::dsn, 1, 0, 0}})})});
    const auto redact =
        dossier.write(dossier.owner, stream, TestDossier::redaction_draft(2, change.hash()));
    signed_entries = {first.hash(), change.hash(), redact.hash()};
  }
};

}  // namespace

// Only what its author signed ever passes, whatever a carrier makes of it.
void run(crypto::ByteView bytes) {
  static const Receiver receiver;
  const auto& dossier = receiver.dossier;
  schema::EntryGroup group;
  if (!group.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  WireExpander expander(dossier.id, dossier.order);
  for (const auto& entry : group.entries()) {
    auto expansion = expander.expand(group, entry);
    if (!expansion.entry) continue;
    const auto answer = verify(std::move(*expansion.entry), dossier.owner.key.verify_key(),
                               SealedPart::may_be_deleted);
    if (!answer.entry) continue;
    must(receiver.signed_entries.contains(answer.entry->hash()));
    expander.note(*answer.entry);
    (void)judge(*answer.entry, dossier.owner.standing(), dossier.order);
  }
}

}  // namespace throughgate::fuzz
