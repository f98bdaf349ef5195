// Signing in and out, and the page that asks to sign in again: of a session that locked, and where
// a form comes from a session that is gone. What was typed goes along and is not lost.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>

#include "crypto/secret.h"
#include "node/web/carried_form.h"
#include "node/web/routes.h"
#include "node/web/sign_in_throttle.h"

namespace throughgate::node::web {

struct SignInAnswer {
  std::optional<Person> person{};
  std::string problem{};  // why not, where it says nothing of names and passwords: "The disk ..."
  bool was_tried = true;  // false: something was in the way, so that no password was looked at
};

// Who may sign in. Must be safe from any thread.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // The form that all spellings of one name share; the same for names that do not exist.
  virtual std::string canonical_name(std::string_view typed) const = 0;
  // What wrong passwords are counted for: another for each password of one name, so that a new one
  // ends the wait. Cheap, and equal for names that do not exist.
  virtual std::string counted_as(const std::string& canonical_name) const { return canonical_name; }
  // May take a second or two of processor and much memory. A wrong name, a wrong password and a
  // closed account get the same answer, after the same time.
  virtual SignInAnswer check(const std::string& canonical_name,
                             const crypto::SecretText& password) = 0;
};

struct SignInSettings {
  std::function<std::int64_t()> monotonic_ms{};
  // Told the throttle's state after each attempt, to be kept on disk; read back at start.
  std::function<void(const std::string&)> keep_throttle{};
  // While it says no, the page says what waits for somebody to sign in. Not set: always.
  std::function<bool()> is_store_open{};
};

// Where whoever chose a new password goes next, and so is asked to sign in with it.
constexpr char after_new_password[] = "/staff?done=password";

// The page alone, in every state it has.
struct SignInPage {
  bool locked = false;         // somebody is signed in, but was away too long
  bool form_was_lost = false;  // they were sending something that cannot be carried along
  bool store_is_closed = false;
  std::string name{};
  std::string return_to{};  // a local path
  std::optional<CarriedForm> carried{};
  std::string name_error{}, password_error{}, problem{};
};

class SignIn {
 public:
  // All must outlive the object; `throttle` is used by it alone from now on.
  SignIn(Authenticator& authenticator, SessionTable& sessions, SignInThrottle& throttle,
         SignInSettings settings);

  // GET and POST /sign-in, POST /sign-out, and GET /hidden, where a page goes that was left alone.
  void add_to(Routes& routes);
  // For ResponderSettings.
  Html locked_page(const Visit& visit) const;

 private:
  Response show(const Visit& visit) const;
  Response hidden(const Visit& visit) const;
  Response attempt(const Visit& visit);
  Response check(const Visit& visit, const std::string& name);
  static Response told_to_wait(const Visit& visit, SignInPage again, std::int64_t wait_ms);
  Response let_in(const Visit& visit, const Person& person);
  Response sign_out(const Visit& visit);
  bool is_store_closed() const { return settings_.is_store_open && !settings_.is_store_open(); }
  // All with the turn taken.
  std::int64_t wait_or_count(const std::string& counted);  // 0: counted
  void note_success(const std::string& counted);
  void take_back(const SignInThrottle& before);

  Authenticator& authenticator_;
  SessionTable& sessions_;
  SignInThrottle& throttle_;
  SignInSettings settings_;
  // Held from the count of an attempt to its answer, so that whoever comes meanwhile sees no count
  // of a password that may be right. Who must wait after wrong ones holds it for no time at all: it
  // is busy for no longer than guesses are let through. It also bounds memory, 64 MiB each.
  std::binary_semaphore turn_{1};
};

Html sign_in_page(const Visit& visit, const SignInPage& shown);

}  // namespace throughgate::node::web
