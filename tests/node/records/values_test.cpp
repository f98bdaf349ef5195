#include "node/records/values.h"

#include <catch_amalgamated.hpp>

#include "node/records/catalogue.h"
#include "schema/change_set.pb.h"

using namespace throughgate;
using namespace throughgate::node;
using crypto::Bytes;
using google::protobuf::FieldDescriptor;

namespace {

const CodeLists& codes() {
  static const CodeLists lists = [] {
    auto loaded = CodeLists::load(CODES_FOLDER);
    if (!loaded) FAIL(loaded.error().message);
    return *loaded;
  }();
  return lists;
}

const FieldDescriptor& field(std::string_view type, std::string_view name) {
  const FieldDescriptor* found = field_named(*record_type(type), name);
  REQUIRE(found != nullptr);
  return *found;
}

Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

Bytes value(const FieldDescriptor& field, std::string_view typed) {
  const auto found = value_of(field, typed, codes());
  if (!found) FAIL(found.error().message);
  return *found;
}

std::string refusal(const FieldDescriptor& field, std::string_view typed) {
  const auto found = value_of(field, typed, codes());
  if (!found) CHECK(found.error().kind == sync::ErrorKind::invalid);
  return found ? "taken" : found.error().message;
}

}  // namespace

TEST_CASE("text, dates and ids become the bytes an op carries, and back", "[values]") {
  const auto& date = field("handover", "release-date");
  CHECK(value(date, "4/12/2026") == bytes("2026-12-04"));
  CHECK(text_of(date, bytes("2026-12-04"), codes()) == "4 December 2026");
  CHECK(json_of(date, bytes("2026-12-04")) == "\"2026-12-04\"");

  const auto& source = field("handover", "person-source");
  const std::string hex = "00112233445566778899aabbccddeeff";
  CHECK(value(source, hex).size() == 16);
  CHECK(text_of(source, value(source, hex), codes()) == hex);
  CHECK(json_of(source, value(source, hex)) == "\"" + hex + "\"");
}

TEST_CASE("enums are typed by name or label, truth by yes or no, numbers by digits", "[values]") {
  const auto& risk = field("handover", "risk-to-staff");
  for (const auto* typed : {"Very high", "very HIGH", "RISK_VERY_HIGH", "risk-very-high"}) {
    CHECK(value(risk, typed) == Bytes{4});
  }
  CHECK(text_of(risk, Bytes{4}, codes()) == "Very high");
  CHECK(json_of(risk, Bytes{4}) == "\"RISK_VERY_HIGH\"");
  CHECK(value(risk, "Very\u200E high") == Bytes{4});
  CHECK(value(field("handover", "state"), "met at the gate") == Bytes{8});

  const auto& medication = field("handover", "medication");
  CHECK(value(medication, "Yes") == Bytes{1});
  CHECK(value(medication, "no") == Bytes{0});
  CHECK(text_of(medication, Bytes{1}, codes()) == "Yes");
  CHECK(json_of(medication, Bytes{1}) == "true");

  const auto& places = field("site", "open-places");
  CHECK(value(places, "300") == Bytes{0xAC, 0x02});
  CHECK(text_of(places, Bytes{0xAC, 0x02}, codes()) == "300");
  CHECK(json_of(places, Bytes{0xAC, 0x02}) == "300");
  CHECK(text_of(field("expense-claim", "amount-pence"), Bytes{0xAC, 0x02}, codes()) ==
        "\xC2\xA3"
        "3.00");
}

TEST_CASE("codes are typed by code or label, and read by label", "[values]") {
  const auto& prison = field("handover", "establishment");
  CHECK(value(prison, "lei") == bytes("LEI"));
  CHECK(value(prison, "Leeds (HMP)") == bytes("LEI"));
  CHECK(text_of(prison, bytes("LEI"), codes()) == "Leeds (HMP)");
  CHECK(text_of(prison, bytes("QQI"), codes()) == "QQI");
  CHECK(json_of(prison, bytes("LEI")) == "\"LEI\"");
}

TEST_CASE("a receipt is typed and read as Protobuf JSON", "[values]") {
  const auto& receipts = field("handover", "receipts");
  const Bytes receipt = value(receipts, R"({"entry": "AAEC", "index": 7})");
  schema::Receipt parsed;
  REQUIRE(parsed.ParseFromArray(receipt.data(), static_cast<int>(receipt.size())));
  CHECK(parsed.index() == 7);
  CHECK(json_of(receipts, receipt) == R"({"entry":"AAEC","index":7})");
  CHECK_THAT(refusal(receipts, "{"), Catch::Matchers::ContainsSubstring("JSON of Receipt"));
}

TEST_CASE("a refusal names the field, says what to type and never repeats what was typed",
          "[values]") {
  CHECK(refusal(field("handover", "release-date"), "31/2/2026") ==
        "Expected release date: Type a real date: a day, a month and a year from 1900 to 2199.");
  CHECK(refusal(field("handover", "medication"), "perhaps") ==
        "Leaves with medication: Type yes or no.");
  CHECK(
      refusal(field("handover", "risk-to-staff"), "enormous") ==
      "Risk to staff and volunteers: Type one of these: Not known; Low; Medium; High; Very high.");
  CHECK(refusal(field("handover", "decline-reason"), "rain") ==
        "Why it was declined: This is not in the list. Type one of these: No capacity; Out of our "
        "area; Risk beyond the role; Conflict of interest; No cleared volunteer; Needs a "
        "specialist; Already supported; Duplicate; Not enough information; Other.");
  CHECK(refusal(field("handover", "establishment"), "Atlantis") ==
        "Prison: This is not in the list. \"record codes establishments\" prints what it offers.");
  CHECK(refusal(field("handover", "person-source"), "0011") ==
        "Record in the prison: Type 32 hexadecimal digits (0 to 9, a to f).");
  CHECK(refusal(field("handover", "given-name"), "  ") ==
        "First names: Nothing was typed. To empty a field, clear it.");
  CHECK(refusal(field("handover", "given-name"), std::string(101, 'a')) ==
        "First names: This is too long: at most 100 letters (an accented letter counts as two).");
  for (const auto* typed : {"Mrs Quill", "\x1b[2J", "\xFF\xFE"}) {
    for (const auto* name : {"release-date", "sender-telephone", "establishment", "consent"}) {
      CHECK_THAT(refusal(field("handover", name), typed),
                 !Catch::Matchers::ContainsSubstring(typed));
    }
  }
}

TEST_CASE("an alert that never leaves the prison stands only in a person's own record",
          "[values]") {
  CHECK(value(field("person-alert", "code"), "XPOI") == bytes("XPOI"));
  CHECK_THAT(refusal(field("flag", "code"), "XPOI"),
             Catch::Matchers::ContainsSubstring("never leaves the prison"));
  CHECK_THAT(refusal(field("flag", "code"), "person of interest"),
             Catch::Matchers::ContainsSubstring("never leaves the prison"));
  CHECK(value(field("flag", "code"), "RNO121") == bytes("RNO121"));
}

TEST_CASE("without its code list a field takes nothing, and still shows what it holds",
          "[values]") {
  const CodeLists none;
  const auto refused = value_of(field("handover", "establishment"), "LEI", none);
  REQUIRE_FALSE(refused.has_value());
  CHECK_THAT(refused.error().message, Catch::Matchers::ContainsSubstring("code list is missing"));
  CHECK(text_of(field("handover", "establishment"), bytes("LEI"), none) == "LEI");
}

TEST_CASE("bytes from a newer or a faulty program never break a page", "[values]") {
  const auto& risk = field("handover", "risk-to-staff");
  CHECK(text_of(risk, Bytes{99}, codes()) == "Code 99");
  CHECK(json_of(risk, Bytes{99}) == "99");
  for (const Bytes& odd : {Bytes{}, Bytes{0x80}, Bytes{1, 1}, Bytes(10, 0xFF), Bytes(11, 0x80)}) {
    CHECK(text_of(risk, odd, codes()) == "not readable");
    CHECK(json_of(risk, odd) == "null");
  }
  const auto& name = field("handover", "given-name");
  CHECK(text_of(name, Bytes{0xFF}, codes()) == "not readable");
  CHECK(json_of(name, Bytes{0xFF}) == "null");
  CHECK(json_of(name, bytes("\"\\\n\x7F</script>")) == R"("\"\\\u000a\u007f</script>")");
  CHECK(text_of(field("handover", "receipts"), Bytes{0xFF}, codes()) == "not readable");
}

TEST_CASE("whatever a field can hold comes back from its own text", "[values]") {
  for (const RecordType& type : record_types()) {
    for (int i = 0; i < type.descriptor->field_count(); ++i) {
      const FieldDescriptor& each = *type.descriptor->field(i);
      CAPTURE(each.full_name());
      if (each.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
        for (int v = 0; v < each.enum_type()->value_count(); ++v) {
          const Bytes held = {static_cast<std::uint8_t>(each.enum_type()->value(v)->number())};
          CHECK(value(each, text_of(each, held, codes())) == held);
        }
      } else if (each.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
        CHECK(value(each, text_of(each, Bytes{1}, codes())) == Bytes{1});
      }
    }
  }
}
