#include "tests/simulation/answer_log.h"

#include "schema/wire.pb.h"
#include "sync/signed_verdict.h"

namespace throughgate::simulation {

using schema::EntryAnswer;
using sync::Outcome;
using sync::Ruling;

void AnswerLog::note(const sync::InstanceId& instance, crypto::ByteView request,
                     const hub::Answer& answer) {
  if (!answer.is_done()) return;
  accepted_ += answer.tally.accepted;
  reached_[name_of(Ruling{})] += answer.tally.accepted;
  reached_[name_of(Ruling{Outcome::duplicate, {}})] += answer.tally.duplicate;
  reached_[reached::need_full] += answer.tally.need_full;
  reached_[reached::bad] += answer.tally.bad;

  schema::SyncRequest asked;
  schema::SyncReply reply;
  asked.ParseFromArray(request.data(), static_cast<int>(request.size()));
  reply.ParseFromArray(answer.bytes.data(), static_cast<int>(answer.bytes.size()));
  std::vector<std::string> signatures;
  for (const auto& group : asked.entries()) {
    for (const auto& entry : group.entries()) signatures.push_back(entry.signature());
  }
  if (signatures.size() != static_cast<std::size_t>(reply.answers_size())) {
    findings_.emplace("3", "the hub did not answer each entry");
    return;
  }
  for (int i = 0; i < reply.answers_size(); ++i) {
    const auto& each = reply.answers(i);
    const auto& signature = signatures[static_cast<std::size_t>(i)];
    if (each.plain() == EntryAnswer::ACCEPTED) compare(instance, signature, Word::placed, {});
    if (each.plain() != EntryAnswer::SEE_VERDICT) continue;
    const auto verdict = sync::decode_verdict(crypto::as_bytes(each.verdict().bytes()), {});
    if (!verdict) {
      findings_.emplace("3", "a verdict cannot be read");
      continue;
    }
    const Ruling& ruling = verdict->ruling;
    const bool once = ruling.outcome == Outcome::hold || ruling.is_final();
    const auto name = name_of(ruling);
    if (once && counted_.emplace(name, signature).second) ++reached_[name];
    if (ruling.is_final()) compare(instance, signature, Word::refused, ruling);
    if (ruling.outcome == Outcome::accepted || ruling.outcome == Outcome::duplicate) {
      compare(instance, signature, Word::placed, {});
    }
  }
}

void AnswerLog::compare(const sync::InstanceId& instance, const std::string& signature, Word word,
                        const Ruling& ruling) {
  const auto [before, is_new] = said_.try_emplace({instance, signature}, std::pair(word, ruling));
  if (is_new || before->second == std::pair(word, ruling)) return;
  findings_.emplace("3", "an instance of the hub said " + name_of(before->second.second) +
                             " of an entry and then " + name_of(ruling));
}

}  // namespace throughgate::simulation
