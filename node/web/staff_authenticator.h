// Sign-in to the pages: by the same passwords as the command line. The first one opens the store.
#pragma once

#include "node/accounts/accounts.h"
#include "node/store_pool.h"
#include "node/web/sign_in.h"

namespace throughgate::node::web {

class StaffAuthenticator final : public Authenticator {
 public:
  // Both must outlive it.
  StaffAuthenticator(Accounts& accounts, StorePool& stores)
      : accounts_(accounts), stores_(stores) {}

  std::string canonical_name(std::string_view typed) const override;
  std::string counted_as(const std::string& canonical_name) const override;
  SignInAnswer check(const std::string& canonical_name,
                     const crypto::SecretText& password) override;
  // False once their password has been changed or taken away since they signed in.
  bool may_stay(const Person& person) const;

 private:
  Accounts& accounts_;
  StorePool& stores_;
};

}  // namespace throughgate::node::web
