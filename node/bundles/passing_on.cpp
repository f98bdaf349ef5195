#include "node/bundles/passing_on.h"

#include <algorithm>

#include "node/bundles/maker.h"
#include "node/bundles/pass_on_waits.h"
#include "schema/wire.pb.h"
#include "sync/wire_values.h"

namespace throughgate::node {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::store::Fate;
using sync::store::PassedOnFile;
using sync::store::PassedOnTable;
using sync::store::UnitOfWork;

constexpr std::uint64_t day_ms = 24ull * 60 * 60 * 1000;
constexpr std::size_t said_bytes_max = 500;
constexpr int answers_max = 64;

Error full() {
  return {ErrorKind::unavailable,
          "This computer keeps 64 MB of files for others at most, and has as much. Sync, so that "
          "they are passed on. Where that cannot be, say which answers have been brought back, or "
          "give up the oldest file: \"By stick or e-mail\" and \"bundle passed-on\" list them. "
          "Then bring this one in again. Nothing was changed."};
}

Error no_such_file() {
  return {ErrorKind::not_found,
          "No file of that number is kept here for others. \"bundle passed-on\" lists them."};
}

Result<Done> check_may_pass_on(const OpenNode& node, const sync::SealedBundle& bundle,
                               std::size_t bytes) {
  if (!node.is_enrolled()) {
    return Error{ErrorKind::denied,
                 "This computer has not been let in by the central team yet, so it cannot pass "
                 "anything on. Give the file to a site that syncs. Nothing was changed."};
  }
  if (!bundle.is_for(sync::hub_reader_id(node.directory().hub_key()))) {
    return Error{ErrorKind::denied,
                 "This bundle is for another exchange than the one that this computer syncs with. "
                 "Ask the site whether its central list is up to date, and for a bundle made anew. "
                 "Nothing was changed."};
  }
  if (auto known = check_maker(bundle.label(), node.directory()); !known) return known;
  if (bytes <= sync::bundle_passed_on_max) return Done{};
  return Error{ErrorKind::invalid,
               "This bundle is too large to be passed on by a site. Give it to whoever looks after "
               "the exchange, or ask the site to make it anew. Nothing was changed."};
}

std::uint64_t waiting_in(const PassedOnTable& table) {
  const auto all = table.all();
  return static_cast<std::uint64_t>(std::count_if(
      all.begin(), all.end(), [](const auto& each) { return each.fate == Fate::waits; }));
}

void remove_old(PassedOnTable& table, std::uint64_t now_ms) {
  table.count_time(now_ms);
  table.remove_kept_for(passed_on_days * day_ms);
}

// What the exchange says, if it reads as one line of text: it goes to people.
std::string line_of(const std::string& said) {
  const bool plain =
      !said.empty() && said.size() <= said_bytes_max &&
      std::all_of(said.begin(), said.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return plain ? said : "The exchange did not take it, and did not say why.";
}

Fate fate_in(const schema::CarryReply& reply) {
  switch (reply.fate()) {
    case schema::CarryReply::TAKEN:
      return Fate::taken;
    case schema::CarryReply::REFUSED:
      return Fate::refused;
    default:
      return Fate::waits;
  }
}

// No other file would fare better; what is said of one file alone is no reason to stop.
bool is_of_the_visit(const Error& error) {
  return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::denied ||
         error.kind == ErrorKind::stale;
}

// Nothing is kept for anybody that this exchange did not sign.
bool is_answer(const OpenNode& node, crypto::ByteView file) {
  if (file.size() > sync::bundle_passed_on_max) return false;
  const auto read = sync::read_bundle(file);
  return read.bundle && read.bundle->label().meant_for == sync::BundleFor::nodes &&
         read.bundle->label().made_by == sync::BundleBy::hub &&
         check_maker(read.bundle->label(), node.directory());
}

Result<Done> note_tried(OpenNode& node, const PassedOnFile& file) {
  UnitOfWork work(node.database());
  PassOnWaits(work).add_failure(file);
  PassedOnTable(work).note_fate(file.number, Fate::waits, file.said, node.now_ms());
  return work.commit();
}

Result<Done> note(OpenNode& node, const PassedOnFile& tried, const schema::CarryReply& reply) {
  const Fate fate = fate_in(reply);
  const auto number = tried.number;
  UnitOfWork work(node.database());
  if (fate == Fate::waits) PassOnWaits(work).add_failure(tried);
  PassedOnTable table(work);
  const bool nothing_said = fate == Fate::taken && reply.said().empty();
  table.note_fate(number, fate, nothing_said ? "" : line_of(reply.said()), node.now_ms());
  for (int i = 0; i < std::min(reply.answer_size(), answers_max); ++i) {
    const auto file = crypto::as_bytes(reply.answer(i));
    const bool fits = table.bytes() + file.size() <= passed_on_bytes_max;
    if (fate == Fate::taken && fits && is_answer(node, file)) table.add_answer(number, file);
  }
  return work.commit();
}

Result<std::size_t> pass_on_each(OpenNode& node, SyncRound& round,
                                 const std::vector<PassedOnFile>& files) {
  std::size_t out = 0;
  for (const auto& each : files) {
    if (each.fate != Fate::waits) continue;
    UnitOfWork work(node.database(), sync::store::Purpose::reading);
    const auto file = PassedOnTable(work).file(each.number);
    if (auto done = work.commit(); !done) return done.error();
    if (file.empty()) continue;  // somebody has given it up meanwhile
    const auto reply = round.carry(file);
    if (!reply) {  // it is offered again in a while, after those that were not tried
      if (auto noted = note_tried(node, each); !noted) return noted.error();
      if (is_of_the_visit(reply.error())) return out;
      continue;
    }
    if (auto noted = note(node, each, *reply); !noted) return noted.error();
    if (fate_in(*reply) != Fate::waits) ++out;
  }
  return out;
}

Result<Done> check_waits(OpenNode& node, std::uint64_t number) {
  const auto file = passed_on_file(node, number);
  if (!file) return file.error();
  if (file->fate == Fate::waits) return Done{};
  return Error{ErrorKind::invalid,
               "This file does not wait any more: the exchange has answered. Nothing was changed."};
}

}  // namespace

std::string too_large_to_pass_on(sync::BundleFor meant_for, std::uint64_t bytes) {
  if (meant_for != sync::BundleFor::hub || bytes <= sync::bundle_passed_on_max) return {};
  return "It is too large to be passed on by a site. Have it brought to whoever looks after the "
         "exchange";
}

Result<ToPassOn> keep_to_pass_on(OpenNode& node, const sync::SealedBundle& bundle,
                                 crypto::ByteView file) {
  if (auto may = check_may_pass_on(node, bundle, file.size()); !may) return may.error();
  UnitOfWork work(node.database());
  PassedOnTable table(work);
  remove_old(table, node.now_ms());
  const auto held = table.find(bundle.label());
  const bool is_new = !held || held->fate == Fate::refused;
  if (is_new && (table.bytes() + file.size() > passed_on_bytes_max ||
                 table.all().size() >= passed_on_files_max)) {
    return full();
  }
  if (!held) table.add(bundle.label(), file, node.now_ms());
  if (held && is_new) table.keep_again(held->number, file, node.now_ms());
  const ToPassOn out{held && held->fate == Fate::taken, waiting_in(table)};
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<std::size_t> pass_on(OpenNode& node, SyncRound& round) {
  UnitOfWork reading(node.database(), sync::store::Purpose::reading);
  auto files = PassedOnTable(reading).all();
  const bool none = files.empty();
  const PassOnWaits waits(reading);
  std::erase_if(files,
                [&](const auto& each) { return waits.next_try_ms(each, node.now_ms()) > 0; });
  if (auto done = reading.commit(); !done) return done.error();
  if (none) return std::size_t{0};
  std::ranges::stable_sort(files, {}, &PassedOnFile::tried);
  auto out = pass_on_each(node, round, files);
  if (!out) return out;
  UnitOfWork cleaning(node.database());
  PassedOnTable table(cleaning);
  remove_old(table, node.now_ms());
  if (auto done = cleaning.commit(); !done) return done.error();
  return out;
}

Result<std::vector<PassedOn>> passed_on_files(OpenNode& node) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const PassedOnTable table(work);
  const PassOnWaits waits(work);
  std::vector<PassedOn> out;
  for (auto& file : table.all()) {
    const auto next_try_ms = waits.next_try_ms(file, node.now_ms());
    auto& each = out.emplace_back(PassedOn{std::move(file), {}, 0, next_try_ms, {}});
    each.made_by = computer_name(node.directory(), each.maker);
    const auto days_kept = each.kept_ms / day_ms;
    each.days_left = passed_on_days - std::min(passed_on_days, days_kept);
    for (const auto& answer : table.answers()) {
      if (answer.to == each.number) each.answers.push_back(answer);
    }
  }
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<PassedOn> passed_on_file(OpenNode& node, std::uint64_t number) {
  auto all = passed_on_files(node);
  if (!all) return all.error();
  const auto found = std::ranges::find(*all, number, &PassedOn::number);
  return found == all->end() ? Result<PassedOn>(no_such_file()) : std::move(*found);
}

Result<std::uint64_t> bytes_for_others(OpenNode& node) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const auto out = PassedOnTable(work).bytes();
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<std::vector<crypto::Bytes>> files_that_wait(OpenNode& node) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  const PassedOnTable table(work);
  std::vector<crypto::Bytes> out;
  for (const auto& each : table.all()) {
    if (each.fate == Fate::waits) out.push_back(table.file(each.number));
  }
  if (auto done = work.commit(); !done) return done.error();
  return out;
}

Result<crypto::Bytes> carried_answer(OpenNode& node, std::uint64_t number) {
  UnitOfWork work(node.database(), sync::store::Purpose::reading);
  auto out = PassedOnTable(work).answer(number);
  if (auto done = work.commit(); !done) return done.error();
  if (!out.empty()) return out;
  return Error{ErrorKind::not_found, "This file is not here any more."};
}

Result<Done> note_brought_back(OpenNode& node, std::uint64_t number) {
  const auto file = passed_on_file(node, number);
  if (!file) return file.error();
  if (file->answers.empty()) {
    return Error{ErrorKind::not_found,
                 "No answer to that file is kept here. \"bundle passed-on\" shows what became of "
                 "it. Nothing was changed."};
  }
  UnitOfWork work(node.database());
  PassedOnTable(work).remove_answers_to(number);
  return work.commit();
}

Result<Done> try_now(OpenNode& node, std::uint64_t number) {
  if (auto waits = check_waits(node, number); !waits) return waits;
  UnitOfWork work(node.database());
  PassOnWaits(work).forget(number);
  return work.commit();
}

Result<Done> give_up(OpenNode& node, std::uint64_t number) {
  if (auto waits = check_waits(node, number); !waits) return waits;
  UnitOfWork work(node.database());
  PassedOnTable(work).remove(number);
  return work.commit();
}

std::vector<std::string> meaning_of_giving_up(const PassedOn& file) {
  std::vector<std::string> out;
  out.push_back("The file from " + file.made_by +
                " is deleted here. The exchange has not got it from this computer.");
  out.emplace_back(
      "Nothing but time is lost while the computer that made it is in use: it keeps all that is in "
      "the file until it has seen that it arrived, and puts it into the next file that it makes.");
  out.emplace_back(
      "If that computer has been lost or its store was put back from a backup since, this file may "
      "be all that is left of its last work. Then do not give it up.");
  out.emplace_back(
      "Ask whoever made it for a new file, or bring this one to another site, if it is still on a "
      "stick.");
  return out;
}

}  // namespace throughgate::node
