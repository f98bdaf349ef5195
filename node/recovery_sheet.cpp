#include "node/recovery_sheet.h"

#include <qrencode.h>

#include <algorithm>
#include <memory>
#include <string>

#include "crypto/hash.h"
#include "crypto/recovery_key.h"
#include "crypto/words.h"
#include "sync/contexts.h"

namespace throughgate::node {
namespace {

constexpr int quiet = 2;                           // light modules around the code, as cameras need
constexpr std::size_t sheet_bytes_max = 16 << 10;  // set aside at once: growing leaves copies

struct FreeCode {
  void operator()(QRcode* code) const {
    const auto size = static_cast<std::size_t>(code->width) * static_cast<std::size_t>(code->width);
    crypto::wipe({code->data, size});
    QRcode_free(code);
  }
};

using Code = std::unique_ptr<QRcode, FreeCode>;

Code code_of(std::string_view words) {
  return Code(QRcode_encodeData(static_cast<int>(words.size()),
                                reinterpret_cast<const unsigned char*>(words.data()), 0,
                                QR_ECLEVEL_M));
}

bool is_dark(const QRcode& code, int x, int y) {
  if (x < 0 || y < 0 || x >= code.width || y >= code.width) return false;
  return (code.data[y * code.width + x] & 1) != 0;
}

// Two rows of modules a line, dark as ink: for paper.
void draw(const QRcode& code, std::string& out) {
  for (int y = -quiet; y < code.width + quiet; y += 2) {
    out += "  ";
    for (int x = -quiet; x < code.width + quiet; ++x) {
      const bool upper = is_dark(code, x, y);
      const bool lower = is_dark(code, x, y + 1);
      out += upper && lower ? "\u2588" : upper ? "\u2580" : lower ? "\u2584" : " ";
    }
    out += '\n';
  }
}

void put_words(std::string_view words, std::string& out) {
  for (std::size_t number = 1; !words.empty(); ++number) {
    const auto end = std::min(words.find(' '), words.size());
    const auto column = out.size();
    out += number < 10 ? "   " : "  ";
    out += std::to_string(number) + " ";
    out += words.substr(0, end);
    if (number % 4 == 0) {
      out += '\n';
    } else {
      out.append(18 - std::min<std::size_t>(18, out.size() - column), ' ');
    }
    words.remove_prefix(std::min(end + 1, words.size()));
  }
}

// Four digits that go with the number and the key.
std::string check_digits(const crypto::BoxKey& recovery_key, const sync::OrganisationId& id) {
  const auto hash =
      crypto::hash(sync::contexts::sheet_number, {id.view(), recovery_key.public_key()});
  return crypto::to_hex(crypto::ByteView(hash).first(2));
}

// Which of the words typed off a sheet to look at again.
std::string what_is_wrong(std::string_view text) {
  if (text.size() > crypto::words_text_max) {
    return "this is longer than a recovery sheet's 24 words. Type these, and nothing else.";
  }
  const auto typed = crypto::look_at_words(text);
  if (typed.count != crypto::words_count) {
    return (typed.count == 1 ? "there is 1 word"
                             : "there are " + std::to_string(typed.count) + " words") +
           std::string(", and a recovery sheet has 24. Type all of them, in the sheet's order.");
  }
  if (typed.unknown.empty()) {
    return "each of the 24 words is one that sheets use, but together they are no sheet: one is "
           "another than on the sheet, or two have changed places. Read each against the sheet.";
  }
  std::string which;
  for (const auto number : typed.unknown) {
    which += (which.empty() ? "word " : ", word ") + std::to_string(number);
  }
  return which + ": no sheet uses this. Type it again as the sheet has it.";
}

}  // namespace

sync::Result<crypto::BoxKey> recovery_key_from_typed(std::string_view words) {
  if (auto key = crypto::recovery_key_from_words(words)) return *std::move(key);
  return sync::Error{sync::ErrorKind::invalid, what_is_wrong(words)};
}

std::string sheet_number(const crypto::BoxKey& recovery_key, const sync::OrganisationId& id) {
  const std::string digits = id.hex() + check_digits(recovery_key, id);
  std::string out;
  for (std::size_t at = 0; at < digits.size(); at += 4) {
    out += (at == 0 ? "" : "-") + digits.substr(at, 4);
  }
  return out;
}

sync::Result<sync::OrganisationId> organisation_on_sheet(const crypto::BoxKey& recovery_key,
                                                         std::string_view typed) {
  std::string digits;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    digits += c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c;
  }
  constexpr std::size_t id_digits = 32;
  const auto bytes = crypto::from_hex(std::string_view(digits).substr(0, id_digits));
  const auto id = bytes ? sync::OrganisationId::from(*bytes) : std::nullopt;
  const auto check = std::string_view(digits).substr(std::min(digits.size(), id_digits));
  if (id && (check.empty() || check == check_digits(recovery_key, *id))) return *id;
  return sync::Error{sync::ErrorKind::invalid,
                     "This is not the number on the recovery sheet with these 24 words. Type it as "
                     "it stands under the name, all nine groups of four; on an older sheet, 32 "
                     "digits. Nothing was set up."};
}

crypto::SecretText recovery_sheet(const crypto::BoxKey& recovery_key,
                                  std::string_view organisation_name,
                                  const sync::OrganisationId& organisation) {
  const auto words = crypto::recovery_words(recovery_key);
  std::string out;
  out.reserve(sheet_bytes_max);
  out += "THROUGHGATE RECOVERY SHEET\n\n  ";
  out += organisation_name;
  out += "\n  ";
  out += sheet_number(recovery_key, organisation);
  out +=
      "\n\nPrint this sheet or write the words down, and lock it in the organisation's safe.\n"
      "Whoever has it can read all that the organisation has recorded. It is shown only\n"
      "now. With it, and only with it, a lost computer can be rebuilt.\n\n";
  put_words(words.view(), out);
  if (const auto code = code_of(words.view())) {
    out += "\nThe same words as a code:\n\n";
    draw(*code, out);
  }
  return crypto::SecretText(std::move(out));
}

std::optional<SheetCode> sheet_code(const crypto::BoxKey& recovery_key) {
  const auto words = crypto::recovery_words(recovery_key);
  const auto code = code_of(words.view());
  if (!code) return std::nullopt;
  std::string path;
  path.reserve(sheet_bytes_max);
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      const int from = x;
      while (is_dark(*code, x, y)) ++x;
      if (x == from) continue;
      const auto wide = std::to_string(x - from);
      path.append("M").append(std::to_string(from + quiet)).append(" ");
      path.append(std::to_string(y + quiet)).append("h").append(wide).append("v1h-");
      path.append(wide).append("z");
    }
  }
  return SheetCode{code->width + 2 * quiet, crypto::SecretText(std::move(path))};
}

}  // namespace throughgate::node
