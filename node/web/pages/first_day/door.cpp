#include "node/web/pages/first_day/door.h"

#include "crypto/hash.h"

namespace throughgate::node::web::first_day {
namespace {

// Those that nobody takes for another; 60 bits.
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t code_letters = 12;
constexpr std::size_t group = 4;

crypto::SecretText new_code(crypto::Random& random) {
  auto bytes = random.bytes<code_letters>();
  std::string out(code_letters, ' ');
  for (std::size_t i = 0; i < code_letters; ++i) out[i] = alphabet[bytes[i] % alphabet.size()];
  crypto::wipe(bytes);
  return crypto::SecretText(std::move(out));
}

std::string in_groups(std::string_view code) {
  std::string out;
  for (std::size_t at = 0; at < code.size(); at += group) {
    out += (at == 0 ? "" : "-") + std::string(code.substr(at, group));
  }
  return out;
}

// As codes are kept, whatever was typed between the letters.
crypto::SecretText as_kept(std::string_view typed) {
  std::string out;
  for (const char each : typed.substr(0, 8 * code_letters)) {
    char c = each >= 'a' && each <= 'z' ? static_cast<char>(each & ~0x20) : each;
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (c != '-' && c != ' ' && c != '\t') out += c;
  }
  return crypto::SecretText(std::move(out));
}

bool are_equal(std::string_view a, std::string_view b) {
  return crypto::equal_in_constant_time(crypto::as_bytes(a), crypto::as_bytes(b));
}

}  // namespace

Door::Door(crypto::Random& random, TellCode tell_code)
    : random_(random), tell_code_(std::move(tell_code)) {
  begin_anew();
}

bool Door::fits(std::string_view typed) {
  if (state_ != State::open) return false;
  if (are_equal(as_kept(typed).view(), code_.view())) return true;
  if (--tries_left_ > 0) return false;
  state_ = State::shut;
  code_ = {};
  return false;
}

void Door::let_in(std::string session_id, std::int64_t now_ms) {
  state_ = State::taken;
  code_ = {};
  session_id_ = std::move(session_id);
  used_ms_ = now_ms;
}

bool Door::has_let_in(std::string_view session_id, std::int64_t now_ms) {
  if (state_ != State::taken || !are_equal(session_id, session_id_)) return false;
  used_ms_ = now_ms;
  return true;
}

void Door::begin_anew() {
  state_ = State::open;
  tries_left_ = tries_max;
  session_id_.clear();
  code_ = new_code(random_);
  tell_code_(in_groups(code_.view()));
}

bool Door::is_idle(std::int64_t now_ms) const {
  return state_ == State::taken && now_ms - used_ms_ >= idle_ms_max;
}

}  // namespace throughgate::node::web::first_day
