// Reads what a form sends. Everything has a limit; past it the form is refused, not cut.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "node/web/http.h"

namespace throughgate::node::web {

struct FormLimits {
  std::size_t body_bytes_max = std::size_t{2} << 20U;
  std::size_t fields_max = 500;  // the longest form, a site's code lists, has about 200
  std::size_t name_bytes_max = 200;
  std::size_t value_bytes_max = 100'000;  // a long note in percent-encoded Welsh
  std::size_t files_max = 4;
};

// "%41" -> "A", and "+" -> " " where `plus_is_space`. Fails on a cut or wrong escape and on NUL.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

// "a=1&b=2". Fails when malformed, not UTF-8, or past a limit.
std::optional<Parameters> parse_urlencoded(std::string_view text, const FormLimits& limits);

// Collects the parts of a multipart form as they arrive; never holds more than the limits allow.
class PartCollector {
 public:
  explicit PartCollector(const FormLimits& limits) : limits_(limits) {}

  void start_part(std::string name, bool is_file, std::string file_name);
  void add_bytes(std::string_view bytes);

  // The form once all has arrived; nullopt when a limit was passed or a field is not UTF-8.
  std::optional<FormBody> finish();

 private:
  void close_part();

  FormLimits limits_;
  FormBody form_;
  bool in_part_ = false, is_file_ = false, refused_ = false;
  std::string name_, file_name_, bytes_;
  std::size_t total_bytes_ = 0;
};

}  // namespace throughgate::node::web
