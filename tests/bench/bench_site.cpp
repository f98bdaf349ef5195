#include "tests/bench/bench_site.h"

#include <algorithm>
#include <fstream>

#include "crypto/hash.h"
#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/http_hub_client.h"
#include "node/records/values.h"
#include "records/volunteer.pb.h"

namespace throughgate::bench {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::RecordName;
using sync::store::RecordRow;

constexpr crypto::Context digest_context{"tg.bench.digest"};
constexpr std::size_t page_size = 500;

}  // namespace

BenchSite::BenchSite(node::OpenNode& node, const node::CodeLists& codes, node::By by,
                     std::string hub_url, std::string ids_file)
    : node_(node),
      codes_(codes),
      records_(node, codes),
      workload_(codes),
      by_(std::move(by)),
      hub_url_(std::move(hub_url)),
      ids_file_(std::move(ids_file)),
      type_(*node::record_type(*schema::Volunteer::descriptor())) {}

Result<Done> BenchSite::create(std::size_t count, std::size_t batch) {
  const auto members = node::members_of_new(type_.dossier, node_);
  if (!members) return members.error();
  const auto context = node_.context();
  std::ofstream ids(ids_file_);
  for (std::size_t i = 0; i < count;) {
    sync::store::Batch unit(node_.database(), context);
    for (const std::size_t end = std::min(count, i + batch); i < end; ++i) {
      const auto plan = node::plan_new({type_, {}, sync::Role::owner, node_.policies(), codes_},
                                       workload_.volunteer(i));
      if (!plan) return plan.error();
      const auto id = unit.create(*members, records_.authorship(by_), plan->ops);
      if (!id) return id.error();
      ids << id->hex() << '\n';
    }
    if (auto done = unit.commit(); !done) return done;
  }
  ids.flush();
  if (!ids) return Error{ErrorKind::unavailable, "The list of dossiers could not be written."};
  return Done{};
}

Result<Done> BenchSite::edit(const EditRound& round, Author author) {
  for (std::size_t n = 0; n < round.count; ++n) {
    const std::size_t i = round.first + n * round.step;
    const auto name = name_of(i);
    if (!name) return name.error();
    const auto form = records_.open(*name);
    if (!form) return form.error();
    const auto saved = records_.set_fields(*form, {workload_.edit(i, round.number, author)}, by_);
    if (!saved) return saved.error();
    if (!saved->entry)
      return Error{ErrorKind::invalid, "A change of the workload changed nothing."};
  }
  return Done{};
}

Result<node::SyncReport> BenchSite::sync() {
  const auto hub = node::HttpHubClient::open(hub_url_, {});
  if (!hub) return hub.error();
  return node::SyncRound(node_, **hub).run();
}

Result<std::vector<std::string>> BenchSite::get(std::size_t i) {
  const auto name = name_of(i);
  if (!name) return name.error();
  const auto record = records_.reader().read(*name);
  if (!record) return record.error();
  std::vector<std::string> out;
  for (const auto& field : record->fields) {
    const auto* descriptor = node::field_of(type_.number, field.field);
    if (const auto* shown = field.shown()) {
      out.push_back(node::spoken_field(*descriptor) + "=" +
                    node::text_of(*descriptor, shown->value, codes_));
    }
  }
  return out;
}

Result<std::vector<RecordRow>> BenchSite::all(std::vector<std::uint32_t> fields) {
  sync::store::ListQuery query;
  query.type = type_.number;
  query.fields = std::move(fields);
  query.limit = page_size;
  std::vector<RecordRow> out;
  do {
    auto page = records_.reader().list(query);
    if (!page) return page.error();
    std::move(page->rows.begin(), page->rows.end(), std::back_inserter(out));
    query.after = page->next;
  } while (!query.after.empty());
  return out;
}

Result<std::size_t> BenchSite::scan() {
  const auto rows = all({schema::Volunteer::kStatusFieldNumber});
  if (!rows) return rows.error();
  const auto active = sync::encode_number(schema::Volunteer::ACTIVE);
  return static_cast<std::size_t>(std::count_if(rows->begin(), rows->end(), [&](const auto& row) {
    const auto found = row.fields.find(schema::Volunteer::kStatusFieldNumber);
    return found != row.fields.end() && found->second.value == active;
  }));
}

Result<BenchSite::Digest> BenchSite::digest() {
  std::vector<std::uint32_t> fields;
  fields.reserve(static_cast<std::size_t>(type_.descriptor->field_count()));
  for (int i = 0; i < type_.descriptor->field_count(); ++i) {
    fields.push_back(static_cast<std::uint32_t>(type_.descriptor->field(i)->number()));
  }
  auto rows = all(fields);
  if (!rows) return rows.error();
  std::sort(rows->begin(), rows->end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  crypto::Hash sum{};
  for (const auto& row : *rows) {
    sum = crypto::hash(digest_context, {sum, row.name.dossier.view()});
    for (const auto& [number, shown] : row.fields) {
      const crypto::Bytes about{static_cast<std::uint8_t>(number), shown.in_review, shown.removed};
      sum = crypto::hash(digest_context, {sum, about, shown.value});
    }
  }
  return Digest{rows->size(), crypto::to_hex(sum)};
}

Result<RecordName> BenchSite::name_of(std::size_t i) {
  if (i >= ids_.size()) {
    if (auto done = load_ids(); !done) return done.error();
  }
  if (i >= ids_.size()) return Error{ErrorKind::not_found, "There is no volunteer of this number."};
  return RecordName{ids_[i], {}, type_.number};
}

Result<Done> BenchSite::load_ids() {
  std::ifstream in(ids_file_);
  ids_.clear();
  for (std::string line; std::getline(in, line);) {
    const auto bytes = crypto::from_hex(line);
    const auto id = bytes ? sync::DossierId::from(*bytes) : std::nullopt;
    if (!id) return Error{ErrorKind::corrupt, "The list of dossiers is damaged."};
    ids_.push_back(*id);
  }
  return Done{};
}

}  // namespace throughgate::bench
