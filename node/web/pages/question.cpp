#include "node/web/pages/question.h"

#include <algorithm>
#include <array>

#include "node/field_names.h"
#include "node/records/formats.h"
#include "node/records/values.h"
#include "node/text/unicode.h"
#include "node/web/components/choices.h"
#include "node/web/components/date_input.h"
#include "node/web/components/text_input.h"
#include "sync/policy.h"

namespace throughgate::node::web {
namespace {

using crypto::Bytes;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using schema::FieldRule;

constexpr std::size_t boxes_max = 40;        // a longer list of choices is typed, one a line
constexpr std::size_t few_boxes = 10;        // more stand in columns
constexpr std::size_t short_bytes_max = 40;  // what fits a narrow box

const CodeList* list_of(const FieldDescriptor& field, const CodeLists& codes) {
  return rule_of(field).codes().empty() ? nullptr : codes.list(rule_of(field).codes());
}

bool is_number(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
}

// ---- between values and boxes

std::string date_boxes(std::string_view stored) {
  if (!is_date(stored)) return {};
  const auto without_zeros = [](std::string_view digits) {
    return std::string(digits.substr(std::min(digits.find_first_not_of('0'), digits.size())));
  };
  return without_zeros(stored.substr(8)) + "/" + without_zeros(stored.substr(5, 2)) + "/" +
         std::string(stored.substr(0, 4));
}

// Numbers as they are typed, where people read them in other words ("1 hour 30 minutes").
std::string number_box(const FieldDescriptor& field, const Bytes& value, const CodeLists& codes) {
  const auto number = sync::decode_number(value);
  if (number && rule_of(field).format() == FieldRule::MINUTES) {
    const std::string minutes = std::to_string(*number % 60);
    return std::to_string(*number / 60) + ":" + (minutes.size() == 1 ? "0" : "") + minutes;
  }
  return text_of(field, value, codes);
}

std::string box_of(const FieldDescriptor& field, const Bytes& value, const CodeLists& codes) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    return value == sync::encode_number(0) ? "no" : "yes";
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    const auto number = sync::decode_number(value);
    const EnumValueDescriptor* known =
        number && *number <= 0x7FFFFFFF
            ? field.enum_type()->FindValueByNumber(static_cast<int>(*number))
            : nullptr;
    return known ? known->name() : text_of(field, value, codes);
  }
  if (is_number(field)) return number_box(field, value, codes);
  if (rule_of(field).format() == FieldRule::DATE) return date_boxes(crypto::as_text(value));
  const Asked asked = how_asked(field, codes);
  if (asked == Asked::choice || asked == Asked::choices) return std::string(crypto::as_text(value));
  return text_of(field, value, codes);
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

// `text` as a page shows it and a browser sends it back, in one form: what another program stored
// may hold signs that do not come back as they stood.
std::string as_sent(Asked asked, std::string_view text) {
  if (asked == Asked::line || asked == Asked::choice) return visible_line(text);
  const std::string seen = visible_text(text);
  if (!is_list(asked)) return std::string(trimmed(seen));
  std::vector<std::string> once;
  for (auto& line : lines_in(seen)) {
    if (std::find(once.begin(), once.end(), line) == once.end()) once.push_back(std::move(line));
  }
  return joined_lines(once);
}

constexpr std::array<const char*, 3> date_parts = {"-day", "-month", "-year"};

std::string date_sent(const std::string& name, const Parameters& sent) {
  std::string out;
  bool any = false;
  for (const char* part : date_parts) {
    const auto typed = trimmed(sent.get(name + part));
    any = any || !typed.empty();
    out += (part == date_parts.front() ? "" : "/") + std::string(typed);
  }
  return any ? out : std::string();
}

// ---- what may be chosen

struct Offer {
  std::string value;
  std::string text;
};

constexpr const char* nothing_recorded = "Not recorded";

std::vector<Offer> offers_of_enum(const FieldDescriptor& field, const std::string& standing) {
  std::vector<Offer> out;
  for (int i = 0; i < field.enum_type()->value_count(); ++i) {
    const EnumValueDescriptor& value = *field.enum_type()->value(i);
    // What an unanswered question says anyway.
    const bool says_nothing =
        value.name().ends_with("_NOT_SET") || rule_of(value).label() == nothing_recorded;
    if (says_nothing && value.name() != standing) continue;
    out.push_back({value.name(), rule_of(value).label()});
  }
  return out;
}

std::vector<Offer> offers_of_codes(const FieldDescriptor& field, const CodeLists& codes) {
  std::vector<Offer> out;
  const CodeList* list = list_of(field, codes);
  if (!list) return out;
  for (const Code& code : list->codes()) {
    if (code.offered() && may_stand_in(field, code)) out.push_back({code.code, code.label});
  }
  return out;
}

// What stands stays to be chosen, retired and unknown as it may be.
void keep(const FieldDescriptor& field, const CodeLists& codes, const std::string& standing,
          std::vector<Offer>& offers) {
  if (standing.empty() || std::any_of(offers.begin(), offers.end(), [&](const Offer& offer) {
        return offer.value == standing;
      })) {
    return;
  }
  const CodeList* list = list_of(field, codes);
  const Code* code = list ? list->find(standing) : nullptr;
  const bool retired = code && !code->offered();
  offers.push_back(
      {standing, code ? code->label + (retired ? " (no longer used)" : "") : standing});
}

// ---- the questions

// One that the question itself takes: of a birth, of what is over, of what may be to come.
const char* example_day(const FieldDescriptor& field) {
  const FieldRule& rule = rule_of(field);
  if (rule.years_ago_min() > 0 || field.name() == "date_of_birth") return "For example, 27 3 1985";
  return rule.past() ? "For example, 27 3 2025" : "For example, 27 3 2027";
}

Content hint_of(const Question& question, Asked asked) {
  const FieldRule& rule = rule_of(question.field);
  std::string text = rule.help();
  const auto add = [&](const char* more) {
    if (!text.empty()) text += text.ends_with('.') ? " " : ". ";
    text += more;
  };
  if (asked == Asked::date) add(example_day(question.field));
  if (asked == Asked::one_a_line) add("One a line");
  if (asked == Asked::note) add("This adds a note. Those that are there stay");
  if (rule.format() == FieldRule::TIME) add("For example, 08:30");
  if (rule.format() == FieldRule::MINUTES) add("For example, 1:30 for an hour and a half");
  if (rule.format() == FieldRule::MONEY_PENCE) add("In pounds. For example, 12.50");
  if (question.remark.empty()) return text.empty() ? Content() : Content(text);
  return text.empty() ? Content(question.remark) : Content(h("{}<br>{}", text, question.remark));
}

std::string width_of(const FieldDescriptor& field) {
  const FieldRule& rule = rule_of(field);
  if (rule.format() == FieldRule::TELEPHONE) return "govuk-input--width-20";
  if (rule.format() == FieldRule::TIME || is_number(field)) return "govuk-input--width-5";
  if (rule.bytes_max() == 0 || rule.bytes_max() > short_bytes_max) return {};
  return rule.bytes_max() <= 10 ? "govuk-input--width-10" : "govuk-input--width-20";
}

std::string type_of(const FieldDescriptor& field) {
  switch (rule_of(field).format()) {
    case FieldRule::EMAIL:
      return "email";
    case FieldRule::TELEPHONE:
      return "tel";
    default:
      return "text";
  }
}

// A question with all that its kind of element needs to know.
struct Asking {
  const Question& question;
  Asked asked;
  std::string name;
  Content label;
  Content hint;
  std::string text;  // what the boxes hold

  const FieldDescriptor& field() const { return question.field; }
  Field in_one_box() const {
    return {.name = name,
            .label = {.text = label},
            .hint = hint,
            .error = question.error,
            .classes = asked == Asked::line ? width_of(question.field) : std::string()};
  }
};

Html line(const Asking& asking) {
  const bool digits =
      is_number(asking.field()) && rule_of(asking.field()).format() == FieldRule::PLAIN;
  return text_input({.field = asking.in_one_box(),
                     .value = asking.text,
                     .type = type_of(asking.field()),
                     .input_mode = digits ? "numeric" : "",
                     .autocomplete = "off",
                     .spellcheck = false});
}

Html lines(const Asking& asking, int rows) {
  return text_area(
      {.field = asking.in_one_box(), .value = asking.text, .rows = rows, .autocomplete = "off"});
}

Html date(const Asking& asking) {
  DateInput input{.id = asking.name,
                  .name_prefix = asking.name,
                  .legend = Legend{.text = asking.label},
                  .hint = asking.hint,
                  .error = asking.question.error};
  if (const auto* typed = asking.question.typed) {
    input.day = typed->get(asking.name + "-day");
    input.month = typed->get(asking.name + "-month");
    input.year = typed->get(asking.name + "-year");
  } else if (!asking.text.empty()) {
    const auto first = asking.text.find('/');
    const auto last = asking.text.rfind('/');
    input.day = asking.text.substr(0, first);
    input.month = asking.text.substr(first + 1, last - first - 1);
    input.year = asking.text.substr(last + 1);
  }
  return date_input(input);
}

Html choice(const Asking& asking) {
  const auto& field = asking.field();
  const std::string standing = text_of_boxes(field, asking.question.values, asking.question.codes);
  const bool is_enum = field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
  auto offers =
      is_enum ? offers_of_enum(field, standing) : offers_of_codes(field, asking.question.codes);
  keep(field, asking.question.codes, standing, offers);
  if (rule_of(field).format() == FieldRule::ESTABLISHMENT) {  // people look for a name, not a code
    std::sort(offers.begin(), offers.end(),
              [](const Offer& a, const Offer& b) { return a.text < b.text; });
  }
  Select out{.field = asking.in_one_box(), .value = asking.text};
  const bool needed = rule_of(field).required();
  if (!needed || standing.empty())
    out.options.push_back({"", needed ? "Choose" : nothing_recorded});
  for (const Offer& offer : offers) out.options.push_back({offer.value, offer.text});
  return select(out);
}

Html choices(const Asking& asking) {
  const auto& field = asking.field();
  auto offers = offers_of_codes(field, asking.question.codes);
  for (const auto& standing :
       lines_in(text_of_boxes(field, asking.question.values, asking.question.codes))) {
    keep(field, asking.question.codes, standing, offers);
  }
  const auto chosen = lines_in(asking.text);
  Choices out{.name = asking.name,
              .legend = Legend{.text = asking.label},
              .hint = asking.hint,
              .error = asking.question.error,
              .classes = "govuk-checkboxes--small" + also("many-boxes", offers.size() > few_boxes)};
  for (const Offer& offer : offers) {
    out.items.push_back(
        {.value = offer.value,
         .text = offer.text,
         .checked = std::find(chosen.begin(), chosen.end(), offer.value) != chosen.end()});
  }
  // A browser sends nothing of boxes that are all empty; this says that they were there.
  return h(R"(<input type="hidden" name="{}" value="">{})", asking.name, checkboxes(out));
}

Html yes_no(const Asking& asking) {
  return radios({.name = asking.name,
                 .legend = Legend{.text = asking.label},
                 .hint = asking.hint,
                 .error = asking.question.error,
                 .classes = "govuk-radios--inline",
                 .items = {{.value = "yes", .text = "Yes", .checked = asking.text == "yes"},
                           {.value = "no", .text = "No", .checked = asking.text == "no"}}});
}

}  // namespace

Asked how_asked(const FieldDescriptor& field, const CodeLists& codes) {
  const FieldRule& rule = rule_of(field);
  if (rule.policy() == FieldRule::LIFECYCLE || field.type() == FieldDescriptor::TYPE_BYTES ||
      field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return Asked::never;
  }
  const CodeList* list = list_of(field, codes);
  if (rule.policy() == FieldRule::SET) {
    return list && list->codes().size() <= boxes_max ? Asked::choices : Asked::one_a_line;
  }
  if (rule.policy() == FieldRule::APPEND) return Asked::note;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) return Asked::yes_no;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM || list) return Asked::choice;
  if (rule.format() == FieldRule::DATE) return Asked::date;
  return rule.format() == FieldRule::LONG_TEXT ? Asked::lines : Asked::line;
}

std::string question_name(const FieldDescriptor& field) { return spoken_field(field); }

std::string question_id(const FieldDescriptor& field, const CodeLists& codes) {
  return question_name(field) + (how_asked(field, codes) == Asked::date ? "-day" : "");
}

std::string text_of_boxes(const FieldDescriptor& field, const std::vector<Bytes>& values,
                          const CodeLists& codes) {
  const Asked asked = how_asked(field, codes);
  if (asked == Asked::note || values.empty()) return {};
  if (!is_list(asked)) return as_sent(asked, box_of(field, values.front(), codes));
  std::vector<std::string> lines;
  lines.reserve(values.size());
  for (const auto& value : values) lines.push_back(visible_line(box_of(field, value, codes)));
  return as_sent(asked, joined_lines(lines));
}

std::string text_sent(const FieldDescriptor& field, const Parameters& sent,
                      const CodeLists& codes) {
  const std::string name = question_name(field);
  const Asked asked = how_asked(field, codes);
  if (asked == Asked::date) return date_sent(name, sent);
  return as_sent(asked, asked == Asked::choices ? joined_lines(sent.all(name)) : sent.get(name));
}

bool was_asked(const FieldDescriptor& field, const Parameters& sent) {
  const std::string name = question_name(field);
  return sent.has(name) || sent.has(name + date_parts.front());
}

std::vector<std::string> lines_in(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(text.substr(0, end));
    if (!line.empty()) out.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Html question(const Question& question) {
  const Asked asked = how_asked(question.field, question.codes);
  const auto& codes = question.codes;
  const Asking asking{question,
                      asked,
                      question_name(question.field),
                      rule_of(question.field).label(),
                      hint_of(question, asked),
                      question.typed ? text_sent(question.field, *question.typed, codes)
                                     : text_of_boxes(question.field, question.values, codes)};
  switch (asked) {
    case Asked::never:
      return {};
    case Asked::line:
      return line(asking);
    case Asked::lines:
      return lines(asking, 5);
    case Asked::note:
    case Asked::one_a_line:
      return lines(asking, 3);
    case Asked::date:
      return date(asking);
    case Asked::choice:
      return choice(asking);
    case Asked::choices:
      return choices(asking);
    case Asked::yes_no:
      return yes_no(asking);
  }
  return {};
}

}  // namespace throughgate::node::web
