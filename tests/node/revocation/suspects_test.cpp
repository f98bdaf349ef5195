// What a stolen computer wrote before it was withdrawn: listed until somebody of today says whether
// it holds, once for all computers.
#include "node/suspects.h"

#include "node/field_names.h"
#include "node/handovers/handovers.h"
#include "node/records/values.h"
#include "node/staff/staff.h"
#include "tests/node/revocation/stolen_world.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;
using sync::ErrorKind;

namespace {

constexpr std::uint64_t hour_ms = 60ull * 60 * 1000;

// A volunteer, changed on the laptop after it was stolen and before anybody knew.
struct SuspectWorld : StolenWorld {
  CodeLists codes = must(CodeLists::load(EXAMPLE_CODES));
  const RecordType& type = *record_type("volunteer");
  sync::store::RecordName name;
  std::unique_ptr<TestSite> spare = another("Spare");

  SuspectWorld() {
    RecordService records(*prison.node, codes);
    const auto made = must(records.new_record(type,
                                              {{"given-name", "Ann"},
                                               {"family-name", "Example"},
                                               {"mobile", "07700 900001"},
                                               {"standing", "SUSPENSION"}},
                                              by(prison)));
    name = made.record;
    everybody();
    world.now_ms += 24 * hour_ms;
  }
  static By by(TestSite& site, const std::string& reason = "a test") {
    return {site.actor(), reason};
  }
  void everybody() {
    for (int i = 0; i < 3; ++i) exchange({&prison, &desk, spare.get()});
  }
  void write(TestSite& site, const std::vector<FieldInput>& inputs) {
    RecordService records(*site.node, codes);
    must(records.set_fields(must(records.open(name)), inputs, by(site)));
  }
  // By the thief; it reaches the exchange, and then the computer is withdrawn.
  void stolen(const std::vector<FieldInput>& inputs) {
    must(laptop->sync(hub));
    must(laptop->sync(hub));
    write(*laptop, inputs);
    must(laptop->sync(hub));
    revoke(id(*laptop), world.now_ms - hour_ms);
    everybody();
  }
  std::vector<Suspect> listed(TestSite& site) {
    RecordService records(*site.node, codes);
    return must(Suspects(records).list());
  }
  sync::Result<Saved> settle(TestSite& site, const sync::Hash& entry, Verdict verdict,
                             const std::string& reason = "we rang them") {
    RecordService records(*site.node, codes);
    return Suspects(records).settle(entry, verdict, by(site, reason));
  }
  std::string shows(TestSite& site, const std::string& field) {
    RecordService records(*site.node, codes);
    const auto view = must(records.reader().read(name));
    const auto* descriptor = field_named(type, field);
    const auto* found = view.field(static_cast<std::uint32_t>(descriptor->number()));
    const auto* shown = found ? found->shown() : nullptr;
    return shown ? text_of(*descriptor, shown->value, codes) : "";
  }
  bool is_marked(TestSite& site) {
    RecordService records(*site.node, codes);
    for (const auto& field : must(records.reader().read(name)).fields) {
      for (const auto& op : field.ops) {
        if (op.is_suspect) return true;
      }
    }
    return false;
  }
};

}  // namespace

TEST_CASE("what a stolen computer wrote is listed at the owner's and the desk's, and marked",
          "[suspect]") {
  SuspectWorld at;
  CHECK(at.listed(at.prison).empty());
  at.stolen({{"mobile", "07700 900666"}});
  for (auto* site :
       {static_cast<TestSite*>(&at.prison), at.spare.get(), static_cast<TestSite*>(&at.desk)}) {
    const auto listed = at.listed(*site);
    REQUIRE(listed.size() == 1);
    REQUIRE(listed[0].fields.size() == 1);
    CHECK(label_of(at.type.number, listed[0].fields[0].op.field) == "Mobile telephone");
    CHECK(at.is_marked(*site));
    CHECK(at.shows(*site, "mobile") == "07700 900666");  // it stands until somebody decides
  }
}

TEST_CASE(
    "why a suspect change holds is looked through before any is settled, and what it says is not",
    "[suspect][free-text]") {
  SuspectWorld at;
  at.stolen({{"standing-reason", "friend of A9876XY"}});
  RecordService records(
      *at.prison.node, at.codes,
      Viewer(Permissions::shipped(), {at.prison.actor().id, "Jo", "coordinator,desk_reviewer"}));
  Suspects suspects(records);
  const auto entry = at.listed(at.prison).at(0).change.entry;
  const auto told = SuspectWorld::by(at.prison, "told by A1111ZZ");
  CHECK(refusal(suspects.settle(entry, Verdict::keep, told)).kind == ErrorKind::invalid);
  REQUIRE(records.text_doubts().size() == 1);
  CHECK(records.text_doubts()[0].part == "A1111ZZ");
  CHECK(refusal(suspects.keep_all(told)).kind == ErrorKind::invalid);
  CHECK(at.listed(at.prison).size() == 1);
  CHECK(must(suspects.keep_all(SuspectWorld::by(at.prison, "we rang them"))) == 1);
  CHECK(at.listed(at.prison).empty());
}

TEST_CASE("what is kept is said again by somebody of today, and settled on every computer",
          "[suspect]") {
  SuspectWorld at;
  at.stolen({{"mobile", "07700 900666"}});
  const auto entry = at.listed(at.prison)[0].change.entry;
  must(at.settle(at.prison, entry, Verdict::keep));
  CHECK(at.listed(at.prison).empty());
  at.everybody();
  for (auto* site :
       {static_cast<TestSite*>(&at.prison), at.spare.get(), static_cast<TestSite*>(&at.desk)}) {
    CHECK(at.listed(*site).empty());
    CHECK_FALSE(at.is_marked(*site));
    CHECK(at.shows(*site, "mobile") == "07700 900666");
  }
  CHECK(refusal(at.settle(*at.spare, entry, Verdict::keep)).kind == ErrorKind::not_found);
  at.prison.reopen();
  CHECK(at.listed(at.prison).empty());
}

TEST_CASE("what is undone shows what stood before", "[suspect]") {
  SuspectWorld at;
  at.stolen({{"mobile", "07700 900666"}});
  must(at.settle(at.prison, at.listed(at.prison)[0].change.entry, Verdict::undo));
  at.everybody();
  CHECK(at.shows(at.desk, "mobile") == "07700 900001");
  CHECK(at.listed(at.desk).empty());
}

TEST_CASE("an undo goes back past all that the thief wrote", "[suspect]") {
  SuspectWorld at;
  must(at.laptop->sync(at.hub));
  must(at.laptop->sync(at.hub));
  for (const char* mobile : {"07700 900666", "07700 900667"}) {
    at.world.now_ms += 1000;
    at.write(*at.laptop, {{"mobile", mobile}});
    must(at.laptop->sync(at.hub));
  }
  at.revoke(at.id(*at.laptop), at.world.now_ms - hour_ms);
  at.everybody();
  const auto listed = at.listed(at.prison);
  REQUIRE(listed.size() == 1);
  must(at.settle(at.prison, listed[0].change.entry, Verdict::undo));
  at.everybody();
  CHECK(at.shows(at.desk, "mobile") == "07700 900001");
  CHECK(at.listed(at.desk).empty());
}

TEST_CASE("what was only looked at stays as it is, and is listed no more", "[suspect]") {
  SuspectWorld at;
  at.stolen({{"mobile", "07700 900666"}});
  must(at.settle(at.prison, at.listed(at.prison)[0].change.entry, Verdict::looked_at));
  at.everybody();
  CHECK(at.shows(at.desk, "mobile") == "07700 900666");
  CHECK(at.listed(at.desk).empty());
  CHECK_FALSE(at.is_marked(at.desk));
}

TEST_CASE("an ordinary change that had seen it settles it too", "[suspect]") {
  SuspectWorld at;
  at.stolen({{"mobile", "07700 900666"}});
  at.write(at.prison, {{"mobile", "07700 900002"}});
  CHECK(at.listed(at.prison).empty());
  CHECK_FALSE(at.is_marked(at.prison));
}

TEST_CASE("what is strictest is never lowered by settling it", "[suspect]") {
  SuspectWorld at;
  at.stolen({{"standing", "EXCLUSION"}});
  const auto entry = at.listed(at.prison)[0].change.entry;
  const auto refused = refusal(at.settle(at.prison, entry, Verdict::undo));
  CHECK(refused.kind == ErrorKind::invalid);
  CHECK(says(refused, "stricter"));
  must(at.settle(at.prison, entry, Verdict::keep));
  at.everybody();
  CHECK(at.listed(at.desk).empty());
  SuspectWorld other;
  const auto before = other.shows(other.prison, "standing");
  other.stolen({{"standing", "CLEAR"}});  // the thief lowers it
  REQUIRE(other.shows(other.prison, "standing") != before);
  must(other.settle(other.prison, other.listed(other.prison)[0].change.entry, Verdict::undo));
  CHECK(other.shows(other.prison, "standing") == before);
}

TEST_CASE("a code that never leaves the prison is not said again by whoever settles a change",
          "[suspect][never-share]") {
  SuspectWorld at;
  RecordService records(*at.prison.node, at.codes);
  const auto by = SuspectWorld::by(at.prison);
  const auto handover =
      must(Handovers(records).begin({{"family-name", "Example"}}, by)).record.dossier;
  const auto flag =
      must(records.new_record_in(handover, *record_type("flag"),
                                 {{"kind", "DO_NOT"}, {"code", "RST"}, {"instruction", "x"}}, by))
          .record;
  at.everybody();
  must(at.laptop->sync(at.hub));
  must(at.laptop->sync(at.hub));
  const auto seen = must(RecordService(*at.laptop->node, at.codes).whole().field(flag, 2)).seen();
  must(at.laptop->node->admission().save(
      handover, {at.laptop->actor(), at.world.now_ms, ""},
      {{flag.field(2), sync::OpKind::set, {'X', 'C', 'I'}, seen, {}}}));
  must(at.laptop->sync(at.hub));
  at.revoke(at.id(*at.laptop), at.world.now_ms - hour_ms);
  at.everybody();
  const auto listed = at.listed(at.prison);
  REQUIRE(listed.size() == 1);
  const auto kept = at.settle(at.prison, listed[0].change.entry, Verdict::keep);
  REQUIRE_FALSE(kept);
  CHECK(kept.error().message.find("never leaves the prison") != std::string::npos);
  must(at.settle(at.prison, listed[0].change.entry, Verdict::undo));
}

TEST_CASE("what somebody may not keep is passed over when they keep all that is listed",
          "[suspect]") {
  SuspectWorld at;
  RecordService records(*at.prison.node, at.codes);
  const auto by = SuspectWorld::by(at.prison);
  const auto handover =
      must(Handovers(records).begin({{"family-name", "Example"}}, by)).record.dossier;
  const auto flag =
      must(records.new_record_in(handover, *record_type("flag"),
                                 {{"kind", "DO_NOT"}, {"code", "RST"}, {"instruction", "x"}}, by))
          .record;
  at.everybody();
  must(at.laptop->sync(at.hub));
  must(at.laptop->sync(at.hub));
  const auto seen = must(RecordService(*at.laptop->node, at.codes).whole().field(flag, 2)).seen();
  must(at.laptop->node->admission().save(
      handover, {at.laptop->actor(), at.world.now_ms, ""},
      {{flag.field(2), sync::OpKind::set, {'X', 'C', 'I'}, seen, {}}}));
  must(at.laptop->sync(at.hub));
  at.world.now_ms += 1000;
  at.write(*at.laptop, {{"mobile", "07700 900666"}});
  must(at.laptop->sync(at.hub));
  at.revoke(at.id(*at.laptop), at.world.now_ms - hour_ms);
  at.everybody();
  const auto listed = at.listed(at.prison);
  REQUIRE(listed.size() == 2);
  REQUIRE(listed[0].change.dossier == handover);  // looked at first
  CHECK(must(Suspects(records).keep_all(SuspectWorld::by(at.prison, "only Jo used it"))) == 1);
  const auto left = at.listed(at.prison);
  REQUIRE(left.size() == 1);
  CHECK(left[0].change.dossier == handover);
}

// The code alone was changed on it; who confirmed it stands there from before.
TEST_CASE("a code that the practitioner has confirmed is kept where it was, as in any change",
          "[suspect][never-share]") {
  SuspectWorld at;
  RecordService records(*at.prison.node, at.codes);
  const auto by = SuspectWorld::by(at.prison);
  const auto handover =
      must(Handovers(records).begin({{"family-name", "Example"}}, by)).record.dossier;
  const auto flag = must(records.new_record_in(handover, *record_type("flag"),
                                               {{"kind", "DO_NOT"},
                                                {"code", "RST"},
                                                {"instruction", "x"},
                                                {"confirmed-by", "Al Invented"}},
                                               by))
                        .record;
  at.everybody();
  must(at.laptop->sync(at.hub));
  must(at.laptop->sync(at.hub));
  {
    RecordService there(*at.laptop->node, at.codes);
    must(there.set_fields(must(there.open(flag)), {{"code", "SOR"}}, SuspectWorld::by(*at.laptop)));
  }
  must(at.laptop->sync(at.hub));
  at.revoke(at.id(*at.laptop), at.world.now_ms - hour_ms);
  at.everybody();
  const auto listed = at.listed(at.prison);
  REQUIRE(listed.size() == 1);
  must(at.settle(at.prison, listed[0].change.entry, Verdict::keep));
  CHECK(at.listed(at.prison).empty());
}

TEST_CASE("nothing is settled without a reason", "[suspect]") {
  SuspectWorld at;
  at.stolen({{"mobile", "07700 900666"}});
  const auto entry = at.listed(at.prison)[0].change.entry;
  CHECK(refusal(at.settle(at.prison, entry, Verdict::keep, " ")).kind == ErrorKind::invalid);
  CHECK(at.listed(at.prison).size() == 1);
}

TEST_CASE("all that is listed can be kept at once", "[suspect]") {
  SuspectWorld at;
  at.stolen({{"mobile", "07700 900666"}, {"known-as", "Nan"}});
  RecordService records(*at.prison.node, at.codes);
  CHECK(must(Suspects(records).keep_all(SuspectWorld::by(at.prison, "only Jo used it"))) == 1);
  CHECK(must(Suspects(records).keep_all(SuspectWorld::by(at.prison, "only Jo used it"))) == 0);
  at.everybody();
  CHECK(at.listed(at.desk).empty());
}

TEST_CASE("nobody decides about what their roles do not show them", "[suspect]") {
  SuspectWorld at;
  RecordService records(*at.prison.node, at.codes);
  const auto person = must(records.new_record(*record_type("person"),
                                              {{"given-name", "Ann"}, {"family-name", "Example"}},
                                              SuspectWorld::by(at.prison)))
                          .record;
  at.everybody();
  must(at.laptop->sync(at.hub));
  must(at.laptop->sync(at.hub));
  {
    RecordService there(*at.laptop->node, at.codes);
    must(there.set_fields(must(there.open(person)), {{"family-name", "Thief"}},
                          SuspectWorld::by(*at.laptop)));
  }
  must(at.laptop->sync(at.hub));
  at.revoke(at.id(*at.laptop), at.world.now_ms - hour_ms);
  at.everybody();
  const auto entry = at.listed(at.prison).at(0).change.entry;
  for (const auto& [roles, sees] :
       {std::pair{"coordinator", false}, std::pair{"handover_worker", true}}) {
    INFO(roles);
    RecordService seen(*at.prison.node, at.codes,
                       Viewer(Permissions::shipped(), {at.prison.actor().id, "Jo", roles}));
    const auto listed = must(Suspects(seen).list());
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].fields.at(0).is_hidden != sees);
    CHECK(listed[0].fields.at(0).op.value.empty() != sees);
    for (const auto verdict : {Verdict::keep, Verdict::undo}) {
      if (sees && verdict == Verdict::keep) continue;
      const auto done = Suspects(seen).settle(entry, verdict, SuspectWorld::by(at.prison, "so"));
      CHECK(done.has_value() == sees);
      if (sees) continue;
      CHECK(done.error().kind == ErrorKind::denied);
      CHECK(says(done.error(), "your roles do not show you this"));
    }
  }
}

TEST_CASE("what a stolen computer wrote into the staff list is settled by whoever looks after it",
          "[suspect]") {
  SuspectWorld at;
  must(at.laptop->sync(at.hub));
  must(at.laptop->sync(at.hub));
  must(Staff(*at.laptop->node)
           .change_roles(at.prison.actor().id, {"governor"}, {}, at.laptop->actor()));
  must(at.laptop->sync(at.hub));
  at.revoke(at.id(*at.laptop), at.world.now_ms - hour_ms);
  at.everybody();
  const auto listed = at.listed(at.prison);
  REQUIRE(listed.size() == 1);
  const auto settled_by = [&](const char* roles) {
    RecordService seen(*at.prison.node, at.codes,
                       Viewer(Permissions::shipped(), {at.prison.actor().id, "Jo", roles}));
    return Suspects(seen).settle(listed[0].change.entry, Verdict::looked_at,
                                 SuspectWorld::by(at.prison, "taken away again"));
  };
  CHECK(refusal(settled_by("coordinator")).kind == ErrorKind::denied);
  CHECK(at.listed(at.prison).size() == 1);
  CHECK(settled_by("coordinator,administrator"));
  CHECK(at.listed(at.prison).empty());
}

TEST_CASE("what the computer wrote before it was stolen is not suspect", "[suspect]") {
  SuspectWorld at;
  must(at.laptop->sync(at.hub));
  at.write(*at.laptop, {{"mobile", "07700 900777"}});
  must(at.laptop->sync(at.hub));
  at.world.now_ms += 2 * hour_ms;
  at.revoke(at.id(*at.laptop), at.world.now_ms - hour_ms);
  at.everybody();
  CHECK(at.listed(at.prison).empty());
}

TEST_CASE("a thief settles nothing", "[suspect]") {
  SuspectWorld at;
  must(at.laptop->sync(at.hub));
  must(at.laptop->sync(at.hub));
  at.write(*at.laptop, {{"mobile", "07700 900666"}});
  must(at.laptop->sync(at.hub));
  const auto first = [&] {
    UnitOfWork work(at.laptop->node->database(), Purpose::reading);
    StoredDossier stored(work, at.name.dossier);
    return *stored.entry_at(stored.length());
  }();
  must(at.laptop->node->admission().save(at.name.dossier, {at.laptop->actor(), at.world.now_ms, ""},
                                         {}, {first}));
  must(at.laptop->sync(at.hub));
  at.revoke(at.id(*at.laptop), at.world.now_ms - hour_ms);
  at.everybody();
  CHECK(at.listed(at.prison).size() == 1);
}
