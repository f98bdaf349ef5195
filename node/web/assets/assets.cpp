#include "node/web/assets/assets.h"

#include "crypto/hash.h"

extern "C" {
extern const char throughgate_app_css[], throughgate_app_css_end[];
extern const char throughgate_app_css_gz[], throughgate_app_css_gz_end[];
extern const char throughgate_app_js[], throughgate_app_js_end[];
extern const char throughgate_app_js_gz[], throughgate_app_js_gz_end[];
}

namespace throughgate::node::web {
namespace {

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

Asset asset(const std::string& name, std::string_view content_type, std::string_view plain,
            std::string_view gzipped) {
  const auto digest = crypto::hash("web asset", {crypto::as_bytes(plain)});
  return {"/assets/" + crypto::to_hex(crypto::ByteView(digest).first(8)) + "/" + name, content_type,
          plain, gzipped};
}

}  // namespace

Assets embedded_assets() {
  return {asset("app.css", "text/css; charset=utf-8",
                between(throughgate_app_css, throughgate_app_css_end),
                between(throughgate_app_css_gz, throughgate_app_css_gz_end)),
          asset("app.js", "text/javascript; charset=utf-8",
                between(throughgate_app_js, throughgate_app_js_end),
                between(throughgate_app_js_gz, throughgate_app_js_gz_end))};
}

}  // namespace throughgate::node::web
