// The commands of an enrolment that goes by hand, both sides: what they read and write.
#pragma once

#include "node/cli/program.h"
#include "node/desk/desk.h"
#include "node/enrolment/asking.h"

namespace throughgate::node::cli {

// At the desk.
sync::Result<sync::Done> write_invitation(Desk& desk, const sync::MailboxId& mailbox,
                                          const std::string& path);
sync::Result<sync::Done> approve_by_file(Desk& desk, const Invited& meant, const std::string& path,
                                         Command& command);

// At the computer that asks. `invitation` may be empty.
sync::Result<sync::Done> write_request_file(const crypto::SecretText& code,
                                            const ApplicantFacts& facts,
                                            const std::string& invitation, const std::string& path,
                                            Command& command);
sync::Result<sync::Done> take_approval_file(const std::string& path, Command& command);

}  // namespace throughgate::node::cli
