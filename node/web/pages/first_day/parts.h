// What the pages of a set-up share.
#pragma once

#include <string>

#include "node/web/pages/first_day/first_day.h"
#include "node/web/pages/form_faults.h"

namespace throughgate::node::web::first_day {

constexpr char set_up_address[] = "/set-up";

struct SetUpPage {
  std::string title;
  Html main{};
  FormFaults faults{};
  std::optional<Step> back{};  // no link: there is nothing before it
};
// 422 where something is wrong with what was typed.
Response set_up_page(const Visit& visit, const SetUpPage& page);
// A page with nothing to answer; `status` says why.
Response set_up_notice(const Visit& visit, const std::string& title, const Html& main, int status);

// A step's question, in a form that goes to its own address.
struct Question {
  std::string title;
  Html inside{};
  FormFaults faults{};
  std::string button = "Continue";
  Html before{};  // the form
};
Response ask(const StepVisit& at, Step step, const Question& question);
// To the next question that has no answer yet.
Response go_on(const StepVisit& at);

// "A prison", "A partner", "The central team".
std::string kind_words(sync::OrganisationKind kind);

}  // namespace throughgate::node::web::first_day
