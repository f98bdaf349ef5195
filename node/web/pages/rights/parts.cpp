#include "node/web/pages/rights/parts.h"

#include "node/dossier_kinds.h"
#include "node/field_names.h"
#include "node/web/components/button.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/record_title.h"

namespace throughgate::node::web {

using sync::DossierId;

Response keeping_page(const PageContext& context, const KeepingPage& page) {
  const bool wrong = !page.error.empty();
  const Html caption = when(!page.caption.empty(), [&] {
    return h(R"(<span class="govuk-caption-l">{}</span> )", page.caption);
  });
  return show(
      context,
      {.title = page.title,
       .has_error = wrong,
       .before_main = back_link(Url(page.back), page.back_words),
       .main = h(
           R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">{}<h1 class="govuk-heading-l">{}{}</h1>{}</div></div>)",
           when(wrong,
                [&] {
                  std::vector<ErrorSummary::Item> items{{page.error, page.error_field}};
                  for (const auto& [error, field] : page.more_errors) {
                    items.push_back({error, field});
                  }
                  return error_summary({.items = std::move(items)});
                }),
           caption, page.title, page.main)});
}

Html reason_form(const PageContext& context, const ReasonForm& asked) {
  return form({.action = Url(asked.action), .csrf_token = context.visit.csrf_token},
              asked.more +
                  text_input({.field = {.name = "reason",
                                        .label = {.text = asked.question},
                                        .hint = asked.hint,
                                        .error = asked.error},
                              .value = context.field("reason"),
                              .autocomplete = "off"}) +
                  button({.text = asked.button,
                          .classes = asked.is_warning ? "govuk-button--warning" : "",
                          .prevent_double_click = true}));
}

std::string names_of(const OpenNode& node, const std::vector<sync::OrganisationId>& organisations) {
  std::string out;
  for (const auto& id : organisations) {
    out += (out.empty() ? "" : ", ") + organisation_name(node, id);
  }
  return out;
}

std::string when_text(std::uint64_t ms) {
  return ms == 0 ? "never" : date_time_text(static_cast<std::int64_t>(ms));
}

sync::Result<std::string> title_of_record(const PageContext& context, const DossierId& id) {
  const auto held = context.records.whole().dossier(id);
  if (!held) return held.error();
  const auto* type = record_type(held->root_type);
  const bool seen = type && context.records.viewer().sees_any(type->number);
  if (seen) return record_title(context.records, *held);
  return type ? rule_of(*type->descriptor).label() : std::string("Record");
}

std::string page_of_record(const PageContext& context, const DossierId& id) {
  const auto held = context.records.whole().dossier(id);
  const auto page = held ? page_address(id, held->root_type) : std::nullopt;
  return page.value_or(keeping_address);
}

std::string field_address(const std::string& begin, const FieldAddress& at) {
  return begin + "/" + at.record.dossier.hex() + "/" + at.record.record.hex() + "/" +
         std::to_string(at.record.type) + "/" + std::to_string(at.field);
}

sync::Result<Html> list_of_fields(const PageContext& context, const DossierId& id,
                                  const std::string& begin) {
  const auto held = context.records.reader().dossier(id);
  if (!held) return held.error();
  const auto* root = record_type(held->root_type);
  Html out;
  for (const auto* type :
       root ? record_types_in(root->dossier) : std::vector<const RecordType*>{}) {
    sync::store::ListQuery query;
    query.type = type->number;
    query.dossier = id;
    query.limit = 500;
    const auto page = context.records.reader().list(query);
    if (!page) return page.error();
    for (const auto& row : page->rows) {
      const auto record = context.records.reader().read(row.name);
      if (!record) return record.error();
      out += h(R"(<h2 class="govuk-heading-s">{}</h2><ul class="govuk-list">{}</ul>)",
               rule_of(*type->descriptor).label(), each(record->fields, [&](const auto& field) {
                 return h(R"(<li><a class="govuk-link" href="{}">{}</a></li>)",
                          Url(field_address(begin, {row.name, field.field})),
                          label_of(row.name.type, field.field));
               }));
    }
  }
  return out;
}

SitePages::Handler of_record(Act act, OfRecord page) {
  return for_act(act, [page](PageContext& context) {
    const auto id = dossier_in(context);
    return id ? page(context, *id) : no_such_page(context);
  });
}

}  // namespace throughgate::node::web
