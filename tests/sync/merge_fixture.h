// Ops for merge tests, said in few words; entries are named 1, 2, 3 ...
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/merge.h"

namespace throughgate::sync::testing {

FieldPolicy card(std::string_view field);  // of test_records.proto

OpId op_named(int name);
NodeId node_named(int name);

// An op under construction: by the owner, in place `name`, unless it says otherwise.
struct Made {
  OpInContext op;

  Made& at(std::uint64_t effective_ms);
  Made& as(Role role);
  Made& outside();  // its author was no member
  Made& by(int node);
  Made& over(std::initializer_list<int> names);
  Made& of(OpKind kind);
  Made& placed(std::uint64_t dsn);
  Made& provisional(std::uint64_t arrival);
  Made& removed();
  Made& again(int original, int author);
};

Made set(int name, std::string_view value);
Made clear(int name);
Made level(int name, std::uint64_t number);                 // an enum value
Made step(int name, std::uint32_t from, std::uint32_t to);  // a TRANSITION
std::vector<OpInContext> made(std::vector<Made> ops);

// What a person would read: text, a number, "(cleared)" or "(removed)".
using Names = std::vector<std::string>;
Names siblings(const FieldPolicy& policy, std::vector<Made> ops);
Names listed(const FieldPolicy& policy, std::vector<Made> ops);
std::string shown(const FieldPolicy& policy, std::vector<Made> ops);  // empty: nothing

}  // namespace throughgate::sync::testing
