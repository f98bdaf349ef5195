#include "node/web/components/page.h"

#include "node/web/content_style.h"

namespace throughgate::node::web {
namespace {

Html node_line(const Frame& frame) {
  if (frame.site_name.empty() && frame.status.empty()) return {};
  return h(R"(<p class="node-line"><span class="node-line__part">{}</span>{}</p>)", frame.site_name,
           when(!frame.status.empty(),
                [&] { return h(R"( <span class="node-line__part">{}</span>)", frame.status); }));
}

Html person_line(const Frame& frame) {
  if (frame.person.empty()) return {};
  return h(
      R"(<div class="person-line govuk-width-container"><span class="person-line__name">Signed in as {}</span>{}</div>)",
      frame.person, frame.sign_out);
}

Html head(const Frame& frame, const Page& page) {
  return h(
      R"(<head><meta charset="utf-8"><title>{}{} - {}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><meta name="theme-color" content="#1d70b8">
<link rel="icon" href="data:,"><link rel="stylesheet" href="{}"></head>)",
      page.has_error ? "Error: " : "", page.title, frame.service_name, Url(frame.style_url));
}

Html before_main(const Page& page) {
  if (page.before_main.empty()) return {};
  return h(R"(<nav aria-label="Back">{}</nav>)", page.before_main);
}

Html footer(const Frame& frame) {
  return h(
      R"(<footer class="govuk-template__footer"><div class="govuk-footer"><div class="govuk-width-container"><div class="govuk-footer__meta">
<div class="govuk-footer__meta-item govuk-footer__meta-item--grow"><span class="govuk-footer__licence-description">{}{}. Works without an internet connection.</span></div>
</div></div></div></footer>)",
      frame.service_name, frame.version.empty() ? std::string() : " " + frame.version);
}

}  // namespace

Html page(const Frame& frame, const Page& page) {
  const Html service = when(!frame.items.empty(), [&] {
    return service_navigation({.service_name = frame.site_name, .items = frame.items});
  });
  return h(R"(<!DOCTYPE html>
<html lang="en" class="govuk-template">{}<body class="govuk-template__body">{}
{}<header class="govuk-template__header">{}{}{}</header>
<div class="govuk-width-container">{}<main class="govuk-main-wrapper" id="main-content">{}</main></div>
{}<script type="module" src="{}"></script></body></html>
)",
           head(frame, page), trusted("<script>" + std::string(inline_script) + "</script>"),
           skip_link("Skip to main content", "main-content"),
           generic_header({.name = frame.service_name, .beside = node_line(frame)}), service,
           person_line(frame), before_main(page), page.main, footer(frame), Url(frame.script_url));
}

std::string status_text(std::optional<std::int64_t> offline_since_ms, std::int64_t now_ms,
                        std::int64_t changes_waiting) {
  const std::string waiting = changes_waiting == 0
                                  ? "everything sent"
                                  : count_text(changes_waiting, "change", "changes") + " waiting";
  if (!offline_since_ms) return "Online, " + waiting;
  const UkTime since = in_uk_time(*offline_since_ms);
  const bool today = since.date == in_uk_time(now_ms).date;
  return "Offline since " + time_text(since.minute_of_day) +
         (today ? "" : " on " + date_text(since.date)) + ", " + waiting;
}

}  // namespace throughgate::node::web
