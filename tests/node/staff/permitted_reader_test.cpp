#include <catch_amalgamated.hpp>

#include "node/search.h"
#include "tests/node/staff/filled_site.h"

namespace throughgate::node::testing {
namespace {

using sync::ErrorKind;
using sync::store::RecordName;

constexpr std::size_t of_a_list_max = 64;

std::vector<std::uint32_t> every_field(std::uint32_t type) {
  std::vector<std::uint32_t> out;
  const auto* descriptor = record_type(type)->descriptor;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    out.push_back(static_cast<std::uint32_t>(descriptor->field(i)->number()));
  }
  return out;
}

// Of every call that reads this record, the fields that come back and are not this viewer's.
std::vector<std::uint32_t> shown_and_barred(const RecordService& records, const RecordName& name) {
  std::vector<std::uint32_t> out;
  const auto take = [&](std::uint32_t field) {
    if (!records.viewer().sees(name.type, field)) out.push_back(field);
  };
  const auto reader = records.reader();
  if (const auto record = reader.read(name)) {
    for (const auto& field : record->fields) take(field.field);
  }
  const auto fields = every_field(name.type);
  for (std::size_t from = 0; from < fields.size(); from += of_a_list_max) {
    const auto to = std::min(from + of_a_list_max, fields.size());
    sync::store::ListQuery query;
    query.type = name.type;
    for (auto i = from; i < to; ++i) query.fields.push_back(fields[i]);
    for (const auto& row : must(reader.list(query)).rows) {
      for (const auto& [field, shown] : row.fields) take(field);
    }
  }
  for (const auto number : fields) {
    if (const auto field = reader.field(name, number); field && !field->ops.empty()) take(number);
    if (reader.review(name, number)) take(number);
    if (const auto history = reader.history(name, number); history && !history->empty()) {
      take(number);
    }
  }
  if (const auto ops = reader.ops(name)) {
    for (const auto& op : *ops) take(op.field);
  }
  if (const auto history = reader.history(name, std::nullopt)) {
    for (const auto& op : *history) take(op.field);
  }
  return out;
}

}  // namespace

TEST_CASE("what the table bars is in no answer of the reader, for any role and any field",
          "[permissions]") {
  FilledSite site;
  for (const auto& roles : role_sets()) {
    for (const std::string reason : {"", "an inspection"}) {
      const auto records = site.seen_by(roles, reason);
      for (const auto& name : site.records) {
        INFO(joined(roles) << ": " << record_type(name.type)->name);
        CHECK(shown_and_barred(records, name).empty());
      }
      for (const auto& [text, mark] : site.marks) {
        const auto found = search_records(records, text, {}, 50);
        const bool is_found = found && !found->dossiers.empty();
        INFO(joined(roles) << ": " << text);
        if (is_found) CHECK(records.viewer().sees(mark.record.type, mark.field));
        const sync::Bytes value(text.begin(), text.end());
        const auto with = must(records.reader().find(mark.record.type, mark.field, value));
        if (!with.empty()) CHECK(records.viewer().sees(mark.record.type, mark.field));
      }
    }
  }
}

TEST_CASE("what the table lets somebody see is there", "[permissions]") {
  FilledSite site;
  for (const auto& roles : role_sets()) {
    const auto records = site.seen_by(roles, "an inspection");
    for (const auto& [text, mark] : site.marks) {
      if (!records.viewer().sees(mark.record.type, mark.field)) continue;
      const auto whole = must(records.whole().read(mark.record));
      if (!whole.field(mark.field)) continue;  // only a partner's word counts there
      const auto record = must(records.reader().read(mark.record));
      INFO(joined(roles) << ": " << text);
      CHECK(record.field(mark.field) != nullptr);
    }
  }
}

TEST_CASE("a kind of record that is not seen is refused alike, there or not", "[permissions]") {
  FilledSite site;
  const auto records = site.seen_by({"gate_meeter"});
  auto name = site.record("vetting-notes");
  const auto there = records.reader().read(name);
  name.dossier = sync::DossierId::random(site.world.random);
  const auto not_there = records.reader().read(name);
  REQUIRE_FALSE(there);
  REQUIRE_FALSE(not_there);
  CHECK(there.error().kind == ErrorKind::denied);
  CHECK(there.error().message == not_there.error().message);
  CHECK(there.error().message.find("security") != std::string::npos);
}

TEST_CASE("what asks for a reason is not shown before one is given", "[permissions]") {
  FilledSite site;
  const auto name = site.record("vetting-notes");
  const auto before = must(site.seen_by({"security"}, "  \n").reader().read(name));
  CHECK(before.fields.empty());
  CHECK(before.is_on_request(name.type == 80 ? 7 : 0));
  const auto after = must(site.seen_by({"security"}, "an appeal").reader().read(name));
  CHECK(after.field(7) != nullptr);
  CHECK(after.hidden.empty());
}

TEST_CASE("an order by what is not seen is not given", "[permissions]") {
  FilledSite site;
  sync::store::ListQuery query;
  query.type = record_type("person")->number;
  query.sort_by = 9;
  const auto* pnc = record_type("person")->descriptor->FindFieldByName("custody_risk_to_self");
  query.sort_by = static_cast<std::uint32_t>(pnc->number());
  query.fields = {*query.sort_by};
  const auto page = must(site.seen_by({"coordinator"}).reader().list(query));
  CHECK(page.rows.empty());
}

TEST_CASE("what the table bars is not written, by any role to any field", "[permissions]") {
  FilledSite site;
  const By by{site.prison.actor(), "a test"};
  for (const auto& roles : role_sets()) {
    auto records = site.seen_by(roles, "an inspection");
    for (const auto& [text, mark] : site.marks) {
      const auto rule = record_type(mark.record.type)
                            ->descriptor->FindFieldByNumber(static_cast<int>(mark.field));
      const auto kind = rule_of(*rule).policy() == schema::FieldRule::SET ? sync::OpKind::add
                        : rule_of(*rule).policy() == schema::FieldRule::APPEND
                            ? sync::OpKind::append
                            : sync::OpKind::set;
      ChangePlan plan{{{mark.record.field(mark.field), kind, {'x'}, {}, {}}}, {}};
      const auto before = must(records.whole().ops(mark.record)).size();
      const auto saved = records.save(mark.record, plan, by);
      const bool writes = records.viewer().writes(mark.record.type, mark.field);
      INFO(joined(roles) << ": " << text << (saved ? "" : saved.error().message));
      if (!writes) {
        REQUIRE_FALSE(saved);
        CHECK(saved.error().kind == ErrorKind::denied);
        CHECK(must(records.whole().ops(mark.record)).size() == before);
      }
    }
  }
}

TEST_CASE("members of staff are not changed as records are, whoever asks", "[permissions]") {
  FilledSite site;
  const RoleSet all(known_roles().begin(), known_roles().end());
  auto records = site.seen_by(all);
  const auto form = must(records.open(site.record("staff-member")));
  const auto saved = records.set_fields(form, {{"roles", "administrator", FieldInput::How::add}},
                                        {site.prison.actor(), ""});
  REQUIRE_FALSE(saved);
  CHECK(saved.error().message.find("\"staff\"") != std::string::npos);
}

TEST_CASE("who changes handovers sends one to a partner only where the table says so",
          "[permissions]") {
  FilledSite site;
  auto records = site.seen_by({"desk_reviewer"});
  const auto shared = Handovers(records).share(site.record("handover").dossier,
                                               sync::OrganisationId::random(site.world.random),
                                               {site.prison.actor(), ""});
  REQUIRE_FALSE(shared);
  CHECK(shared.error().kind == ErrorKind::denied);
  CHECK(shared.error().message.find("somebody who makes and takes handovers") != std::string::npos);
}

TEST_CASE("a refusal names nobody by a code", "[permissions]") {
  std::set<std::string> named;
  for (const auto act :
       {Act::share, Act::decide, Act::import_file, Act::export_file, Act::staff, Act::audit,
        Act::connect, Act::desk, Act::erase, Act::back_up, Act::carry, Act::subject_access}) {
    const auto refused = Viewer(Permissions::shipped(), {}, "").check(act);
    if (refused) continue;  // everyone may
    const auto& words = refused.error().message;
    for (const auto& role : Permissions::shipped().who_may(act)) {
      INFO(role << ": " << words);
      named.insert(role);
      CHECK(words.find("Ask " + role) == std::string::npos);
      CHECK(words.find(", " + role) == std::string::npos);
      CHECK(words.find("or " + role) == std::string::npos);
    }
  }
  CHECK(named.size() > 4);
}

TEST_CASE("whoever gives roles is told that they may give one to themselves", "[permissions]") {
  const auto words = [](const char* role) {
    const Viewer viewer(Permissions::shipped(), {{}, "", role}, "");
    const auto refused = viewer.check(Act::subject_access);
    REQUIRE_FALSE(refused);
    return refused.error().message;
  };
  CHECK(words("administrator").find("give yourself that role") != std::string::npos);
  CHECK(words("coordinator").find("give yourself that role") == std::string::npos);
}

TEST_CASE("a refusal says who can", "[permissions]") {
  FilledSite site;
  auto records = site.seen_by({"gate_meeter"});
  const auto refused = records.new_record(*record_type("volunteer"), {{"family-name", "Example"}},
                                          {site.prison.actor(), ""});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("Ask a volunteer coordinator") != std::string::npos);
  CHECK(refused.error().message.find("Nothing was saved.") != std::string::npos);
}

}  // namespace throughgate::node::testing
