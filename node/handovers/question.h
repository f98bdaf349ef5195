// What a partner asks before it answers. The stage stays where it is when the prison has said what
// was asked; a note by the prison since then is the answer.
#pragma once

#include <optional>

#include "node/handovers/case_file.h"

namespace throughgate::node {

struct Question {
  std::string words;
  std::string answer;  // the prison's notes since, the earliest first, a line each
  std::optional<std::uint64_t> answered_ms;  // when the prison wrote its first note since; none yet
};

// The question that the handover is stopped at; nullopt: nothing is asked at this stage.
std::optional<Question> question_of(const CaseFile& file);

}  // namespace throughgate::node
