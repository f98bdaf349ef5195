// serve: the pages, on this computer only, and syncing in the background.
#include <csignal>
#include <ostream>
#include <thread>

#include "crypto/init.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/retention_file.h"
#include "node/known_hub.h"
#include "node/web/site.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct Options {
  int port = 0;           // 0: the settings'
  int sync_every_s = -1;  // -1: the settings'
  bool addresses = false;
};

constexpr int about_to_sleep = SIGUSR1;

// Ctrl-C, a polite end and the word that the computer is about to sleep are waited for, not acted
// upon; threads started later inherit it.
sigset_t hold_back_signals() {
  sigset_t told;
  sigemptyset(&told);
  for (const int each : {SIGINT, SIGTERM, about_to_sleep}) sigaddset(&told, each);
  pthread_sigmask(SIG_BLOCK, &told, nullptr);
  return told;
}

void serve_until_told(web::Site& site, const sigset_t& told) {
  std::thread serving([&site] { site.run(); });
  for (int signal = about_to_sleep; signal == about_to_sleep;) {
    sigwait(&told, &signal);
    if (signal == about_to_sleep) site.lock_now();
  }
  site.stop();
  serving.join();
}

// With a key file the store opens at once; without, when somebody first signs in.
Result<Done> open_early(StorePool& stores, Command& command) {
  if (command.options.key_file.empty()) return Done{};
  const auto key = command.accounts.open_with_key_file(command.options.key_file);
  if (!key) return key.error();
  auto opened = stores.open(*key);
  crypto::wipe_stack();  // this thread only waits from now on
  return opened;
}

// Whoever looks after this program can read what waits, and for what.
void follow(StorePool& stores, SyncLoop& syncing, std::ostream& out) {
  stores.tell_when_open([&syncing] { syncing.note_opened(); });
  stores.tell_when_closed([&syncing] { syncing.note_closed(); });
  stores.tell_when_wiped([&out] {
    out << "The store was closed and its keys wiped. Exchanging and the files for the night wait "
           "until somebody signs in; then they go on by themselves.\n"
        << std::flush;
  });
}

Result<Done> serve(const Options& options, Command& command) {
  if (auto found = command.folder.find_store(); !found) return found;
  const auto shared = command.folder.share_store();
  if (!shared) return shared.error();
  const auto codes = command.codes();
  if (!codes) return codes.error();
  const auto& settings = command.settings;
  const int port = options.port != 0 ? options.port : static_cast<int>(settings.port);
  const auto every = options.sync_every_s >= 0 ? options.sync_every_s : settings.sync_every_seconds;

  const sigset_t told = hold_back_signals();
  StorePool stores(command.folder.store(), command.at.random, command.at.clock);
  if (auto opened = open_early(stores, command); !opened) return opened;
  const auto hub = [&settings](OpenNode& node) { return known_hub(node, settings); };
  SyncLoop syncing(stores, hub, command.folder, std::chrono::seconds(every));
  follow(stores, syncing, command.at.out);
  web::Site site({command.folder, command.accounts, *codes, stores, syncing, command.at.random,
                  [&command] { return retention_schedule(command); }, *command.permissions,
                  settings.wipe_on_lock, settings.lock_after_minutes, settings.unsent_warning_days,
                  hub, settings},
                 port, [&err = command.at.err](const std::string& where) {
                   err << "A page could not be made: " + where + "\n" << std::flush;
                 });
  if (options.addresses) {
    command.at.out << site.responder().routes().listing();
    return Done{};
  }
  if (!site.bind()) {
    return Error{ErrorKind::unavailable,
                 "Port " + std::to_string(port) +
                     " cannot be used: another program has it. End that one, or name another port "
                     "with --port."};
  }
  command.at.out << "Open http://127.0.0.1:" << port << " in a browser on this computer.\n"
                 << "Ctrl-C ends it; nothing that was saved is lost.\n"
                 << std::flush;
  syncing.start();
  serve_until_told(site, told);
  return Done{};
}

}  // namespace

void add_serve_command(Program& program) {
  auto options = std::make_shared<Options>();
  auto* command = program.app().add_subcommand(
      "serve",
      "pages for this computer's staff, in a browser; syncs in the background once somebody has "
      "signed in");
  command->add_option("--port", options->port, "where the pages answer; from 1024")
      ->check(CLI::Range(1024, 65535));
  command
      ->add_option("--sync-every", options->sync_every_s,
                   "seconds between two syncs; 0: only when somebody asks")
      ->check(CLI::Range(0, 86'400));
  command->add_flag("--addresses", options->addresses,
                    "only lists the addresses of all pages, for who tests them");
  program.add(command, Needs::nothing, [options](Command& at) { return serve(*options, at); });
}

}  // namespace throughgate::node::cli
