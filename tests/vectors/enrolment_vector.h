// The vectors of how a new computer gets in: code, letters, the answer to a challenge.
#pragma once

#include <string>

#include "tests/vectors/vector_file.h"

namespace throughgate::vectors {

std::string invitation_code_outcome(const VectorFile& vector);
std::string enrolment_request_outcome(const VectorFile& vector);
std::string enrolment_reply_outcome(const VectorFile& vector);
std::string challenge_outcome(const VectorFile& vector);

}  // namespace throughgate::vectors
