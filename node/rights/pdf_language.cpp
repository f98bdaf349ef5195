#include "node/rights/pdf_language.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace throughgate::node {
namespace {

// What stands behind `name` up to one of `ends`; empty: it is not there.
std::string after(std::string_view text, std::string_view name, std::string_view ends) {
  const auto at = text.find(name);
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size();
  return std::string(text.substr(begin, text.find_first_of(ends, begin) - begin));
}

bool is_number(const std::string& text) {
  return !text.empty() && text.size() < 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string ten_digits(std::size_t number) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "%010zu", number);
  return out.data();
}

}  // namespace

std::optional<crypto::Bytes> with_language(const crypto::Bytes& pdf, const std::string& language) {
  const std::string_view text = crypto::as_text(pdf);
  const auto trailer = text.rfind("trailer");
  const auto start = text.rfind("startxref\n");
  if (trailer == std::string_view::npos || start == std::string_view::npos) return std::nullopt;
  const auto tail = text.substr(trailer);
  const auto size = after(tail, "/Size ", "\n /");
  const auto root = after(tail, "/Root ", " ");
  const auto info = after(tail, "/Info ", " ");
  const auto table = after(text.substr(start), "startxref\n", "\n");
  if (!is_number(size) || !is_number(root) || !is_number(info) || !is_number(table)) {
    return std::nullopt;
  }
  const auto object = text.rfind("\n" + root + " 0 obj\n");
  const auto end = object == std::string_view::npos ? object : text.find(">>\nendobj", object);
  if (end == std::string_view::npos) return std::nullopt;
  const auto catalogue = text.substr(object + 1, end - object - 1);

  std::string update(catalogue);
  update += "   /Lang (" + language + ")\n   /ViewerPreferences << /DisplayDocTitle true >>\n";
  const bool is_marked = catalogue.find("/MarkInfo") != std::string_view::npos;
  if (!is_marked) update += "   /MarkInfo << /Marked true >>\n";
  update += ">>\nendobj\n";
  const auto new_table = pdf.size() + update.size();
  update += "xref\n" + root + " 1\n" + ten_digits(pdf.size()) + " 00000 n \n";
  update += "trailer\n<< /Size " + size + "\n   /Root " + root + " 0 R\n   /Info " + info +
            " 0 R\n   /Prev " + table + "\n>>\nstartxref\n" + std::to_string(new_table) +
            "\n%%EOF\n";
  crypto::Bytes out(pdf);
  out.insert(out.end(), update.begin(), update.end());
  return out;
}

}  // namespace throughgate::node
