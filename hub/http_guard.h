// What is refused before a body is read: requests that a browser on another site could send, and
// those whose size is not known. Nothing here knows an HTTP library.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace throughgate::hub {

// Header names in lower case, as the caller makes them.
struct RequestHead {
  std::string method;
  std::string path;
  std::multimap<std::string, std::string> headers;
};

struct Refusal {
  int status = 400;
  const char* message = "";
};

class HttpGuard {
 public:
  // `hosts`: what the Host header may say, port included.
  HttpGuard(std::vector<std::string> hosts, std::size_t body_bytes_max)
      : hosts_(std::move(hosts)), body_bytes_max_(body_bytes_max) {}

  //   421 another host name            403 sent by a web page
  //   411 a body of unknown length     413 a body that is too large
  //   415 a body that is compressed or of another type     405 another method
  std::optional<Refusal> refuse(const RequestHead& head) const;

 private:
  std::vector<std::string> hosts_;
  std::size_t body_bytes_max_;
};

}  // namespace throughgate::hub
