// Tables, sorted by the server through links, in a region that scrolls where the screen is narrow.
#pragma once

#include <string>
#include <vector>

#include "node/web/components/content.h"

namespace throughgate::node::web {

struct Cell {
  Content content{};
  bool numeric = false;
  std::string classes{};
  int column_span = 1;
  int row_span = 1;
  Attrs attributes{};
};

struct Table {
  std::string caption{};
  std::string caption_classes{};
  std::vector<Cell> head{};
  std::vector<std::vector<Cell>> rows{};
  bool first_cell_is_header = false;
  std::string classes{};
};
Html table(const Table& table);

// Lets a wide table scroll by itself, with mouse or keyboard, so that the page never has to.
// `name` says aloud what it holds, and no two on a page are alike.
Html scroll_region(const std::string& name, const Html& wide);

enum class Sorting { none, ascending, descending };
// A column heading that sorts: `href` is the same page sorted by this column, the other way round
// where it already is.
Cell sort_heading(const std::string& text, Sorting sorting, const Url& href, bool numeric = false);

}  // namespace throughgate::node::web
