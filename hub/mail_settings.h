// How the hub lets an organisation know by e-mail that something waits for it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "sync/ids.h"

namespace throughgate::hub {

struct MailSettings {
  std::string host;  // of the mail server; empty: no mail is sent
  int port = 587;
  bool tls = true;  // begun by STARTTLS, demanded; false only for a server on this very machine
  std::string certificate;  // PEM file of who vouches for the server; empty: whom the system trusts
  std::string from;
  std::string user;                          // empty: the server asks for none
  std::string password_file;                 // its first line; for its owner only
  std::uint64_t after_minutes = 24ULL * 60;  // that something has waited for
  std::uint64_t every_seconds = 300;         // between two looks
  // By an organisation's number. They stand here and not in the central list, which every site
  // holds.
  std::map<sync::OrganisationId, std::string> to;

  bool is_on() const { return !host.empty() && !to.empty(); }
};

}  // namespace throughgate::hub
