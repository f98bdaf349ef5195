#include "tests/simulation/evil_hub.h"

#include <algorithm>

#include "schema/wire.pb.h"
#include "sync/signed_verdict.h"
#include "sync/wire_values.h"

namespace throughgate::simulation {
namespace {

constexpr double lies_often = 0.35;     // of its answers that are worth it
constexpr double lies_at_first = 0.04;  // to who only says hello, and then asks nothing more
constexpr double repeats_often = 0.12;  // of its lies: an old answer, whole
constexpr std::size_t remembered = 12;

template <class Repeated>
void exchange(Repeated& values, std::size_t a, std::size_t b) {
  values.SwapElements(static_cast<int>(a), static_cast<int>(b));
}

}  // namespace

void EvilHub::answer(node::HubClient::Endpoint endpoint, crypto::Bytes& answer) {
  using Endpoint = node::HubClient::Endpoint;
  if (endpoint == Endpoint::hello) tell(hello_lies(), old_hellos_, answer);
  if (endpoint == Endpoint::sync) tell(sync_lies(), old_syncs_, answer);
  if (endpoint == Endpoint::fetch) tell(fetch_lies(), old_fetches_, answer);
}

template <class Reply>
void EvilHub::tell(const Lies<Reply>& lies, std::vector<Reply>& old, crypto::Bytes& answer) {
  Reply reply;
  reply.ParseFromArray(answer.data(), static_cast<int>(answer.size()));
  Reply honest = reply;
  if (random_.chance(std::is_same_v<Reply, schema::HelloReply> ? lies_at_first : lies_often)) {
    if (!old.empty() && random_.chance(repeats_often)) {
      reply = old[random_.below(old.size())];
      ++told_["an old answer"];
    } else {
      for (int i = 0; i < 4; ++i) {  // until there is something to lie about
        const bool seldom = i == 0 && random_.chance(0.5);
        const auto& [name, lie] = seldom ? least_told(lies) : lies[random_.below(lies.size())];
        if (!(this->*lie)(reply)) continue;
        ++told_[name];
        break;
      }
    }
  }
  if (old.size() < remembered) {
    old.push_back(std::move(honest));
  } else {
    old[random_.below(old.size())] = std::move(honest);
  }
  answer.resize(reply.ByteSizeLong());
  reply.SerializeToArray(answer.data(), static_cast<int>(answer.size()));
}

// What there is seldom an occasion for.
template <class Reply>
auto EvilHub::least_told(const Lies<Reply>& lies) -> const typename Lies<Reply>::value_type& {
  return *std::min_element(lies.begin(), lies.end(), [this](const auto& a, const auto& b) {
    return told_[a.first] < told_[b.first];
  });
}

const EvilHub::Lies<schema::HelloReply>& EvilHub::hello_lies() {
  static const Lies<schema::HelloReply> all{
      {"another instance", &EvilHub::another_instance},
      {"another time", &EvilHub::another_time},
      {"another version of the list", &EvilHub::another_list},
  };
  return all;
}

const EvilHub::Lies<schema::SyncReply>& EvilHub::sync_lies() {
  static const Lies<schema::SyncReply> all{
      {"the list withheld", &EvilHub::withhold_list},
      {"the list in another order", &EvilHub::reorder_list},
      {"keys withheld", &EvilHub::withhold_keys},
      {"keys for another", &EvilHub::keys_of_another},
      {"wishes withheld", &EvilHub::withhold_wishes},
      {"a key wished for a stranger", &EvilHub::wish_for_a_stranger},
      {"all heads withheld", &EvilHub::withhold_heads},
      {"a head withheld", &EvilHub::withhold_a_head},
      {"a head made up", &EvilHub::made_up_head},
      {"heads of each other's records", &EvilHub::exchange_heads},
      {"an answer withheld", &EvilHub::withhold_an_answer},
      {"answers for each other's entries", &EvilHub::exchange_answers},
      {"accepted, and it was not", &EvilHub::false_acceptance},
      {"refused, and it was not", &EvilHub::false_refusal},
      {"asked for in full, or called bad", &EvilHub::ask_for_more},
      {"a head's standing made up", &EvilHub::false_standing},
      {"digests of another", &EvilHub::digests_of_another},
      {"a cursor of another", &EvilHub::cursor_of_another},
      {"more, and there is none", &EvilHub::more_for_ever},
  };
  return all;
}

const EvilHub::Lies<schema::FetchReply>& EvilHub::fetch_lies() {
  static const Lies<schema::FetchReply> all{
      {"a page withheld", &EvilHub::withhold_a_page},
      {"an entry withheld", &EvilHub::withhold_an_entry},
      {"entries in another order", &EvilHub::reorder_entries},
      {"an entry twice", &EvilHub::repeat_an_entry},
      {"a page of another record", &EvilHub::page_of_another},
      {"a page from another place", &EvilHub::another_place},
      {"another moment of acceptance", &EvilHub::another_moment},
      {"called damaged", &EvilHub::say_damaged},
  };
  return all;
}

std::vector<std::string> EvilHub::lies() {
  std::vector<std::string> out{"an old answer"};
  for (const auto& [name, lie] : hello_lies()) out.emplace_back(name);
  for (const auto& [name, lie] : sync_lies()) out.emplace_back(name);
  for (const auto& [name, lie] : fetch_lies()) out.emplace_back(name);
  return out;
}

// ---- to a hello

bool EvilHub::another_instance(schema::HelloReply& reply) {
  reply.set_instance(sync::to_wire(random_.bytes<16>()));
  return true;
}

bool EvilHub::another_time(schema::HelloReply& reply) {
  constexpr std::uint64_t century_ms = 100ULL * 365 * 24 * 60 * 60 * 1000;
  reply.set_hub_time_ms(random_.chance(0.5) ? reply.hub_time_ms() + century_ms : 1);
  return true;
}

bool EvilHub::another_list(schema::HelloReply& reply) {
  reply.set_directory_version(random_.chance(0.5) ? 0 : reply.directory_version() + 1000);
  return true;
}

// ---- to a sync

bool EvilHub::withhold_list(schema::SyncReply& reply) {
  if (reply.directory_size() == 0) return false;
  if (random_.chance(0.5)) {
    reply.clear_directory();
  } else {
    const auto at = static_cast<int>(any_of(reply.directory_size()));
    reply.mutable_directory()->DeleteSubrange(at, 1);
  }
  return true;
}

bool EvilHub::reorder_list(schema::SyncReply& reply) {
  if (reply.directory_size() < 2) return false;
  exchange(*reply.mutable_directory(), 0, 1);
  return true;
}

bool EvilHub::withhold_keys(schema::SyncReply& reply) {
  if (reply.envelopes_size() == 0) return false;
  reply.clear_envelopes();
  return true;
}

bool EvilHub::keys_of_another(schema::SyncReply& reply) {
  for (const auto& each : old_syncs_) {
    if (each.envelopes_size() == 0) continue;
    *reply.add_envelopes() = each.envelopes(static_cast<int>(any_of(each.envelopes_size())));
    return true;
  }
  return false;
}

bool EvilHub::withhold_wishes(schema::SyncReply& reply) {
  if (reply.wanted_size() == 0) return false;
  reply.clear_wanted();
  return true;
}

// Any computer in the list: mostly of somebody who has no part in the record.
bool EvilHub::wish_for_a_stranger(schema::SyncReply& reply) {
  const auto& nodes = hub_.sequencer().directory().nodes();
  for (const auto& each : old_syncs_) {
    if (each.envelopes_size() == 0) continue;
    const auto list = sync::envelope_list_from_wire(
        each.envelopes(static_cast<int>(any_of(each.envelopes_size()))));
    if (!list) continue;
    const auto stranger = std::next(nodes.begin(), static_cast<long>(random_.below(nodes.size())));
    auto& wanted = *reply.add_wanted();
    wanted.set_dossier(sync::to_wire(list->dossier.view()));
    wanted.set_epoch(sync::to_wire(list->epoch.view()));
    wanted.set_recipient_kind(static_cast<std::uint32_t>(sync::RecipientKind::node));
    wanted.set_recipient(sync::to_wire(stranger->first.view()));
    return true;
  }
  return false;
}

bool EvilHub::withhold_heads(schema::SyncReply& reply) {
  if (!reply.has_heads()) return false;
  reply.clear_heads();
  return true;
}

void EvilHub::sign(std::vector<sync::Head> heads, schema::SyncReply& reply) {
  const auto& sequencer = hub_.sequencer();
  *reply.mutable_heads() = sync::to_wire(sync::sign_heads(std::move(heads), hub_.instance(),
                                                          sequencer.directory().version(),
                                                          reply.hub_time_ms(), hub_.signing_key()));
}

bool EvilHub::withhold_a_head(schema::SyncReply& reply) {
  auto heads = sync::from_wire(reply.heads());
  if (!heads || heads->heads.size() < 2) return false;
  heads->heads.erase(heads->heads.begin() + static_cast<long>(random_.below(heads->heads.size())));
  sign(std::move(heads->heads), reply);
  return true;
}

bool EvilHub::made_up_head(schema::SyncReply& reply) {
  auto heads = sync::from_wire(reply.heads());
  if (!heads || heads->heads.empty()) return false;
  auto& head = heads->heads[random_.below(heads->heads.size())];
  if (random_.chance(0.5)) {
    head.chain[0] ^= 1;
  } else {
    head.dsn += 1 + random_.below(3);
  }
  sign(std::move(heads->heads), reply);
  return true;
}

bool EvilHub::exchange_heads(schema::SyncReply& reply) {
  auto heads = sync::from_wire(reply.heads());
  if (!heads || heads->heads.size() < 2) return false;
  std::swap(heads->heads[0].dossier, heads->heads[1].dossier);
  sign(std::move(heads->heads), reply);
  return true;
}

bool EvilHub::withhold_an_answer(schema::SyncReply& reply) {
  if (reply.answers_size() == 0) return false;
  reply.mutable_answers()->DeleteSubrange(static_cast<int>(any_of(reply.answers_size())), 1);
  return true;
}

bool EvilHub::exchange_answers(schema::SyncReply& reply) {
  if (reply.answers_size() < 2) return false;
  const auto a = any_of(reply.answers_size());
  exchange(*reply.mutable_answers(), a, (a + 1) % static_cast<std::size_t>(reply.answers_size()));
  return true;
}

bool EvilHub::false_acceptance(schema::SyncReply& reply) {
  if (reply.answers_size() == 0) return false;
  auto& answer = *reply.mutable_answers(static_cast<int>(any_of(reply.answers_size())));
  if (answer.plain() == schema::EntryAnswer::ACCEPTED) return false;
  answer.Clear();
  answer.set_plain(schema::EntryAnswer::ACCEPTED);
  return true;
}

// Of what it has answered by a verdict, as only there it says which entry that is.
bool EvilHub::false_refusal(schema::SyncReply& reply) {
  for (auto& answer : *reply.mutable_answers()) {
    auto verdict = sync::decode_verdict(crypto::as_bytes(answer.verdict().bytes()), {});
    if (!verdict || verdict->ruling.is_final()) continue;
    verdict->ruling = {sync::Outcome::rejected,
                       random_.chance(0.5) ? sync::Reason::not_a_member : sync::Reason::base};
    verdict->dsn = 0;
    sync::sign(*verdict, hub_.signing_key());
    answer.mutable_verdict()->set_bytes(sync::to_wire(verdict->encode()));
    answer.mutable_verdict()->set_signature(sync::to_wire(verdict->signature));
    return true;
  }
  return false;
}

bool EvilHub::ask_for_more(schema::SyncReply& reply) {
  if (reply.answers_size() == 0) return false;
  auto& answer = *reply.mutable_answers(static_cast<int>(any_of(reply.answers_size())));
  answer.Clear();
  answer.set_plain(random_.chance(0.5) ? schema::EntryAnswer::NEED_FULL : schema::EntryAnswer::BAD);
  return true;
}

bool EvilHub::false_standing(schema::SyncReply& reply) {
  if (reply.head_answers_size() == 0) return false;
  auto& answer = *reply.mutable_head_answers(static_cast<int>(any_of(reply.head_answers_size())));
  answer.set_standing(static_cast<schema::HeadAnswer::Standing>(1 + random_.below(4)));
  answer.set_from_dsn(random_.below(3));
  return true;
}

bool EvilHub::digests_of_another(schema::SyncReply& reply) {
  for (const auto& each : old_syncs_) {
    if (each.digests_size() == 0) continue;
    auto& digest = *reply.add_digests();
    digest = each.digests(static_cast<int>(any_of(each.digests_size())));
    if (random_.chance(0.5)) digest.set_digest(sync::to_wire(random_.bytes<16>()));
    return true;
  }
  return false;
}

bool EvilHub::cursor_of_another(schema::SyncReply& reply) {
  if (old_syncs_.empty()) return false;
  reply.set_cursor(old_syncs_[random_.below(old_syncs_.size())].cursor());
  return true;
}

bool EvilHub::more_for_ever(schema::SyncReply& reply) {
  reply.set_more(true);
  return true;
}

// ---- to a fetch

bool EvilHub::withhold_a_page(schema::FetchReply& reply) {
  if (reply.pages_size() == 0) return false;
  reply.mutable_pages()->DeleteSubrange(static_cast<int>(any_of(reply.pages_size())), 1);
  return true;
}

bool EvilHub::withhold_an_entry(schema::FetchReply& reply) {
  if (reply.pages_size() == 0) return false;
  auto& page = *reply.mutable_pages(static_cast<int>(any_of(reply.pages_size())));
  auto& entries = *page.mutable_entries()->mutable_entries();
  if (entries.empty() || entries.size() != page.records_size()) return false;
  const auto at = static_cast<int>(any_of(entries.size()));
  entries.DeleteSubrange(at, 1);
  if (random_.chance(0.7)) page.mutable_records()->DeleteSubrange(at, 1);
  return true;
}

bool EvilHub::reorder_entries(schema::FetchReply& reply) {
  if (reply.pages_size() == 0) return false;
  auto& page = *reply.mutable_pages(static_cast<int>(any_of(reply.pages_size())));
  auto& entries = *page.mutable_entries()->mutable_entries();
  if (entries.size() < 2) return false;
  const auto a = any_of(entries.size() - 1);
  exchange(entries, a, a + 1);
  return true;
}

bool EvilHub::repeat_an_entry(schema::FetchReply& reply) {
  if (reply.pages_size() == 0) return false;
  auto& page = *reply.mutable_pages(static_cast<int>(any_of(reply.pages_size())));
  auto& entries = *page.mutable_entries()->mutable_entries();
  if (entries.empty() || page.records_size() == 0) return false;
  const schema::WireEntry again = entries.Get(static_cast<int>(any_of(entries.size())));
  *entries.Add() = again;
  *page.add_records() = page.records(page.records_size() - 1);
  return true;
}

bool EvilHub::page_of_another(schema::FetchReply& reply) {
  for (const auto& each : old_fetches_) {
    if (each.pages_size() == 0 || reply.pages_size() == 0) continue;
    auto& page = *reply.mutable_pages(static_cast<int>(any_of(reply.pages_size())));
    const std::string asked_for = page.entries().dossier();
    page = each.pages(static_cast<int>(any_of(each.pages_size())));
    if (page.entries().dossier() == asked_for) return false;
    page.mutable_entries()->set_dossier(asked_for);
    return true;
  }
  return false;
}

bool EvilHub::another_place(schema::FetchReply& reply) {
  if (reply.pages_size() == 0) return false;
  auto& page = *reply.mutable_pages(static_cast<int>(any_of(reply.pages_size())));
  page.set_from_dsn(random_.chance(0.5) ? page.from_dsn() + 1 : page.from_dsn() - 1);
  return true;
}

bool EvilHub::another_moment(schema::FetchReply& reply) {
  if (reply.pages_size() == 0) return false;
  auto& page = *reply.mutable_pages(static_cast<int>(any_of(reply.pages_size())));
  if (page.records_size() == 0) return false;
  auto& record = *page.mutable_records(static_cast<int>(any_of(page.records_size())));
  record.set_accepted_at_ms(record.accepted_at_ms() + 1 + random_.below(1U << 30));
  return true;
}

bool EvilHub::say_damaged(schema::FetchReply& reply) {
  if (reply.pages_size() == 0) return false;
  const auto at = static_cast<int>(any_of(reply.pages_size()));
  reply.add_damaged(reply.pages(at).entries().dossier());
  reply.mutable_pages()->DeleteSubrange(at, 1);
  return true;
}

}  // namespace throughgate::simulation
