// How long each kind of record is kept, by the rules as their file has them now.
#include "node/erasure/schedule.h"

#include "node/web/components/messages.h"
#include "node/web/components/table.h"
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

std::string period_of(const RetentionRule& rule) {
  const auto counted = [](int count, const char* one) {
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
  };
  std::string out = rule.months > 0 ? counted(rule.months, "month") : std::string();
  if (rule.days > 0) out += (out.empty() ? "" : " and ") + counted(rule.days, "day");
  if (out.empty()) out = "At once";
  return rule.longest > 0 ? out + ", at most " + counted(rule.longest, "month") + " in all" : out;
}

std::string kind_in_words(const std::string& name) {
  const auto* type = record_type(name);
  return type ? rule_of(*type->descriptor).plural() : name;
}

}  // namespace

Html schedule_part(const RetentionSchedule& schedule) {
  Table rules{.head = {{.content = "Rule"}, {.content = "Kept for"}, {.content = "Why so long"}}};
  for (const auto& rule : schedule.rules) {
    rules.rows.push_back(
        {{.content = rule.name}, {.content = period_of(rule)}, {.content = rule.source}});
  }
  Table others{.head = {{.content = "Other records"}, {.content = "What they go with"}}};
  for (const auto& [kind, words] : schedule.goes_with) {
    others.rows.push_back({{.content = kind_in_words(kind)}, {.content = words}});
  }
  for (const auto& kind : schedule.silent_on()) {
    others.rows.push_back(
        {{.content = kind_in_words(kind)}, {.content = "Nothing is said. Add it to the rules"}});
  }
  return details({.summary = "How long each kind of record is kept",
                  .text = scroll_region("Rules", table(rules)) +
                          scroll_region("Other records", table(others))});
}

}  // namespace throughgate::node::web
