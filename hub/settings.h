// What config/hub.example.toml says, setting by setting, with the same defaults.
#pragma once

#include <string>
#include <vector>

#include "hub/mail_settings.h"
#include "hub/round.h"

namespace throughgate::hub {

struct ServerSettings {
  std::string address = "127.0.0.1";
  int port = 8480;  // 0: any free one
  // What the Host header may say. Empty: this machine's own names for address and port.
  std::vector<std::string> hosts;
  int threads = 32;
};

struct Settings {
  std::string store_file = "/var/lib/throughgate-hub/hub.db";
  std::string key_file = "/var/lib/throughgate-hub/hub.key";
  ServerSettings server;
  HubLimits limits;
  MailSettings mail;
};

// Fails with `not_found`, or `invalid`: not TOML, a setting that this program does not know, or a
// value out of its range; the message names it.
Result<Settings> read_settings(const std::string& path);
Result<Settings> parse_settings(std::string_view text);

}  // namespace throughgate::hub
