// What a lost computer or file could show: counted, and as a text to begin a notice with.
#include "node/breach.h"

#include "node/audit.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/by_hand_parts.h"
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"

namespace throughgate::node::web {
namespace {

using sync::Result;

constexpr char lost_address[] = "/lost";
constexpr std::size_t files_shown = 20;

// ---- which

Html link_to(const std::string& address, const std::string& words) {
  return h(R"(<li><a class="govuk-link" href="{}">{}</a></li>)", Url(address), words);
}

Html own_computers(const OpenNode& node) {
  Html out;
  for (const auto& [id, computer] : node.directory().nodes()) {
    if (computer.organisation != node.identity().organisation) continue;
    out += link_to(lost_computer_address(id), computer.label);
  }
  return out;
}

Response which_page(PageContext& context) {
  Html files;
  for (const auto by : {MadeBy::person, MadeBy::night}) {
    const auto made = made_files(context.node, by, files_shown);
    if (!made) return problem(context, made.error());
    for (const auto& each : *made) {
      files += link_to(lost_file_address(each.number),
                       "For " + each.name + ", made on " + when_text(each.made_at_ms));
    }
  }
  const auto list = [](const char* heading, const Html& items, const char* none) {
    return h(R"(<h2 class="govuk-heading-m">{}</h2>)", heading) +
           (items.empty() ? h(R"(<p class="govuk-body">{}</p>)", none)
                          : h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)", items));
  };
  const bool is_desk = context.node.directory().central() == context.node.identity().organisation;
  const Html main =
      h(R"(<p class="govuk-body">Ring the central team first: they withdraw a lost computer, so that nothing new opens on it. Then choose what was lost, to see what it could show and to write the notice.</p>)") +
      list("A computer of ours", own_computers(context.node), "No computer is in the list yet.") +
      when(
          is_desk,
          [] {
            return h(
                R"(<p class="govuk-body">For a computer of another organisation, open it under <a class="govuk-link" href="/central-team/organisations">Computers and sites</a>.</p>)");
          }) +
      list("A stick or e-mail with a file that was made here", files,
           "No file is remembered that was made here for another organisation.") +
      h(R"(<p class="govuk-body">A file for the central exchange opens for nobody: what is inside is sealed a second time.</p>)");
  return keeping_page(context, {.title = "Something was lost", .main = main});
}

// ---- what it could show

struct Meant {
  Breach breach;
  std::string address;
};

Result<Meant> meant_by(const PageContext& context) {
  const bool is_file = context.visit.path.get("what") == "file";
  const auto& id = context.visit.path.get("id");
  if (is_file) {
    const auto number = number_in(id).value_or(0);  // 0: none
    auto breach = breach_of_made_file(context.records, number);
    if (!breach) return breach.error();
    return Meant{*std::move(breach), lost_file_address(number)};
  }
  const auto bytes = crypto::from_hex(id);
  const auto computer = bytes ? sync::NodeId::from(*bytes) : std::nullopt;
  auto breach = breach_of_computer(context.records, computer.value_or(sync::NodeId{}));
  if (!breach) return breach.error();
  return Meant{*std::move(breach), lost_computer_address(*computer)};
}

std::string count_of(std::uint64_t n) { return number_text(static_cast<std::int64_t>(n)); }

Html counts_list(const char* title, const std::map<std::string, std::uint64_t>& counts) {
  SummaryList out{.rows = {}, .card = SummaryCard{.title = title}};
  for (const auto& [name, count] : counts) out.rows.push_back({name, count_of(count), {}});
  return when(!counts.empty(), [&] { return summary_list(out); });
}

Html facts_of(const Breach& breach) {
  SummaryList out;
  out.rows.push_back({breach.is_bundle ? "Made by" : "Computer", breach.what, {}});
  out.rows.push_back({breach.is_bundle ? "Made on" : "Last heard of here",
                      breach.happened_ms == 0 ? "Not known" : when_text(breach.happened_ms),
                      {}});
  out.rows.push_back({breach.is_bundle ? "Opens on" : "Standing", breach.standing, {}});
  out.rows.push_back({"Who could read with it", breach.whose, {}});
  out.rows.push_back({"Records", count_of(breach.records.size()), {}});
  if (!breach.is_bundle) {
    out.rows.push_back(
        {"Of these with a new key, which it never gets", count_of(breach.with_new_keys()), {}});
  }
  return summary_list(out);
}

Html sentences(const Breach& breach) {
  Html out;
  for (const auto& each : breach.openers) {
    out +=
        warning_text(each + " is withdrawn: whoever has that computer and the file can read it.");
  }
  for (const auto& each : breach.not_in_it) out += h(R"(<p class="govuk-body">{}</p>)", each);
  return out;
}

Response report_page(const PageContext& context, const Meant& meant, const std::string& error) {
  const auto& breach = meant.breach;
  const Html asking = form(
      {.action = Url(meant.address), .csrf_token = context.visit.csrf_token},
      text_input({.field = {.name = "reason",
                            .label = {.text = "Why do you make the report?"},
                            .hint = "For example: left on a train on 3 December. Written down with "
                                    "your name",
                            .error = error},
                  .value = context.field("reason"),
                  .autocomplete = "off"}) +
          button({.text = "Save the report", .prevent_double_click = true}));
  const Html main =
      facts_of(breach) + counts_list("What kind of records", breach.by_kind()) +
      counts_list("Who keeps them", breach.by_owner()) + sentences(breach) +
      h(R"(<p class="govuk-body">The law gives you 72 hours from when you knew to tell the Information Commissioner, unless it is unlikely to put anybody at risk.</p><p class="govuk-body">The report lists each record, and whom it is about as far as your roles show it. Keep it as safe as the records, and delete it from this computer when the notice is sent.</p>)") +
      asking;
  return keeping_page(context, {.title = breach.is_bundle ? "What a lost file could show"
                                                          : "What a lost computer could read",
                                .main = main,
                                .error = error,
                                .back = lost_address,
                                .back_words = "Something was lost"});
}

Response ask(PageContext& context) {
  const auto meant = meant_by(context);
  return meant ? report_page(context, *meant, {}) : problem(context, meant.error());
}

// The row of the list of looks first: no report without it.
Response save(PageContext& context) {
  const auto meant = meant_by(context);
  if (!meant) return problem(context, meant.error());
  const auto& reason = context.field("reason");
  if (is_blank(reason)) return report_page(context, *meant, "Enter why you make the report");
  const auto noted =
      Audit(context.node).note_file(meant->breach.records.size(), context.records.viewer(), reason);
  if (!noted && noted.error().kind == sync::ErrorKind::invalid) {
    return report_page(context, *meant, noted.error().message);
  }
  if (!noted) return problem(context, noted.error());
  return download(text_of(meant->breach, context.actor.name, context.now_ms()),
                  "text/plain; charset=utf-8", "report.txt");
}

}  // namespace

std::string lost_file_address(std::uint64_t number) {
  return std::string(lost_address) + "/file/" + std::to_string(number);
}

std::string lost_computer_address(const sync::NodeId& id) {
  return std::string(lost_address) + "/computer/" + id.hex();
}

void add_breach_pages(SitePages& pages) {
  const std::string one = std::string(lost_address) + "/:what/:id";
  pages.get(lost_address, for_act(Act::export_file, which_page));
  pages.get(one, for_act(Act::export_file, ask));
  pages.post(one, for_act(Act::export_file, save));
}

}  // namespace throughgate::node::web
