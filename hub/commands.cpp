#include "hub/commands.h"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <ostream>
#include <sstream>

#include "crypto/words.h"
#include "hub/bundle_commands.h"
#include "hub/key_file.h"
#include "hub/mail_loop.h"
#include "hub/routes.h"
#include "hub/settings.h"
#include "hub/stop_signal.h"
#include "hub/store/sqlite_store.h"
#include "hub/wire.h"
#include "sync/silent_protobuf.h"
#include "sync/store/system_clock.h"

namespace throughgate::hub {
namespace {

using sync::store::system_now_ms;

constexpr std::size_t directory_file_bytes_max = 64 << 20;

// What every command but init works with.
struct Hub {
  std::unique_ptr<SqliteStore> store;
  std::unique_ptr<Sequencer> sequencer;
};

Result<Hub> open_hub(const Settings& settings, crypto::Random& random) {
  auto key = read_key_file(settings.key_file);
  if (!key) return key.error();
  auto store = SqliteStore::open(settings.store_file, *key);
  if (!store) return store.error();
  auto keys = (*store)->keys();
  if (!keys) return keys.error();
  Hub hub{*std::move(store), nullptr};
  hub.sequencer =
      std::make_unique<Sequencer>(*hub.store, *std::move(keys), settings.limits, random);
  if (auto fresh = hub.sequencer->refresh(); !fresh) return fresh.error();
  return hub;
}

void print_identity(const Sequencer& sequencer, std::ostream& out) {
  const auto& key = sequencer.verify_key();
  out << "key:         " << crypto::to_hex(key) << "\n"
      << "key words:   " << crypto::fingerprint_words(key) << "\n"
      << "instance:    " << sequencer.state().instance.hex() << "\n";
}

Result<Done> init(const Settings& settings, crypto::Random& random, std::ostream& out) {
  auto made = create_key_file(settings.key_file, random);
  if (!made && made.error().kind != ErrorKind::invalid) return made;  // one from before is used
  auto key = read_key_file(settings.key_file);
  if (!key) return key.error();
  if (auto done = SqliteStore::create(settings.store_file, *key, random); !done) return done;
  auto hub = open_hub(settings, random);
  if (!hub) return hub.error();
  print_identity(*hub->sequencer, out);
  out << "Give the key and the instance to the central team, and read the words to them.\n"
         "Then run: throughgate-hub trust KEY --list FILE --words \"...\", with their key, list "
         "and "
         "the words that they read to you.\n";
  return Done{};
}

Result<std::vector<sync::DirectoryStep>> read_directory(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return {ErrorKind::not_found, "The list " + path + " cannot be read. Nothing was changed."};
  std::string text(directory_file_bytes_max + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  schema::SyncRequest list;  // of which only the directory counts
  if (text.size() > directory_file_bytes_max || !list.ParseFromString(text)) {
    return {ErrorKind::invalid,
            "The file " + path + " is not a list of the central team. Nothing was changed."};
  }
  std::vector<sync::DirectoryStep> steps;
  for (const auto& in : list.directory()) {
    if (auto step = wire::step(in)) steps.push_back(*std::move(step));
  }
  return steps;
}

// The key is kept for ever, so it is kept only once the list has shown that it is the right one.
Result<Done> check_list(const std::vector<sync::DirectoryStep>& steps, const sync::Anchor& key,
                        const crypto::VerifyKey& own_key) {
  sync::Directory list;
  for (const auto& step : steps) {
    if (!list.apply(step, key)) {
      return {ErrorKind::denied,
              "The list is not signed by this key. Check the key with the central team: one digit "
              "may be mistyped. Nothing was changed."};
    }
  }
  if (list.version() == 0) {
    return {ErrorKind::invalid, "There is no central list in this file. Nothing was changed."};
  }
  if (list.hub_key() != own_key) {
    return {
        ErrorKind::denied,
        "This list names another exchange than this one: the key in it has the words \"" +
            crypto::fingerprint_words(list.hub_key()) + "\", this one's has \"" +
            crypto::fingerprint_words(own_key) +
            "\". Send the central team the key and the instance once more, as "
            "\"throughgate-hub status\" prints them; they name them with \"desk hub --hub-file\" "
            "and give you a new list. Nothing was changed."};
  }
  return Done{};
}

// nullopt: none yet.
Result<std::optional<sync::Anchor>> trusted_key(HubStore& store) {
  auto transaction = StoreTransaction::begin(store);
  if (!transaction) return transaction.error();
  auto held = store.anchor();
  if (auto done = transaction->commit(); !done) return done.error();
  return held;
}

Result<Done> set_trust(HubStore& store, const sync::Anchor& key) {
  auto transaction = StoreTransaction::begin(store);
  if (!transaction) return transaction.error();
  const auto held = store.anchor();
  if (held && *held != key) {
    return {ErrorKind::denied,
            "This exchange trusts another key already. To trust a new one, make a new exchange."};
  }
  store.trust(key);
  return transaction->commit();
}

// The central team's key words, as they read them out and somebody here typed them.
Result<Done> check_heard(const crypto::VerifyKey& key, const std::string& heard) {
  const auto words = crypto::compare_words(crypto::fingerprint_words(key), heard);
  if (words.typed != crypto::fingerprint_word_count) {
    return {ErrorKind::invalid,
            "Type all eight words that the central team read to you: these are " +
                std::to_string(words.typed) + ". Nothing was changed."};
  }
  if (words.differ.empty()) return Done{};
  return {ErrorKind::denied,
          "These words are not those of this key. Let them read all eight once more, and check the "
          "spelling. If they still differ, this is not their key: somebody stood between you. "
          "Nothing was changed."};
}

Result<Done> trust(Hub& hub, const std::string& key_text, const std::string& list,
                   const std::string& heard, std::ostream& out) {
  const auto bytes = crypto::from_hex(key_text);
  const auto key = bytes ? crypto::to_array<32>(*bytes) : std::nullopt;
  if (!key) return {ErrorKind::invalid, "A key has 64 digits, 0 to 9 and a to f."};
  const auto steps =
      list.empty() ? Result(std::vector<sync::DirectoryStep>()) : read_directory(list);
  if (!steps) return steps.error();
  if (!list.empty()) {
    if (auto good = check_list(*steps, *key, hub.sequencer->verify_key()); !good) return good;
  }
  if (!heard.empty()) {
    if (auto same = check_heard(*key, heard); !same) return same;
  }
  if (auto done = set_trust(*hub.store, *key); !done) return done;
  out << "trusted key: " << crypto::fingerprint_words(*key) << "\n";
  if (heard.empty()) {
    out << "Have the central team read their key words to you, and compare. If they differ, do not "
           "serve: make a new exchange.\n";
  }
  if (list.empty()) return Done{};
  if (auto taken = hub.sequencer->take_directory(*steps, system_now_ms()); !taken) return taken;
  out << "list:        version " << hub.sequencer->directory().version() << "\n";
  return hub.sequencer->serves();
}

Result<Done> status(Hub& hub, std::ostream& out) {
  const auto counts = hub.sequencer->counts();
  if (!counts) return counts.error();
  const auto trusted = trusted_key(*hub.store);
  if (!trusted) return trusted.error();
  const auto serves = hub.sequencer->serves();
  print_identity(*hub.sequencer, out);
  out << "trusted key: " << (*trusted ? crypto::fingerprint_words((*trusted)->root) : "none yet")
      << "\n"
      << "list:        version " << hub.sequencer->directory().version() << "\n"
      << "may serve:   " << (serves ? "yes" : "no. " + serves.error().message) << "\n"
      << "dossiers:    " << counts->dossiers << ", " << counts->recovering << " recovering\n"
      << "entries:     " << counts->entries << "\n"
      << "late box:    " << counts->late << " entries, " << counts->late_bytes << " bytes\n";
  return Done{};
}

Result<Done> new_instance(Hub& hub, std::ostream& out) {
  if (auto done = hub.sequencer->begin_new_instance(); !done) return done;
  print_identity(*hub.sequencer, out);
  out << "Give the instance to the central team; nothing is served until their list names it.\n";
  return Done{};
}

Result<Done> open_dossiers(Hub& hub, const std::string& dossier) {
  if (dossier.empty()) return hub.sequencer->open(std::nullopt, system_now_ms());
  const auto bytes = crypto::from_hex(dossier);
  const auto id = bytes ? DossierId::from(*bytes) : std::nullopt;
  if (!id) return {ErrorKind::invalid, "A dossier's name has 32 digits, 0 to 9 and a to f."};
  return hub.sequencer->open(*id, system_now_ms());
}

Result<Done> back_up(Hub& hub, const Settings& settings, const std::string& path) {
  auto key = read_key_file(settings.key_file);
  if (!key) return key.error();
  return hub.store->backup_to(path, *key);
}

Result<Done> carry(Hub& hub, const Settings& settings, const BundleOptions& options,
                   crypto::Random& random, std::ostream& out) {
  const auto keys = hub.store->keys();
  if (!keys) return keys.error();
  Bundles bundles(*hub.store, *hub.sequencer, *keys, settings.limits, random);
  const auto now_ms = system_now_ms();
  if (options.to.empty()) return import_bundle(bundles, options, now_ms, out);
  return export_bundle(bundles, hub.sequencer->directory(), options, random, now_ms, out);
}

Result<Done> serve(Hub& hub, const Settings& settings, crypto::Random& random, std::ostream& out) {
  SyncApi api(*hub.sequencer, random);
  Waiting waiting(settings.mail, settings.store_file + ".mail",
                  {[&](const auto& id) { return api.told_to(id); },
                   [&](const auto& id, auto told_to) { return api.has_more(id, told_to); }});
  MailLoop mails(settings.mail, waiting, random, system_now_ms);
  HttpServer server(api, settings.server, system_now_ms, [&mails] {
    return Metrics::Mail{mails.sent(), mails.failed()};
  });
  const auto port = server.bind();
  if (!port) return port.error();
  const StopSignal signal([&] { server.stop(); });
  out << "Listening on " << settings.server.address << " port " << *port << ".\n" << std::flush;
  spdlog::info("start port={} instance={} directory={} serving={}", *port,
               hub.sequencer->state().instance.hex(), hub.sequencer->directory().version(),
               hub.sequencer->serves().has_value());
  if (settings.mail.is_on()) mails.start();
  server.run();
  mails.stop();
  spdlog::info("stop");
  return Done{};
}

}  // namespace

int run_command(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  sync::silence_protobuf();
  CLI::App app{
      "throughgate-hub: the central exchange. It orders and routes what sites send each "
      "other, and cannot read it.",
      "throughgate-hub"};
  std::string settings_path;
  std::string key_text;
  std::string list;
  std::string heard;
  std::string dossier;
  std::string copy;
  bool all = false;
  app.add_option("--settings", settings_path, "settings file (see config/hub.example.toml)");
  app.require_subcommand(1);
  auto* init_command = app.add_subcommand("init", "make the store and its keys; print the key");
  auto* trust_command = app.add_subcommand("trust", "say whose list to believe");
  trust_command->add_option("KEY", key_text, "the central team's key, 64 digits")->required();
  trust_command->add_option("--list", list, "their signed list, as a file");
  trust_command->add_option("--words", heard,
                            "the eight words of their key, as they read them to you");
  auto* serve_command = app.add_subcommand("serve", "answer until stopped");
  auto* status_command = app.add_subcommand("status", "say how things are");
  auto* restored = app.add_subcommand("new-instance", "after a backup was put back: begin anew");
  auto* open_command = app.add_subcommand("open", "wait no longer for sites to replay");
  auto* one = open_command->add_option("--dossier", dossier, "this one only, 32 digits");
  open_command->add_flag("--all", all, "every one")->excludes(one);
  auto* backup = app.add_subcommand("backup", "copy the store as of now into a new file");
  backup->add_option("FILE", copy, "the new file")->required();
  BundleOptions carried;
  auto* bundle = app.add_subcommand("bundle", "for sites that no network reaches");
  bundle->require_subcommand(1);
  auto* import_command = bundle->add_subcommand("import", "take in what somebody has brought");
  import_command->add_option("FILE", carried.path, "a bundle")->required();
  auto* export_command = bundle->add_subcommand("export", "write what an organisation is served");
  export_command->add_option("--to", carried.to, "its name, or the first digits of its number")
      ->required();
  export_command->add_option("--limit-mb", carried.limit_mb, "no file larger than so many MB")
      ->check(CLI::Range(1, 33));
  export_command->add_option("FOLDER", carried.path, "where to write")->required();
  for (auto* each : {import_command, export_command}) {
    each->add_flag("--json", carried.json, "print for programs, as JSON");
  }
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? 0 : 2;
  }
  if (*open_command && all == !dossier.empty()) {
    err << "Say --all or --dossier NAME.\n";
    return 2;
  }

  umask(077);  // what this program makes, only its user may read
  crypto::SystemRandom random;
  const auto run = [&]() -> Result<Done> {
    const auto settings =
        settings_path.empty() ? Result<Settings>(Settings{}) : read_settings(settings_path);
    if (!settings) return settings.error();
    if (*init_command) return init(*settings, random, out);
    auto hub = open_hub(*settings, random);
    if (!hub) return hub.error();
    if (*trust_command) return trust(*hub, key_text, list, heard, out);
    if (*serve_command) return serve(*hub, *settings, random, out);
    if (*status_command) return status(*hub, out);
    if (*restored) return new_instance(*hub, out);
    if (*open_command) return open_dossiers(*hub, dossier);
    if (*bundle) return carry(*hub, *settings, carried, random, out);
    return back_up(*hub, *settings, copy);
  };
  const auto done = run();
  if (done) return 0;
  err << done.error().message << "\n";
  return 1;
}

}  // namespace throughgate::hub
