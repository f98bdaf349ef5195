// That a computer belongs to its organisation: said by the key on the organisation's recovery sheet
// when the computer was set up, over everything that the central list says of it but its label.
// The sheet is in the organisation's safe, so nobody who signs the list can list a computer of
// their own as a site's, and be sealed its keys.
#pragma once

#include "crypto/box_key.h"
#include "crypto/signing_key.h"
#include "sync/ids.h"

namespace throughgate::sync {

struct Vouch {
  crypto::VerifyKey
      sheet_key{};  // of crypto::sheet_signing_key(); zero: set up before there was one
  crypto::Signature signature{};

  bool is_there() const { return sheet_key != crypto::VerifyKey{}; }
  friend bool operator==(const Vouch&, const Vouch&) = default;
};

// Of a computer, what is vouched for.
struct VouchedFor {
  OrganisationId organisation;
  NodeId node;
  crypto::VerifyKey verify_key{};
  crypto::BoxPublicKey box_key{};
};

Vouch vouch(const VouchedFor& computer, const crypto::SigningKey& sheet_key);
bool holds(const Vouch& vouch, const VouchedFor& computer);

}  // namespace throughgate::sync
