// Codes given out by this desk, and what has come back. Part of a UnitOfWork.
#pragma once

#include <optional>
#include <vector>

#include "sync/enrolment.h"
#include "sync/store/unit_of_work.h"

namespace throughgate::node {

struct InvitationRow {
  sync::InvitationCode code;
  sync::Invitation invitation;
  std::uint64_t made_at_ms = 0;
  std::optional<crypto::Bytes> request;      // opened with the code when it came
  std::optional<std::uint64_t> approved_in;  // directory version
  bool answered = false;                     // the reply lies in the mailbox
};

// Whoever asked, if their request is here.
std::optional<sync::Applicant> applicant_in(const InvitationRow& row);

class InvitationTable {
 public:
  explicit InvitationTable(sync::store::UnitOfWork& work) : work_(work) {}

  void add(const InvitationRow& row);
  std::vector<InvitationRow> all() const;  // oldest first
  std::optional<InvitationRow> find(const sync::MailboxId& mailbox) const;
  void set_request(const sync::MailboxId& mailbox, crypto::ByteView request);
  void set_approved(const sync::MailboxId& mailbox, std::uint64_t directory_version);
  void remove(const sync::MailboxId& mailbox);
  void set_answered(const sync::MailboxId& mailbox);

 private:
  sync::store::UnitOfWork& work_;
};

}  // namespace throughgate::node
