#include "node/intake/contact.h"

#include <algorithm>

#include "node/intake/cell_text.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

constexpr std::size_t email_bytes_max = 254;      // RFC 5321
constexpr std::size_t local_part_bytes_max = 64;  // RFC 5321

std::string_view bare_address(std::string_view text) {
  const auto open = text.find('<');
  if (open != std::string_view::npos && text.ends_with('>')) {
    text = text.substr(open + 1, text.size() - open - 2);
  }
  if (lower_case(text.substr(0, 7)) == "mailto:") text.remove_prefix(7);
  return text;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool is_dotted(std::string_view text, std::string_view extra) {
  if (text.empty() || text.starts_with('.') || text.ends_with('.')) return false;
  if (text.find("..") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || is_digit(c) || is_beyond_ascii(c) || c == '.' ||
           extra.find(c) != std::string_view::npos;
  });
}

bool is_domain(std::string_view domain) {
  const auto labels = split(domain, ".");
  return is_dotted(domain, "-") && labels.size() >= 2 && labels.back().size() >= 2 &&
         !is_all_digits(labels.back()) &&
         std::none_of(labels.begin(), labels.end(), [](const std::string& label) {
           return label.starts_with('-') || label.ends_with('-') || label.size() > 63;
         });
}

bool is_postcode(std::string_view text) {
  // A outward: A9 A99 AA9 AA99 A9A AA9A; inward always 9AA.
  if (text.size() < 5 || text.size() > 7) return false;
  std::string shape;
  for (const char c : text) shape += is_digit(c) ? '9' : 'A';
  const auto outward = std::string_view(shape).substr(0, shape.size() - 3);
  return shape.ends_with("9AA") && (outward == "A9" || outward == "A99" || outward == "AA9" ||
                                    outward == "AA99" || outward == "A9A" || outward == "AA9A");
}

std::string with_space(std::string_view postcode) {
  return std::string(postcode.substr(0, postcode.size() - 3)) + " " +
         std::string(postcode.substr(postcode.size() - 3));
}

// O and I where a digit must stand: at the head of the inward part, and second or third outward.
std::string with_digits_mended(std::string postcode) {
  const auto as_digit = [&](std::size_t at) {
    if (postcode[at] == 'O') postcode[at] = '0';
    if (postcode[at] == 'I') postcode[at] = '1';
  };
  as_digit(postcode.size() - 3);
  if (is_postcode(postcode)) return postcode;
  as_digit(postcode.size() - 4);
  return postcode;
}

}  // namespace

Reading<std::string> read_email(std::string_view text) {
  if (text.empty()) return {};
  const auto quoted = "\"" + std::string(text) + "\" ";
  const auto address = bare_address(text);
  const auto at = address.find('@');
  if (at != address.rfind('@')) return {{}, quoted + "holds more than one address; keep one", {}};
  if (at == std::string_view::npos) return {{}, quoted + "is not an e-mail address: no @", {}};
  const auto local = address.substr(0, at);
  const auto domain = address.substr(at + 1);
  if (address.size() > email_bytes_max || local.size() > local_part_bytes_max ||
      !is_dotted(local, "!#$%&'*+/=?^_`{|}~-") || !is_domain(domain)) {
    return {{}, quoted + "is not an e-mail address", {}};
  }
  const std::string lower_domain = lower_case(domain);
  const bool slip = lower_domain.ends_with(".con") || lower_domain.ends_with(".co.ul") ||
                    lower_domain.ends_with(".couk");
  return {std::string(local) + "@" + lower_domain,
          {},
          slip ? quoted + "ends in a way that looks like a slip" : std::string()};
}

Reading<std::string> read_postcode(std::string_view text) {
  if (text.empty()) return {};
  std::string postcode;
  for (const char c : text) {
    if (c == ' ') continue;
    postcode += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  const bool letters_and_digits = std::all_of(postcode.begin(), postcode.end(), [](char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z');
  });
  if (letters_and_digits && is_postcode(postcode)) return {with_space(postcode), {}, {}};
  if (letters_and_digits && postcode.size() >= 5) {
    if (const auto mended = with_digits_mended(postcode); is_postcode(mended)) {
      return {with_space(mended),
              {},
              "\"" + std::string(text) + "\" was read as " + with_space(mended)};
    }
  }
  return {{}, "\"" + std::string(text) + "\" is not a UK postcode", {}};
}

}  // namespace throughgate::node
