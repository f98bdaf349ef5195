// A pack as the files that are handed out.
#pragma once

#include "node/rights/pack.h"

namespace throughgate::node {

enum class PackForm { pdf, json };

struct PackFile {
  std::string name;  // "subject-access.pdf": says nothing of the person
  std::string mime_type;
  crypto::Bytes bytes;
  std::string remark;  // what who made it should know; empty: nothing
};

//   unavailable  too long for one file
sync::Result<PackFile> file_of(const Pack& pack, PackForm form);

}  // namespace throughgate::node
