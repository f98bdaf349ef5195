// A document as PDF, made in memory: A4, with page numbers, contents (bookmarks), title, language,
// and headings and paragraphs marked as such for who has pages read aloud.
// Threads: any; one draws at a time. The same document gives the same bytes.
#pragma once

#include "crypto/bytes.h"
#include "node/rights/document.h"
#include "sync/result.h"

namespace throughgate::node {

struct Pdf {
  crypto::Bytes bytes;
  std::size_t pages = 0;
  std::size_t letters_without_font = 0;  // drawn as boxes: no font here has them
};

//   unavailable  too long for one file (pages_max), or the library could not draw it
sync::Result<Pdf> pdf_of(const Document& document);

constexpr std::size_t pages_max = 3'000;

}  // namespace throughgate::node
