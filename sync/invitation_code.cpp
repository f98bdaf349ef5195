#include "sync/invitation_code.h"

#include <array>

#include "sync/contexts.h"

namespace throughgate::sync {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t code_characters = 20;
constexpr std::size_t check_characters = 4;
constexpr std::size_t characters = code_characters + check_characters;
constexpr std::size_t group = 4;

std::optional<std::uint32_t> value_of(char typed) {
  char c = typed;
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const auto at = alphabet.find(c);
  return at == std::string_view::npos ? std::nullopt
                                      : std::optional(static_cast<std::uint32_t>(at));
}

bool is_between(char c) { return c == '-' || c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The five bits of the code's character at `index`.
std::uint32_t five_bits(std::span<const std::uint8_t, 13> bits, std::size_t index) {
  std::uint32_t value = 0;
  for (std::size_t bit = index * 5; bit < index * 5 + 5; ++bit) {
    value = value << 1 | (bits[bit / 8] >> (7 - bit % 8) & 1u);
  }
  return value;
}

void set_five_bits(std::span<std::uint8_t, 13> bits, std::size_t index, std::uint32_t value) {
  for (std::size_t i = 0; i < 5; ++i) {
    const std::size_t bit = index * 5 + i;
    if (value >> (4 - i) & 1u) bits[bit / 8] |= static_cast<std::uint8_t>(1u << (7 - bit % 8));
  }
}

}  // namespace

InvitationCode InvitationCode::make(crypto::Random& random) {
  auto bits = crypto::Secret<13>::random(random);
  bits.writable()[12] &= 0xF0;
  return InvitationCode(std::move(bits));
}

std::optional<InvitationCode> InvitationCode::from_bytes(ByteView kept) {
  if (kept.size() != 13 || (kept[12] & 0x0F) != 0) return std::nullopt;
  return InvitationCode(crypto::Secret<13>(std::span<const std::uint8_t, 13>(kept)));
}

std::optional<InvitationCode> InvitationCode::from_text(std::string_view typed) {
  if (typed.size() > code_text_max) return std::nullopt;
  crypto::Secret<13> bits;
  std::uint32_t check = 0;
  std::size_t count = 0;
  for (const char c : typed) {
    if (is_between(c)) continue;
    const auto value = value_of(c);
    if (!value || count == characters) return std::nullopt;
    if (count < code_characters) {
      set_five_bits(bits.writable(), count, *value);
    } else {
      check = check << 5 | *value;
    }
    ++count;
  }
  InvitationCode code(std::move(bits));
  if (count != characters || check != code.check()) return std::nullopt;
  return code;
}

std::uint32_t InvitationCode::check() const {
  const auto digest = crypto::hash(contexts::invitation_check, {bits_.view()});
  return (std::uint32_t{digest[0]} << 16 | std::uint32_t{digest[1]} << 8 | digest[2]) & 0xFFFFF;
}

crypto::SecretText InvitationCode::text() const {
  std::string out;
  out.reserve(characters + characters / group);  // never moved: nothing unwiped stays behind
  for (std::size_t i = 0; i < characters; ++i) {
    if (i != 0 && i % group == 0) out += '-';
    const std::uint32_t value = i < code_characters ? five_bits(bits_.view(), i)
                                                    : check() >> (5 * (characters - 1 - i)) & 31u;
    out += alphabet[value];
  }
  return crypto::SecretText(std::move(out));
}

MailboxId InvitationCode::mailbox() const {
  return MailboxId::first_bytes_of(crypto::hash(contexts::invitation_mailbox, {bits_.view()}));
}

namespace {

Hash mac(const crypto::Context& key_context, const crypto::Context& context, ByteView code,
         ByteView message) {
  auto key = crypto::hash(key_context, {code});
  const auto out = crypto::keyed_hash(key, context, {message});
  crypto::wipe(key);
  return out;
}

}  // namespace

Hash InvitationCode::request_mac(ByteView message) const {
  return mac(contexts::invitation_request_key, contexts::enrol_request, bits_.view(), message);
}

Hash InvitationCode::reply_mac(ByteView message) const {
  return mac(contexts::invitation_reply_key, contexts::enrol_reply, bits_.view(), message);
}

Hash InvitationCode::invitation_mac(ByteView message) const {
  return mac(contexts::invitation_own_key, contexts::enrol_invitation, bits_.view(), message);
}

}  // namespace throughgate::sync
