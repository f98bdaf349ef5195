#include "node/rights/subject.h"

#include <algorithm>
#include <set>

#include "node/shown_values.h"
#include "records/handover.pb.h"
#include "records/link.pb.h"
#include "records/person.pb.h"
#include "sync/store/mentions.h"

namespace throughgate::node {
namespace {

using google::protobuf::FieldDescriptor;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::OpView;
using sync::store::RecordName;

constexpr std::size_t records_max = 20'000;
constexpr std::size_t changes_apart_max = 50'000;
constexpr std::size_t short_name_bytes = 6;  // a name no longer than that stands in other words too

Error too_much() {
  return {ErrorKind::unavailable,
          "More records name this person than one file can hold. Ask who looks after Throughgate "
          "for help."};
}

bool is_begun_with(schema::DossierKind kind) {
  return kind == schema::VOLUNTEER || kind == schema::PERSON || kind == schema::CASE;
}

bool is_beside_a_volunteer(schema::DossierKind kind) {
  return kind == schema::VOLUNTEER_FILE || kind == schema::VETTING_NOTES ||
         kind == schema::DIVERSITY;
}

class Finder {
 public:
  explicit Finder(const RecordService& records) : records_(records) {}

  Result<Subject> find(const DossierId& begun_at) {
    const auto held = records_.whole().dossier(begun_at);
    if (!held) return held.error();
    const auto* type = record_type(held->root_type);
    if (!type || !is_begun_with(type->dossier)) {
      return Error{
          ErrorKind::invalid,
          "Name the volunteer, the person in prison or a handover: what belongs to them is "
          "found from there."};
    }
    out_.begun_at = begun_at;
    out_.is_volunteer = type->dossier == schema::VOLUNTEER;
    add(begun_at);
    for (std::size_t i = 0; i < out_.dossiers.size(); ++i) {  // grows while it runs
      if (auto done = follow(out_.dossiers[i]); !done) return done.error();
    }
    if (auto done = name_them(); !done) return done.error();
    if (auto done = add_their_own(); !done) return done.error();
    if (auto done = add_others(); !done) return done.error();
    if (auto done = add_apart(); !done) return done.error();
    return std::move(out_);
  }

 private:
  void add(const DossierId& id) {
    if (known_.insert(id).second) out_.dossiers.push_back(id);
  }

  Result<std::vector<RecordName>> holding(sync::ByteView part) const {
    auto found = sync::store::records_holding(records_.node().database(), part, records_max + 1);
    if (found && found->size() > records_max) return too_much();
    return found;
  }

  // What belongs to the same person as this dossier.
  Result<Done> follow(const DossierId& id) {
    const auto held = records_.whole().dossier(id);
    if (!held) return held.error();
    const auto* root = record_type(held->root_type);
    if (root && root->dossier == schema::CASE) {
      if (auto done = add_named_in({id, {}, root->number}); !done) return done;
    }
    const auto naming = holding(id.view());
    if (!naming) return naming.error();
    for (const auto& name : *naming) {
      const auto* type = record_type(name.type);
      if (!type || !root) continue;
      const bool beside =
          root->dossier == schema::VOLUNTEER && type->root && is_beside_a_volunteer(type->dossier);
      const bool handover = (root->dossier == schema::PERSON || root->dossier == schema::CASE) &&
                            type->descriptor == schema::Handover::descriptor();
      const bool person =
          root->dossier == schema::CASE && type->descriptor == schema::Episode::descriptor();
      if (beside || handover || person) add(name.dossier);
      if (type->descriptor == schema::Link::descriptor()) {
        if (auto done = add_the_same(name); !done) return done;
      }
    }
    return Done{};
  }

  // The person, and the handover that this one replaces, where they are here.
  Result<Done> add_named_in(const RecordName& handover) {
    for (const int field :
         {schema::Handover::kPersonSourceFieldNumber, schema::Handover::kReplacesFieldNumber}) {
      const auto view = records_.whole().field(handover, static_cast<std::uint32_t>(field));
      if (!view) return view.error();
      const auto* shown = view->shown();
      const auto id = shown ? DossierId::from(shown->value) : std::nullopt;
      if (!id) continue;
      const auto held = records_.whole().dossier(*id);
      const auto* type = held ? record_type(held->root_type) : nullptr;
      if (type && (type->dossier == schema::PERSON || type->dossier == schema::CASE)) add(*id);
    }
    return Done{};
  }

  // The other record of a link by which both are one person.
  Result<Done> add_the_same(const RecordName& link) {
    const auto record = records_.whole().read(link);
    if (!record)
      return record.error().kind == ErrorKind::not_found ? Done{} : Result<Done>(record.error());
    const auto* verdict = record->field(schema::Link::kVerdictFieldNumber);
    const auto* shown = verdict ? verdict->shown() : nullptr;
    if (!shown || sync::decode_number(shown->value) != schema::Link::SAME) return Done{};
    for (const int field : {schema::Link::kFirstFieldNumber, schema::Link::kSecondFieldNumber}) {
      const auto* end = record->field(static_cast<std::uint32_t>(field));
      const auto* named = end ? end->shown() : nullptr;
      const auto id = named ? DossierId::from(named->value) : std::nullopt;
      if (id && records_.whole().dossier(*id)) add(*id);
    }
    return Done{};
  }

  Result<Done> name_them() {
    for (const auto& id : out_.dossiers) {
      const auto held = records_.whole().dossier(id);
      if (!held) return held.error();
      const auto name = name_of_root({id, {}, held->root_type});
      if (!name) return name.error();
      if (name->empty()) continue;
      if (out_.name.empty()) out_.name = *name;
      auto& all = out_.also_called;
      if (std::find(all.begin(), all.end(), *name) == all.end()) all.push_back(*name);
    }
    return Done{};
  }

  Result<std::string> name_of_root(const RecordName& root) const {
    const auto* type = record_type(root.type);
    const auto record = records_.whole().read(root);
    if (!record && record.error().kind != ErrorKind::not_found) return record.error();
    std::string out;
    for (const char* part : {"given_name", "family_name"}) {
      const auto* field = type && record ? field_named(*type, part) : nullptr;
      const auto* view =
          field ? record->field(static_cast<std::uint32_t>(field->number())) : nullptr;
      const auto text = view ? joined(*field, shown_values(*view), records_.codes()) : "";
      if (!text.empty()) out += (out.empty() ? "" : " ") + text;
    }
    return out;
  }

  Result<Done> add_their_own() {
    for (const auto& id : out_.dossiers) {
      const auto names = sync::store::records_in(records_.node().database(), id);
      if (!names) return names.error();
      for (const auto& name : *names) out_.records.push_back({name, Found::their_own});
      if (out_.records.size() > records_max) return too_much();
    }
    return Done{};
  }

  Result<Done> add_others() {
    std::set<RecordName> seen;
    const auto take = [&](const std::vector<RecordName>& names, Found found) {
      for (const auto& name : names) {
        if (known_.contains(name.dossier) || !seen.insert(name).second) continue;
        out_.records.push_back({name, found});
      }
    };
    for (const auto& id : out_.dossiers) {
      const auto naming = holding(id.view());
      if (!naming) return naming.error();
      take(*naming, Found::names_them);
      for (const auto& name : *naming) {
        const auto* type = record_type(name.type);
        if (!type || type->dossier != schema::INCIDENT) continue;
        const auto beside = sync::store::records_in(records_.node().database(), name.dossier);
        if (!beside) return beside.error();
        take(*beside, Found::names_them);  // whatever was noted of what happened to them
      }
    }
    for (const auto& name : out_.also_called) {
      if (name.size() < short_name_bytes) continue;
      const auto naming = holding(crypto::as_bytes(name));
      if (!naming) return naming.error();
      take(*naming, Found::in_words);
    }
    return out_.records.size() > records_max ? Result<Done>(too_much()) : Result<Done>(Done{});
  }

  // What is set aside.
  Result<Done> add_apart() {
    for (const auto& id : out_.dossiers) {
      if (auto done = add_apart_holding(id.view(), Found::names_them); !done) return done;
    }
    for (const auto& name : out_.also_called) {
      if (name.size() < short_name_bytes) continue;
      if (auto done = add_apart_holding(crypto::as_bytes(name), Found::in_words); !done) {
        return done;
      }
    }
    return Done{};
  }

  Result<Done> add_apart_holding(sync::ByteView part, Found found) {
    auto changes =
        sync::store::changes_apart(records_.node().database(), part, changes_apart_max + 1);
    if (!changes) return changes.error();
    if (changes->size() > changes_apart_max) return too_much();
    const std::size_t known = out_.apart.size();
    for (auto& each : *changes) {
      const auto same = [&](const ApartRecord& record) { return record.name == each.record; };
      if (std::any_of(out_.apart.begin(), out_.apart.begin() + static_cast<std::ptrdiff_t>(known),
                      same)) {
        continue;
      }
      if (out_.apart.size() == known || !same(out_.apart.back())) {
        out_.apart.push_back({each.record, found, {}});
      }
      out_.apart.back().changes.push_back(std::move(each.change));
    }
    return Done{};
  }

  const RecordService& records_;
  Subject out_;
  std::set<DossierId> known_;
};

}  // namespace

Result<Subject> subject_of(const RecordService& records, const DossierId& begun_at) {
  return Finder(records).find(begun_at);
}

}  // namespace throughgate::node
