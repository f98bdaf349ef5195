// By stick or e-mail: which files were made here for other organisations.
#include "node/bundles/made_files.h"

#include "node/web/content_style.h"
#include "node/web/pages/by_hand_parts.h"
#include "node/web/pages/rights/parts.h"

namespace throughgate::node::web {
namespace {

constexpr std::size_t newest = 20;
constexpr std::size_t newest_of_nights = 5;

Html row_of(const MadeFile& file, bool may_recall) {
  const Html recalled = file.recalled_at_ms == 0
                            ? h("")
                            : h(" Nothing in it is shared with them any more, since {}.",
                                when_text(file.recalled_at_ms));
  const Html link = when(may_recall && file.recalled_at_ms == 0 && file.records > 0, [&] {
    return h(
        R"( <a class="govuk-link" href="{}">Recall it<span class="govuk-visually-hidden">: the file for {}, number {}</span></a>)",
        Url("/by-hand/made/" + std::to_string(file.number)), file.name,
        std::to_string(file.number));
  });
  return h(R"(<li>For {}, made on {}: {}.{}{}</li>)", file.name, when_text(file.made_at_ms),
           count_text(static_cast<std::int64_t>(file.records), "record", "records"), recalled,
           link);
}

// Those that a person made come first: it is these that go to the wrong hands.
sync::Result<Html> list_of(const PageContext& context, MadeBy made_by, std::size_t limit) {
  const auto files = made_files(context.node, made_by, limit);
  if (!files) return files.error();
  if (files->empty()) return Html{};
  const bool may_recall = context.records.viewer().check(Act::share).has_value();
  return h(
      R"(<h2 class="govuk-heading-m">{}</h2><ul class="govuk-list govuk-list--bullet">{}</ul>)",
      made_by == MadeBy::person ? "Files made for others" : "Made by itself at night",
      each(*files, [&](const MadeFile& file) { return row_of(file, may_recall); }));
}

sync::Result<Html> both_lists(const PageContext& context, std::size_t limit,
                              std::size_t limit_of_nights) {
  const auto by_people = list_of(context, MadeBy::person, limit);
  if (!by_people) return by_people.error();
  const auto of_nights = list_of(context, MadeBy::night, limit_of_nights);
  if (!of_nights) return of_nights.error();
  return *by_people + *of_nights;
}

Response every_file(PageContext& context) {
  const auto lists = both_lists(context, made_files_max, made_files_max);
  if (!lists) return problem(context, lists.error());
  const Html main = h(
      R"(<h1 class="govuk-heading-l">Files made for others</h1><p class="govuk-body">Where one was for the wrong organisation, recall it. The newest {} of either kind are remembered.</p>{})",
      std::to_string(made_files_max), *lists);
  return show(context, {.title = "Files made for others",
                        .before_main = back_link(Url("/by-hand"), "By stick or e-mail"),
                        .main = in_two_thirds(main)});
}

}  // namespace

sync::Result<Html> made_files_part(const PageContext& context) {
  auto lists = both_lists(context, newest, newest_of_nights);
  if (!lists || lists->empty()) return lists;
  return *lists +
         h(R"(<p class="govuk-body">Where one was for the wrong organisation, recall it: they then take part no more in what is in it. <a class="govuk-link" href="{}">See all that are remembered</a></p>)",
           Url("/by-hand/made"));
}

void add_made_files_pages(SitePages& pages) {
  pages.get("/by-hand/made", for_act(Act::carry, every_file));
}

}  // namespace throughgate::node::web
