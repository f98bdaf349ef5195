#include "node/enrolment/joining.h"

#include "node/enrolment/by_file.h"
#include "node/enrolment/enrolment.h"
#include "node/setup.h"
#include "node/typed_words.h"

namespace throughgate::node {

using sync::Done;
using sync::Result;

Result<ApplicantFacts> facts_to_ask_with(OpenNode& node, std::string_view typed) {
  const auto facts = facts_of(node);
  if (!facts) return facts.error();
  const auto label = one_line(typed);
  if (!label) return label.error();
  return ApplicantFacts{facts->site.name, facts->kind, facts->site.establishment, *label};
}

Result<bool> look_for_answer(OpenNode& node, HubClient& hub) {
  const auto asked = asked_by(node);
  if (!asked) return asked.error();
  if (!*asked) return nothing_asked();
  auto answered = Enrolment(node, hub).take_answer();
  if (!answered || *answered) return answered;
  const auto left = leave_letter(hub, (*asked)->code.mailbox(), Letter::request, (*asked)->request);
  if (!left) return left.error();
  return false;
}

Result<Done> take_approval_alone(OpenNode& node, const DataFolder& folder, crypto::ByteView file) {
  const auto lock = FileLock::take(folder.sync_lock(), FileLock::Wait::yes);
  if (!lock) return lock.error();
  return take_approval(node, file);
}

}  // namespace throughgate::node
