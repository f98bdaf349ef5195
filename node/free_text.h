// Free text that looks as if it held what should not be shared: config/free-text.toml. It warns,
// and bars nothing: only whoever types knows what is meant, and text that it finds nothing in may
// hold anything. Threads: read by any once made. No disk: the caller brings the text.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "node/records/codes.h"
#include "sync/result.h"

namespace throughgate::node {

// One thing in one text; a kind of thing at most once in each.
struct TextDoubt {
  std::string where;       // "What to do or not to do": the label of the field
  std::string part;        // as typed; for whoever typed it alone
  std::string looks_like;  // "a prison number of somebody else"
};

class FreeText {
 public:
  // What the program is shipped with.
  static const FreeText& shipped();
  // Fails with `invalid`: not TOML, or something the list cannot hold; says what.
  static sync::Result<FreeText> parse(std::string_view toml);

  // `own_numbers`: prison numbers of whom the record is about, upper case. `alerts`: the list of
  // alert codes; none: alerts are not looked for.
  std::vector<TextDoubt> doubts_in(const std::string& where, std::string_view text,
                                   const std::set<std::string>& own_numbers,
                                   const CodeList* alerts) const;
  // What is looked for: the names, in the order of the list.
  std::vector<std::string> looked_for() const;

 private:
  enum class Numbers { none, prison, national_insurance, nhs };
  struct Kind {
    std::string name;
    Numbers numbers = Numbers::none;
    bool alerts = false;
    std::vector<std::vector<std::string>> terms;  // folded words in a row; the last may end in *
  };
  friend class TextWords;
  friend class FreeTextReader;

  std::vector<Kind> kinds_;
};

}  // namespace throughgate::node
