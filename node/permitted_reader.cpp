#include "node/permitted_reader.h"

#include <algorithm>
#include <array>

#include "node/field_names.h"
#include "node/out_of_contact.h"
#include "node/records/catalogue.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::Delivery;
using sync::store::DossierView;
using sync::store::FieldView;
using sync::store::ListQuery;
using sync::store::Notice;
using sync::store::OpView;
using sync::store::RecordName;
using sync::store::RecordPage;
using sync::store::RecordView;
using sync::store::ReviewRow;
using sync::store::SearchQuery;
using sync::store::SearchResult;

// Of a record's whole history: more than any has.
constexpr std::size_t history_max = 1'000'000;
constexpr std::size_t notices_max = 100'000;

Error not_seen() { return {ErrorKind::denied, "Your roles at this site do not let you see this."}; }

// Names whom or what a record is about.
bool is_title(std::uint32_t type, std::uint32_t field) {
  const auto* known = record_type(type);
  if (!known || !known->root) return false;
  constexpr std::array<std::string_view, 3> names{"given_name", "family_name", "name"};
  return std::any_of(names.begin(), names.end(), [&](std::string_view each) {
    const auto* named = field_named(*known, each);
    return named && static_cast<std::uint32_t>(named->number()) == field;
  });
}

Error no_such_field() {
  return {ErrorKind::not_found, "This program knows no such field of this record."};
}

}  // namespace

void PermittedReader::note(const RecordName& name, std::uint32_t field) const {
  if (trail_ && viewer_.is_noted(name.type, field)) (*trail_)[name].insert(field);
}

// Shared with another organisation than the central team, which holds a copy of most.
bool PermittedReader::is_closed(const DossierId& id) const {
  if (!closing_ || viewer_.is_program()) return false;
  const auto held = reader_.dossier(id);
  if (!held) return false;
  const auto own = closing_->identity().organisation;
  const auto central = closing_->directory().central();
  return std::any_of(held->members.begin(), held->members.end(), [&](const sync::Member& member) {
    return member.organisation != own && member.organisation != central;
  });
}

Result<Done> PermittedReader::check_open(const DossierId& id) const {
  return is_closed(id) ? Result<Done>(closed_to_reading()) : Done{};
}

// By the kind of its root record: nothing else tells what a dossier is.
bool PermittedReader::sees_dossier(const DossierId& id) const {
  if (viewer_.is_program()) return true;
  const auto held = reader_.dossier(id);
  return held && (held->root_type == 0 || viewer_.sees_any(held->root_type));
}

Result<Done> PermittedReader::check_dossier(const DossierId& id) const {
  if (viewer_.is_program()) return Done{};
  const auto held = reader_.dossier(id);
  if (!held) return held.error();
  return held->root_type == 0 ? Result<Done>(Done{}) : viewer_.check_seen(held->root_type);
}

// ---- lists

Result<RecordPage> PermittedReader::list(const ListQuery& query) const {
  if (!viewer_.sees_any(query.type)) return RecordPage{};
  ListQuery asked = query;
  const auto barred = [&](std::uint32_t field) { return !viewer_.sees(query.type, field); };
  std::erase_if(asked.fields, barred);
  // An order tells what it goes by.
  if (asked.sort_by && barred(*asked.sort_by)) asked.sort_by.reset();
  if (asked.then_by && (!asked.sort_by || barred(*asked.then_by))) asked.then_by.reset();
  auto page = reader_.list(asked);
  if (!page) return page;
  for (auto& row : page->rows) {
    if (is_closed(row.name.dossier)) {
      std::erase_if(row.fields,
                    [&](const auto& each) { return !is_title(query.type, each.first); });
    }
    for (const auto& [field, shown] : row.fields) note(row.name, field);
  }
  return page;
}

Result<std::vector<RecordName>> PermittedReader::find(std::uint32_t type, std::uint32_t field,
                                                      sync::ByteView value) const {
  if (!viewer_.sees(type, field)) return std::vector<RecordName>{};
  return reader_.find(type, field, value);
}

Result<SearchResult> PermittedReader::search(const SearchQuery& query) const {
  if (viewer_.is_program()) return reader_.search(query);
  SearchQuery asked = query;
  asked.sees = [&viewer = viewer_](std::uint32_t type, std::uint32_t field) {
    return viewer.sees(type, field);
  };
  auto found = reader_.search(asked);
  if (!found) return found;
  std::erase_if(found->hits, [&](const auto& hit) { return is_closed(hit.dossier); });
  for (const auto& hit : found->hits) {
    for (const auto& [name, field] : hit.fields) note(name, field);
  }
  return found;
}

// Goes on until there are as many as were asked for: fewer mean that there are no more.
Result<std::vector<ReviewRow>> PermittedReader::in_review(const std::optional<ReviewRow>& after,
                                                          std::size_t limit) const {
  std::vector<ReviewRow> out;
  std::optional<ReviewRow> from = after;
  while (out.size() < limit) {
    const auto rows = reader_.in_review(from, limit);
    if (!rows) return rows.error();
    for (const auto& row : *rows) {
      const bool sees = viewer_.sees(row.name.type, row.field) && !is_closed(row.name.dossier);
      if (out.size() < limit && sees) out.push_back(row);
    }
    if (rows->size() < limit) break;
    from = rows->back();
  }
  return out;
}

Result<std::vector<DossierId>> PermittedReader::between(const DossierId& first,
                                                        const DossierId& last,
                                                        std::size_t limit) const {
  if (viewer_.is_program()) return reader_.between(first, last, limit);
  auto all = reader_.between(first, last, history_max);
  if (!all) return all;
  std::vector<DossierId> out;
  for (const auto& id : *all) {
    if (out.size() == limit) break;
    if (sees_dossier(id)) out.push_back(id);
  }
  return out;
}

// ---- one record

Result<RecordView> PermittedReader::read(const RecordName& name) const {
  if (auto open = check_open(name.dossier); !open) return open.error();
  auto record = seen_whole(name);
  if (!record) return record;
  for (const auto& each : record->fields) note(name, each.field);
  return record;
}

Result<RecordView> PermittedReader::title(const RecordName& name) const {
  auto record = seen_whole(name);
  if (!record) return record;
  std::erase_if(record->fields,
                [&](const FieldView& each) { return !is_title(name.type, each.field); });
  for (const auto& each : record->fields) note(name, each.field);
  return record;
}

Result<RecordView> PermittedReader::seen_whole(const RecordName& name) const {
  if (auto seen = viewer_.check_seen(name.type); !seen) return seen.error();
  auto record = reader_.read(name);
  if (!record) return record;
  record->hidden = viewer_.hidden(name.type);
  record->on_request = viewer_.on_request(name.type);
  std::erase_if(record->fields,
                [&](const FieldView& each) { return !viewer_.sees(name.type, each.field); });
  return record;
}

Result<FieldView> PermittedReader::field(const RecordName& name, std::uint32_t number) const {
  if (!viewer_.sees(name.type, number) || is_closed(name.dossier)) return FieldView{};
  auto out = reader_.field(name, number);
  if (out && !out->ops.empty()) note(name, number);
  return out;
}

Result<FieldView> PermittedReader::review(const RecordName& name, std::uint32_t field) const {
  if (!field_of(name.type, field)) return no_such_field();
  if (!viewer_.sees(name.type, field)) return not_seen();
  if (auto open = check_open(name.dossier); !open) return open.error();
  auto out = reader_.review(name, field);
  if (out) note(name, field);
  return out;
}

Result<DossierView> PermittedReader::dossier(const DossierId& id) const {
  if (auto seen = check_dossier(id); !seen) return seen.error();
  return reader_.dossier(id);
}

Result<std::vector<OpView>> PermittedReader::seen_of(const RecordName& name,
                                                     Result<std::vector<OpView>> ops) const {
  if (!ops || viewer_.is_program()) return ops;
  std::erase_if(*ops, [&](const OpView& op) { return !viewer_.sees(name.type, op.field); });
  return ops;
}

Result<std::vector<OpView>> PermittedReader::ops(const RecordName& name) const {
  if (auto seen = viewer_.check_seen(name.type); !seen) return seen.error();
  if (auto open = check_open(name.dossier); !open) return open.error();
  auto out = seen_of(name, reader_.ops(name));
  if (!out) return out;
  for (const auto& op : *out) note(name, op.field);
  return out;
}

// Pages are made of what is seen: another page would tell how much is not.
Result<std::vector<OpView>> PermittedReader::history(const RecordName& name,
                                                     std::optional<std::uint32_t> field,
                                                     std::size_t offset, std::size_t limit) const {
  if (auto seen = viewer_.check_seen(name.type); !seen) return seen.error();
  if (field && !viewer_.sees(name.type, *field)) return not_seen();
  if (auto open = check_open(name.dossier); !open) return open.error();
  const bool whole = viewer_.hidden(name.type).empty();
  auto out = whole ? reader_.history(name, field, offset, limit)
                   : seen_of(name, reader_.history(name, field, 0, history_max));
  if (!out) return out;
  if (!whole) {
    const auto begin = std::min(offset, out->size());
    const auto end = begin + std::min(limit, out->size() - begin);
    out->erase(out->begin() + static_cast<std::ptrdiff_t>(end), out->end());
    out->erase(out->begin(), out->begin() + static_cast<std::ptrdiff_t>(begin));
  }
  for (const auto& op : *out) note(name, op.field);
  return out;
}

// ---- notices and deliveries

Result<std::vector<Notice>> PermittedReader::notices(bool unseen_only, std::size_t limit) const {
  if (viewer_.is_program()) return reader_.notices(unseen_only, limit);
  auto all = reader_.notices(unseen_only, notices_max);
  if (!all) return all;
  std::map<DossierId, bool> known;
  const auto sees = [&](const Notice& notice) {
    if (!notice.dossier) return true;
    const auto [found, is_new] = known.try_emplace(*notice.dossier, true);
    if (is_new) {
      const auto held = reader_.dossier(*notice.dossier);
      found->second = !held || held->root_type == 0 || viewer_.sees_any(held->root_type);
    }
    return found->second;
  };
  std::vector<Notice> out;
  for (const auto& notice : *all) {
    if (out.size() == limit) break;
    if (sees(notice)) out.push_back(notice);
  }
  return out;
}

Result<std::vector<Notice>> PermittedReader::notices_of(const DossierId& dossier) const {
  if (!sees_dossier(dossier)) return not_seen();
  if (auto open = check_open(dossier); !open) return open.error();
  return reader_.notices_of(dossier);
}

Result<std::vector<Delivery>> PermittedReader::deliveries(const DossierId& dossier) const {
  if (!sees_dossier(dossier)) return not_seen();
  if (auto open = check_open(dossier); !open) return open.error();
  return reader_.deliveries(dossier);
}

}  // namespace throughgate::node
