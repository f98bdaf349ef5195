#include "node/intake/establishments.h"

#include <array>

#include "node/intake/cell_text.h"
#include "node/intake/codes.h"

namespace throughgate::node {
namespace {

// "HMP & YOI Leeds" and "Leeds (HMP)" are both "leeds".
std::string bare_name(std::string_view name) {
  std::string key = plain_key(name.substr(0, name.find('(')));
  constexpr std::array<std::string_view, 6> kinds{"hmpyoi", "hmpandyoi", "hmyoi",
                                                  "hmp",    "hmprison",  "yoi"};
  for (const std::string_view kind : kinds) {
    if (key.size() > kind.size() && key.starts_with(kind)) key.erase(0, kind.size());
  }
  return key;
}

}  // namespace

void EstablishmentList::add(std::string_view code, std::string_view name) {
  code_of_.emplace(plain_key(code), code);
  code_of_.emplace(bare_name(name), code);
}

Reading<std::string> EstablishmentList::read(std::string_view text) const {
  if (text.empty()) return {};
  if (code_of_.empty()) return read_establishment_code(text);
  auto found = code_of_.find(plain_key(text));
  if (found == code_of_.end()) found = code_of_.find(bare_name(text));
  if (found != code_of_.end()) return {found->second, {}, {}};
  return {{}, "\"" + std::string(text) + "\" is not an establishment in the list", {}};
}

}  // namespace throughgate::node
