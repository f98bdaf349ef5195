// A new computer's side of an enrolment that goes by hand, where there is no network: it writes its
// request into a file, and takes the answer from one. The answer brings the central list with it,
// so that bundles can be made and taken at once. Threads: those of the OpenNode.
#pragma once

#include "node/enrolment/asking.h"

namespace throughgate::node {

constexpr std::size_t enrolment_tries_max = 10;
constexpr std::uint64_t enrolment_wait_ms = 60 * 60 * 1000;

struct FiledRequest {
  crypto::Bytes file;
  std::string words;   // to read to the desk
  std::string number;  // by which the desk lists it
};

// Keeps what it asked with, as Enrolment::ask() does. With the invitation's file, what the desk
// meant is compared first, so that no journey is for nothing.
//   invalid   the code is mistyped, a name cannot be used, or the invitation is for another kind of
//             organisation or another prison
//   rejected  the invitation was not made with this code
//   denied    this computer is enrolled already, the invitation is too old, or too many tries
sync::Result<FiledRequest> ask_by_file(OpenNode& node, std::string_view typed,
                                       const ApplicantFacts& facts,
                                       const std::optional<crypto::Bytes>& invitation);

// The file of what was asked last, however it was asked; again the same.
//   not_found  nothing was asked
sync::Result<FiledRequest> filed_request(OpenNode& node);

// Takes the desk's answer and the list in it; may be repeated after a crash. Nothing is changed
// unless all of it holds.
//   not_found  nothing was asked
//   rejected   it answers another request, or was not made with our code, or altered
//   denied     this computer is enrolled already, or too many tries
sync::Result<sync::Done> take_approval(OpenNode& node, crypto::ByteView file);

}  // namespace throughgate::node
