#include "tests/node/never_share/every_form.h"

#include <algorithm>
#include <deque>

#include "tests/node/web/pages/filled_form.h"

namespace throughgate::node::testing {
namespace {

constexpr std::size_t pages_max = 600;

std::string attribute(const std::string& tag, const std::string& name) {
  const std::string begin = " " + name + "=\"";
  const auto at = tag.find(begin);
  if (at == std::string::npos) return {};
  const auto from = at + begin.size();
  return tag.substr(from, tag.find('"', from) - from);
}

std::string decoded(std::string text) {
  for (auto at = text.find("&amp;"); at != std::string::npos; at = text.find("&amp;", at + 1)) {
    text.replace(at, 5, "&");
  }
  return text;
}

// Opening tags of these elements, in order.
std::vector<std::string> tags_of(const std::string& body, const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (auto at = body.find('<'); at != std::string::npos; at = body.find('<', at + 1)) {
    for (const auto& name : names) {
      if (body.compare(at + 1, name.size() + 1, name + " ") != 0) continue;
      out.push_back(body.substr(at, body.find('>', at) - at));
    }
  }
  return out;
}

// To leave the site, or to end the walk; and lists in another order show no other form.
bool is_followed(const std::string& address) {
  if (!address.starts_with("/") || address.starts_with("/assets") ||
      address.starts_with("/sign-")) {
    return false;
  }
  const auto query = address.find('?');
  return query == std::string::npos || address.find("sort=") == std::string::npos;
}

std::vector<std::pair<std::string, std::string>> asked_in(const std::string& form) {
  std::vector<std::pair<std::string, std::string>> out;
  std::string select;
  for (const auto& tag : tags_of(form, {"input", "textarea", "select", "option"})) {
    if (tag.starts_with("<option")) {
      auto& offered = out.back().second;
      if (!select.empty() && offered.empty()) offered = attribute(tag, "value");
      continue;
    }
    const auto name = attribute(tag, "name");
    const auto type = attribute(tag, "type");
    select = tag.starts_with("<select") ? name : std::string();
    if (name.empty() || type == "hidden" || type == "submit" || type == "file") continue;
    const bool is_known =
        std::any_of(out.begin(), out.end(), [&](const auto& each) { return each.first == name; });
    const bool is_box = type == "radio" || type == "checkbox";
    if (!is_known) out.emplace_back(name, is_box ? attribute(tag, "value") : std::string());
  }
  return out;
}

void add_forms(const std::string& page, const std::string& body, std::vector<FoundForm>& out) {
  for (auto at = body.find("<form"); at != std::string::npos; at = body.find("<form", at + 1)) {
    const auto form = body.substr(at, body.find("</form>", at) - at);
    const auto tag = form.substr(0, form.find('>'));
    if (attribute(tag, "method") != "post") continue;
    FoundForm found{page, decoded(attribute(tag, "action")), {}, asked_in(form)};
    const web::testing::FilledForm filled(form);
    const auto sent = filled.sent();
    for (const auto& [name, value] : sent.in_order()) {
      if (name != "csrf" && !name.empty()) found.untouched.emplace_back(name, value);
    }
    out.push_back(std::move(found));
  }
}

}  // namespace

std::vector<FoundForm> forms_from(const Visitor& visitor, const std::vector<std::string>& start) {
  std::vector<FoundForm> out;
  std::deque<std::string> waiting(start.begin(), start.end());
  std::set<std::string> seen(start.begin(), start.end());
  for (std::size_t pages = 0; !waiting.empty() && pages < pages_max; ++pages) {
    const auto address = waiting.front();
    waiting.pop_front();
    const auto page = visitor.get(address);
    if (!page.location.empty() && seen.insert(page.location).second) {
      waiting.push_back(page.location);
    }
    if (!page.content_type.starts_with("text/html")) continue;
    add_forms(address, page.body, out);
    for (const auto& tag : tags_of(page.body, {"a"})) {
      auto link = decoded(attribute(tag, "href"));
      link = link.substr(0, link.find('#'));
      if (is_followed(link) && seen.insert(link).second) waiting.push_back(link);
    }
  }
  return out;
}

Typed sent_with(const FoundForm& form, const Typed& typed) {
  Typed out;
  for (const auto& field : form.untouched) {
    const bool is_typed = std::any_of(typed.begin(), typed.end(),
                                      [&](const auto& each) { return each.first == field.first; });
    if (!is_typed) out.push_back(field);
  }
  out.insert(out.end(), typed.begin(), typed.end());
  return out;
}

}  // namespace throughgate::node::testing
