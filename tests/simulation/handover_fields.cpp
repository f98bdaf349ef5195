#include "tests/simulation/handover_fields.h"

#include <stdexcept>

#include "node/records/catalogue.h"

namespace throughgate::simulation {
namespace {

using sync::FieldKey;

const node::RecordType& handover() {
  static const node::RecordType& type = *node::record_type("handover");
  return type;
}

}  // namespace

FieldKey field_key(const char* name) {
  const auto* field = node::field_named(handover(), name);
  if (!field) throw std::logic_error(std::string("no field ") + name);
  return {{}, handover().number, static_cast<std::uint32_t>(field->number())};
}

const std::vector<FieldKey>& fields() {
  static const std::vector<FieldKey> all{field_key("stop_note"),      field_key("release_date"),
                                         field_key("risk_to_public"), field_key("languages"),
                                         field_key("notes"),          field_key("state")};
  return all;
}

sync::Bytes text(const std::string& value) { return {value.begin(), value.end()}; }

sync::Actor actor_at(const NodeMachine& machine, std::uint64_t which) {
  sync::Actor actor;
  actor.id.bytes[0] = static_cast<std::uint8_t>(machine.name()[0]);
  actor.id.bytes[1] = static_cast<std::uint8_t>(which);
  actor.name = which == 0 ? "Ada Example" : "Ben Example";
  actor.role = "handover worker";
  return actor;
}

}  // namespace throughgate::simulation
