#include "node/web/error_pages.h"

#include <array>
#include <string_view>

namespace throughgate::node::web {
namespace {

struct Words {
  int status;
  std::string_view title, happened, next;
};

constexpr std::array<Words, 12> pages = {{
    {400, "This request could not be read",
     "The browser sent something this computer could not read. Nothing was saved.",
     "Go back, check what you entered and try again."},
    {403, "You cannot do this from here",
     "This form was out of date, or came from another website. Nothing was saved.",
     "Open the page again from the menu and try once more."},
    {404, "Page not found", "There is no page at this address. Nothing was changed.",
     "If you typed the address, check it is correct. If you followed a link, go to the start "
     "page."},
    {405, "You cannot do this from here",
     "This address cannot be used in this way. Nothing was saved.",
     "Open the page again from the menu."},
    {413, "What you sent is too big",
     "It was larger than 2 megabytes, or had too many parts. Nothing was saved.",
     "Shorten the text or choose a smaller file, and try again."},
    {415, "This request could not be read",
     "It was sent in a form this computer does not accept. Nothing was saved.",
     "Use the form on the page, and try again."},
    {416, "This request could not be read",
     "The browser asked for a part of a page. Nothing was changed.", "Open the page again."},
    {421, "This is not the right address",
     "This computer does not answer under the name in your browser's address bar. Nothing was "
     "saved.",
     "Use the address you were given when Throughgate was set up."},
    {429, "Too many attempts", "There were too many attempts to sign in. Nothing was changed.",
     "Wait a little, then try again."},
    {500, "Sorry, there is a problem",
     "This computer could not finish what you asked. What you sent with this page was not saved; "
     "everything saved before is safe.",
     "Go back and try again. If it happens again, tell the person who looks after this computer."},
    {503, "Sorry, this computer is busy",
     "It could not answer in time. What you sent with this page was not saved; everything saved "
     "before is safe.",
     "Try again in a minute."},
    {507, "This computer's disk is full",
     "What you sent with this page was not saved; everything saved before is safe.",
     "Tell the person who looks after this computer."},
}};

const Words& words_for(int status) {
  for (const Words& words : pages) {
    if (words.status == status) return words;
  }
  return words_for(status < 500 ? 400 : 500);
}

}  // namespace

Html error_page(const Frame& frame, int status) {
  const Words& words = words_for(status);
  return page(frame,
              {.title = std::string(words.title),
               .main = h(R"(<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
<h1 class="govuk-heading-l">{}</h1><p class="govuk-body">{}</p><p class="govuk-body">{}</p>
<p class="govuk-body"><a class="govuk-link" href="/">Go to the start page</a></p></div></div>)",
                         words.title, words.happened, words.next)});
}

}  // namespace throughgate::node::web
