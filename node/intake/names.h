// People's names, in the forms that lists hold them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/intake/refusal.h"

namespace throughgate::node {

struct PersonName {
  std::string forenames;  // empty for somebody with one name
  std::string surname;
  std::string known_as;
  std::vector<std::string> former_names;

  bool operator==(const PersonName&) const = default;
};

// A whole name from one cell: "SMITH, John", "Mr John Smith", "Dafydd ap Gwilym",
// "Robert (Bob) Jones-Smith", "Ann Smith (née Jones)". Titles go; a name all in capitals or all in
// small letters gets usual capitals. One word alone is the surname.
// A problem for digits and the like, and for more than one comma.
Reading<PersonName> read_full_name(std::string_view text);

// The same for columns of their own: "Robert (Bob)" and "Smith (née Jones)" are understood.
Reading<PersonName> read_forenames(std::string_view text);
Reading<PersonName> read_surname(std::string_view text);
// A name without anything beside it.
Reading<std::string> read_name_part(std::string_view text);

// Former names, between ; , or /. "née" and "formerly" in front go.
Reading<std::vector<std::string>> read_former_names(std::string_view text);

// How the name is shown: "Robert (Bob) Jones".
std::string shown_name(const PersonName& name);

}  // namespace throughgate::node
