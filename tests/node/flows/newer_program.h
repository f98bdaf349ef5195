// A program newer than the one under test, made of it when linking: it reads and writes one more of
// everything. Which of the two is running is said by the test; the hub is always the newer one.
#pragma once

namespace throughgate::node::testing {

enum class Program { current, newer };
Program run_as(Program program);  // from now on, on this thread; returns what ran until now

// How the newer program writes its next entries.
enum class Writing {
  plainly,
  header_2,      // a header of version 2: laid out as version 1
  schema_2,      // a change set of schema 2: text counts in capitals
  kind_6,        // an op of kind 6: it sets
  dictionary_2,  // a frame packed with dictionary 2: the same as dictionary 1
  suffix,        // a field of an op that says what to put behind its value
};
void write(Writing writing);

}  // namespace throughgate::node::testing
