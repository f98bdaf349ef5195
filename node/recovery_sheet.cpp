#include "node/recovery_sheet.h"

#include <qrencode.h>

#include <memory>
#include <string>

#include "crypto/recovery_key.h"
#include "crypto/words.h"

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

}  // namespace

crypto::SecretText recovery_sheet(const crypto::BoxKey& recovery_key,
                                  std::string_view organisation_name,
                                  std::string_view organisation_id) {
  const auto words = crypto::recovery_words(recovery_key);
  std::string out;
  out.reserve(sheet_bytes_max);
  out += "THROUGHGATE RECOVERY SHEET\n\n  ";
  out += organisation_name;
  out += "\n  ";
  out += organisation_id;
  out +=
      "\n\nPrint this sheet or write the words down, and lock it in the organisation's safe.\n"
      "Whoever has it can read all that the organisation has recorded. It is shown only\n"
      "now. With it, and only with it, a lost computer can be rebuilt.\n\n";
  put_words(words.view(), out);
  const std::unique_ptr<QRcode, FreeCode> code(QRcode_encodeData(
      static_cast<int>(words.view().size()),
      reinterpret_cast<const unsigned char*>(words.view().data()), 0, QR_ECLEVEL_M));
  if (code) {
    out += "\nThe same words as a code:\n\n";
    draw(*code, out);
  }
  return crypto::SecretText(std::move(out));
}

}  // namespace throughgate::node
