#include "tests/node/web/pages/filled_form.h"

#include <algorithm>
#include <array>

namespace throughgate::node::web::testing {
namespace {

std::string unescaped(std::string text) {
  constexpr std::array<std::pair<const char*, const char*>, 5> signs = {
      {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}};
  for (const auto& [escape, sign] : signs) {
    for (auto at = text.find(escape); at != std::string::npos; at = text.find(escape, at + 1)) {
      text.replace(at, std::string(escape).size(), sign);
    }
  }
  return text;
}

std::string attribute(const std::string& tag, const std::string& name) {
  const std::string begin = " " + name + "=\"";
  const auto at = tag.find(begin);
  if (at == std::string::npos) return {};
  const auto from = at + begin.size();
  return unescaped(tag.substr(from, tag.find('"', from) - from));
}

bool has_flag(const std::string& tag, const std::string& name) {
  return tag.find(" " + name) != std::string::npos;
}

// A line of text as a browser keeps it: without line breaks.
std::string in_one_line(std::string text) {
  std::erase_if(text, [](char letter) { return letter == '\r' || letter == '\n'; });
  return text;
}

// Several, as a browser sends them: whatever ended a line, it is "\r\n".
std::string with_line_ends(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && i > 0 && text[i - 1] == '\r') continue;
    const bool ends = text[i] == '\r' || text[i] == '\n';
    out += ends ? "\r\n" : std::string(1, text[i]);
  }
  return out;
}

std::string form_in(const std::string& page, const std::string& action) {
  if (action.empty()) return page;
  for (auto at = page.find("<form"); at != std::string::npos; at = page.find("<form", at + 1)) {
    const std::string tag = page.substr(at, page.find('>', at) - at);
    if (attribute(tag, "action") == action) return page.substr(at, page.find("</form>", at) - at);
  }
  return {};
}

}  // namespace

FilledForm::FilledForm(const std::string& page, const std::string& action) {
  const std::string form = form_in(page, action);
  std::string select;
  for (auto at = form.find('<'); at != std::string::npos; at = form.find('<', at + 1)) {
    const auto end = form.find('>', at);
    const std::string tag = form.substr(at, end - at);
    if (tag.starts_with("<input")) {
      const std::string type = attribute(tag, "type");
      const bool box = type == "checkbox" || type == "radio";
      if (!box || has_flag(tag, "checked")) {
        const bool typed = type == "text" || type == "email" || type == "tel";
        const std::string value = attribute(tag, "value");
        fields_.emplace_back(attribute(tag, "name"), typed ? in_one_line(value) : value);
      }
    } else if (tag.starts_with("<textarea")) {
      const auto from = end + 2;  // the line break after the tag is not part of it
      const auto text = unescaped(form.substr(from, form.find("</textarea>", at) - from));
      fields_.emplace_back(attribute(tag, "name"), with_line_ends(text));
    } else if (tag.starts_with("<select")) {
      select = attribute(tag, "name");
    } else if (tag.starts_with("<option") && (!has(select) || has_flag(tag, "selected"))) {
      type(select, attribute(tag, "value"));
    }
  }
}

bool FilledForm::has(const std::string& name) const { return !values(name).empty(); }

std::string FilledForm::value(const std::string& name) const {
  const auto all = values(name);
  return all.empty() ? std::string() : all.front();
}

std::vector<std::string> FilledForm::values(const std::string& name) const {
  std::vector<std::string> out;
  for (const auto& [field, value] : fields_) {
    if (field == name) out.push_back(value);
  }
  return out;
}

FilledForm& FilledForm::type(const std::string& name, const std::string& text) {
  std::erase_if(fields_, [&](const auto& field) { return field.first == name; });
  return tick(name, text);
}

FilledForm& FilledForm::tick(const std::string& name, const std::string& value) {
  fields_.emplace_back(name, value);
  return *this;
}

FilledForm& FilledForm::untick(const std::string& name, const std::string& value) {
  std::erase(fields_, std::pair(name, value));
  return *this;
}

Parameters FilledForm::sent() const {
  Parameters out;
  for (const auto& [name, value] : fields_) out.add(name, value);
  return out;
}

}  // namespace throughgate::node::web::testing
