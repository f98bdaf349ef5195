// The tables of the hub's database file.
#pragma once

#include <cstdint>
#include <span>

#include "sync/store/migrations.h"

namespace throughgate::hub {

constexpr std::int32_t hub_application_id = 0x54474855;  // "TGHU"
std::span<const sync::store::Migration> hub_migrations();

}  // namespace throughgate::hub
