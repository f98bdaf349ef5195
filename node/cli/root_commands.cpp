// root: what the holders of the root keys do, on a computer that no network reaches. No store.
#include <algorithm>
#include <memory>

#include "crypto/words.h"
#include "node/accounts/password_rules.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/root_files.h"
#include "node/private_file.h"
#include "node/root_key_file.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;
using sync::SignedRootList;

constexpr const char* key_name = "/root-key";
constexpr const char* public_name = "/root-key-public.txt";

// ---- keys in files

// Its holder's password, and the key in the folder: what is secret in one file, what is not beside.
Result<crypto::SigningKey> make_key(const std::string& folder, const std::string& password_file,
                                    Command& command) {
  const auto typed = command.new_password(password_file);
  if (!typed) return typed.error();
  const auto password = normal_password(typed->view());
  if (!password) return password.error();
  if (auto good = check_new_password(password->view(), "root"); !good) return good.error();
  auto key = crypto::SigningKey::generate(command.at.random);
  auto file = seal_root_key(key, *password, command.at.password_cost, command.at.random);
  if (!file) return file.error();
  for (const auto& [name, bytes] :
       {std::pair{folder + key_name, *file},
        std::pair{folder + public_name, [&] {
                    const auto text = "root key: " + crypto::to_hex(key.verify_key()) + "\n";
                    return crypto::Bytes(text.begin(), text.end());
                  }()}}) {
    auto made = create_private_file(name, bytes);
    if (!made) return Error{made.error().kind, name + ": " + made.error().message};
  }
  return key;
}

Result<crypto::SigningKey> open_key(const std::string& path, Command& command) {
  const auto file = read_private_file(path, 2 * root_key_file_bytes);
  if (!file) return Error{file.error().kind, path + ": " + file.error().message};
  constexpr std::string_view instead =
      "Write the root key's password into a file that only you may read, and name it with "
      "--password-file FILE.";
  const auto typed = command.options.password_file.empty()
                         ? command.at.prompt.secret("Password of the root key", instead)
                         : secret_from_file(command.options.password_file);
  if (!typed) return typed.error();
  const auto password = normal_password(typed->view());
  if (!password) return password.error();
  auto key = open_root_key(*file, *password);
  if (!key) return Error{key.error().kind, path + ": " + key.error().message};
  return key;
}

// ---- what a list says

void show(const SignedRootList& list, const sync::RootList* previous, Command& command) {
  const auto quorum = sync::quorum_of(list, previous);
  std::vector<Row> rows;
  const auto add = [&](const char* what, const std::vector<crypto::VerifyKey>& keys,
                       const auto& note) {
    for (const auto& key : keys) {
      rows.push_back(
          {std::string(what), crypto::fingerprint_words(key), note(key), crypto::to_hex(key)});
    }
  };
  const auto signed_by = [&](const crypto::VerifyKey& key) {
    const bool has = std::any_of(list.signatures.begin(), list.signatures.end(),
                                 [&](const auto& each) { return each.key == key; });
    return std::string(has ? "signed" : "not signed yet");
  };
  const auto no_note = [](const crypto::VerifyKey&) { return std::string(); };
  add("holder", list.list.roots, signed_by);
  if (previous) add("holder of the list before", previous->roots, signed_by);
  add("desk", list.list.directory_keys, no_note);
  add("exchange", list.list.hub_keys, no_note);
  Facts facts{{"version", list.list.version},
              {"key", crypto::to_hex(sync::root_hash(list.list))},
              {"key words", crypto::fingerprint_words(sync::root_hash(list.list))},
              {"holders needed", std::uint64_t{list.list.needed}},
              {"signed by", std::uint64_t{list.signatures.size()}}};
  const bool is_judged = previous || list.list.version == 1;
  if (is_judged) facts.emplace_back("enough", check(list, previous).has_value());
  command.out.facts(facts, {{"keys", {"what", "words", "note", "number"}, rows}});
  if (is_judged && !quorum) {
    command.say_apart("A signature in it is wrong, or it does not follow the list before.");
  }
}

Result<std::optional<SignedRootList>> list_before(const std::string& path) {
  if (path.empty()) return std::optional<SignedRootList>();
  auto list = read_root_list(path);
  if (!list) return list.error();
  return std::optional(*std::move(list));
}

Result<Done> show_list(const std::string& path, const std::string& previous, Command& command) {
  const auto list = read_root_list(path);
  if (!list) return list.error();
  const auto before = list_before(previous);
  if (!before) return before.error();
  show(*list, *before ? &(*before)->list : nullptr, command);
  return Done{};
}

// ---- root init

struct InitOptions {
  std::vector<std::string> folders;
  std::vector<std::string> password_files;
  std::string request;
  std::string list;
  std::size_t needed = 0;
};

Error one_file_each() {
  return {ErrorKind::invalid,
          "Name one file with --new-password-file for each folder, in the same order, or none."};
}

// All holders are there: the first list is signed by each of them as the keys are made.
Result<Done> init(const InitOptions& options, Command& command) {
  const auto count = options.folders.size();
  const auto needed = options.needed == 0 ? count / 2 + 1 : options.needed;
  if (count > sync::root_keys_max || needed > count) {
    return command.misused("There are " + std::to_string(count) + " folders, so " +
                           std::to_string(count) +
                           " root keys (16 at most): --needed says how "
                           "many of them must sign, no more than there are.");
  }
  const bool asked = options.password_files.empty();
  if (!asked && options.password_files.size() != count) return one_file_each();
  const auto request = read_root_request(options.request);
  if (!request) return request.error();
  std::vector<crypto::SigningKey> keys;
  SignedRootList list;
  for (std::size_t i = 0; i < count; ++i) {
    command.say_apart("Root key " + std::to_string(i + 1) + " of " + std::to_string(count) +
                      ": its holder chooses a password.");
    auto key =
        make_key(options.folders[i], asked ? std::string() : options.password_files[i], command);
    if (!key) return key.error();
    list.list.roots.push_back(key->verify_key());
    keys.push_back(*std::move(key));
  }
  list.list.needed = static_cast<std::uint8_t>(needed);
  list.list.directory_keys = {request->directory_key};
  list.list.hub_keys = {request->hub_key};
  for (const auto& key : keys) sign(list, key);
  if (auto written = write_root_list(options.list, list); !written) return written;
  show(list, nullptr, command);
  command.out.say(
      "Each holder takes the file root-key of their folder away, with a copy kept elsewhere, and "
      "none is left here. Give the root list to the desk: \"desk init --root LIST\".");
  return Done{};
}

// ---- root sign, root key

Result<Done> sign_list(const std::string& path, const std::string& key_path,
                       const std::string& previous, Command& command) {
  auto list = read_root_list(path);
  if (!list) return list.error();
  const auto before = list_before(previous);
  if (!before) return before.error();
  const auto key = open_key(key_path, command);
  if (!key) return key.error();
  const auto& own = key->verify_key();
  if (!list->list.has_root(own) && !(*before && (*before)->list.has_root(own))) {
    return Error{
        ErrorKind::denied,
        "This key is no holder's of this list. If it was one of the list before, name that "
        "list too: --previous LIST. Nothing was signed."};
  }
  sign(*list, *key);
  if (auto written = write_root_list(path, *list); !written) return written;
  show(*list, *before ? &(*before)->list : nullptr, command);
  return Done{};
}

Result<Done> another_key(const std::string& folder, const std::string& password_file,
                         Command& command) {
  const auto key = make_key(folder, password_file, command);
  if (!key) return key.error();
  command.out.facts({{"root key", crypto::to_hex(key->verify_key())},
                     {"root key words", crypto::fingerprint_words(key->verify_key())}});
  command.out.say(
      "Its holder keeps the file root-key. The file root-key-public.txt goes to whoever makes the "
      "next root list: \"root rotate --add FILE\".");
  return Done{};
}

// ---- root rotate

struct RotateOptions {
  std::string list;
  std::string out;
  std::string request;
  std::vector<std::string> added;
  std::vector<std::string> removed;
  std::size_t needed = 0;
};

// By the beginning of its number.
Result<Done> remove_root(sync::RootList& list, const std::string& typed) {
  const auto is_meant = [&](const crypto::VerifyKey& key) {
    return typed.size() >= 4 && crypto::to_hex(key).starts_with(typed);
  };
  if (std::count_if(list.roots.begin(), list.roots.end(), is_meant) != 1) {
    return Error{ErrorKind::not_found,
                 "There is no holder of a number that begins so, or there are several. \"root "
                 "show\" lists them."};
  }
  std::erase_if(list.roots, is_meant);
  return Done{};
}

Result<Done> add_root(sync::RootList& list, const std::string& path) {
  const auto text = text_of_file(path);
  if (!text) return text.error();
  const auto key = key_in(*text, "root key");
  if (key && !list.has_root(*key)) {
    list.roots.push_back(*key);
    return Done{};
  }
  return Error{ErrorKind::invalid,
               "The file " + path +
                   " names no root key, or one that is a holder's already. \"root key\" writes "
                   "such a file: root-key-public.txt. Nothing was changed."};
}

Result<Done> rotate(const RotateOptions& options, Command& command) {
  const auto before = read_root_list(options.list);
  if (!before) return before.error();
  SignedRootList next{before->list, {}};
  for (const auto& typed : options.removed) {
    if (auto done = remove_root(next.list, typed); !done) return done;
  }
  for (const auto& path : options.added) {
    if (auto done = add_root(next.list, path); !done) return done;
  }
  if (options.needed > 0) next.list.needed = static_cast<std::uint8_t>(options.needed);
  if (!options.request.empty()) {
    const auto request = read_root_request(options.request);
    if (!request) return request.error();
    next.list.directory_keys = {request->directory_key};
    next.list.hub_keys = {request->hub_key};
  }
  if (next.list == before->list) {
    return Error{ErrorKind::invalid,
                 "Nothing would change. Say what: --request, --add, --remove or --needed."};
  }
  next.list.version = before->list.version + 1;
  next.list.previous = sync::root_hash(before->list);
  if (!sync::decode_root_list(encode(next))) {
    return Error{ErrorKind::invalid,
                 "A root list has 1 to 16 holders, and needs no more of them than there are: say "
                 "--needed too. Nothing was changed."};
  }
  if (auto written = write_root_list(options.out, next); !written) return written;
  show(next, &before->list, command);
  command.out.say(
      "Now enough holders of this list sign it, and enough of the list before: \"root sign LIST "
      "--key FILE --previous LIST-BEFORE\". Who is in both counts for both. Then the desk takes it "
      "up: \"desk root LIST\".");
  return Done{};
}

// ---- the command line

void add_init(Program& program, CLI::App* root) {
  auto options = std::make_shared<InitOptions>();
  auto* command = root->add_subcommand("init", "make the root keys and the first root list");
  command->add_option("FOLDER", options->folders, "a folder for each holder's key")->required();
  command
      ->add_option("--needed", options->needed,
                   "so many holders must sign; more than half of them if not said")
      ->check(CLI::Range(std::size_t{1}, sync::root_keys_max));
  command->add_option("--request", options->request, "the file that \"desk key\" wrote")
      ->required();
  command->add_option("--list", options->list, "write the root list to this file")->required();
  command
      ->add_option("--new-password-file", options->password_files,
                   "a key's new password is the first line of this file; one for each folder")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  program.add(command, Needs::no_folder, [options](Command& at) { return init(*options, at); });
}

void add_show(Program& program, CLI::App* root) {
  auto list = std::make_shared<std::string>();
  auto previous = std::make_shared<std::string>();
  auto* command = root->add_subcommand("show", "what a root list says, and who has signed it");
  command->add_option("LIST", *list, "the root list")->required();
  command->add_option("--previous", *previous, "the root list before it");
  program.add(command, Needs::no_folder,
              [list, previous](Command& at) { return show_list(*list, *previous, at); });
}

void add_sign(Program& program, CLI::App* root) {
  auto list = std::make_shared<std::string>();
  auto key = std::make_shared<std::string>();
  auto previous = std::make_shared<std::string>();
  auto* command = root->add_subcommand("sign", "add a holder's signature to a root list");
  command->add_option("LIST", *list, "the root list; it is written anew")->required();
  command->add_option("--key", *key, "the holder's file root-key")->required();
  command->add_option("--previous", *previous, "the root list before it");
  program.add(command, Needs::no_folder,
              [list, key, previous](Command& at) { return sign_list(*list, *key, *previous, at); });
}

void add_key(Program& program, CLI::App* root) {
  auto folder = std::make_shared<std::string>();
  auto password_file = std::make_shared<std::string>();
  auto* command = root->add_subcommand("key", "make a root key for another holder");
  command->add_option("FOLDER", *folder, "where it goes")->required();
  command->add_option("--new-password-file", *password_file,
                      "its new password is the first line of this file");
  program.add(command, Needs::no_folder, [folder, password_file](Command& at) {
    return another_key(*folder, *password_file, at);
  });
}

void add_rotate(Program& program, CLI::App* root) {
  auto options = std::make_shared<RotateOptions>();
  auto* command =
      root->add_subcommand("rotate", "make the next root list, for the holders to sign");
  command->add_option("LIST", options->list, "the root list in force")->required();
  command->add_option("--out", options->out, "write the next one to this file")->required();
  command->add_option("--request", options->request,
                      "name the desk's and the exchange's keys of this request, and no others");
  command->add_option("--add", options->added,
                      "another holder: the file root-key-public.txt of their key");
  command->add_option("--remove", options->removed,
                      "a holder no more: the beginning of the key's number");
  command->add_option("--needed", options->needed, "so many holders must sign from now on")
      ->check(CLI::Range(std::size_t{1}, sync::root_keys_max));
  program.add(command, Needs::no_folder, [options](Command& at) { return rotate(*options, at); });
}

}  // namespace

void add_root_commands(Program& program) {
  auto* root = program.app().add_subcommand(
      "root", "root key holders: which keys may sign for the central team; needs no store");
  root->require_subcommand(1);
  add_init(program, root);
  add_show(program, root);
  add_sign(program, root);
  add_key(program, root);
  add_rotate(program, root);
}

}  // namespace throughgate::node::cli
