// Asking for a secret at the terminal, without showing it. POSIX.
#pragma once

#include <string_view>

#include "crypto/secret.h"
#include "sync/result.h"

namespace throughgate::node::cli {

class Prompt {
 public:
  virtual ~Prompt() = default;
  // One line, without its end. Fails with `invalid` when there is nobody to ask (no terminal):
  // `instead` says what to do then; and when the line is longer than 1,000 bytes.
  virtual sync::Result<crypto::SecretText> secret(std::string_view question,
                                                  std::string_view instead) = 0;
};

class TerminalPrompt final : public Prompt {
 public:
  sync::Result<crypto::SecretText> secret(std::string_view question,
                                          std::string_view instead) override;
};

// The first line of a file that only its owner may read. Fails as read_private_file().
sync::Result<crypto::SecretText> secret_from_file(const std::string& path);

}  // namespace throughgate::node::cli
