// How one field of a record is asked for on a page, by what its line in the .proto says of it, and
// how its answer is read back.
//
// What the boxes of a question hold is one text: a date as "4/12/2026", a choice as its code, a
// list one value a line, each once. It is compared as such: a question nobody touched has the text
// it was shown with, without the signs that nobody sees (visible_text()).
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "node/records/codes.h"
#include "node/web/http.h"

namespace throughgate::node::web {

enum class Asked {
  never,       // ids, fingerprints and stages: other pages see to them
  line,        // one line of text, or a number
  lines,       // long text
  note,        // one more, beside those that stand
  date,        // three boxes
  choice,      // one of a list
  choices,     // some of a list, a box each
  one_a_line,  // a list without boxes
  yes_no,
};
Asked how_asked(const google::protobuf::FieldDescriptor& field, const CodeLists& codes);
inline bool is_list(Asked asked) { return asked == Asked::choices || asked == Asked::one_a_line; }

// The name of the question's boxes: "release-date"; those of a date end in "-day" and so on.
std::string question_name(const google::protobuf::FieldDescriptor& field);
// Where a link to the question leads: the id of its first box.
std::string question_id(const google::protobuf::FieldDescriptor& field, const CodeLists& codes);

// The text of the boxes that show `values`: none, one, or those of a list.
std::string text_of_boxes(const google::protobuf::FieldDescriptor& field,
                          const std::vector<crypto::Bytes>& values, const CodeLists& codes);
// The same of what a form sends.
std::string text_sent(const google::protobuf::FieldDescriptor& field, const Parameters& sent,
                      const CodeLists& codes);
// Did the form have this question at all?
bool was_asked(const google::protobuf::FieldDescriptor& field, const Parameters& sent);
// The values of a list, without blank ones.
std::vector<std::string> lines_in(std::string_view text);

struct Question {
  const google::protobuf::FieldDescriptor& field;
  const CodeLists& codes;
  std::vector<crypto::Bytes> values{};  // what stands
  const Parameters* typed = nullptr;    // what was typed instead, to be shown again
  std::string error{};
  Html remark{};  // after the hint
};
Html question(const Question& question);

}  // namespace throughgate::node::web
