// The ops of merged entries, kept in the order in which a record is read.
// Part of a UnitOfWork, as StoredDossier is.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "sync/merge.h"
#include "sync/store/stored_dossier.h"

namespace throughgate::sync::store {

class OpTable {
 public:
  OpTable(UnitOfWork& work, const StoredDossier& dossier) : work_(work), dossier_(dossier) {}

  // One op of `entry` with its superseded ops resolved: from the entry itself, or from the copy
  // that stands in its place in the redaction `source`.
  static constexpr EntryRow from_itself = 0;
  void add(EntryRow entry, EntryRow source, std::uint32_t index, const Op& op,
           const std::vector<OpId>& supersedes);
  void remove(EntryRow entry, EntryRow source);
  bool holds(EntryRow entry) const;  // ops from the entry itself
  std::set<FieldKey> fields_of(EntryRow entry) const;
  std::set<FieldKey> fields() const;  // of the whole dossier
  // What each op of the entry supersedes, by index; of one whose own ops were never here, what the
  // copy in its redaction says.
  std::map<std::uint32_t, std::vector<OpId>> superseded_by(EntryRow entry) const;

  // Which entries' ops are looked at: the accepted projection, or what this node shows.
  enum class View { accepted, shown };
  // `role_now` gives the role of a provisional op's organisation: by the latest membership held.
  using RoleNow = std::function<std::optional<Role>(const OrganisationId&)>;
  static std::optional<AgainOf> decode_again(ByteView stored);
  static std::optional<std::vector<OpId>> decode_superseded(ByteView stored);
  std::vector<OpInContext> load(const FieldKey& field, View view, const RoleNow& role_now) const;

 private:
  UnitOfWork& work_;
  const StoredDossier& dossier_;
};

}  // namespace throughgate::sync::store
