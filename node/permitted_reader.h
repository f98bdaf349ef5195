// What one person is shown of the records: RecordReader, of which everything that they may not see
// has been taken out, as if it were not there. Each look at a field that is noted is handed to the
// ReadTrail, which is written down before the answer leaves (node/audit).
// Threads: those of RecordReader. The viewer and the trail must outlive it.
#pragma once

#include <map>
#include <set>

#include "node/open_node.h"
#include "node/staff/viewer.h"
#include "sync/store/record_reader.h"

namespace throughgate::node {

// The noted fields that have been looked at, record by record.
using ReadTrail = std::map<sync::store::RecordName, std::set<std::uint32_t>>;

class PermittedReader {
 public:
  // Without a trail nothing is noted: for what is judged and not shown.
  // With `closing`, this computer's node, of dossiers that other organisations are members of only
  // the name is shown (node/out_of_contact.h): in lists and by title(). Each look at one record is
  // `denied` in words that say why, and searches go on without it.
  PermittedReader(sync::store::RecordReader reader, const Viewer& viewer, ReadTrail* trail,
                  const OpenNode* closing = nullptr)
      : reader_(reader), viewer_(viewer), trail_(trail), closing_(closing) {}

  bool is_closed(const sync::DossierId& id) const;
  // As read(), with the fields that name whom or what it is about, and no others.
  sync::Result<sync::store::RecordView> title(const sync::store::RecordName& name) const;

  // Each as RecordReader's call of the same name. Where a kind of record is not seen at all:
  // `denied`, whether there is such a record or not; lists and searches go on without it.
  sync::Result<sync::store::RecordPage> list(const sync::store::ListQuery& query) const;
  sync::Result<std::vector<sync::store::RecordName>> find(std::uint32_t type, std::uint32_t field,
                                                          sync::ByteView value) const;
  sync::Result<sync::store::RecordView> read(const sync::store::RecordName& name) const;
  sync::Result<sync::store::FieldView> field(const sync::store::RecordName& name,
                                             std::uint32_t number) const;
  sync::Result<sync::store::DossierView> dossier(const sync::DossierId& id) const;
  sync::Result<std::vector<sync::DossierId>> between(const sync::DossierId& first,
                                                     const sync::DossierId& last,
                                                     std::size_t limit) const;
  sync::Result<std::optional<sync::store::SetAside>> set_aside(const sync::DossierId& id) const {
    return reader_.set_aside(id);
  }
  sync::Result<std::vector<sync::store::OpView>> history(const sync::store::RecordName& name,
                                                         std::optional<std::uint32_t> field,
                                                         std::size_t offset = 0,
                                                         std::size_t limit = 200) const;
  sync::Result<std::vector<sync::store::OpView>> ops(const sync::store::RecordName& name) const;
  sync::Result<std::vector<sync::store::ReviewRow>> in_review(
      const std::optional<sync::store::ReviewRow>& after = {}, std::size_t limit = 100) const;
  sync::Result<sync::store::FieldView> review(const sync::store::RecordName& name,
                                              std::uint32_t field) const;
  sync::Result<sync::store::SearchResult> search(const sync::store::SearchQuery& query) const;
  sync::Result<std::vector<sync::store::Notice>> notices(bool unseen_only = true,
                                                         std::size_t limit = 200) const;
  sync::Result<std::vector<sync::store::Notice>> notices_of(const sync::DossierId& dossier) const;
  sync::Result<std::vector<sync::store::Delivery>> deliveries(const sync::DossierId& dossier) const;

 private:
  sync::Result<sync::Done> check_open(const sync::DossierId& id) const;
  sync::Result<sync::store::RecordView> seen_whole(const sync::store::RecordName& name) const;
  sync::Result<sync::Done> check_dossier(const sync::DossierId& id) const;
  bool sees_dossier(const sync::DossierId& id) const;
  void note(const sync::store::RecordName& name, std::uint32_t field) const;
  sync::Result<std::vector<sync::store::OpView>> seen_of(
      const sync::store::RecordName& name,
      sync::Result<std::vector<sync::store::OpView>> ops) const;

  sync::store::RecordReader reader_;
  const Viewer& viewer_;
  ReadTrail* trail_;
  const OpenNode* closing_;  // nullptr: nothing is closed
};

}  // namespace throughgate::node
