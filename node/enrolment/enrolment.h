// A new computer's side of enrolment: ask with the code of an invitation, and take the answer. In
// between, days may pass and the program may end; recording works all the while.
// Threads: those of its OpenNode.
#pragma once

#include <optional>
#include <string>

#include "node/enrolment/letters.h"
#include "node/open_node.h"
#include "sync/enrolment.h"

namespace throughgate::node {

struct ApplicantFacts {
  std::string organisation_name;
  sync::OrganisationKind kind = sync::OrganisationKind::prison;
  std::string establishment;
  std::string label;  // of this computer: "Reception PC"
};

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
  sync::Result<sync::Done> remember(crypto::ByteView code, crypto::ByteView request);

  OpenNode& node_;
  HubClient& hub_;
};

// The words again, while an answer is awaited; nullopt otherwise.
sync::Result<std::optional<std::string>> awaited_words(OpenNode& node);

}  // namespace throughgate::node
