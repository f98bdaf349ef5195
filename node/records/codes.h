// The code lists of config/codes: what a form offers where a field names a list. Codes are retired,
// never deleted, so that old records keep their words; an unknown code, from a newer site, shows as
// itself. A list is read once and does not change; reading it is safe from any thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sync/result.h"

namespace throughgate::node {

struct Code {
  std::string code;   // what is stored
  std::string label;  // what people read
  // An ISO date; empty while the code is offered.
  std::string retired_on;
  // What else the list says of it: "share" (S0 to S3), "group", "welsh", "note", "valid_months",
  // "town" ...
  std::map<std::string, std::string, std::less<>> facts;

  [[nodiscard]] bool offered() const { return retired_on.empty(); }
  // Empty: the list does not say.
  [[nodiscard]] std::string_view fact(std::string_view name) const;
};

class CodeList {
 public:
  CodeList(std::string name, std::string title, std::vector<Code> codes);

  [[nodiscard]] const std::string& name() const { return name_; }    // "pathways"
  [[nodiscard]] const std::string& title() const { return title_; }  // "Kinds of support"
  // As the file lists them, retired ones too.
  [[nodiscard]] const std::vector<Code>& codes() const { return codes_; }
  // nullptr: not in this list. By code exactly as stored.
  [[nodiscard]] const Code* find(std::string_view code) const;
  // By code or label, in any case: what a person typed. An offered code comes before a retired one.
  [[nodiscard]] const Code* find_typed(std::string_view text) const;

 private:
  std::string name_;
  std::string title_;
  std::vector<Code> codes_;
};

class CodeLists {
 public:
  // Reads every .toml and .csv of `folder`: at most 100 files of 256 KiB, 1,000 codes each. Fails
  // with `not_found` when there is no such folder and `invalid` when a file is wrong, saying which
  // file and where.
  static sync::Result<CodeLists> load(const std::filesystem::path& folder);

  // nullptr: there is no such list.
  [[nodiscard]] const CodeList* list(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::map<std::string, CodeList, std::less<>> lists_;
};

// One file's text as a list; `name` also says in errors which list is meant.
sync::Result<CodeList> parse_code_list(const std::string& name, std::string_view toml);
// The same from a table with a heading line: code and name are columns, every other column is a
// fact. No quotes.
sync::Result<CodeList> parse_code_table(const std::string& name, std::string_view csv);

}  // namespace throughgate::node
