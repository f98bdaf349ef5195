#include "node/rights/others_named.h"

#include <catch_amalgamated.hpp>

namespace throughgate::node {

TEST_CASE("a known name is found by its whole or its last word, whatever the case or accents",
          "[rights]") {
  OthersNamed others;
  others.add("Siân Made-Up");
  others.add("Bo Invented");
  others.add("Al");  // too short to be looked for
  CHECK(others.named_in("Rang sian made-up at noon.") == std::vector<std::string>{"Siân Made-Up"});
  CHECK(others.named_in("Mr INVENTED, twice: Invented") == std::vector<std::string>{"Bo Invented"});
  CHECK(others.named_in("reinvented the rota; alone; Al came").empty());
  CHECK(others.named_in("").empty());
}

TEST_CASE("whoever asks is not somebody else, though they share a family name", "[rights]") {
  OthersNamed others;
  others.add("Ann Example");
  others.take_out("Alex Example");
  CHECK(others.named_in("Example came late").empty());
  CHECK(others.named_in("Ann Example came late") == std::vector<std::string>{"Ann Example"});
}

}  // namespace throughgate::node
