#include "node/web/pages/handovers/handover_pages.h"

#include "node/dossier_kinds.h"
#include "node/web/pages/pages.h"

namespace throughgate::node::web {

bool may_begin_handover(const PageContext& context) {
  const auto* handover = root_record_type(schema::CASE);
  return context.records.viewer().writes_any(handover->number) &&
         members_of_new(schema::CASE, context.node).has_value();
}

void add_handover_pages(SitePages& pages) {
  add_handover_list(pages);
  add_begin_page(pages);
  add_not_confirmed_page(pages);
  add_handover_page(pages);
  add_basis_page(pages);
  add_share_page(pages);
  add_step_pages(pages);
  add_partner_pages(pages);
  add_code_pages(pages);
  add_change_pages(pages);
  add_acknowledge_page(pages);
}

}  // namespace throughgate::node::web
