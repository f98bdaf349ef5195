// A computer asks the central team to let it in: over the exchange, or by files that anybody may
// carry. For those who may join this computer to the exchange.
#pragma once

#include "node/data_folder.h"
#include "node/settings.h"
#include "node/sync_loop.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

constexpr char joining_address[] = "/joining";
// Where the central team's answer is brought in: it carries the central list.
constexpr char bring_answer_address[] = "/joining/answer";

struct JoiningParts {
  const DataFolder& folder;  // must outlive the pages
  // The way to the exchange; empty: there is none.
  SyncLoop::HubSource hub{};
  Settings settings{};  // where the exchange is
};
// All of the pages below.
void add_joining_pages(SitePages& pages, const JoiningParts& parts);

// ---- by subject

void add_joining_start_pages(SitePages& pages, const JoiningParts& parts);
void add_join_by_network_pages(SitePages& pages, const JoiningParts& parts);
void add_join_by_file_pages(SitePages& pages);
void add_joining_answer_pages(SitePages& pages, const JoiningParts& parts);

}  // namespace throughgate::node::web
