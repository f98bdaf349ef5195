// What node.toml in the data folder says, setting by setting, with the same defaults as
// config/node.example.toml.
#pragma once

#include <cstdint>
#include <string>

#include "sync/result.h"

namespace throughgate::node {

constexpr std::int64_t unsent_warning_days_default = 7;
constexpr std::int64_t lock_after_minutes_default = 5;

struct Settings {
  std::string hub_url;          // empty: the one given when this computer enrolled
  std::string hub_certificate;  // PEM file of who vouches for it; empty: whom the system trusts
  std::string codes = "/usr/share/throughgate/codes";
  std::string retention = "/usr/share/throughgate/retention.toml";
  std::int64_t sync_every_seconds = 60;  // while pages are served; 0: only when asked
  // Once what people did has waited so long, they are told.
  std::int64_t unsent_warning_days = unsent_warning_days_default;
  std::int64_t port = 8080;  // of the pages, on this computer only
  std::int64_t lock_after_minutes = lock_after_minutes_default;  // without use, the pages lock
  bool wipe_on_lock = false;  // close the store while nobody's pages are open
};

// The defaults when there is no such file. Fails with `invalid`: not TOML, a setting that this
// program does not know, or not of its kind; the message names it.
sync::Result<Settings> read_settings(const std::string& path);
sync::Result<Settings> parse_settings(std::string_view text);

}  // namespace throughgate::node
