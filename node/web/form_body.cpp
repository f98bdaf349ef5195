#include "node/web/form_body.h"

namespace throughgate::node::web {
namespace {

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// The byte an escape such as "%41" at the start of `text` stands for; -1 when it is none.
int escaped_byte(std::string_view text) {
  if (text.size() < 3) return -1;
  const int high = digit_value(text[1]);
  const int low = digit_value(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool field_fits(const std::string& name, const std::string& value, const FormLimits& limits) {
  return name.size() <= limits.name_bytes_max && value.size() <= limits.value_bytes_max &&
         is_valid_utf8(name) && is_valid_utf8(value) && value.find('\0') == std::string::npos;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[at] != '%') {
      out += text[at];
    } else {
      const int byte = escaped_byte(text.substr(at));
      if (byte < 0) return std::nullopt;
      out += static_cast<char>(byte);
      at += 2;
    }
    if (out.back() == '\0') return std::nullopt;
  }
  return out;
}

std::optional<Parameters> parse_urlencoded(std::string_view text, const FormLimits& limits) {
  Parameters parameters;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = percent_decoded(pair.substr(0, equals), true);
    auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value || !field_fits(*name, *value, limits)) return std::nullopt;
    if (parameters.in_order().size() == limits.fields_max) return std::nullopt;
    parameters.add(std::move(*name), std::move(*value));
  }
  return parameters;
}

void PartCollector::start_part(std::string name, bool is_file, std::string file_name) {
  close_part();
  in_part_ = true;
  is_file_ = is_file;
  name_ = std::move(name);
  file_name_ = std::move(file_name);
  if (form_.fields.in_order().size() + form_.files.size() >= limits_.fields_max) refused_ = true;
}

void PartCollector::add_bytes(std::string_view bytes) {
  total_bytes_ += bytes.size();
  const bool value_too_long = !is_file_ && bytes_.size() + bytes.size() > limits_.value_bytes_max;
  if (!in_part_ || value_too_long || total_bytes_ > limits_.body_bytes_max) refused_ = true;
  if (!refused_) bytes_ += bytes;
}

void PartCollector::close_part() {
  if (!in_part_ || refused_) return;
  if (!is_file_) {
    if (!field_fits(name_, bytes_, limits_)) refused_ = true;
    if (!refused_) form_.fields.add(std::move(name_), std::move(bytes_));
  } else if (form_.files.size() == limits_.files_max || name_.size() > limits_.name_bytes_max ||
             !field_fits(file_name_, {}, limits_)) {
    refused_ = true;
  } else if (!file_name_.empty() || !bytes_.empty()) {  // both empty: no file was chosen
    form_.files.push_back({std::move(name_), std::move(file_name_), std::move(bytes_)});
  }
  name_.clear();
  file_name_.clear();
  bytes_.clear();
}

std::optional<FormBody> PartCollector::finish() {
  close_part();
  if (refused_) return std::nullopt;
  return std::move(form_);
}

}  // namespace throughgate::node::web
