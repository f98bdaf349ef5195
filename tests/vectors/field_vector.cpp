#include "tests/vectors/field_vector.h"

#include <sstream>
#include <stdexcept>

#include "sync/projection.h"
#include "test_records.pb.h"
#include "tests/sync/merge_fixture.h"

namespace throughgate::vectors {
namespace {

using namespace sync;

std::string print_id(const OpId& id) {
  return crypto::to_hex(id.entry) + "/" + std::to_string(id.index);
}

std::vector<std::string> split(const std::string& text, char at) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string part; std::getline(in, part, at);) out.push_back(part);
  return out;
}

template <std::size_t Size>
ByteArray<Size> parse_fixed(const std::string& text) {
  const auto bytes = crypto::to_array<Size>(from_hex_or_dash(text));
  if (!bytes) throw std::runtime_error("a field of an op has another length");
  return *bytes;
}

OpId parse_id(const std::vector<std::string>& parts) {
  return {parse_fixed<32>(parts.at(0)), static_cast<std::uint32_t>(std::stoul(parts.at(1)))};
}

}  // namespace

std::string print_op(const OpInContext& op) {
  std::string out = crypto::to_hex(op.id.entry) + " " + std::to_string(op.id.index) + " " +
                    std::to_string(static_cast<unsigned>(op.kind)) + " " +
                    (op.value_removed ? "removed" : hex_or_dash(op.value)) + " " + op.author.hex();
  out += " " + std::to_string(op.role ? static_cast<unsigned>(*op.role) : 0U);
  out += " " + std::to_string(op.dsn.value_or(0)) + " " + std::to_string(op.effective_ms) + " " +
         std::to_string(op.effective_as_copy_ms) + " ";
  for (std::size_t i = 0; i < op.supersedes.size(); ++i) {
    out += (i == 0 ? "" : ",") + print_id(op.supersedes[i]);
  }
  out += op.supersedes.empty() ? "- " : " ";
  return out + (op.again_of ? print_id(op.again_of->original) + "/" + op.again_of->author.hex()
                            : std::string("-"));
}

OpInContext parse_op(const std::string& line) {
  const auto w = words(line);
  if (w.size() != 11) throw std::runtime_error("an op has eleven words");
  OpInContext op;
  op.id = parse_id({w[0], w[1]});
  op.kind = static_cast<OpKind>(std::stoul(w[2]));
  op.value_removed = w[3] == "removed";
  if (!op.value_removed) op.value = from_hex_or_dash(w[3]);
  op.author = {parse_fixed<16>(w[4])};
  if (w[5] != "0") op.role = static_cast<Role>(std::stoul(w[5]));
  if (w[6] != "0") op.dsn = std::stoull(w[6]);
  op.effective_ms = std::stoull(w[7]);
  op.effective_as_copy_ms = std::stoull(w[8]);
  if (w[9] != "-") {
    for (const auto& each : split(w[9], ',')) op.supersedes.push_back(parse_id(split(each, '/')));
  }
  if (w[10] != "-") {
    const auto parts = split(w[10], '/');
    op.again_of = AgainOf{parse_id(parts), {parse_fixed<16>(parts.at(2))}};
  }
  return op;
}

Bytes canonical_field(const std::string& field, std::span<const OpInContext> ops) {
  const auto& descriptor = *test::Card::descriptor()->FindFieldByName(field);
  const FieldKey key{{}, 1, static_cast<std::uint32_t>(descriptor.number())};
  return canonical(key, project(sync::testing::card(field), ops));
}

std::string field_outcome(const VectorFile& vector) {
  std::vector<OpInContext> ops;
  for (const auto& line : vector.all("op")) ops.push_back(parse_op(line));
  return "accept " + crypto::to_hex(canonical_field(vector.text("field"), ops));
}

}  // namespace throughgate::vectors
