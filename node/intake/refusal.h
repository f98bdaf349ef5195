// How intake says no: to a whole file, or to one cell.
#pragma once

#include <optional>
#include <string>
#include <variant>

namespace throughgate::node {

// The whole file cannot be read. `why` is a sentence for the person importing: what is wrong and
// what to do. It may quote headings, never the content of a row.
struct Refusal {
  std::string why;
};

template <class T>
using Read = std::variant<T, Refusal>;

// What one cell says. `problem` set: the cell cannot be taken and the row is for a person to mend.
// `warning` set: taken, but worth a look. An empty cell is an empty Reading and no problem.
// Both may quote the cell: they are shown only to the person who brought the file.
template <class T>
struct Reading {
  std::optional<T> value{};
  std::string problem{};
  std::string warning{};
};

}  // namespace throughgate::node
