#include "tests/simulation/two_programs.h"

#include "tests/node/flows/newer_program.h"

namespace throughgate::simulation {

using node::testing::Program;
using node::testing::Writing;

const TwoPrograms& two_programs() {
  static const TwoPrograms programs{
      [](bool newer) {
        return node::testing::run_as(newer ? Program::newer : Program::current) == Program::newer;
      },
      [](int way) { node::testing::write(static_cast<Writing>(way)); },
      {static_cast<int>(Writing::header_2), static_cast<int>(Writing::dictionary_2)},
      {static_cast<int>(Writing::schema_2), static_cast<int>(Writing::kind_6),
       static_cast<int>(Writing::suffix)}};
  return programs;
}

}  // namespace throughgate::simulation
