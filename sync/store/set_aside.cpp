#include "sync/store/set_aside.h"

#include "sync/store/admission.h"

namespace throughgate::sync::store {

bool is_shown(const StoredDossier& dossier, const PolicyTable& policies,
              std::uint32_t record_type) {
  return dossier.receiving() == Receiving::counts &&
         dossier.kind() == policies.dossier_kind(record_type);
}

void note_set_aside(const StoredDossier& dossier, std::uint64_t now_ms) {
  constexpr auto kind = static_cast<int>(NoticeKind::set_aside);
  const auto told = dossier.work().first("SELECT 1 FROM notice WHERE dossier = ? AND kind = ?",
                                         bound(dossier.id().view(), kind), unsigned_column);
  if (told) return;
  add_notice(dossier.work(), NoticeKind::set_aside, dossier.id(), std::nullopt, 0, now_ms);
}

void forget_set_aside(const StoredDossier& dossier) {
  dossier.work().run("DELETE FROM notice WHERE dossier = ? AND kind = ?", dossier.id().view(),
                     static_cast<int>(NoticeKind::set_aside));
}

void judge_set_aside(UnitOfWork& work, const NodeContext& context) {
  std::vector<DossierId> apart;
  work.each("SELECT dossier FROM dossier WHERE receiving = 2", bound(), [&](const Statement& row) {
    if (const auto id = DossierId::from(row.view(0))) apart.push_back(*id);
  });
  for (const auto& id : apart) {
    Replica replica(work, id, context);
    replica.judge_receiving();
    if (replica.stored().receiving() == Receiving::counts) replica.finish();
  }
}

}  // namespace throughgate::sync::store
