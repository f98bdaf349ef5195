// Asking by a file that somebody takes to the central team.
#include "node/enrolment/by_file.h"

#include "node/web/components/button.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/joining/parts.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;

constexpr char file_field[] = "file";

std::optional<crypto::Bytes> invitation_sent(const PageContext& context) {
  const auto& files = context.visit.form.files;
  if (files.empty() || files.front().bytes.empty()) return std::nullopt;
  const auto bytes = crypto::as_bytes(files.front().bytes);
  return crypto::Bytes(bytes.begin(), bytes.end());
}

Response form_page(PageContext& context, const FormFaults& faults = {}) {
  const auto standing = joining_standing(context);
  if (!standing) return problem(context, standing.error());
  const Html invitation = file_upload(
      {.field = {.name = file_field,
                 .label = {.text = "The invitation, if a file came with the code (optional)"},
                 .hint = invitation_sent(context)
                             ? "Choose it once more: a browser does not keep it"
                             : "It is compared with the code and with this computer first, so that "
                               "nobody travels for nothing",
                 .error = faults.of(file_field)}});
  return joining_page(
      context,
      {.title = "Ask by a file",
       .main = form({.action = Url(by_file_address),
                     .csrf_token = context.visit.csrf_token,
                     .has_files = true},
                    code_question(context, faults) + label_question(context, *standing, faults) +
                        invitation +
                        button({.text = "Make the request", .prevent_double_click = true})),
       .faults = faults});
}

// Beside the question that it is about: whether the code is the invitation's, or else the file.
Response refused(PageContext& context, const Error& error) {
  if (error.kind == ErrorKind::unavailable || error.kind == ErrorKind::corrupt) {
    return problem(context, error);
  }
  FormFaults faults;
  const bool is_of_code = error.kind == ErrorKind::rejected || !invitation_sent(context);
  faults.add(is_of_code ? code_field : file_field, error.message);
  return form_page(context, faults);
}

Response ask(PageContext& context) {
  FormFaults faults;
  code_typed(context, faults);
  const auto facts = facts_typed(context, faults);
  if (!facts) return problem(context, facts.error());
  if (!faults.empty()) return form_page(context, faults);
  const auto made =
      ask_by_file(context.node, context.field(code_field), **facts, invitation_sent(context));
  return made ? done(joining_address, "made") : refused(context, made.error());
}

Response save(PageContext& context) {
  const auto made = filed_request(context.node);
  if (!made) return problem(context, made.error());
  return download(std::string(made->file.begin(), made->file.end()), "application/octet-stream",
                  "throughgate-request-" + made->number + ".tge");
}

}  // namespace

void add_join_by_file_pages(SitePages& pages) {
  pages.get_closed_too(by_file_address,
                       while_outside([](PageContext& context) { return form_page(context); }));
  pages.post_closed_too(by_file_address, while_outside(ask));
  pages.get_closed_too(request_address, while_outside(save));
}

}  // namespace throughgate::node::web
