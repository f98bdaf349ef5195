#include "tests/sync/op_history.h"

#include "test_records.pb.h"

namespace throughgate::sync::testing {
namespace {

constexpr std::size_t ops_in_history_max = 40;
constexpr std::uint8_t absent_originals = 3;
constexpr std::uint8_t late_mark = 0xaa;  // ends the name of an original that is missing at first

class Choices {
 public:
  explicit Choices(ByteView bytes) : bytes_(bytes) {}
  bool empty() const { return at_ >= bytes_.size(); }
  unsigned below(unsigned bound) { return (empty() ? 0U : bytes_[at_++]) % bound; }

 private:
  ByteView bytes_;
  std::size_t at_ = 0;
};

NodeId author_id(unsigned number) {
  NodeId id;
  id.bytes[0] = static_cast<std::uint8_t>(number + 1);
  return id;
}

OpId absent_id(unsigned number) {
  OpId id;
  id.entry[0] = static_cast<std::uint8_t>(0x40 * (number + 1));
  id.entry[31] = late_mark;
  return id;
}

bool holds_id(const std::vector<OpInContext>& ops, const OpId& id) {
  return std::any_of(ops.begin(), ops.end(), [&](const auto& op) { return op.id == id; });
}

class Narrator {
 public:
  Narrator(const FieldPolicy& policy, Choices& choices) : policy_(policy), choices_(choices) {}

  std::vector<OpInContext> tell() {
    while (!choices_.empty() && ops_.size() < ops_in_history_max) ops_.push_back(next());
    return std::move(ops_);
  }

 private:
  OpInContext next() {
    OpInContext op;
    op.id = next_id();
    op.author = author_id(choices_.below(3));
    const unsigned role = choices_.below(6);
    if (role > 0) op.role = static_cast<Role>(role);
    provisional_ = provisional_ || choices_.below(8) == 7;  // once begun, no more places
    if (!provisional_) op.dsn = dsn_;
    op.arrival = ops_.size();
    op.effective_ms = choices_.below(4);
    op.effective_as_copy_ms = choices_.below(4);
    write_content(op);
    name_what_was_seen(op);
    if (op.id.entry[31] != late_mark)
      write_again(op);  // no hash can name itself, however far round
    return op;
  }

  // A further op of the same entry, a new entry, or an original that was missing so far.
  OpId next_id() {
    const unsigned choice = choices_.below(8);
    if (choice == 0 && !ops_.empty() && ops_.back().id.entry[31] != late_mark) {
      return {ops_.back().id.entry, ops_.back().id.index + 1};
    }
    ++dsn_;
    if (choice == 1) {
      const OpId late = absent_id(choices_.below(absent_originals));
      if (!holds_id(ops_, late)) return late;
    }
    OpId id;
    id.entry[0] = static_cast<std::uint8_t>(choices_.below(256));  // so hashes sort as they please
    id.entry[1] = static_cast<std::uint8_t>(dsn_);
    return id;
  }

  void write_content(OpInContext& op) {
    const unsigned number = choices_.below(5);
    switch (policy_.policy) {
      case Policy::latest:
      case Policy::strictest:
        op.kind = choices_.below(6) == 5 ? OpKind::clear : OpKind::set;
        if (op.kind == OpKind::set) op.value = encode_number(number);
        break;
      case Policy::set:
        op.kind = choices_.below(3) == 2 ? OpKind::remove : OpKind::add;
        op.value = encode_number(number);
        break;
      case Policy::append:
        op.kind = OpKind::append;
        op.value = encode_number(number);
        break;
      case Policy::lifecycle:
        op.kind = OpKind::transition;
        op.value = encode_state_change({choices_.below(3), number});
        break;
    }
    if (choices_.below(10) == 9) {
      op.value.clear();
      op.value_removed = true;
    }
  }

  void name_what_was_seen(OpInContext& op) {
    const unsigned seen = choices_.below(256);
    for (std::size_t back = 0; back < 8 && back < ops_.size(); ++back) {
      if ((seen >> back & 1U) != 0 && (seen >> 7U) == 0) {
        op.supersedes.push_back(ops_[ops_.size() - 1 - back].id);
      }
    }
    if (choices_.below(8) == 7) {
      op.supersedes.push_back(absent_id(choices_.below(absent_originals)));
    }
  }

  void write_again(OpInContext& op) {
    const unsigned how = choices_.below(8);
    if (how == 0) {  // of an original that is not here, or not yet
      op.again_of = {absent_id(choices_.below(absent_originals)), author_id(choices_.below(3))};
    } else if (how < 3 && !ops_.empty()) {  // of one that is: truthfully, or with a twist
      const auto& original = ops_[choices_.below(static_cast<unsigned>(ops_.size()))];
      const unsigned twist = choices_.below(4);
      op.again_of = {original.id, twist == 1 ? author_id(choices_.below(3)) : original.author};
      if (twist != 2) copy_content(original, op);
    }
  }

  static void copy_content(const OpInContext& from, OpInContext& to) {
    to.kind = from.kind;
    to.value = from.value;
    to.value_removed = from.value_removed;
  }

  const FieldPolicy& policy_;
  Choices& choices_;
  std::vector<OpInContext> ops_;
  std::uint64_t dsn_ = 0;
  bool provisional_ = false;
};

}  // namespace

const std::vector<FieldPolicy>& card_policies() {
  static const std::vector<FieldPolicy> policies = [] {
    std::vector<FieldPolicy> out;
    const auto& type = *test::Card::descriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      if (auto policy = policy_of(*type.field(i))) out.push_back(std::move(*policy));
    }
    return out;
  }();
  return policies;
}

OpHistory op_history(ByteView bytes) {
  Choices choices(bytes);
  const auto& policies = card_policies();
  const auto& policy = policies[choices.below(static_cast<unsigned>(policies.size()))];
  return {policy, Narrator(policy, choices).tell()};
}

}  // namespace throughgate::sync::testing
