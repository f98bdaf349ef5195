// Inviting: the code that lets one computer ask, shown once, and the invitation as a file.
#include "node/typed_words.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/text_input.h"
#include "node/web/pages/desk/parts.h"

namespace throughgate::node::web {
namespace {

using sync::OrganisationKind;

struct Faults {
  std::string name{}, kind{}, establishment{};
};

Select prison_question(const PageContext& context, const std::string& error) {
  Select out{.field = {.name = "establishment", .label = {.text = "Which prison?"}, .error = error},
             .options = {{.value = "", .text = "Select a prison"}},
             .value = context.field("establishment")};
  const auto* list = context.codes.list("establishments");
  for (const auto& code : list ? list->codes() : std::vector<Code>{}) {
    if (code.offered()) out.options.push_back({.value = code.code, .text = code.label});
  }
  return out;
}

Response new_page(PageContext& context, const Faults& faults = {}) {
  const auto& kind = context.field("kind");
  const Html inside =
      text_input({.field = {.name = "name",
                            .label = {.text = "Name of the organisation"},
                            .hint = "As everybody will read it, such as \"HMP Leeds\"",
                            .error = faults.name},
                  .value = context.field("name"),
                  .autocomplete = "off"}) +
      radios({.name = "kind",
              .legend = Legend{.text = "What is it?"},
              .error = faults.kind,
              .items = {{.value = "prison",
                         .text = "A prison",
                         .checked = kind == "prison",
                         .conditional = select(prison_question(context, faults.establishment))},
                        {.value = "partner",
                         .text = "A partner outside",
                         .checked = kind == "partner"}}}) +
      button({.text = "Make the code", .prevent_double_click = true});
  const bool of_name = !faults.name.empty();
  const bool of_kind = !of_name && !faults.kind.empty();
  return desk_page(
      context,
      {.title = "Invite an organisation",
       .main =
           h(R"(<p class="govuk-body">The code lets one computer ask to be let in, once, within 14 days. You then compare eight words with its people by telephone.</p>)") +
           form({.action = Url(invite_address), .csrf_token = context.visit.csrf_token}, inside),
       .error = of_name   ? faults.name
                : of_kind ? faults.kind
                          : faults.establishment,
       .error_field = of_name   ? "name"
                      : of_kind ? "kind"
                                : "establishment"});
}

Response code_page(const PageContext& context, const std::string& name,
                   const sync::InvitationCode& code) {
  const std::string request = address_under(requests_address, code.mailbox());
  return desk_page(
      context,
      {.title = "The code",
       .caption = name,
       .main =
           inset_text(h(R"(<strong class="break-anywhere">{}</strong>)", code.text().view())) +
           warning_text("It is shown only now. Write it down, or make a new one.") +
           h(R"(<p class="govuk-body">Give it to them alone, by telephone or letter. It is good until {}.</p>
<p class="govuk-body">Tell them the address of the central exchange too: whoever asks over the network types both.</p>
<p class="govuk-body">Where their computer has no network, <a class="govuk-link" href="{}">save the invitation as a file</a> and send that too. Anybody may carry the file: the code is not in it.</p>
<p class="govuk-body"><a class="govuk-link" href="{}">Requests to be let in</a></p>)",
             when_text(context.now_ms() + sync::invitation_ms_max), Url(request + "/invitation"),
             Url(requests_address))});
}

// What stands against it is said beside the name.
Response invite(PageContext& context) {
  sync::Invitation invitation;
  const auto name = one_line(context.field("name"));
  if (!name)
    return new_page(context, {.name = "Enter the name, on one line of 200 letters at most"});
  invitation.name = *name;
  const auto& kind = context.field("kind");
  if (kind != "prison" && kind != "partner") {
    return new_page(context, {.kind = "Select what it is"});
  }
  invitation.kind = kind == "prison" ? OrganisationKind::prison : OrganisationKind::partner;
  if (invitation.kind == OrganisationKind::prison) {
    invitation.establishment = context.field("establishment");
    if (!is_known_establishment(context.codes, invitation.establishment)) {
      return new_page(context, {.establishment = "Select which prison it is"});
    }
  }
  const auto code = Desk(context.node).invite(invitation);
  if (!code && code.error().kind == sync::ErrorKind::denied) {
    return new_page(context, {.name = code.error().message});
  }
  return code ? code_page(context, *name, *code) : problem(context, code.error());
}

// ---- another computer of one that is listed

const sync::Organisation* organisation_of(const PageContext& context) {
  const auto id = id_from<sync::OrganisationId>(context.visit.path.get("id"));
  return id ? context.node.directory().organisation(*id) : nullptr;
}

Response another_page(PageContext& context) {
  const auto* organisation = organisation_of(context);
  if (!organisation) return no_such_page(context);
  const std::string address = address_under(invite_address, organisation->id);
  return desk_page(
      context,
      {.title = "Invite another computer",
       .caption = organisation->name,
       .main =
           h(R"(<p class="govuk-body">The code lets one more of their computers ask to be let in, once, within 14 days. They need their recovery sheet for it.</p>)") +
           form({.action = Url(address), .csrf_token = context.visit.csrf_token},
                button({.text = "Make the code", .prevent_double_click = true})),
       .back = address_under(organisations_address, organisation->id),
       .back_words = organisation->name});
}

Response invite_another(PageContext& context) {
  const auto* organisation = organisation_of(context);
  if (!organisation) return no_such_page(context);
  sync::Invitation invitation;
  invitation.organisation = organisation->id;
  const auto code = Desk(context.node).invite(invitation);
  return code ? code_page(context, organisation->name, *code) : problem(context, code.error());
}

}  // namespace

void add_invite_pages(SitePages& pages) {
  pages.get(invite_address, for_desk([](PageContext& context) { return new_page(context); }));
  pages.post(invite_address, for_desk(invite));
  const std::string another = std::string(invite_address) + "/:id";
  pages.get(another, for_desk(another_page));
  pages.post(another, for_desk(invite_another));
}

}  // namespace throughgate::node::web
