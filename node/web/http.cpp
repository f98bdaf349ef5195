#include "node/web/http.h"

#include <algorithm>

#include "node/web/form_body.h"

namespace throughgate::node::web {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// How many bytes follow this first byte of a character; -1 when none can start so.
int continuation_bytes(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >= 0xC2 && first <= 0xDF) return 1;
  if (first >= 0xE0 && first <= 0xEF) return 2;
  return first >= 0xF0 && first <= 0xF4 ? 3 : -1;
}

// Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
bool second_byte_fits(unsigned char first, unsigned char second) {
  if (first == 0xE0) return second >= 0xA0;
  if (first == 0xED) return second <= 0x9F;
  if (first == 0xF0) return second >= 0x90;
  return first != 0xF4 || second <= 0x8F;
}

}  // namespace

Method method_named(std::string_view name) {
  if (name == "GET") return Method::get;
  if (name == "HEAD") return Method::head;
  return name == "POST" ? Method::post : Method::other;
}

void HeaderFields::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

std::size_t HeaderFields::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      fields_.begin(), fields_.end(), [&](const auto& f) { return same_name(f.first, name); }));
}

std::string_view HeaderFields::only(std::string_view name) const {
  if (count(name) != 1) return {};
  const auto found = std::find_if(fields_.begin(), fields_.end(),
                                  [&](const auto& f) { return same_name(f.first, name); });
  return found->second;
}

void Parameters::add(std::string name, std::string value) {
  values_.emplace_back(std::move(name), std::move(value));
}

const std::string& Parameters::get(std::string_view name) const {
  static const std::string none;
  for (const auto& [each, value] : values_) {
    if (each == name) return value;
  }
  return none;
}

bool Parameters::has(std::string_view name) const {
  return std::any_of(values_.begin(), values_.end(),
                     [&](const auto& v) { return v.first == name; });
}

std::vector<std::string> Parameters::all(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [each, value] : values_) {
    if (each == name) found.push_back(value);
  }
  return found;
}

std::optional<Target> parse_target(std::string_view target) {
  if (!target.starts_with('/')) return std::nullopt;
  const auto question = target.find('?');
  std::string_view path = target.substr(0, question);
  Target parsed;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto slash = std::min(path.find('/'), path.size());
    auto segment = percent_decoded(path.substr(0, slash), false);
    if (!segment || !is_valid_utf8(*segment)) return std::nullopt;
    const bool last = slash == path.size();
    if (segment->empty() && !last) return std::nullopt;
    if (!segment->empty()) parsed.segments.push_back(std::move(*segment));
    path.remove_prefix(slash);
  }
  if (question == std::string_view::npos) return parsed;
  auto query = parse_urlencoded(target.substr(question + 1), {});
  if (!query) return std::nullopt;
  parsed.query = std::move(*query);
  return parsed;
}

std::string cookie_value(const HeaderFields& headers, std::string_view name) {
  std::string_view rest = headers.only("Cookie");
  std::string found;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = trimmed(rest.substr(0, end));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('=')) {
      if (!found.empty()) return {};
      found = pair.substr(name.size() + 1);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return found;
}

Response html_response(const Html& page, int status) {
  Response response;
  response.status = status;
  response.body = page.str();
  return response;
}

Response see_other(const Url& url) {
  Response response;
  response.status = 303;
  response.location = url.is_local_path() ? url.str() : "/";
  return response;
}

Response download(std::string bytes, std::string content_type, std::string file_name) {
  std::erase_if(file_name, [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '-');
  });
  Response response;
  response.body = std::move(bytes);
  response.content_type = std::move(content_type);
  response.file_name = std::move(file_name);
  return response;
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const int more = continuation_bytes(first);
    if (more < 0 || text.size() - at <= static_cast<std::size_t>(more)) return false;
    for (int i = 1; i <= more; ++i) {
      const auto byte = static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
      if ((byte & 0xC0U) != 0x80U) return false;
      if (i == 1 && !second_byte_fits(first, byte)) return false;
    }
    at += 1 + static_cast<std::size_t>(more);
  }
  return true;
}

}  // namespace throughgate::node::web
