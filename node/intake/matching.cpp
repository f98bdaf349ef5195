#include "node/intake/matching.h"

#include <algorithm>

#include "node/intake/cell_text.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

constexpr std::size_t looked_at_for_each_key_max = 50;

bool share_one(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& each) { return b.contains(each); });
}

bool equal_and_filled(const std::string& a, const std::string& b) { return !a.empty() && a == b; }
bool differ_and_filled(const std::string& a, const std::string& b) {
  return !a.empty() && !b.empty() && a != b;
}

void add_word(std::set<std::string>& words, std::string_view text) {
  if (auto key = plain_key(text); !key.empty()) words.insert(std::move(key));
}

// What two identities have in common and what tells them apart.
struct Facts {
  bool forename;
  bool surname;
  bool swapped;
  bool birth;
  bool births_differ;
  bool email;
  bool mobile;
  bool contacts_differ;

  bool name() const { return (forename && surname) || swapped; }
  bool contact() const { return email || mobile; }
};

Facts facts_of(const MatchParts& a, const MatchParts& b) {
  const bool single = a.forenames.empty() && b.forenames.empty();
  const bool births_known = a.date_of_birth && b.date_of_birth;
  return {single || share_one(a.forenames, b.forenames),
          share_one(a.surnames, b.surnames),
          share_one(a.forenames, b.surnames) && share_one(a.surnames, b.forenames),
          births_known && *a.date_of_birth == *b.date_of_birth,
          births_known && *a.date_of_birth != *b.date_of_birth,
          equal_and_filled(a.email, b.email),
          equal_and_filled(a.mobile, b.mobile),
          differ_and_filled(a.email, b.email) || differ_and_filled(a.mobile, b.mobile)};
}

std::string contact_named(const Facts& facts) {
  if (facts.email && facts.mobile) return "e-mail address and mobile number";
  return facts.email ? "e-mail address" : "mobile number";
}

Comparison compare_namesakes(const Facts& facts) {
  if (facts.birth) return {Likeness::same, "same name and date of birth"};
  if (facts.contact()) {
    return {Likeness::same, "same name and " + contact_named(facts) +
                                (facts.births_differ ? ", another date of birth" : "")};
  }
  if (facts.births_differ) return {Likeness::different, {}};
  if (facts.contacts_differ) {
    return {Likeness::worth_a_look, "same name, no date of birth to tell them apart"};
  }
  return {Likeness::same, "same name and nothing to tell them apart"};
}

Comparison compare_sharers(const Facts& facts) {
  const std::string shared = "same " + contact_named(facts);
  if (facts.surname) return {Likeness::worth_a_look, shared + " and surname, another forename"};
  if (facts.births_differ) return {Likeness::worth_a_look, shared + ", another name"};
  return {Likeness::same, shared + ", another " + (facts.forename ? "surname" : "name")};
}

}  // namespace

MatchParts match_parts(const Identity& identity) {
  MatchParts parts{{}, {}, identity.date_of_birth, fold_case(identity.email), identity.mobile};
  const auto forenames = split(identity.name.forenames, " ");
  if (!forenames.empty()) add_word(parts.forenames, forenames.front());
  add_word(parts.forenames, identity.name.known_as);
  add_word(parts.surnames, identity.name.surname);
  for (const std::string& former : identity.name.former_names) add_word(parts.surnames, former);
  return parts;
}

Comparison compare(const MatchParts& a, const MatchParts& b) {
  const Facts facts = facts_of(a, b);
  if (facts.name()) return compare_namesakes(facts);
  if (facts.contact()) return compare_sharers(facts);
  return {Likeness::different, {}};
}

std::vector<std::string> match_keys(const MatchParts& parts) {
  std::vector<std::string> keys;
  std::set<std::string> forenames = parts.forenames;
  if (forenames.empty()) forenames.insert("");
  for (const std::string& forename : forenames) {
    for (const std::string& surname : parts.surnames) {
      const auto& [first, second] = std::minmax(forename, surname);
      std::string key = "name:";
      key.append(first).append("|").append(second);
      keys.push_back(key);
      if (!parts.date_of_birth) continue;
      keys.push_back(key.append("|").append(iso_date(*parts.date_of_birth)));
    }
  }
  if (!parts.email.empty()) keys.push_back("email:" + parts.email);
  if (!parts.mobile.empty()) keys.push_back("mobile:" + parts.mobile);
  return keys;
}

void IdentityIndex::add(std::size_t id, const MatchParts& parts) {
  for (const std::string& key : match_keys(parts)) {
    auto& bucket = by_key_[key];
    if (bucket.size() < looked_at_for_each_key_max) bucket.push_back(held_.size());
  }
  held_.push_back({id, parts});
}

std::vector<IdentityIndex::Found> IdentityIndex::find(const MatchParts& parts) const {
  std::set<std::size_t> places;
  for (const std::string& key : match_keys(parts)) {
    if (const auto bucket = by_key_.find(key); bucket != by_key_.end()) {
      places.insert(bucket->second.begin(), bucket->second.end());
    }
  }
  std::vector<Found> found;
  for (const std::size_t place : places) {
    auto comparison = compare(held_[place].parts, parts);
    if (comparison.likeness != Likeness::different) {
      found.push_back({held_[place].id, std::move(comparison)});
    }
  }
  std::stable_partition(found.begin(), found.end(), [](const Found& each) {
    return each.comparison.likeness == Likeness::same;
  });
  return found;
}

}  // namespace throughgate::node
