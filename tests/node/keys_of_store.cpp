// Prints every secret key that a store and its slot file hold, for a test that looks for them where
// they must not be. Give it a copy: opening a store writes beside it.
//
// usage: keys_of_store STORE FOLDER NAME PASSWORD-FILE
// Prints a line for each: what it is, and 64 hexadecimal digits.
#include <fstream>
#include <iostream>
#include <iterator>

#include "crypto/init.h"
#include "crypto/passphrase.h"
#include "node/accounts/accounts.h"
#include "node/open_node.h"

namespace {

using namespace throughgate;

void print(const std::string& what, crypto::ByteView key) {
  std::cout << what << ' ' << crypto::to_hex(key) << '\n';
}

int fail(const std::string& what) {
  std::cerr << what << '\n';
  return 1;
}

// From the first password slot of the file; see crypto/key_slots.h.
std::optional<crypto::Secret<32>> derived_key(const std::string& path, std::string_view password) {
  std::ifstream file(path, std::ios::binary);
  const crypto::Bytes bytes{std::istreambuf_iterator<char>(file), {}};
  constexpr std::size_t head = 2 + 16, key_file = 1 + 8 + 72, recovery = 1 + 8 + 80;
  for (std::size_t at = head; at + 41 <= bytes.size();) {
    if (bytes[at] == 1) {
      const auto number = [&](std::size_t from) {
        std::uint64_t out = 0;
        for (std::size_t i = 8; i-- > 0;) out = out << 8U | bytes[from + i];
        return out;
      };
      crypto::ByteArray<16> salt;
      std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at) + 25, 16, salt.begin());
      return crypto::derive_key(password, salt, {number(at + 9), number(at + 17)});
    }
    at += bytes[at] == 2 ? key_file : recovery;
  }
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> given(argv + 1, argv + argc);
  if (!crypto::start() || given.size() != 4) return 2;
  const node::DataFolder folder(given[1]);
  std::ifstream password_file(given[3]);
  std::string password;
  std::getline(password_file, password);
  crypto::SystemRandom random;
  const node::Clock clock = [] { return std::uint64_t{0}; };
  const auto key = node::Accounts(folder, random).sign_in(given[2], password, clock);
  if (!key) return fail(key.error().message);
  print("database", key->view());
  const auto derived = derived_key(folder.keys(), password);
  if (!derived) return fail("There is no password slot.");
  print("from-password", derived->view());

  auto opened = node::OpenNode::open(given[0], *key, sync::store::Access::existing, random, clock);
  if (!opened) return fail(opened.error().message);
  const auto& identity = (*opened)->identity();
  print("signing", identity.signing_key.seed().view());
  print("box", identity.box_key.secret().view());
  sync::store::UnitOfWork work((*opened)->database());
  std::size_t count = 0;
  work.each("SELECT key FROM dossier_key", sync::store::bound(),
            [&](const sync::store::Statement& row) {
              print("record-" + std::to_string(count++), row.view(0));
            });
  return 0;
}
