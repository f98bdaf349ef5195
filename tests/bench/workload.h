// What the benchmark writes: made-up volunteers of 12 fields each, and changes to them. All of it
// follows from a number, so that two programs agree about it without telling each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "node/change_plan.h"

namespace throughgate::bench {

// Two computers of one prison.
enum class Author { first, second };

// The fields that are changed, all of the policy LATEST and written by the owner.
constexpr std::size_t editable_fields = 8;

class Workload {
 public:
  explicit Workload(const node::CodeLists& codes);  // which must outlive it

  // All 12 fields of volunteer `i`: about 270 bytes of values.
  std::vector<node::FieldInput> volunteer(std::size_t i) const;
  // One field of volunteer `i`. In one round both authors change the same field where 20 divides
  // `i`, and different fields elsewhere. Rounds count from 1 and never repeat a value before the
  // fifth.
  node::FieldInput edit(std::size_t i, std::size_t round, Author author) const;

 private:
  std::string_view code(const node::CodeList& list, std::size_t number) const;

  const node::CodeList& reasons_;
  const node::CodeList& prisons_;
};

}  // namespace throughgate::bench
