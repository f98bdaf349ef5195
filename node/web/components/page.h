// The page every other component stands in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/web/components/navigation.h"

namespace throughgate::node::web {

// The one inline script, govuk-frontend's own; the content security policy allows it by its hash.
inline constexpr char inline_script[] =
    "document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' "
    "govuk-frontend-supported' : '');";

// What is the same on every page of one visit.
struct Frame {
  std::string service_name = "Throughgate";
  std::string site_name{};              // "HMP Northgate"
  std::string status{};                 // status_text()
  std::vector<NavigationItem> items{};  // empty before anyone has signed in
  std::string person{};                 // who is signed in; empty: nobody
  Html sign_out{};                      // a button; shown beside the name
  std::string version{};
  std::string style_url{}, script_url{};  // of the assets
};

struct Page {
  std::string title{};     // without the service's name; the same as the page's <h1>
  bool has_error = false;  // the title then starts with "Error: "
  Html before_main{};      // a back link
  Html main{};
};
Html page(const Frame& frame, const Page& page);

// "Offline since 9:12am, 3 changes waiting"; "Online, everything sent". Offline since another day
// than today's names the day.
std::string status_text(std::optional<std::int64_t> offline_since_ms, std::int64_t now_ms,
                        std::int64_t changes_waiting);

}  // namespace throughgate::node::web
