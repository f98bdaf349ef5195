#include "node/update/release_file.h"

#include <algorithm>
#include <string_view>

#include "sync/layout.h"

namespace throughgate::node {
namespace {

using crypto::as_text;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr crypto::Context release_context{"tg release sign"};
constexpr std::string_view magic = "TGRELSE\n";
constexpr std::uint16_t format = 1;
constexpr std::size_t before_manifest = 8 + 2 + 4 + 32 + 64;
constexpr std::size_t manifest_bytes_max = 256 << 10;
constexpr std::size_t name_bytes_max = 200;

void write_text(sync::LayoutWriter& out, const std::string& text) {
  out.u8(static_cast<std::uint8_t>(text.size())).bytes(crypto::as_bytes(text));
}

std::string read_text(sync::LayoutReader& in) {
  const std::size_t size = in.u8();
  return std::string(as_text(in.bytes(size)));
}

// It leads into the release's own folder, whatever else.
bool is_name(std::string_view name) {
  if (name.empty() || name.size() > name_bytes_max || name.ends_with('/')) return false;
  char before = '/';
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '-' && c != '_' && c != '.' && c != '/') return false;
    if (before == '/' && (c == '/' || c == '.'))
      return false;  // no empty part, no "..", nothing hidden
    before = c;
  }
  return true;
}

bool are_within_limits(const Release& release) {
  std::uint64_t whole = 0;
  for (std::size_t i = 0; i < release.files.size(); ++i) {
    const auto& file = release.files[i];
    if (!is_name(file.name) || file.size > released_file_bytes_max) return false;
    if (i > 0 && release.files[i - 1].name >= file.name) return false;
    whole += file.size;
  }
  return whole <= release_bytes_max;
}

Error damaged() {
  return {ErrorKind::corrupt,
          "This release was copied only in part, or more stands behind it. Copy it again from "
          "where it came "
          "from. Nothing was changed."};
}

// What stands before the manifest says how long that is.
Result<std::size_t> manifest_size(crypto::ByteView start) {
  sync::LayoutReader in(start);
  if (as_text(in.bytes(magic.size())) != magic) {
    return Error{
        ErrorKind::invalid,
        "This is not a Throughgate release. Check that it is the right file. Nothing was changed."};
  }
  const auto is_of = in.u16();
  if (is_of > format) {
    return Error{ErrorKind::newer,
                 "This release is of a newer form than this program knows. Install the release "
                 "before it first. "
                 "Nothing was changed."};
  }
  const std::size_t size = in.u32();
  if (in.failed() || is_of != format || size > manifest_bytes_max) return damaged();
  return size;
}

Result<SignedHead> checked_head(crypto::Bytes bytes, const std::vector<crypto::VerifyKey>& known) {
  sync::LayoutReader in(bytes);
  in.bytes(before_manifest - 32 - 64);
  const auto key = in.array<32>();
  const auto signature = in.array<64>();
  const auto manifest = crypto::ByteView(bytes).subspan(before_manifest);
  const bool is_known = std::find(known.begin(), known.end(), key) != known.end();
  if (!is_known || !crypto::verify(key, release_context, manifest, signature)) {
    return Error{ErrorKind::rejected,
                 "This release was not signed by anybody whose releases this program takes, or was "
                 "altered since. "
                 "Do not use it; get it from your central team. Nothing was changed."};
  }
  auto release = decode_release(manifest);
  if (!release) return damaged();
  return SignedHead{*std::move(release), std::move(bytes)};
}

Result<SignedHead> read_head(LongFile& file, const std::vector<crypto::VerifyKey>& known) {
  if (file.size() < before_manifest) {
    crypto::Bytes some(static_cast<std::size_t>(file.size()));
    if (auto read = file.read(some); !read) return read.error();
    const bool is_begun = as_text(some).starts_with(magic);
    return is_begun ? Result<SignedHead>(damaged()) : manifest_size(some).error();
  }
  crypto::Bytes head(before_manifest);
  if (auto read = file.read(head); !read) return read.error();
  const auto size = manifest_size(head);
  if (!size) return size.error();
  if (file.size() < before_manifest + *size) return damaged();
  head.resize(before_manifest + *size);
  if (auto read = file.read(std::span(head).subspan(before_manifest)); !read) return read.error();
  return checked_head(std::move(head), known);
}

}  // namespace

std::strong_ordering Release::operator<=>(const Release& other) const {
  if (const auto by_number = program <=> other.program; by_number != 0) return by_number;
  return version <=> other.version;
}

std::string version_text(const Release& release) {
  const auto& [first, second, third] = release.version;
  return std::to_string(first) + "." + std::to_string(second) + "." + std::to_string(third);
}

crypto::Bytes encode(const Release& release) {
  sync::LayoutWriter out;
  write_text(out, release.product);
  write_text(out, release.machine);
  for (const auto part : release.version) out.u16(part);
  out.u32(release.program).u32(release.store).u32(release.hub_store);
  out.u16(static_cast<std::uint16_t>(release.files.size()));
  for (const auto& file : release.files) {
    out.u8(file.is_program ? 1 : 0).u64(file.size).bytes(file.sha256);
    write_text(out, file.name);
  }
  return out.take();
}

std::optional<Release> decode_release(crypto::ByteView manifest) {
  sync::LayoutReader in(manifest);
  Release out;
  out.product = read_text(in);
  out.machine = read_text(in);
  for (auto& part : out.version) part = in.u16();
  out.program = in.u32();
  out.store = in.u32();
  out.hub_store = in.u32();
  const std::size_t count = in.u16();
  if (in.failed() || count > released_files_max) return std::nullopt;
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    ReleasedFile file;
    const auto kind = in.u8();
    if (kind > 1) return std::nullopt;
    file.is_program = kind == 1;
    file.size = in.u64();
    file.sha256 = in.array<32>();
    file.name = read_text(in);
    out.files.push_back(std::move(file));
  }
  if (!in.finished() || !are_within_limits(out)) return std::nullopt;
  return out;
}

crypto::Bytes signed_head(const Release& release, const crypto::SigningKey& key) {
  const auto manifest = encode(release);
  sync::LayoutWriter out;
  out.bytes(crypto::as_bytes(magic)).u16(format);
  out.u32(static_cast<std::uint32_t>(manifest.size())).bytes(key.verify_key());
  out.bytes(key.sign(release_context, manifest)).bytes(manifest);
  return out.take();
}

Result<OpenRelease> open_release(const std::string& path,
                                 const std::vector<crypto::VerifyKey>& known) {
  auto file = LongFile::open(path);
  if (!file) return file.error();
  if (file->size() > release_bytes_max) {
    return Error{ErrorKind::invalid,
                 "This file is larger than a release can be. Check that it is the right file. "
                 "Nothing was changed."};
  }
  auto head = read_head(*file, known);
  if (!head) return head.error();
  std::uint64_t whole = head->bytes.size();
  for (const auto& each : head->release.files) whole += each.size;
  if (file->size() != whole) return damaged();
  return OpenRelease{*std::move(head), *std::move(file)};
}

Result<SignedHead> read_head(const std::string& path, const std::vector<crypto::VerifyKey>& known) {
  auto file = LongFile::open(path);
  if (!file) return file.error();
  return read_head(*file, known);
}

Result<Done> read_files(OpenRelease& release, const TakeFile& take) {
  for (const auto& each : release.head.release.files) {
    crypto::Bytes bytes(static_cast<std::size_t>(each.size));
    if (auto read = release.file.read(bytes); !read) return read.error();
    if (crypto::sha256(bytes) != each.sha256) {
      return Error{ErrorKind::corrupt,
                   "\"" + each.name +
                       "\" in this release is not what was signed. Copy the release again from "
                       "where it came from. Nothing was changed."};
    }
    if (auto taken = take(each, bytes); !taken) return taken;
  }
  return Done{};
}

}  // namespace throughgate::node
