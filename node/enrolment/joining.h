// What a computer that asks to be let in does alike by command, by page and in the background.
// Threads: those of the OpenNode.
#pragma once

#include <string_view>

#include "node/data_folder.h"
#include "node/enrolment/asking.h"
#include "node/hub_client.h"

namespace throughgate::node {

// As this computer was set up, with the name that it is to have in the central list.
//   invalid  the name is not one line of text
sync::Result<ApplicantFacts> facts_to_ask_with(OpenNode& node, std::string_view label);

// True: the central team has said yes. False: no answer yet; then the request is left at the hub
// once more, as it may never have arrived, or was asked by file.
//   not_found  nothing was asked
//   rejected   the answer was not made with our code, or altered; or somebody has used the code
sync::Result<bool> look_for_answer(OpenNode& node, HubClient& hub);

// take_approval(), while nobody else of this computer exchanges; waits until that is so.
sync::Result<sync::Done> take_approval_alone(OpenNode& node, const DataFolder& folder,
                                             crypto::ByteView file);

}  // namespace throughgate::node
