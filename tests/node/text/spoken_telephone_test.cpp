#include "node/text/spoken_telephone.h"

#include <catch_amalgamated.hpp>

using namespace throughgate::node;

TEST_CASE("a UK number is grouped as its area is written", "[telephone]") {
  for (const auto* number :
       {"020 7946 0958", "028 9649 6000", "0113 496 0001", "0118 496 0123", "0121 496 0123",
        "0191 498 0123", "01632 960123", "01204 96012", "013873 70123", "015396 20123",
        "016977 3012", "07700 900123", "0300 123 4567", "0333 123 4567", "0808 157 0123",
        "0800 111222", "0909 879 0123"}) {
    std::string stored = "+44";
    for (const char c : std::string(number).substr(1)) stored += c == ' ' ? "" : std::string(1, c);
    CAPTURE(number);
    CHECK(spoken_telephone(stored) == number);
  }
}

TEST_CASE("a number whose groups cannot be told stays in one piece", "[telephone]") {
  CHECK(spoken_telephone("+44113496012") == "0113496012");
  CHECK(spoken_telephone("+445512345678") == "05512345678");
  CHECK(spoken_telephone("+44207946") == "+44207946");
  CHECK(spoken_telephone("+353861234567") == "+353861234567");
  CHECK(spoken_telephone("ring the office") == "ring the office");
  CHECK(spoken_telephone("").empty());
}
