// What the pages "By stick or e-mail" have in common, and the parts that they are made of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/data_folder.h"
#include "node/web/pages/pages.h"

namespace throughgate::node::web {

std::string size_text(std::uint64_t bytes);  // "340 kB", "8.4 MB"
std::string joined(const std::vector<std::string>& words);
Html in_two_thirds(const Html& inside);

// What is kept here for others and what became of it; nothing where there is none.
sync::Result<Html> passed_on_part(const PageContext& context);
// The files made for other organisations, and the way to recall one.
sync::Result<Html> made_files_part(const PageContext& context);
void add_made_files_pages(SitePages& pages);
void add_recall_pages(SitePages& pages);
std::optional<std::uint64_t> number_in(const std::string& text);  // of an address
void add_passed_on_pages(SitePages& pages);
void add_bring_in_pages(SitePages& pages, const DataFolder& folder);

}  // namespace throughgate::node::web
