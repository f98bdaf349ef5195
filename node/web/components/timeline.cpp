#include "node/web/components/timeline.h"

#include "node/web/content_style.h"

namespace throughgate::node::web {
namespace {

Html event_title(const Content& title, int level) {
  if (level == 2) return h(R"(<h2 class="moj-timeline__title">{}</h2>)", title.html());
  if (level == 4) return h(R"(<h4 class="moj-timeline__title">{}</h4>)", title.html());
  return h(R"(<h3 class="moj-timeline__title">{}</h3>)", title.html());
}

}  // namespace

Html timeline(const std::vector<TimelineEvent>& events, int heading_level) {
  return h(R"(<div class="moj-timeline">{}</div>)", each(events, [&](const TimelineEvent& event) {
             return h(
                 R"(<div class="moj-timeline__item"><div class="moj-timeline__header">{} {}</div>
<p class="moj-timeline__date"><time datetime="{}">{}</time></p><div class="moj-timeline__description">{}</div></div>)",
                 event_title(event.title, heading_level),
                 when(!event.by.empty(),
                      [&] { return h(R"(<p class="moj-timeline__byline">by {}</p>)", event.by); }),
                 machine_time(event.utc_ms), date_time_text(event.utc_ms), event.body);
           }));
}

}  // namespace throughgate::node::web
