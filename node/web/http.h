// One request and its answer, in words of our own: no other file than server.cpp knows the library
// that moves them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/web/html.h"

namespace throughgate::node::web {

enum class Method { get, head, post, other };
Method method_named(std::string_view name);

// Header fields as received. Names are compared without case; a name may occur more than once.
class HeaderFields {
 public:
  void add(std::string name, std::string value);
  std::size_t count(std::string_view name) const;
  // The value of a field that occurs exactly once; empty otherwise.
  std::string_view only(std::string_view name) const;
  bool has(std::string_view name) const { return count(name) > 0; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// Names and values as a form or a query sends them, in order, decoded.
class Parameters {
 public:
  void add(std::string name, std::string value);
  // The first value of that name; empty when there is none.
  const std::string& get(std::string_view name) const;
  bool has(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& in_order() const { return values_; }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

struct UploadedFile {
  std::string field;
  std::string file_name;  // as the browser says: for showing, never for a path
  std::string bytes;
};

// What is known before the body is read.
struct RequestHead {
  Method method = Method::other;
  std::string target;  // path and query, as sent
  HeaderFields headers;
  std::string remote_address;  // of the connection, never from a header
};

// What a body holds, with nothing of the query mixed in.
struct FormBody {
  Parameters fields;
  std::vector<UploadedFile> files;
};

struct Request {
  RequestHead head;
  FormBody form;
};

// "/a/b?c=d" taken apart; nullopt when it is not a well-formed local path of valid UTF-8.
struct Target {
  std::vector<std::string> segments;  // decoded, without the empty ones at either end
  Parameters query;
};
std::optional<Target> parse_target(std::string_view target);

// The value of one cookie; empty when it is absent, or there are several of that name.
std::string cookie_value(const HeaderFields& headers, std::string_view name);

// A form that was carried through a sign-in, to be answered next in the session that it opened.
struct SentAgain {
  std::string session_id;
  std::string action;  // a local path
  Parameters fields;   // with its token
};

struct Response {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body{};
  std::string location{};          // where to go: see see_other()
  std::string set_cookie{};        // a whole Set-Cookie value
  std::string file_name{};         // offered as a download under this name
  std::string content_encoding{};  // "gzip" for what is kept compressed
  std::string cache_control = "no-store";
  int retry_after_s = 0;  // with 429 and 503
  // Where the browser goes by itself after so long; see Responder.
  int refresh_after_s = 0;
  std::string refresh_to{};
  std::string allow{};                    // with 405
  std::optional<SentAgain> sent_again{};  // never leaves the responder
};

Response html_response(const Html& page, int status = 200);
// After a form was handled: the browser fetches `url`, a local path, with GET.
Response see_other(const Url& url);
// `file_name`: our own, letters, digits, dots and dashes; anything else in it is dropped.
Response download(std::string bytes, std::string content_type, std::string file_name);

bool is_valid_utf8(std::string_view text);

}  // namespace throughgate::node::web
