#include "tests/sync/merge_fixture.h"

#include "test_records.pb.h"

namespace throughgate::sync::testing {
namespace {

std::string read(const FieldPolicy& policy, const OpInContext& op) {
  if (op.value_removed) return "(removed)";
  if (op.kind == OpKind::clear) return "(cleared)";
  if (policy.policy == Policy::strictest)
    return std::to_string(decode_number(op.value).value_or(0));
  return std::string(crypto::as_text(op.value));
}

Names read_all(const FieldPolicy& policy, const std::vector<OpInContext>& ops,
               const std::vector<std::size_t>& which) {
  Names out;
  for (const auto i : which) out.push_back(read(policy, ops[i]));
  return out;
}

}  // namespace

FieldPolicy card(std::string_view field) {
  return *policy_of(*test::Card::descriptor()->FindFieldByName(std::string(field)));
}

OpId op_named(int name) { return {Hash{static_cast<std::uint8_t>(name)}, 0}; }
NodeId node_named(int name) { return {{static_cast<std::uint8_t>(name)}}; }

Made& Made::at(std::uint64_t effective_ms) {
  op.effective_ms = op.effective_as_copy_ms = effective_ms;
  return *this;
}
Made& Made::as(Role role) {
  op.role = role;
  return *this;
}
Made& Made::outside() {
  op.role.reset();
  return *this;
}
Made& Made::by(int node) {
  op.author = node_named(node);
  return *this;
}
Made& Made::over(std::initializer_list<int> names) {
  for (const int name : names) op.supersedes.push_back(op_named(name));
  return *this;
}
Made& Made::of(OpKind kind) {
  op.kind = kind;
  return *this;
}
Made& Made::placed(std::uint64_t dsn) {
  op.dsn = dsn;
  return *this;
}
Made& Made::provisional(std::uint64_t arrival) {
  op.dsn.reset();
  op.arrival = arrival;
  return *this;
}
Made& Made::removed() {
  op.value.clear();
  op.value_removed = true;
  return *this;
}
Made& Made::again(int original, int author) {
  op.again_of = AgainOf{op_named(original), node_named(author)};
  return *this;
}

Made set(int name, std::string_view value) {
  Made out;
  out.op.id = op_named(name);
  out.op.value = Bytes(value.begin(), value.end());
  out.op.author = node_named(1);
  out.op.role = Role::owner;
  out.op.dsn = static_cast<std::uint64_t>(name);
  return out;
}

Made clear(int name) { return set(name, "").of(OpKind::clear); }

Made level(int name, std::uint64_t number) {
  Made out = set(name, "");
  out.op.value = encode_number(number);
  return out;
}

Made step(int name, std::uint32_t from, std::uint32_t to) {
  Made out = set(name, "").of(OpKind::transition);
  out.op.value = encode_state_change({from, to});
  return out;
}

std::vector<OpInContext> made(std::vector<Made> ops) {
  std::vector<OpInContext> out;
  out.reserve(ops.size());
  for (auto& each : ops) out.push_back(std::move(each.op));
  return out;
}

Names siblings(const FieldPolicy& policy, std::vector<Made> list) {
  const auto ops = made(std::move(list));
  return read_all(policy, ops, merge(policy, ops).siblings);
}

Names listed(const FieldPolicy& policy, std::vector<Made> list) {
  const auto ops = made(std::move(list));
  return read_all(policy, ops, merge(policy, ops).listed);
}

std::string shown(const FieldPolicy& policy, std::vector<Made> list) {
  const auto ops = made(std::move(list));
  const auto field = merge(policy, ops);
  return field.shown ? read(policy, ops[*field.shown]) : "";
}

}  // namespace throughgate::sync::testing
