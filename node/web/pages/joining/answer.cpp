// Bringing in the central team's answer, which somebody carried.
#include "node/enrolment/joining.h"
#include "node/web/components/button.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/joining/parts.h"

namespace throughgate::node::web {
namespace {

using sync::ErrorKind;

constexpr char file_field[] = "file";

Response form_page(const PageContext& context, const std::string& error = {}) {
  FormFaults faults;
  if (!error.empty()) faults.add(file_field, error);
  return joining_page(
      context,
      {.title = "Bring in their answer",
       .main =
           h(R"(<p class="govuk-body">It is checked before anything of it counts. Bringing in the same file again does no harm.</p>)") +
           form({.action = Url(bring_answer_address),
                 .csrf_token = context.visit.csrf_token,
                 .has_files = true},
                file_upload({.field = {.name = file_field,
                                       .label = {.text = "The file that the central team gave "
                                                         "you"},
                                       .hint = "Its name begins with \"throughgate-answer-\"",
                                       .error = error}}) +
                    button({.text = "Bring it in", .prevent_double_click = true})),
       .faults = faults});
}

Response bring(PageContext& context, const JoiningParts& parts) {
  const auto& files = context.visit.form.files;
  if (files.empty() || files.front().bytes.empty()) {
    return form_page(context, "Select the file that the central team gave you");
  }
  const auto taken =
      take_approval_alone(context.node, parts.folder, crypto::as_bytes(files.front().bytes));
  if (taken) return done(joining_address, "joined");
  const auto kind = taken.error().kind;
  const bool is_of_disk = kind == ErrorKind::unavailable || kind == ErrorKind::corrupt;
  return is_of_disk ? problem(context, taken.error()) : form_page(context, taken.error().message);
}

}  // namespace

void add_joining_answer_pages(SitePages& pages, const JoiningParts& parts) {
  pages.get_closed_too(bring_answer_address,
                       while_outside([](PageContext& context) { return form_page(context); }));
  pages.post_closed_too(bring_answer_address, while_outside([parts](PageContext& context) {
                          return bring(context, parts);
                        }));
}

}  // namespace throughgate::node::web
