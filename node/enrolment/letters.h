// The two letters of an enrolment, left and fetched at the hub's mailbox.
#pragma once

#include <optional>

#include "node/hub_client.h"
#include "sync/invitation_code.h"

namespace throughgate::node {

enum class Letter { request, reply };

// nullopt: nothing lies there yet. Fails as HubClient::call(), and with `rejected` where what lies
// there is too large for a letter.
sync::Result<std::optional<crypto::Bytes>> fetch_letter(HubClient& hub,
                                                        const sync::MailboxId& mailbox,
                                                        Letter letter);
// May be repeated. Fails as HubClient::call(), and with `rejected` when somebody left another
// letter there first: the code is spent.
sync::Result<sync::Done> leave_letter(HubClient& hub, const sync::MailboxId& mailbox, Letter letter,
                                      crypto::ByteView content);

}  // namespace throughgate::node
