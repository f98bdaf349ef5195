// The tables of a node's store.
#pragma once

#include <cstdint>
#include <span>

#include "sync/store/migrations.h"

namespace throughgate::sync::store {

constexpr std::int32_t node_application_id = 0x54474e31;  // "TGN1"
std::span<const Migration> node_migrations();

}  // namespace throughgate::sync::store
