#include "node/web/pages/change_reason.h"

#include "node/web/components/text_input.h"

namespace throughgate::node::web {
namespace {

constexpr char reason_name[] = "change_reason";

}  // namespace

Html reason_question(const PageContext& context, const ReasonQuestion& question) {
  return text_input(
      {.field = {.name = reason_name, .label = {.text = question.label}, .hint = question.hint},
       .value = context.field(reason_name),
       .autocomplete = "off"});
}

By by_with_reason(const PageContext& context) { return context.by(context.field(reason_name)); }

}  // namespace throughgate::node::web
