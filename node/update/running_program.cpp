#include "node/update/running_program.h"

#include <sstream>

#include "node/update/shipped_release.h"
#include "sync/program_number.h"
#include "sync/store/node_schema.h"

namespace throughgate::node {

RunningProgram running_program() {
  RunningProgram out;
  out.release.product = "throughgate";
  out.release.machine = shipped_machine;
  out.release.version = shipped_version;
  out.release.program = sync::program_number;
  out.release.store = static_cast<std::uint32_t>(sync::store::node_migrations().back().version);
  out.release_keys =
      release_keys_in(shipped_release_keys).value_or(std::vector<crypto::VerifyKey>());
  return out;
}

std::optional<std::vector<crypto::VerifyKey>> release_keys_in(std::string_view text) {
  std::vector<crypto::VerifyKey> out;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    line.erase(std::min(line.find('#'), line.size()));
    while (!line.empty() && line.back() == ' ') line.pop_back();
    if (line.empty()) continue;
    const auto bytes = crypto::from_hex(line);
    const auto key = bytes ? crypto::to_array<32>(*bytes) : std::nullopt;
    if (!key) return std::nullopt;
    out.push_back(*key);
  }
  return out;
}

}  // namespace throughgate::node
