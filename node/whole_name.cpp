#include "node/whole_name.h"

#include "node/records/catalogue.h"
#include "node/shown_values.h"

namespace throughgate::node {

sync::Result<std::string> whole_name(const RecordService& records,
                                     const sync::store::DossierView& dossier) {
  const auto* type = record_type(dossier.root_type);
  if (!type) return std::string();
  const auto root = records.reader().title({dossier.id, {}, dossier.root_type});
  if (!root) return root.error();
  std::string out;
  for (const char* part : {"given_name", "family_name", "name"}) {
    const auto* field = field_named(*type, part);
    const auto* view = field ? root->field(static_cast<std::uint32_t>(field->number())) : nullptr;
    const auto text = view ? joined(*field, shown_values(*view), records.codes()) : std::string();
    if (!text.empty()) out += (out.empty() ? "" : " ") + text;
  }
  return out;
}

sync::Result<std::string> name_if_known(const RecordService& records,
                                        const sync::DossierId& dossier) {
  const auto held = records.reader().dossier(dossier);
  auto name = held ? whole_name(records, *held) : held.error();
  const bool is_not_known = !name && (name.error().kind == sync::ErrorKind::not_found ||
                                      name.error().kind == sync::ErrorKind::denied);
  if (is_not_known) return std::string();
  return name;
}

}  // namespace throughgate::node
