// What a person reads about changes that stand against each other: which values, who, when, why,
// what is shown meanwhile, and who decides.
#pragma once

#include <string>
#include <vector>

#include "node/conflicts.h"
#include "node/web/components/compare.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

inline constexpr char conflicts_address[] = "/changed-in-two-places";

// What a page about one field needs to know of its record.
struct Standing {
  Conflict conflict;
  sync::store::DossierView dossier;
  std::string title;   // of the record
  std::string label;   // of the field
  std::string keeper;  // who keeps the record
};

// "1 December 2026"; what a change says where it gave no value.
std::string value_words(const PageContext& context, const Standing& standing,
                        const sync::store::OpView& change);
// Who, where, when, when it reached us and why, a line each; `tag` before them, which may be empty.
Html source_of(const PageContext& context, const sync::store::OpView& change, const Html& tag);
std::vector<CompareVersion> versions_of(const PageContext& context, const Standing& standing,
                                        const std::vector<sync::OpId>& new_since = {});

// "Until then everybody sees 1 December 2026, because ..."
std::string shown_meanwhile(const PageContext& context, const Standing& standing);

enum class Decider {
  here,           // this organisation, now
  here_if_asked,  // the central team, if the keeper asked it to
  elsewhere,
};
Decider decider_of(const PageContext& context, const Standing& standing);
std::string who_decides(const PageContext& context, const Standing& standing);

}  // namespace throughgate::node::web
