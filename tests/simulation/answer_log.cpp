#include "tests/simulation/answer_log.h"

#include "schema/wire.pb.h"
#include "sync/signed_verdict.h"

namespace throughgate::simulation {

using schema::EntryAnswer;
using sync::Outcome;
using sync::Reason;
using sync::Ruling;

void AnswerLog::note(hub::Sequencer& hub, std::uint64_t now_ms, crypto::ByteView request,
                     const hub::Answer& answer) {
  if (!answer.is_done()) return;
  const auto instance = hub.state().instance;
  if (hub.directory().hub_instance() != instance) {
    findings_.emplace("7", "an instance of the hub serves that no directory names");
  }
  accepted_ += answer.tally.accepted;
  reached_[name_of(Ruling{})] += answer.tally.accepted;
  reached_[name_of(Ruling{Outcome::duplicate, {}})] += answer.tally.duplicate;
  reached_[reached::need_full] += answer.tally.need_full;
  reached_[reached::bad] += answer.tally.bad;

  schema::SyncRequest asked;
  schema::SyncReply reply;
  asked.ParseFromArray(request.data(), static_cast<int>(request.size()));
  reply.ParseFromArray(answer.bytes.data(), static_cast<int>(answer.bytes.size()));
  std::vector<const schema::WireEntry*> entries;
  for (const auto& group : asked.entries()) {
    for (const auto& entry : group.entries()) entries.push_back(&entry);
  }
  if (entries.size() != static_cast<std::size_t>(reply.answers_size())) {
    findings_.emplace("3", "the hub did not answer each entry");
    return;
  }
  std::vector<sync::Hash> refused_now;
  for (int i = 0; i < reply.answers_size(); ++i) {
    const auto& each = reply.answers(i);
    const auto& entry = *entries[static_cast<std::size_t>(i)];
    const auto& signature = entry.signature();
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
    if (ruling.outcome == Outcome::hold) check_hold(instance, now_ms, entry, ruling.reason);
    if (ruling.is_final()) refused_now.push_back(verdict->entry);
    // Which may befall any of a record, whatever was said of it before.
    if (ruling.reason == Reason::erased) continue;
    if (ruling.is_final()) compare(instance, signature, Word::refused, ruling);
    if (ruling.outcome == Outcome::accepted || ruling.outcome == Outcome::duplicate) {
      compare(instance, signature, Word::placed, {});
    }
  }
  for (const auto& entry : refused_now) refused_.emplace(instance, entry);
}

// What nobody has sent for so long the hub may have forgotten that it held.
constexpr std::uint64_t forgotten_hold_ms = 90ull * 24 * 60 * 60 * 1000;

void AnswerLog::check_hold(const sync::InstanceId& instance, std::uint64_t now_ms,
                           const schema::WireEntry& entry, Reason reason) {
  if (is_doubted(instance) || reason == Reason::hub_recovering || reason == Reason::update_needed ||
      reason == Reason::over_quota) {
    return;
  }
  auto& since = held_since_ms_.try_emplace({instance, entry.signature()}, now_ms).first->second;
  if (now_ms > since + forgotten_hold_ms) since = now_ms;  // the fortnight begins anew
  if (now_ms > since + hub::hold_ms_max)
    findings_.emplace("held", "a hold has outlived a fortnight");
  if (reason != Reason::dependency_missing) return;
  // Of several, the one that is still to come is waited for first.
  const auto header = sync::decode_header(crypto::as_bytes(entry.header())).header;
  std::vector<sync::Hash> named;
  for (const auto& each : entry.dependencies()) {
    if (const auto hash = crypto::to_array<32>(crypto::as_bytes(each.entry()))) {
      named.push_back(*hash);
    }
  }
  for (const auto& each : header ? header->dependencies : std::vector<sync::Dependency>{}) {
    named.push_back(each.entry);
  }
  if (named.size() == 1 && refused_.contains({instance, named.front()})) {
    findings_.emplace("held", "an entry is held for another that can never come");
  }
}

void AnswerLog::compare(const sync::InstanceId& instance, const std::string& signature, Word word,
                        const Ruling& ruling) {
  if (is_doubted(instance)) return;
  const auto [before, is_new] = said_.try_emplace({instance, signature}, std::pair(word, ruling));
  if (is_new || before->second == std::pair(word, ruling)) return;
  findings_.emplace("3", "an instance of the hub said " + name_of(before->second.second) +
                             " of an entry and then " + name_of(ruling));
}

}  // namespace throughgate::simulation
