// What is wrong with what was typed into a form.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/web/html.h"

namespace throughgate::node::web {

// By field, in the order of the questions.
class FormFaults {
 public:
  void add(const std::string& field, const std::string& words) { items_.push_back({field, words}); }
  bool empty() const { return items_.empty(); }
  std::string of(std::string_view field) const;
  Html summary() const;

 private:
  std::vector<std::pair<std::string, std::string>> items_;
};

}  // namespace throughgate::node::web
