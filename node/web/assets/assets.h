// The style sheet and the script, as built into the program.
#pragma once

#include <string>
#include <string_view>

namespace throughgate::node::web {

struct Asset {
  std::string
      url;  // /assets/HASH/app.css: changes when the bytes do, so browsers may keep it for ever
  std::string_view content_type;
  std::string_view plain;
  std::string_view gzipped;
};

struct Assets {
  Asset style;
  Asset script;
};
// Hashes the bytes: call it once, and after crypto::start().
Assets embedded_assets();

}  // namespace throughgate::node::web
