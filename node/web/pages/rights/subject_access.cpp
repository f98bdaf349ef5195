// All that is kept of one person, for them: what there is, what somebody has to look at first, and
// the file.
#include "node/rights/files.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/messages.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using sync::DossierId;

// More boxes than one form may send; what has none is left out.
constexpr std::size_t boxes_max = 400;
constexpr char list_address[] = "/subject-access";

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return count_text(static_cast<std::int64_t>(count), one, many);
}

Html in_two_thirds(const Html& inside) {
  return h(
      R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}</div></div>)",
      inside);
}

Html heading(const std::string& name) {
  return h(
      R"(<h1 class="govuk-heading-l"><span class="govuk-caption-l">{}</span> What we hold about this person</h1>)",
      name);
}

Html way_back(const PageContext& context, const DossierId& person) {
  const auto held = context.records.whole().dossier(person);
  const auto page = held ? page_address(person, held->root_type) : std::nullopt;
  return back_link(Url(page.value_or("/")));
}

// ---- first: what there is, and why somebody asks

Response first_page(PageContext& context, const DossierId& person, const std::string& error) {
  const auto size = size_of_pack(context.records, person);
  if (!size) return problem(context, size.error());
  SummaryList list{.rows = {}, .card = SummaryCard{.title = "What there is here"}};
  for (const auto& [kind, count] : size->records) {
    list.rows.push_back({kind, number_text(static_cast<std::int64_t>(count)), {}});
  }
  const Html asking = form(
      {.action = Url(address_of(list_address, person)), .csrf_token = context.visit.csrf_token},
      text_input({.field = {.name = "why_look",
                            .label = {.text = "Why do you look at all of it?"},
                            .hint = "For example: they asked on 3 December. Written down with your "
                                    "name",
                            .error = error},
                  .value = context.field("why_look"),
                  .autocomplete = "off"}) +
          button({.text = "Go on", .prevent_double_click = true}));
  const Html main =
      when(!error.empty(),
           [&] {
             return error_summary({.items = {{error, "why_look"}}});
           }) +
      heading(size->name) +
      h(R"(<p class="govuk-body">Somebody who asks is given everything that this organisation holds about them, with its history, whom it was shared with and who looked at it. What is about other people is left out.</p>{}
<p class="govuk-body">What other organisations hold in files of their own cannot be seen from here. The answer says so.</p>{})",
        summary_list(list), asking);
  return show(context, {.title = "What we hold about this person",
                        .has_error = !error.empty(),
                        .before_main = way_back(context, person),
                        .main = in_two_thirds(main)});
}

// ---- then: what to look at

Html names_in(const ToLookAt& item) {
  if (item.names.empty()) return {};
  std::string names;
  for (const auto& each : item.names) names += (names.empty() ? "" : ", ") + each;
  return h(R"(<br>{} {})", tag("Names somebody else", TagColour::orange), names);
}

Choices boxes(const Pack& pack) {
  Choices out{.name = "keep",
              .legend = Legend{.text = "Which of these texts go in?",
                               .classes = "govuk-fieldset__legend--m"},
              .hint =
                  "Tick what the person is given. Leave out what names somebody else, and what "
                  "the law lets you keep back",
              .classes = "govuk-checkboxes--small"};
  for (std::size_t i = 0; i < std::min(pack.to_look_at.size(), boxes_max); ++i) {
    const auto& item = pack.to_look_at[i];
    out.items.push_back(
        {.value = item.id,
         .text = h(R"(<strong>{}</strong><br><span class="as-typed">{}</span>{})", item.where,
                   item.text, names_in(item)),
         .hint = item.by + ", " + date_time_text(static_cast<std::int64_t>(item.at_ms)),
         .checked = item.is_kept});
  }
  return out;
}

Html not_all_have_boxes(const Pack& pack) {
  if (pack.to_look_at.size() <= boxes_max) return {};
  return warning_text("There are " + counted(pack.to_look_at.size(), "text", "texts") +
                      " to look at, and this page shows the first " +
                      number_text(static_cast<std::int64_t>(boxes_max)) +
                      ". The others are left out. The command \"subject-access\" shows all.");
}

Html not_all_is_read(const Pack& pack) {
  if (pack.not_read.empty()) return {};
  std::string where;
  for (const auto& each : not_read_in_words(pack)) where += (where.empty() ? "" : "; ") + each;
  return warning_text(
      "A newer version of this program made changes that this one cannot read yet. They are not in "
      "the answer, which says so. Update this program first if you can. " +
      where + ".");
}

Response look_page(PageContext& context, const DossierId& person) {
  if (is_blank(context.field("why_look"))) {
    return first_page(context, person, "Enter why you look at all of it");
  }
  const auto pack = pack_of(context.records, person, {});
  if (!pack) return problem(context, pack.error());
  const Html hidden =
      h(R"(<input type="hidden" name="why_look" value="{}">)", context.field("why_look"));
  const Html buttons =
      button_group(button({.text = "Save as PDF", .name = "form", .value = "pdf"}) +
                   button({.text = "Save for programs (JSON)",
                           .classes = "govuk-button--secondary",
                           .name = "form",
                           .value = "json"}));
  const Html main =
      heading(pack->name) +
      h(R"(<p class="govuk-body">There are {}. Left out: {} about other people, and {} of members of staff, who stand there by what they do.</p>{}{}{}
<p class="govuk-body">Read the file once more before you hand it over, and delete it from this computer when you have.</p>)",
        counted(pack->values, "value", "values"),
        counted(pack->left_out_of_others, "value", "values"),
        counted(pack->left_out_of_staff, "name", "names"), not_all_is_read(*pack),
        not_all_have_boxes(*pack),
        form({.action = Url(address_of(list_address, person) + "/file"),
              .csrf_token = context.visit.csrf_token},
             hidden + when(!pack->to_look_at.empty(), [&] { return checkboxes(boxes(*pack)); }) +
                 buttons));
  return show(context, {.title = "What we hold about this person",
                        .before_main = way_back(context, person),
                        .main = in_two_thirds(main)});
}

// ---- the file

Response file_page(PageContext& context, const DossierId& person) {
  if (is_blank(context.field("why_look"))) {
    return first_page(context, person, "Enter why you look at all of it");
  }
  Kept kept;
  for (const auto& id : context.visit.form.fields.all("keep")) kept.ids.insert(id);
  const auto pack = pack_of(context.records, person, kept);
  if (!pack) return problem(context, pack.error());
  const auto form = context.field("form") == "json" ? PackForm::json : PackForm::pdf;
  auto file = file_of(*pack, form);
  if (!file) return problem(context, file.error());
  if (auto noted = note_taken(context.records, *pack); !noted) {
    return problem(context, noted.error());
  }
  return download(std::string(file->bytes.begin(), file->bytes.end()), file->mime_type, file->name);
}

using OfPerson = Response (*)(PageContext&, const DossierId&);

SitePages::Handler of_person(OfPerson page) {
  return for_act(Act::subject_access, [page](PageContext& context) {
    const auto person = dossier_in(context);
    return person ? page(context, *person) : no_such_page(context);
  });
}

Response asked_page(PageContext& context, const DossierId& person) {
  return first_page(context, person, {});
}

}  // namespace

std::string subject_access_address(const DossierId& person) {
  return address_of(list_address, person);
}

void add_subject_access_pages(SitePages& pages) {
  const std::string one = std::string(list_address) + "/:id";
  pages.get(one, of_person(asked_page));
  pages.post(one, of_person(look_page));
  pages.post(one + "/file", of_person(file_page));
}

}  // namespace throughgate::node::web
