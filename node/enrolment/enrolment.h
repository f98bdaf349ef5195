// A new computer's side of enrolment: ask with the code of an invitation, and take the answer. In
// between, days may pass and the program may end; recording works all the while.
// Threads: those of its OpenNode.
#pragma once

#include <string>

#include "node/enrolment/asking.h"
#include "node/enrolment/letters.h"

namespace throughgate::node {

class Enrolment {
 public:
  // Both must outlive it.
  Enrolment(OpenNode& node, HubClient& hub) : node_(node), hub_(hub) {}

  // Returns the words to read to the desk. May be repeated with the same code; with a new one the
  // old is forgotten.
  //   invalid   the code is mistyped, or a name cannot be used
  //   rejected  somebody has used the code already
  //   denied    this computer is enrolled already
  sync::Result<std::string> ask(std::string_view code, const ApplicantFacts& facts);

  // True: the desk has said yes, and the next sync brings the directory. False: no answer yet.
  //   not_found  nothing was asked
  //   rejected   the answer was not made with our code, or altered
  sync::Result<bool> take_answer();

 private:
  OpenNode& node_;
  HubClient& hub_;
};

}  // namespace throughgate::node
