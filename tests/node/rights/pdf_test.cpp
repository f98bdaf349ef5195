#include "node/rights/pdf.h"

#include <catch_amalgamated.hpp>

#include "node/rights/pdf_language.h"

namespace throughgate::node {
namespace {

using Kind = DocumentBlock::Kind;

Document example(std::size_t facts, const std::string& text) {
  Document out{"What is held", "HMP Example", "en-GB", 1'796'000'000'000, {}};
  out.blocks.push_back({Kind::title, "What is held", {}});
  for (std::size_t i = 0; i < facts; ++i) {
    if (i % 20 == 0) out.blocks.push_back({Kind::heading, "Part", {}});
    out.blocks.push_back({Kind::fact, text, "A label"});
    out.blocks.push_back({Kind::aside, "4 December 2026", {}});
  }
  return out;
}

Pdf drawn(const Document& document) {
  auto pdf = pdf_of(document);
  REQUIRE(pdf);
  return *std::move(pdf);
}

bool holds(const Pdf& pdf, std::string_view part) {
  return crypto::as_text(pdf.bytes).find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a document becomes pages, the same bytes each time, and says title, language and parts",
          "[rights][pdf]") {
  const auto pdf = drawn(example(100, "A value"));
  CHECK(pdf.bytes == drawn(example(100, "A value")).bytes);
  CHECK(crypto::as_text(pdf.bytes).starts_with("%PDF-1."));
  CHECK(pdf.pages > 2);
  CHECK(pdf.letters_without_font == 0);
  CHECK(holds(pdf, "/Lang (en-GB)"));
  CHECK(holds(pdf, "/DisplayDocTitle true"));
  CHECK(holds(pdf, "/StructTreeRoot"));
  CHECK(holds(pdf, "/Outlines"));
  CHECK(holds(pdf, "20261130"));
}

TEST_CASE("a value of any length is wrapped and goes on over pages", "[rights][pdf]") {
  CHECK(drawn(example(1, std::string(30'000, 'x'))).pages > 5);
  std::string words;
  for (int i = 0; i < 10'000; ++i) words += "gair ";
  CHECK(drawn(example(1, words)).pages > 5);
  CHECK(drawn(example(1, std::string(1'000, '\n'))).pages > 10);
  CHECK(drawn(example(0, {})).pages == 1);
}

TEST_CASE("a document that is too long for one file is refused with what to do", "[rights][pdf]") {
  const auto pdf = pdf_of(example(1, std::string(210'000, '\n')));
  REQUIRE_FALSE(pdf);
  CHECK(pdf.error().kind == sync::ErrorKind::unavailable);
  CHECK(pdf.error().message.find("JSON") != std::string::npos);
}

TEST_CASE("text of any script is drawn, and letters that no font has are counted",
          "[rights][pdf]") {
  CHECK(
      drawn(example(1, "Gwenllïan Ŵyn ap Ŷs, אברהם לוי, محمد علي, Ødegård")).letters_without_font ==
      0);
  CHECK(drawn(example(1, "A\x01\x02 B\x7F, \xE2\x80\xAE hidden")).letters_without_font == 0);
  CHECK(drawn(example(1, "\xF0\x93\x80\x80\xF0\x93\x80\x81")).letters_without_font == 2);
}

TEST_CASE("a file that is not of the form expected is not given a language", "[rights][pdf]") {
  const auto bytes = [](std::string_view text) { return crypto::Bytes(text.begin(), text.end()); };
  for (const char* wrong :
       {"", "%PDF-1.5", "trailer startxref\n", "trailer\n<< /Size x\n /Root 1 0 R\n",
        "trailer\n<< /Size 4\n /Root 3 0 R\n /Info 2 0 R\n>>\nstartxref\n12\n"}) {
    CHECK_FALSE(with_language(bytes(wrong), "en-GB"));
  }
}

}  // namespace throughgate::node
