#include "hub/mailer.h"

#include <curl/curl.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <memory>

#include "crypto/secret.h"

namespace throughgate::hub {
namespace {

using sync::Done;
using sync::ErrorKind;
using sync::Result;

constexpr long connect_seconds = 10;
constexpr long whole_seconds = 30;
constexpr std::size_t password_bytes_max = 1'000;

struct Unread {
  std::string text;
  std::size_t at = 0;
};

std::size_t hand_over(char* to, std::size_t size, std::size_t count, void* message) {
  auto& unread = *static_cast<Unread*>(message);
  const std::size_t bytes = std::min(size * count, unread.text.size() - unread.at);
  unread.text.copy(to, bytes, unread.at);
  unread.at += bytes;
  return bytes;
}

std::string date_of(std::uint64_t now_ms) {
  const auto seconds = static_cast<std::time_t>(now_ms / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char out[64] = {};
  std::strftime(out, sizeof out, "%a, %d %b %Y %H:%M:%S +0000", &utc);  // of the "C" locale
  return out;
}

std::string message_for(const std::string& from, const std::string& to, const std::string& id,
                        std::uint64_t now_ms) {
  const auto domain = from.substr(from.find('@') + 1);
  return "Date: " + date_of(now_ms) + "\r\nFrom: " + from + "\r\nTo: " + to + "\r\nMessage-ID: <" +
         id + "@" + domain +
         ">\r\nSubject: Something waits for you in Throughgate\r\nAuto-Submitted: auto-generated"
         "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
         "Something waits for you in Throughgate. Sign in and sync.\r\n";
}

// Read without a buffer, and into room enough, so that no other copy is left behind.
crypto::SecretText first_line_of(const std::string& path) {
  std::ifstream file;
  file.rdbuf()->pubsetbuf(nullptr, 0);
  file.open(path);
  std::string line;
  line.reserve(password_bytes_max);
  for (char next = 0; line.size() < password_bytes_max && file.get(next) && next != '\n';) {
    line.push_back(next);
  }
  return crypto::SecretText(std::move(line));
}

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

Mailer::Mailer(const MailSettings& settings, crypto::Random& random)
    : settings_(settings), random_(random) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
}

Result<Done> Mailer::send(const std::string& to, std::uint64_t now_ms) {
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  const std::unique_ptr<curl_slist, FreeList> recipients(curl_slist_append(nullptr, to.c_str()));
  if (!handle || !recipients) return {ErrorKind::unavailable, "There is not enough memory."};
  CURL* curl = handle.get();
  Unread message{message_for(settings_.from, to, crypto::to_hex(random_.bytes<16>()), now_ms)};
  const std::string url = "smtp://" + settings_.host + ":" + std::to_string(settings_.port);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_seconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, whole_seconds);
  curl_easy_setopt(curl, CURLOPT_USE_SSL,
                   static_cast<long>(settings_.tls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
  if (!settings_.certificate.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, settings_.certificate.c_str());
  }
  if (!settings_.user.empty()) {
    // Held while this mail is sent only. What the library copies is wiped as it is freed
    // (crypto/wiping_heap), and what it leaves on the stack by our caller.
    const auto password = first_line_of(settings_.password_file);
    curl_easy_setopt(curl, CURLOPT_USERNAME, settings_.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, password.view().data());  // of a whole std::string
  }
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, settings_.from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &hand_over);
  curl_easy_setopt(curl, CURLOPT_READDATA, &message);
  const CURLcode outcome = curl_easy_perform(curl);
  if (outcome == CURLE_OK) return Done{};
  return {ErrorKind::unavailable, curl_easy_strerror(outcome)};  // a fixed text for each
}

}  // namespace throughgate::hub
