#include "node/web/pages/audit/audit_pages.h"

#include <charconv>

#include "node/audit_words.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/filter_box.h"
#include "node/web/components/messages.h"
#include "node/web/components/pagination.h"
#include "node/web/components/table.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;
using Parts = std::vector<std::pair<std::string, std::string>>;

constexpr char address[] = "/who-looked";
constexpr std::size_t rows_a_page = 100;
constexpr std::size_t exported_max = 100'000;

// What the address, or the form beside the list, asks for.
struct Asked {
  std::string record;
  std::string person;
  std::string fault;  // of the record's number
  AuditFilter filter;

  Parts parts() const {
    Parts out;
    if (!record.empty()) out.emplace_back("record", record);
    if (!person.empty()) out.emplace_back("person", person);
    return out;
  }
};

Asked asked_by(const Parameters& sent) {
  Asked out{sent.get("record"), sent.get("person"), {}, {}};
  const auto bytes = crypto::from_hex(out.record);
  if (bytes) out.filter.dossier = sync::DossierId::from(*bytes);
  if (!out.record.empty() && !out.filter.dossier) {
    out.fault = "Enter the whole number of a record, 32 digits and letters from a to f";
  }
  const auto person = crypto::from_hex(out.person);
  if (person) out.filter.actor = sync::ActorId::from(*person);
  const std::string& before = sent.get("before");
  std::from_chars(before.data(), before.data() + before.size(), out.filter.before);
  return out;
}

Html filters(const Asked& asked, const StaffNames& names) {
  Select people{.field = {.name = "person", .label = {.text = "Person"}},
                .options = {{"", "Everybody"}},
                .value = asked.person};
  for (const auto& [id, name] : names) people.options.push_back({id.hex(), name});
  return filter_box({.action = Url(address),
                     .fields = text_input({.field = {.name = "record",
                                                     .label = {.text = "Number of a record"},
                                                     .hint = "It stands in the record's address",
                                                     .error = asked.fault},
                                           .value = asked.record,
                                           .autocomplete = "off",
                                           .spellcheck = false}) +
                               select(people),
                     .clear = Url(address),
                     .is_filtered = !asked.parts().empty()});
}

Html record_cell(const AuditRow& row, const AuditWords& words) {
  const auto* type = record_type(row.record.type);
  const auto* root = type ? root_record_type(type->dossier) : nullptr;
  const auto page = root ? page_address(row.record.dossier, root->number) : std::nullopt;
  return page ? h(R"(<a class="govuk-link" href="{}">{}</a>)", Url(*page), words.record)
              : h("{}", words.record);
}

Html table_of(const std::vector<AuditRow>& rows, const StaffNames& names) {
  if (rows.empty()) return h(R"(<p class="govuk-body">Nothing is written down here.</p>)");
  Table out{.head = {{.content = "When"},
                     {.content = "Who"},
                     {.content = "What"},
                     {.content = "Record"},
                     {.content = "Details"},
                     {.content = "Reason"}}};
  for (const auto& row : rows) {
    const auto words = words_of(row, names);
    out.rows.push_back({{.content = date_time_text(static_cast<std::int64_t>(row.at_ms))},
                        {.content = words.who},
                        {.content = words.what},
                        {.content = record_cell(row, words), .classes = "break-anywhere"},
                        {.content = words.fields},
                        {.content = words.reason}});
  }
  return scroll_region("Who looked at what", table(out));
}

Html ways_on(const Asked& asked, const std::vector<AuditRow>& rows) {
  Pagination out;
  if (asked.filter.before != 0) {
    out.previous = PageLink{.href = query_url(address, asked.parts()), .text = "Newest"};
  }
  if (rows.size() == rows_a_page) {
    auto parts = asked.parts();
    parts.emplace_back("before", std::to_string(rows.back().number));
    out.next = PageLink{.href = query_url(address, parts), .text = "Older"};
  }
  return out.previous || out.next ? pagination(out) : Html{};
}

Html export_form(const PageContext& context, const Asked& asked, const std::string& fault) {
  if (!context.records.viewer().may(Act::export_file)) return {};
  const auto hidden = [](const char* name, const std::string& value) {
    return h(R"(<input type="hidden" name="{}" value="{}">)", name, value);
  };
  return h(
      R"(<section class="no-print"><h2 class="govuk-heading-m">Take this list out</h2>{}</section>)",
      form({.action = Url(address), .csrf_token = context.visit.csrf_token},
           hidden("record", asked.record) + hidden("person", asked.person) +
               text_input({.field = {.name = "why",
                                     .label = {.text = "Why do you need it as a file?"},
                                     .hint = "Written down, with your name",
                                     .error = fault},
                           .value = context.field("why"),
                           .autocomplete = "off"}) +
               button({.text = "Save as a file", .classes = "govuk-button--secondary"})));
}

// The list's last mark and how to use it, where every row is as it was written.
Html mark_part(const sync::Result<AuditMark>& last) {
  if (!last) return warning_text(last.error().message);
  if (last->number == 0) return {};
  return h(
      R"(<p class="govuk-body">Every row is as it was written. Mark of the newest: <strong class="break-anywhere">{}</strong>. Note it elsewhere: it proves later that nothing before it was changed or taken away.</p>)",
      text_of(*last));
}

Response list_page(PageContext& context, const Asked& asked, const std::string& fault = {}) {
  if (auto may = context.records.viewer().check(Act::audit); !may) {
    return problem(context, may.error());
  }
  Audit audit(context.node);
  const auto rows = audit.list(asked.filter, rows_a_page);
  const auto names = staff_names(context.node);
  const auto last = audit.check();
  if (!rows) return problem(context, rows.error());
  if (!names) return problem(context, names.error());
  if (!last && last.error().kind != ErrorKind::corrupt) return problem(context, last.error());
  ErrorSummary errors;
  if (!asked.fault.empty()) errors.items.push_back({asked.fault, "record"});
  if (!fault.empty()) errors.items.push_back({fault, "why"});
  const bool wrong = !errors.items.empty();
  return show(context, {.title = "Who looked at what",
                        .has_error = wrong,
                        .main = when(wrong, [&] { return error_summary(errors); }) +
                                h(R"(<h1 class="govuk-heading-l">Who looked at what</h1>
<p class="govuk-body">Each look at risk, health and other confidential details on this computer, and each list taken out as a file. It stays on this computer.</p>{}{}{}{}{})",
                                  mark_part(last), filters(asked, *names),
                                  asked.fault.empty() ? table_of(*rows, *names) : Html{},
                                  ways_on(asked, *rows), export_form(context, asked, fault))});
}

Response take_file(PageContext& context) {
  const auto asked = asked_by(context.visit.form.fields);
  const auto& viewer = context.records.viewer();
  for (const Act act : {Act::audit, Act::export_file}) {
    if (auto may = viewer.check(act); !may) return problem(context, may.error());
  }
  if (!asked.fault.empty()) return list_page(context, asked);
  if (is_blank(context.field("why"))) {
    return list_page(context, asked, "Enter why you need it as a file");
  }
  Audit audit(context.node);
  const auto rows = audit.list(asked.filter, exported_max);
  const auto names = staff_names(context.node);
  if (!rows) return problem(context, rows.error());
  if (!names) return problem(context, names.error());
  const auto& about = asked.filter.dossier;
  const auto noted = audit.note_file(rows->size(), viewer, context.field("why"), about);
  if (!noted) return problem(context, noted.error());
  return download(audit_csv(*rows, *names), "text/csv; charset=utf-8", "who-looked-at-what.csv");
}

}  // namespace

void add_audit_pages(SitePages& pages) {
  pages.get(address,
            [](PageContext& context) { return list_page(context, asked_by(context.visit.query)); });
  pages.post(address, take_file);
}

}  // namespace throughgate::node::web
