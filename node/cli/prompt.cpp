#include "node/cli/prompt.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <string>

#include "node/private_file.h"

namespace throughgate::node::cli {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::size_t secret_bytes_max = 1000;

// The terminal, silent from here to the end of the scope.
class SilentTerminal {
 public:
  SilentTerminal() : descriptor_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (!is_open() || tcgetattr(descriptor_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silenced_ = tcsetattr(descriptor_, TCSAFLUSH, &silent) == 0;
  }
  ~SilentTerminal() {
    if (silenced_) tcsetattr(descriptor_, TCSAFLUSH, &before_);
    if (is_open()) close(descriptor_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  bool is_silent() const { return silenced_; }
  void write(std::string_view text) const { (void)!::write(descriptor_, text.data(), text.size()); }
  bool read(char& c) const { return ::read(descriptor_, &c, 1) == 1; }

 private:
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor_;
  termios before_{};
  bool silenced_ = false;
};

}  // namespace

Result<crypto::SecretText> TerminalPrompt::secret(std::string_view question,
                                                  std::string_view instead) {
  const SilentTerminal terminal;
  if (!terminal.is_silent()) {
    return Error{ErrorKind::invalid,
                 "There is no terminal to ask for the password. " + std::string(instead)};
  }
  terminal.write(std::string(question) + ": ");
  std::string line;
  line.reserve(secret_bytes_max + 1);  // never moved: nothing unwiped stays behind
  char c = 0;
  while (line.size() <= secret_bytes_max && terminal.read(c) && c != '\n') line += c;
  terminal.write("\n");
  const bool too_long = line.size() > secret_bytes_max;
  crypto::SecretText secret(std::move(line));
  if (too_long) return Error{ErrorKind::invalid, "That is too long for a password."};
  return secret;
}

Result<crypto::SecretText> secret_from_file(const std::string& path) {
  auto bytes = read_private_file(path, secret_bytes_max);
  if (!bytes) return Error{bytes.error().kind, path + ": " + bytes.error().message};
  std::string line(crypto::as_text(*bytes).substr(0, crypto::as_text(*bytes).find('\n')));
  crypto::wipe(*bytes);
  if (line.ends_with('\r')) line.pop_back();
  return crypto::SecretText(std::move(line));
}

}  // namespace throughgate::node::cli
