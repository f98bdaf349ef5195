// throughgate-release: what makers of releases do, on a computer that no network reaches.
//
//   key FOLDER --password-file FILE
//       a new key: sealed in one file of the folder, its public half printed
//   sign FOLDER --key FILE --password-file FILE --out FILE
//       all that stands in the folder becomes a release
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "crypto/init.h"
#include "hub/store/schema.h"
#include "node/accounts/accounts.h"
#include "node/accounts/password_rules.h"
#include "node/cli/prompt.h"
#include "node/private_file.h"
#include "node/root_key_file.h"
#include "node/update/running_program.h"

namespace {

namespace fs = std::filesystem;
using namespace throughgate;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct Words {
  std::string folder, key, password_file, out;
};

Result<crypto::SecretText> password_in(const std::string& file) {
  const auto typed = node::cli::secret_from_file(file);
  if (!typed) return typed.error();
  return node::normal_password(typed->view());
}

Result<Done> make_key(const Words& words) {
  crypto::SystemRandom random;
  const auto password = password_in(words.password_file);
  if (!password) return password.error();
  if (auto good = node::check_new_password(password->view(), "release"); !good) return good;
  const auto key = crypto::SigningKey::generate(random);
  const auto sealed = node::seal_root_key(key, *password, node::password_cost, random);
  if (!sealed) return sealed.error();
  if (auto kept = node::create_private_file(words.folder + "/release-key", *sealed); !kept)
    return kept;
  std::cout << crypto::to_hex(key.verify_key()) << "\n";
  std::cerr << "The key is in " << words.folder
            << "/release-key. Above is its public half, a line for "
            << "config/release-keys.txt.\n";
  return Done{};
}

Result<crypto::SigningKey> open_key(const Words& words) {
  const auto sealed = node::read_private_file(words.key, 2 * node::root_key_file_bytes);
  if (!sealed) return Error{sealed.error().kind, words.key + ": " + sealed.error().message};
  const auto password = password_in(words.password_file);
  if (!password) return password.error();
  return node::open_root_key(*sealed, *password);
}

// Every file of the folder, by its name in it.
Result<std::vector<node::ReleasedFile>> files_in(const std::string& folder) {
  std::vector<node::ReleasedFile> out;
  for (const auto& each : fs::recursive_directory_iterator(folder)) {
    if (!each.is_regular_file() || each.is_symlink()) continue;
    const auto bytes = node::read_file(each.path().string(), node::released_file_bytes_max);
    if (!bytes)
      return Error{bytes.error().kind, each.path().string() + ": " + bytes.error().message};
    const auto name = fs::relative(each.path(), folder).generic_string();
    out.push_back({name, name.starts_with("bin/"), bytes->size(), crypto::sha256(*bytes)});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return out;
}

Result<Done> sign(const Words& words) {
  const auto key = open_key(words);
  if (!key) return key.error();
  auto running = node::running_program();
  auto& release = running.release;
  release.hub_store = static_cast<std::uint32_t>(hub::hub_migrations().back().version);
  auto files = files_in(words.folder);
  if (!files) return files.error();
  release.files = *std::move(files);
  if (!node::decode_release(node::encode(release))) {
    return Error{ErrorKind::invalid,
                 "A name in this folder cannot stand in a release, or it is too large."};
  }
  auto out = node::NewLongFile::create(words.out);
  if (!out) return out.error();
  if (auto wrote = out->append(node::signed_head(release, *key)); !wrote) return wrote;
  for (const auto& file : release.files) {
    const auto bytes =
        node::read_file(words.folder + "/" + file.name, node::released_file_bytes_max);
    if (!bytes) return bytes.error();
    if (auto wrote = out->append(*bytes); !wrote) return wrote;
  }
  if (auto flushed = out->flush(); !flushed) return flushed;
  if (auto kept = out->keep(); !kept) return kept;
  running.release_keys = {key->verify_key()};  // read back before anybody else does
  auto again = node::open_release(words.out, running.release_keys);
  if (!again) return again.error();
  auto whole = node::read_files(*again, [](const auto&, const auto&) { return Done{}; });
  if (!whole) return whole;
  for (const auto& file : release.files) {
    if (file.is_program) std::cout << crypto::to_hex(file.sha256) << "  " << file.name << "\n";
  }
  std::cout << "version " << node::version_text(release) << ", program number " << release.program
            << ", " << release.files.size() << " files, signed by "
            << crypto::to_hex(key->verify_key()) << "\n";
  return Done{};
}

}  // namespace

int main(int argc, char** argv) {
  if (!crypto::start()) return 1;
  crypto::protect_process_memory();
  node::keep_new_files_private();
  Words words;
  CLI::App app("throughgate-release: makes releases, on a computer that no network reaches");
  app.require_subcommand(1);
  auto* new_key = app.add_subcommand("key", "a new key for releases, sealed under a password");
  new_key->add_option("FOLDER", words.folder, "a stick")->required();
  new_key->add_option("--password-file", words.password_file, "its first line")->required();
  auto* signing = app.add_subcommand("sign", "make a release of a folder");
  signing->add_option("FOLDER", words.folder)->required();
  signing->add_option("--key", words.key)->required();
  signing->add_option("--password-file", words.password_file, "the key's password")->required();
  signing->add_option("--out", words.out, "the release")->required();
  CLI11_PARSE(app, argc, argv);
  const auto done = new_key->parsed() ? make_key(words) : sign(words);
  if (!done) std::cerr << done.error().message << "\n";
  return done ? 0 : 1;
}
