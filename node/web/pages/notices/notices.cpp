// What happened to something that people typed or rely on, until somebody says that they have seen
// it.
#include <algorithm>
#include <charconv>

#include "node/dossier_kinds.h"
#include "node/own_computers.h"
#include "node/web/components/button.h"
#include "node/web/components/messages.h"
#include "node/web/content_style.h"
#include "node/web/pages/addresses.h"
#include "node/web/pages/notices/notice_words.h"
#include "node/web/pages/pages.h"
#include "node/web/pages/record_title.h"
#include "sync/store/purge.h"

namespace throughgate::node::web {
namespace {

using sync::store::Notice;

constexpr char address[] = "/notices";
constexpr std::size_t notices_max = 100;  // the newest; older ones follow once these were seen

constexpr std::size_t seen_at_once_max = 100'000;

constexpr std::array<Outcome, 1> outcomes = {
    {{"seen", "Marked as seen. Everybody who works on this computer sees that."}}};

// Of a record that is no longer shared and was deleted here, this is all that is known.
std::optional<sync::store::PurgedDossier> purged_here(const PageContext& context,
                                                      const sync::DossierId& id) {
  sync::store::UnitOfWork work(context.node.database(), sync::store::Purpose::reading);
  for (const auto& each : sync::store::purged_dossiers(work)) {
    if (each.dossier == id) return each;
  }
  return std::nullopt;
}

std::string kind_of_purged(const sync::store::PurgedDossier& purged) {
  const auto* root = root_record_type(static_cast<schema::DossierKind>(purged.kind));
  sync::store::DossierView view;
  view.root_type = root ? root->number : 0;
  return kind_of_record(view);
}

struct Told {
  Notice notice;
  std::string record;  // its title; empty: about none, or it is not here any more
  std::optional<std::string> record_address;
  NoticeWords words;
};

Told told(const PageContext& context, const Notice& notice) {
  Told out{notice, {}, {}, {}};
  std::string kind = "record";
  std::string keeper = "The organisation that keeps it";
  sync::store::SetAside apart;
  if (notice.dossier) {
    const auto purged = purged_here(context, *notice.dossier);
    if (purged) {
      kind = kind_of_purged(*purged);
      keeper = organisation_name(context.node, purged->removed_by);
    } else if (const auto dossier = context.records.reader().dossier(*notice.dossier)) {
      kind = kind_of_record(*dossier);
      keeper = keeper_name(context.node, *dossier);
      out.record = record_title(context.records, *dossier);
      out.record_address = page_address(dossier->id, dossier->root_type);
    } else if (const auto held = context.records.reader().set_aside(*notice.dossier);
               held && *held) {
      apart = **held;
      keeper = organisation_name(context.node, apart.from);
    }
  }
  const auto news = list_news(context.node, notice);
  if (news && *news) {
    out.words = {(*news)->title, (*news)->happened, (*news)->next};
  } else {
    out.words = words_of(notice, context.node, kind, keeper, apart);
  }
  return out;
}

Html record_link(const Told& told) {
  if (told.record.empty()) return {};
  return told.record_address
             ? h(R"(<p class="govuk-body"><a class="govuk-link" href="{}">{}</a></p>)",
                 Url(*told.record_address), told.record)
             : h(R"(<p class="govuk-body">{}</p>)", told.record);
}

Html hidden_id(std::int64_t id) {
  return h(R"(<input type="hidden" name="notice" value="{}">)", id);
}

Html seen_button(const PageContext& context, const Told& told) {
  const std::string what = told.words.title + (told.record.empty() ? "" : ", " + told.record) +
                           ", " + date_time_text(static_cast<std::int64_t>(told.notice.at_ms));
  return form(
      {.action = Url(address), .csrf_token = context.visit.csrf_token},
      hidden_id(told.notice.id) +
          button({.text =
                      h(R"(I have seen this<span class="govuk-visually-hidden">: {}</span>)", what),
                  .classes = "govuk-button--secondary"}));
}

Html one(const PageContext& context, const Told& told) {
  const std::string when =
      told.notice.at_ms == 0 ? "" : date_time_text(static_cast<std::int64_t>(told.notice.at_ms));
  return h(R"(<section class="notice"><h2 class="govuk-heading-m">{}</h2>{}
<p class="govuk-body">{}</p><p class="govuk-body"><strong>What to do:</strong> {}</p>{}{}</section>)",
           told.words.title, when.empty() ? Html{} : h(R"(<p class="govuk-hint">{}</p>)", when),
           told.words.happened, told.words.next, record_link(told),
           told.notice.seen ? h(R"(<p class="govuk-hint">Seen</p>)") : seen_button(context, told));
}

Html all_seen(const PageContext& context, const std::vector<Notice>& notices) {
  Html ids;
  for (const auto& notice : notices) {
    if (!notice.seen) ids += hidden_id(notice.id);
  }
  return form({.action = Url(address), .csrf_token = context.visit.csrf_token},
              ids + button({.text = "I have seen all of these"}));
}

Response notices_page(PageContext& context) {
  const bool with_seen = context.query("show") == "all";
  const auto notices = context.records.reader().notices(!with_seen, notices_max);
  if (!notices) return problem(context, notices.error());
  Html list;
  std::size_t unseen = 0;
  for (const auto& notice : *notices) {
    if (!notice.seen) ++unseen;
    list += one(context, told(context, notice));
  }
  if (notices->empty()) {
    list = h(R"(<p class="govuk-body">{}</p>)",
             with_seen ? "There has been nothing yet." : "There is nothing new.");
  }
  if (unseen > 1) list += all_seen(context, *notices);
  const Html other =
      with_seen
          ? h(R"(<a class="govuk-link" href="{}">Only what nobody has seen yet</a>)", Url(address))
          : h(R"(<a class="govuk-link" href="{}">Those seen before, too</a>)",
              Url(std::string(address) + "?show=all"));
  const std::string title = "What you should know";
  return show(context,
              {.title = title,
               .main = outcome_banner(context, outcomes) +
                       h(R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<h1 class="govuk-heading-l">{}</h1>{}<p class="govuk-body">{}</p></div></div>)",
                         title, list, other)});
}

// Of those that this person sees: nobody takes a notice away from others unread.
Response seen(PageContext& context) {
  const auto shown = context.records.glance().notices(true, seen_at_once_max);
  if (!shown) return problem(context, shown.error());
  for (const auto& text : context.visit.form.fields.all("notice")) {
    std::int64_t id = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) continue;
    const bool is_shown = std::any_of(shown->begin(), shown->end(),
                                      [&](const Notice& notice) { return notice.id == id; });
    if (!is_shown) continue;
    const auto marked = sync::store::mark_notice_seen(context.node.database(), id);
    if (!marked) return problem(context, marked.error());
  }
  return done(address, "seen");
}

}  // namespace

void add_notice_pages(SitePages& pages) {
  pages.get(address, notices_page);
  pages.post(address, seen);
}

}  // namespace throughgate::node::web
