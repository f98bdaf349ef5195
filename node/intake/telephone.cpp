#include "node/intake/telephone.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "node/intake/cell_text.h"
#include "node/text/spoken_telephone.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

constexpr std::size_t foreign_digits_min = 8;
constexpr std::size_t international_digits_max = 15;  // E.164

// "7.700900127E+09": digits, how many of them stand before the point, and the exponent.
struct Scientific {
  std::string digits;
  std::size_t before_point = 0;
  std::size_t exponent = 0;
  bool had_plus = false;  // before it all
};

std::optional<Scientific> scientific(std::string_view text) {
  Scientific out;
  if (text.starts_with('+')) {
    out.had_plus = true;
    text.remove_prefix(1);
  }
  const auto e = text.find_first_of("eE");
  if (e == 0 || e == std::string_view::npos) return std::nullopt;
  auto exponent = text.substr(e + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  if (!is_all_digits(exponent) || exponent.size() > 2) return std::nullopt;
  out.exponent = static_cast<std::size_t>(std::stoi(std::string(exponent)));
  const auto mantissa = text.substr(0, e);
  const auto point = std::min(mantissa.find_first_of(".,"), mantissa.size());
  out.before_point = point;
  out.digits = std::string(mantissa.substr(0, point));
  if (point < mantissa.size()) out.digits += mantissa.substr(point + 1);
  if (!is_all_digits(out.digits)) return std::nullopt;
  return out;
}

// What it was before Excel wrote it so; nullopt where digits are lost, or may be.
std::optional<std::string> whole_number(const Scientific& number) {
  const std::size_t length = number.before_point + number.exponent;
  if (number.digits.size() != length) return std::nullopt;
  return (number.had_plus ? "+" : "") + number.digits;
}

// Excel's way to keep digits as text: ="07700900123".
std::string_view without_formula(std::string_view text) {
  if (text.size() > 3 && text.starts_with("=\"") && text.ends_with('"')) {
    return text.substr(2, text.size() - 3);
  }
  return text;
}

std::string_view without_label(std::string_view text) {
  constexpr std::array<std::string_view, 8> labels{"mobile", "mob", "telephone", "tel",
                                                   "phone",  "ph",  "t",         "m"};
  const std::string lower = lower_case(text);
  for (const std::string_view label : labels) {
    if (!lower.starts_with(label)) continue;
    const auto rest = text.substr(label.size());
    const auto number = rest.find_first_not_of(" :.");
    if (number != std::string_view::npos &&
        (is_digit(rest[number]) || rest[number] == '+' || rest[number] == '(')) {
      return rest.substr(number);
    }
  }
  return text;
}

// Digits with a leading + where there is one; empty when anything else than grouping is there.
std::string digits_of(std::string_view text) {
  std::string digits;
  for (const std::string_view decimal : {".00", ".0"}) {  // a number cell written as a decimal
    if (text.ends_with(decimal)) {
      text.remove_suffix(decimal.size());
      break;
    }
  }
  for (std::string_view rest = text; !rest.empty();) {
    std::size_t bytes = 1;
    if (is_digit(rest[0]) || (rest[0] == '+' && digits.empty())) {
      digits += rest[0];
    } else if (rest.starts_with("–") || rest.starts_with("‑")) {
      bytes = 3;
    } else if (std::string_view(" ().-").find(rest[0]) == std::string_view::npos) {
      return {};
    }
    rest.remove_prefix(bytes);
  }
  return digits;
}

bool is_national(std::string_view digits) {  // without the leading 0
  const bool geographic_of_nine = digits.size() == 9 && digits[0] == '1';
  return geographic_of_nine || (digits.size() == 10 && std::string_view("12357").find(digits[0]) !=
                                                           std::string_view::npos);
}

Reading<std::string> wrong_length(std::string_view text) {
  return {{},
          "\"" + std::string(text) + "\" has too few or too many digits for a telephone number",
          {}};
}

Reading<std::string> read_uk(std::string_view text, std::string_view national) {
  if (national.starts_with('0')) national.remove_prefix(1);
  if (!is_national(national)) return wrong_length(text);
  return {"+44" + std::string(national), {}, {}};
}

Reading<std::string> read_international(std::string_view text, std::string_view digits) {
  if (digits.starts_with("44")) return read_uk(text, digits.substr(2));
  if (digits.size() < foreign_digits_min || digits.size() > international_digits_max ||
      digits.starts_with('0')) {
    return wrong_length(text);
  }
  return {"+" + std::string(digits), {}, {}};
}

Reading<std::string> with_warning(Reading<std::string> reading, const std::string& how) {
  if (reading.value) reading.warning = how + ": read as " + spoken_telephone(*reading.value);
  return reading;
}

}  // namespace

Reading<std::string> read_telephone(std::string_view text) {
  if (text.empty()) return {};
  const auto quoted = "\"" + std::string(text) + "\" ";
  if (const auto number = scientific(text)) {
    const auto whole = whole_number(*number);
    if (whole) return with_warning(read_telephone(*whole), quoted + "is what Excel made of it");
    return {{},
            quoted +
                "is what Excel made of the number: its last digits are lost and cannot be "
                "recovered; look the number up, and format the column as text",
            {}};
  }
  const auto bare = without_label(without_formula(text));
  if (split(bare, "/,;&|").size() > 1 || bare.find(" or ") != std::string_view::npos) {
    return {{}, quoted + "holds more than one number; keep one", {}};
  }
  const std::string digits = digits_of(bare);
  if (digits.empty()) {
    return {{}, quoted + "is not a telephone number (leave out words and extensions)", {}};
  }
  if (digits.starts_with('+')) return read_international(text, std::string_view(digits).substr(1));
  if (digits.starts_with("00")) return read_international(text, std::string_view(digits).substr(2));
  if (digits.starts_with('0')) return read_uk(text, std::string_view(digits).substr(1));
  if (digits.starts_with("44") && digits.size() == 12) {
    return with_warning(read_international(text, digits), quoted + "lacks its +");
  }
  if (digits.size() == 10 && is_national(digits)) {
    return with_warning(read_uk(text, digits), quoted + "lost its leading 0");
  }
  return wrong_length(text);
}

bool is_uk_mobile(std::string_view number) {
  // 070 are personal numbers and 076 pagers, but for 07624, the mobiles of the Isle of Man.
  return number.starts_with("+447") && number.size() == 13 && number[4] != '0' &&
         (number[4] != '6' || number.substr(4).starts_with("624"));
}

}  // namespace throughgate::node
