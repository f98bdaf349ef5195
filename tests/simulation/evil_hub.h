// A hub in bad hands. It has its own key, its own memory and every answer that it ever gave, and no
// key of a node or a record. On their way to the machines it withholds, reorders and repeats
// answers, gives one machine what is for another, answers for another record, and signs what is not
// so. Where it is one hub to some and another to the rest, see World.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/simulation/machines.h"

namespace throughgate::simulation {

class EvilHub {
 public:
  // `hub` must outlive it.
  EvilHub(HubMachine& hub, std::uint64_t seed) : hub_(hub), random_(seed) {}

  // What becomes of an answer. Most stay as they are.
  void answer(node::HubClient::Endpoint endpoint, crypto::Bytes& answer);
  // How often each lie was told.
  const std::map<std::string, std::uint64_t>& told() const { return told_; }
  // The names of all lies that there are.
  static std::vector<std::string> lies();

 private:
  template <class Reply>
  using Lie = bool (EvilHub::*)(Reply&);  // false: there was nothing to lie about
  template <class Reply>
  using Lies = std::vector<std::pair<const char*, Lie<Reply>>>;
  static const Lies<schema::HelloReply>& hello_lies();
  static const Lies<schema::SyncReply>& sync_lies();
  static const Lies<schema::FetchReply>& fetch_lies();
  template <class Reply>
  void tell(const Lies<Reply>& lies, std::vector<Reply>& old, crypto::Bytes& answer);

  template <class Reply>
  auto least_told(const Lies<Reply>& lies) -> const typename Lies<Reply>::value_type&;

  bool another_instance(schema::HelloReply& reply);
  bool another_time(schema::HelloReply& reply);
  bool another_list(schema::HelloReply& reply);

  bool withhold_list(schema::SyncReply& reply);
  bool reorder_list(schema::SyncReply& reply);
  bool withhold_keys(schema::SyncReply& reply);
  bool keys_of_another(schema::SyncReply& reply);
  bool withhold_wishes(schema::SyncReply& reply);
  bool wish_for_a_stranger(schema::SyncReply& reply);
  bool withhold_heads(schema::SyncReply& reply);
  bool withhold_a_head(schema::SyncReply& reply);
  bool made_up_head(schema::SyncReply& reply);
  bool exchange_heads(schema::SyncReply& reply);
  bool withhold_an_answer(schema::SyncReply& reply);
  bool exchange_answers(schema::SyncReply& reply);
  bool false_acceptance(schema::SyncReply& reply);
  bool false_refusal(schema::SyncReply& reply);
  bool ask_for_more(schema::SyncReply& reply);
  bool false_standing(schema::SyncReply& reply);
  bool digests_of_another(schema::SyncReply& reply);
  bool cursor_of_another(schema::SyncReply& reply);
  bool more_for_ever(schema::SyncReply& reply);

  bool withhold_a_page(schema::FetchReply& reply);
  bool withhold_an_entry(schema::FetchReply& reply);
  bool reorder_entries(schema::FetchReply& reply);
  bool repeat_an_entry(schema::FetchReply& reply);
  bool page_of_another(schema::FetchReply& reply);
  bool another_place(schema::FetchReply& reply);
  bool another_moment(schema::FetchReply& reply);
  bool say_damaged(schema::FetchReply& reply);

  void sign(std::vector<sync::Head> heads, schema::SyncReply& reply);
  std::size_t any_of(int size) { return random_.below(static_cast<std::uint64_t>(size)); }

  HubMachine& hub_;
  SeededRandom random_;
  std::map<std::string, std::uint64_t> told_;
  std::vector<schema::HelloReply> old_hellos_;  // a few, of any machine
  std::vector<schema::SyncReply> old_syncs_;
  std::vector<schema::FetchReply> old_fetches_;
};

}  // namespace throughgate::simulation
