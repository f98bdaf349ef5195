// A document to be read by people, before it is drawn: headings, paragraphs and facts, in order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace throughgate::node {

struct DocumentBlock {
  enum class Kind {
    title,    // once, first
    heading,  // these two stand in the list of contents too
    subheading,
    paragraph,
    fact,   // `label` beside `text`
    aside,  // small: who wrote the fact above, when and why
  };
  Kind kind = Kind::paragraph;
  std::string text;   // UTF-8; line breaks stay
  std::string label;  // of a fact
};

struct Document {
  std::string title;     // of the file, and on each page
  std::string author;    // the organisation
  std::string language;  // "en-GB"
  std::uint64_t made_at_ms = 0;
  std::vector<DocumentBlock> blocks;
};

}  // namespace throughgate::node
