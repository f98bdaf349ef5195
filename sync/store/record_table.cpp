#include "sync/store/record_table.h"

#include <algorithm>
#include <array>

#include "sync/layout.h"
#include "sync/store/set_aside.h"

namespace throughgate::sync::store {
namespace {

constexpr std::size_t listed_bytes_max = 4 << 20;  // SQLite takes 16 MiB in one value

const ProjectedOp* sibling(const ProjectedField& field, const OpId& id) {
  const auto found =
      std::lower_bound(field.siblings.begin(), field.siblings.end(), id,
                       [](const ProjectedOp& op, const OpId& to) { return op.id < to; });
  return found == field.siblings.end() || found->id != id ? nullptr : &*found;
}

// One FTS table for each sensitivity; the texts are constants, as every statement is.
struct SearchTable {
  std::string_view insert;
  std::string_view remove;
};
constexpr std::array<SearchTable, 4> search_tables{{
    {"INSERT INTO search_open (rowid, text) VALUES (?, ?)",
     "DELETE FROM search_open WHERE rowid = ?"},
    {"INSERT INTO search_personal (rowid, text) VALUES (?, ?)",
     "DELETE FROM search_personal WHERE rowid = ?"},
    {"INSERT INTO search_confidential (rowid, text) VALUES (?, ?)",
     "DELETE FROM search_confidential WHERE rowid = ?"},
    {"INSERT INTO search_restricted (rowid, text) VALUES (?, ?)",
     "DELETE FROM search_restricted WHERE rowid = ?"},
}};

std::string without(std::string word, std::string_view piece) {
  for (auto at = word.find(piece); at != std::string::npos; at = word.find(piece, at)) {
    word.erase(at, piece.size());
  }
  return word;
}

// A search takes an apostrophe for the end of a word. Names are typed without it as well, so that
// "O'Malley" is kept as "OMalley" too.
std::string with_names_joined(std::string_view text) {
  std::string out(text);
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string word(text.substr(begin, end - begin));
    const std::string joined = without(without(word, "'"), "\u2019");
    if (joined != word) out.append("\n").append(joined);
    begin = end + 1;
  }
  return out;
}

std::string words_of(const Bytes& value, Policy policy) {
  if (policy != Policy::set && policy != Policy::append) {
    return with_names_joined(crypto::as_text(value));
  }
  std::string words;
  for (const auto& each : listed_values(value)) {
    words.append(crypto::as_text(each)).append("\n");
  }
  return with_names_joined(words);
}

}  // namespace

Bytes shown_value(const ProjectedField& field) {
  if (field.policy == Policy::lifecycle) return encode_number(field.state);
  if (field.policy == Policy::latest || field.policy == Policy::strictest) {
    const auto* shown = field.shown ? sibling(field, *field.shown) : nullptr;
    return shown ? shown->value : Bytes{};
  }
  std::size_t used = 0;
  auto first = field.listed.end();
  while (first != field.listed.begin() && used < listed_bytes_max) {
    --first;
    if (const auto* op = sibling(field, *first)) used += op->value.size() + 4;
  }
  LayoutWriter out;
  for (; first != field.listed.end(); ++first) {
    if (const auto* op = sibling(field, *first)) {
      out.u32(static_cast<std::uint32_t>(op->value.size())).bytes(op->value);
    }
  }
  return out.take();
}

std::uint32_t shown_flags(const ProjectedField& field, const std::vector<OpInContext>& ops) {
  std::uint32_t flags = field.in_review ? FieldFlags::in_review : 0;
  for (const auto& op : ops) {
    if (!op.dsn && sibling(field, op.id)) flags |= FieldFlags::provisional;
  }
  const auto* shown = field.shown ? sibling(field, *field.shown) : nullptr;
  if (shown && shown->value_removed) flags |= FieldFlags::removed;
  return flags;
}

std::vector<Bytes> listed_values(ByteView shown) {
  std::vector<Bytes> out;
  LayoutReader in(shown);
  while (!in.finished() && !in.failed()) {
    const ByteView value = in.bytes(in.u32());
    if (!in.failed()) out.emplace_back(value.begin(), value.end());
  }
  return out;
}

void RecordTable::refresh(const FieldKey& field, const OpTable& ops,
                          const OpTable::RoleNow& role_now) {
  const FieldPolicy* policy = policies_.find(field.record_type, field.field);
  if (!policy) return;
  if (!is_shown(dossier_, policies_, field.record_type)) return remove(field);
  const auto loaded = ops.load(field, OpTable::View::shown, role_now);
  const auto projected = project(*policy, loaded);
  if (projected.siblings.empty()) return remove(field);
  write(field, shown_value(projected), shown_flags(projected, loaded), *policy);
}

void RecordTable::write(const FieldKey& field, const Bytes& value, std::uint32_t flags,
                        const FieldPolicy& policy) {
  work_.run(
      "INSERT INTO field (type, dossier, record, field, value, flags) VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (type, dossier, record, field) DO UPDATE SET value = excluded.value, "
      "flags = excluded.flags WHERE value != excluded.value OR flags != excluded.flags",
      field.record_type, dossier_.row(), field.record.view(), field.field, value, flags);
  if (policy.search_class == 0) return;
  const auto row = work_.first(
      "SELECT id FROM field WHERE type = ? AND dossier = ? AND record = ? AND field = ?",
      bound(field.record_type, dossier_.row(), field.record.view(), field.field),
      [](const Statement& found) { return found.integer(0); });
  if (row) write_search(*row, value, policy);
}

void RecordTable::remove(const FieldKey& field) {
  const auto row = work_.first(
      "SELECT id FROM field WHERE type = ? AND dossier = ? AND record = ? AND field = ?",
      bound(field.record_type, dossier_.row(), field.record.view(), field.field),
      [](const Statement& found) { return found.integer(0); });
  if (!row) return;
  remove_search(*row);
  work_.run("DELETE FROM field WHERE id = ?", *row);
}

void RecordTable::write_search(std::int64_t row, const Bytes& value, const FieldPolicy& policy) {
  remove_search(row);
  if (value.empty() || policy.search_class > search_tables.size()) return;
  work_.run(search_tables[policy.search_class - 1u].insert, row, words_of(value, policy.policy));
  work_.run("INSERT INTO search_row (field, class) VALUES (?, ?)", row, policy.search_class);
}

void RecordTable::remove_search(std::int64_t row) {
  const auto table =
      work_.first("SELECT class FROM search_row WHERE field = ?", bound(row), unsigned_column);
  if (!table || *table == 0 || *table > search_tables.size()) return;
  work_.run(search_tables[*table - 1].remove, row);
  work_.run("DELETE FROM search_row WHERE field = ?", row);
}

}  // namespace throughgate::sync::store
