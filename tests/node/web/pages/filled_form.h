// What a browser would send of a page's form that nobody touched: hidden fields, text, boxes that
// are ticked, the chosen option of each list. Tests change it as a person would.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "node/web/http.h"

namespace throughgate::node::web::testing {

class FilledForm {
 public:
  // The fields of the form in `page` that posts to `action`; of the whole text where it is empty.
  explicit FilledForm(const std::string& page, const std::string& action = "");

  bool has(const std::string& name) const;
  std::string value(const std::string& name) const;  // the first; empty where there is none
  std::vector<std::string> values(const std::string& name) const;

  // In the place of all of that name; several are boxes that are ticked.
  FilledForm& type(const std::string& name, const std::string& text);
  FilledForm& tick(const std::string& name, const std::string& value);
  FilledForm& untick(const std::string& name, const std::string& value);

  Parameters sent() const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

}  // namespace throughgate::node::web::testing
