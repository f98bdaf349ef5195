// A pack for programs: the shape that docs/rights.md lists.
#include "node/records/formats.h"
#include "node/rights/pack.h"
#include "node/text/json_text.h"

namespace throughgate::node {
namespace {

std::string_view found_in_words(Found found) {
  switch (found) {
    case Found::their_own:
      return "about them";
    case Found::names_them:
      return "names them by number";
    case Found::in_words:
      break;
  }
  return "names them in words";
}

std::string at(std::uint64_t ms) {
  return json_text(shown_number(schema::FieldRule::DATE_TIME, ms));
}

// "name": value pairs of one object.
class Members {
 public:
  Members& text(std::string_view name, std::string_view value) {
    return raw(name, json_text(value));
  }
  Members& number(std::string_view name, std::uint64_t value) {
    return raw(name, std::to_string(value));
  }
  Members& truth(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  Members& raw(std::string_view name, const std::string& value) {
    out_ += (out_.empty() ? "" : ", ") + json_text(name) + ": " + value;
    return *this;
  }
  std::string object() const { return "{" + out_ + "}"; }

 private:
  std::string out_;
};

template <class Range, class Make>
std::string list_of(const Range& range, const char* between, Make make) {
  std::string out = "[";
  for (const auto& each : range) {
    if (out.size() > 1) out += ",";
    out += between + make(each);
  }
  return out + "]";
}

std::string json_of(const PackChange& change) {
  Members out;
  out.text("value", change.text).truth("left_out", change.is_left_out);
  out.text("standing", change.standing).text("by", change.by).raw("at", at(change.at_ms));
  if (!change.reason.empty()) out.text("reason", change.reason);
  return out.text("change", change.id).object();
}

std::string json_of(const PackField& field) {
  Members out;
  out.text("label", field.label).text("name", field.name);
  if (!field.said_to_be_wrong.empty()) out.text("said_to_be_wrong", field.said_to_be_wrong);
  return out
      .raw("values",
           list_of(field.changes, "\n    ", [](const auto& each) { return json_of(each); }))
      .object();
}

std::string json_of(const PackRecord& record) {
  Members out;
  out.text("kind", record.kind).text("type", record.type);
  // Of another person's record the number is that person's.
  if (record.found == Found::their_own) out.text("number", record.number);
  return out.text("found", found_in_words(record.found))
      .text("set_aside_from", record.set_aside_from)
      .raw("fields",
           list_of(record.fields, "\n   ", [](const auto& each) { return json_of(each); }))
      .object();
}

std::string json_of(const PackSharing& each) {
  return Members()
      .text("with", each.with)
      .text("what", each.what)
      .text("how", each.how)
      .text("when", each.when)
      .text("ground", each.ground)
      .object();
}

std::string json_of(const PackNotRead& each) {
  return Members()
      .text("kind", each.kind)
      .text("number", each.number)
      .number("changes", each.changes)
      .object();
}

std::string json_of(const PackReading& each) {
  return Members()
      .raw("at", at(each.at_ms))
      .text("by", each.by)
      .text("record", each.record)
      .text("what", each.what)
      .object();
}

}  // namespace

std::string json_of(const Pack& pack) {
  const auto left_out = Members()
                            .number("of_others", pack.left_out_of_others)
                            .number("of_staff", pack.left_out_of_staff)
                            .number("after_a_look", pack.left_out_after_a_look);
  const auto each_json = [](const auto& each) { return json_of(each); };
  return Members()
             .text("format", "throughgate subject access 1")
             .text("about", pack.name)
             .text("from", pack.organisation)
             .raw("made_at", at(pack.made_at_ms))
             .raw("records", list_of(pack.records, "\n  ", each_json))
             .raw("cannot_be_read_yet", list_of(pack.not_read, "\n  ", each_json))
             .raw("shared_with", list_of(pack.sharing, "\n  ", each_json))
             .raw("looked_at", list_of(pack.readings, "\n  ", each_json))
             .raw("also_held_by", list_of(pack.holders, "\n  ", json_text))
             .raw("left_out", left_out.object())
             .object() +
         "\n";
}

}  // namespace throughgate::node
