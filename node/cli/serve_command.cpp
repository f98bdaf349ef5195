// serve: the pages, on this computer only, and syncing in the background.
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <ostream>
#include <thread>

#include "crypto/init.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/retention_file.h"
#include "node/known_hub.h"
#include "node/web/pages/first_day/first_day.h"
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

constexpr timespec between_looks{60, 0};

// `first_day`: what answers while this computer is being set up; nullptr: it is.
void serve_until_told(web::Site& site, web::first_day::FirstDay* first_day, const sigset_t& told) {
  std::thread serving([&site] { site.run(); });
  for (;;) {
    const int signal = sigtimedwait(&told, nullptr, &between_looks);
    if (signal < 0 && first_day) first_day->look_at_clock();
    if (signal == about_to_sleep) {
      if (first_day) first_day->forget();
      site.lock_now();
    }
    if (signal > 0 && signal != about_to_sleep) break;
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

std::int64_t monotonic_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Nobody who runs it unattended wants to be asked.
bool is_to_be_set_up(const Command& command) {
  return command.options.key_file.empty() && command.folder.holds() == DataFolder::Holds::nothing;
}

void tell_code(std::ostream& out, std::string_view code) {
  out << "This computer is not set up yet: there is no store in this folder. If there should be "
         "one, press Ctrl-C and look at the name after --data.\n"
         "To set it up, type this code there. It is good once:\n\n    "
      << code << "\n\n"
      << std::flush;
}

// The store of this folder, which nobody makes anew meanwhile.
Result<Done> share_store(const DataFolder& folder, std::optional<FileLock>& shared) {
  if (auto found = folder.find_store(); !found) return found;
  auto lock = folder.share_store();
  if (!lock) return lock.error();
  shared.emplace(*std::move(lock));
  return Done{};
}

Result<Done> serve(const Options& options, Command& command) {
  const bool is_new = is_to_be_set_up(command);
  std::optional<FileLock> shared;
  if (!is_new) {
    if (auto found = share_store(command.folder, shared); !found) return found;
  }
  const auto codes = command.codes();
  if (!codes) return codes.error();
  const auto& settings = command.settings;
  const int port = options.port != 0 ? options.port : static_cast<int>(settings.port);
  const auto every = options.sync_every_s >= 0 ? options.sync_every_s : settings.sync_every_seconds;
  std::ostream& out = command.at.out;

  const sigset_t told = hold_back_signals();
  StorePool stores(command.folder.store(), command.at.random, command.at.clock);
  if (auto opened = open_early(stores, command); !opened) return opened;
  const auto hub = [&settings](OpenNode& node) { return known_hub(node, settings); };
  SyncLoop syncing(stores, hub, command.folder, std::chrono::seconds(every));
  follow(stores, syncing, out);
  const auto on_fault = [&err = command.at.err](const std::string& where) {
    err << "A page could not be made: " + where + "\n" << std::flush;
  };
  web::Site site({command.folder, command.accounts, *codes, stores, syncing, command.at.random,
                  [&command] { return retention_schedule(command); }, *command.permissions,
                  settings.wipe_on_lock, settings.lock_after_minutes, settings.unsent_warning_days,
                  hub, settings},
                 port, on_fault);
  const auto go_on = [&]() -> Result<Done> {
    if (auto found = share_store(command.folder, shared); !found) return found;
    site.go_on();
    syncing.start();
    out << "This computer is set up, and its people can sign in.\n" << std::flush;
    return Done{};
  };
  const auto first_day_of = [&](web::first_day::Door::TellCode tell) {
    return std::make_unique<web::first_day::FirstDay>(
        web::first_day::FirstDayParts{command.folder, command.accounts, *codes, command.at.random,
                                      command.at.clock, monotonic_ms, std::move(tell), go_on},
        port, on_fault);
  };
  if (options.addresses) {
    out << (is_new ? first_day_of([](std::string_view) {})->responder() : site.responder())
               .routes()
               .listing();
    return Done{};
  }
  if (!site.bind()) {
    return Error{ErrorKind::unavailable,
                 "Port " + std::to_string(port) +
                     " cannot be used: another program has it. End that one, or name another port "
                     "with --port."};
  }
  out << "Open http://127.0.0.1:" << port << " in a browser on this computer.\n"
      << "Ctrl-C ends it; nothing that was saved is lost.\n"
      << std::flush;
  std::unique_ptr<web::first_day::FirstDay> first_day;
  if (is_new) {
    first_day = first_day_of([&out](std::string_view code) { tell_code(out, code); });
    site.begin_with(first_day->responder());
  } else {
    syncing.start();
  }
  serve_until_told(site, first_day.get(), told);
  return Done{};
}

}  // namespace

void add_serve_command(Program& program) {
  auto options = std::make_shared<Options>();
  auto* command = program.app().add_subcommand(
      "serve",
      "pages for this computer's staff, in a browser; syncs in the background once somebody has "
      "signed in. Where there is no store yet, pages to set this computer up");
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
