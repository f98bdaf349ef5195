// What a new computer keeps while it asks to be let in, whichever way its letters go: the code it
// was given, and what it asked with. Threads: those of the OpenNode.
#pragma once

#include <optional>
#include <string>

#include "node/open_node.h"
#include "sync/enrolment.h"

namespace throughgate::node {

struct ApplicantFacts {
  std::string organisation_name;
  sync::OrganisationKind kind = sync::OrganisationKind::prison;
  std::string establishment;
  std::string label;  // of this computer: "Reception PC"
};

struct Asked {
  sync::InvitationCode code;
  sync::Applicant applicant;
  crypto::Bytes request;
};

//   invalid  the code is mistyped
//   denied   this computer is enrolled already
sync::Result<sync::InvitationCode> code_to_ask_with(const OpenNode& node, std::string_view typed);

// Kept until keep_nothing_asked(). May be repeated with the same code; with a new one the old is
// forgotten. Fails with `invalid` when a name cannot be used.
sync::Result<Asked> keep_asked(OpenNode& node, sync::InvitationCode code,
                               const ApplicantFacts& facts);
sync::Result<std::optional<Asked>> asked_by(OpenNode& node);
sync::Result<sync::Done> keep_nothing_asked(OpenNode& node);

// The words to read to the desk, while an answer is awaited; nullopt otherwise.
sync::Result<std::optional<std::string>> awaited_words(OpenNode& node);

sync::Error nothing_asked();

}  // namespace throughgate::node
