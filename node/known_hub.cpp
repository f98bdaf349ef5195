#include "node/known_hub.h"

#include "node/http_hub_client.h"
#include "sync/store/settings_table.h"

namespace throughgate::node {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

Result<std::string> hub_address(OpenNode& node, const Settings& settings) {
  if (!settings.hub_url.empty()) return settings.hub_url;
  sync::store::UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const auto kept = sync::store::SettingsTable(work).find(sync::store::setting::hub_url);
  if (auto done = work.commit(); !done) return done.error();
  return kept ? std::string(crypto::as_text(*kept)) : std::string();
}

namespace {

// Whoever was let in by files was told none, and needs none.
Error no_address(bool is_let_in) {
  if (!is_let_in) {
    return {ErrorKind::invalid,
            "This computer does not know the address of the central exchange yet. It is typed "
            "when you ask to be let in over the network."};
  }
  return {ErrorKind::invalid,
          "This computer was let in by files, so it knows no address of the central exchange: it "
          "exchanges by files, by stick or e-mail. Nothing is lost. If it has a network now, get "
          "the address from the central team, and have whoever looks after this computer write it "
          "into the file node.toml."};
}

}  // namespace

Result<Done> keep_hub_address(OpenNode& node, const std::string& url, const Settings& settings) {
  if (auto usable = HttpHubClient::open(url, settings.hub_certificate); !usable) {
    return usable.error();
  }
  sync::store::UnitOfWork work(node.database());
  sync::store::SettingsTable(work).set(sync::store::setting::hub_url, crypto::as_bytes(url));
  return work.commit();
}

Result<std::unique_ptr<HubClient>> known_hub(OpenNode& node, const Settings& settings) {
  const auto url = hub_address(node, settings);
  if (!url) return url.error();
  if (url->empty()) {
    return no_address(node.is_enrolled());
  }
  auto client = HttpHubClient::open(*url, settings.hub_certificate);
  if (!client) return client.error();
  return std::unique_ptr<HubClient>(*std::move(client));
}

}  // namespace throughgate::node
