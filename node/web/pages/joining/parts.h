// What the pages of a computer that asks to be let in share.
#pragma once

#include <string>

#include "node/enrolment/asking.h"
#include "node/web/pages/form_faults.h"
#include "node/web/pages/joining/joining_pages.h"
#include "node/web/pages/site_pages.h"

namespace throughgate::node::web {

constexpr char by_network_address[] = "/joining/by-network";
constexpr char by_file_address[] = "/joining/by-file";
constexpr char request_address[] = "/joining/request";
constexpr char look_address[] = "/joining/look";

struct JoiningStanding {
  std::optional<Asked> asked;  // an answer is awaited, or was not taken to its end
  bool is_let_in = false;
  bool is_listed = false;  // in the central list held here

  bool has_joined() const { return is_let_in && (is_listed || !asked); }
};
sync::Result<JoiningStanding> joining_standing(const PageContext& context);

// The handler, for people who may join this computer, while it has not joined. Afterwards a page
// leads to where that is said, and a form is refused.
SitePages::Handler while_outside(SitePages::Handler handler);

struct JoiningPage {
  std::string title;
  Html main{};
  FormFaults faults{};
  Html said{};  // before the title
  std::string back = joining_address;
  std::string back_words = "Join the network";
};
Response joining_page(const PageContext& context, const JoiningPage& page);

// ---- the questions of both ways

constexpr char code_field[] = "invitation-code";  // is_secret_field()
constexpr char label_field[] = "label";

Html code_question(const PageContext& context, const FormFaults& faults);
// With what was typed, or else what was asked with before.
Html label_question(const PageContext& context, const JoiningStanding& standing,
                    const FormFaults& faults);

// What was typed there, with a fault where it cannot be used.
std::optional<sync::InvitationCode> code_typed(const PageContext& context, FormFaults& faults);
sync::Result<std::optional<ApplicantFacts>> facts_typed(const PageContext& context,
                                                        FormFaults& faults);

// ---- while an answer is awaited, or before

// `fault`: why it did not go on just now.
Response joining_start_page(PageContext& context, const JoiningParts& parts,
                            const std::string& fault = {});

}  // namespace throughgate::node::web
