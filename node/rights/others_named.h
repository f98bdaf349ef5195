// Names of other people that are known here, looked for in text that somebody is about to hand out.
// What it does not find may still name somebody: a person reads the text.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace throughgate::node {

class OthersNamed {
 public:
  void add(std::string_view name);
  // Not somebody else: the person who asks, who may share a family name with others.
  void take_out(std::string_view name);

  // Names of which the whole, or the last word, stands in the text; whatever the case.
  std::vector<std::string> named_in(std::string_view text) const;

 private:
  std::map<std::string, std::string> names_;  // by what is looked for, words between blanks
  std::set<std::string> own_;
};

}  // namespace throughgate::node
