// The merge rules of a field, read from its .proto line, and the hash of all of them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "sync/change_set.h"
#include "sync/clear_part.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace throughgate::sync {

enum class Policy : std::uint8_t { latest = 1, strictest = 2, set = 3, append = 4, lifecycle = 5 };

// A set of roles.
class Roles {
 public:
  constexpr Roles() = default;
  constexpr Roles(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= bit(role);
  }
  static constexpr Roles any_writer() {
    return {Role::owner, Role::receiver, Role::contributor, Role::central};
  }
  constexpr bool has(Role role) const { return (bits_ & bit(role)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint8_t bits() const { return bits_; }

 private:
  static constexpr std::uint8_t bit(Role role) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(role));
  }
  std::uint8_t bits_ = 0;
};

struct TransitionRule {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  Roles by;

  friend auto operator<=>(const TransitionRule& a, const TransitionRule& b) {
    return std::tuple(a.from, a.to, a.by.bits()) <=> std::tuple(b.from, b.to, b.by.bits());
  }
};

struct FieldPolicy {
  Policy policy = Policy::latest;
  Roles writers;   // as declared; counts() is what merge asks
  Roles lower_by;  // STRICTEST
  Roles shown;     // empty: the greatest of all is shown
  bool review = false;
  bool acknowledge = false;
  std::uint8_t search_class = 0;  // 0: not searched; else its sensitivity, 1 open to 4 restricted
  std::map<std::uint32_t, std::uint32_t> severities;  // STRICTEST: by enum number
  std::vector<TransitionRule> transitions;            // LIFECYCLE; the state starts as 0

  // Does an op by this role count? In a REVIEW field the desk's does, so that it can settle it.
  bool counts(Role role) const { return writers.has(role) || (review && role == Role::central); }
  // What keeps people safe, and what drives the course of a case, is corrected instead.
  bool may_be_redacted() const {
    return policy != Policy::strictest && policy != Policy::lifecycle;
  }
  // CLEAR ranks lowest; a number that this program does not know ranks strictest.
  std::uint64_t severity_of(OpKind kind, ByteView value) const;
  bool allows(std::uint32_t from, std::uint32_t to, Role role) const;
};

// nullopt when the field says nothing of itself (not a record's field).
std::optional<FieldPolicy> policy_of(const google::protobuf::FieldDescriptor& field);

// The varint that a number, enum or truth value is stored as; nullopt when it is not one whole
// varint.
std::optional<std::uint64_t> decode_number(ByteView value);
Bytes encode_number(std::uint64_t number);

struct StateChange {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};
std::optional<StateChange> decode_state_change(ByteView value);
Bytes encode_state_change(StateChange change);

// Every record type that this program knows, by number and field; and the hash of all their rules.
// Replicas with one policy version judge alike.
class PolicyTable {
 public:
  using Version = ByteArray<16>;

  explicit PolicyTable(const std::vector<const google::protobuf::Descriptor*>& record_types);

  const FieldPolicy* find(std::uint32_t record_type, std::uint32_t field) const;
  // The kind of dossier that records of this type stand in (DossierKind in options.proto); 0 for a
  // type that this program does not know. No part of the version: it is no rule of merging.
  std::uint32_t dossier_kind(std::uint32_t record_type) const;
  const Version& version() const { return version_; }

 private:
  std::map<std::pair<std::uint32_t, std::uint32_t>, FieldPolicy> policies_;
  std::map<std::uint32_t, std::uint32_t> dossier_kinds_;
  Version version_{};
};

}  // namespace throughgate::sync
