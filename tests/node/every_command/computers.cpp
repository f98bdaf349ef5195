#include "tests/node/every_command/computers.h"

#include <spdlog/spdlog.h>

#include <catch_amalgamated.hpp>
#include <sstream>

#include "hub/commands.h"
#include "hub/key_file.h"
#include "hub/settings.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "schema/enrolment.pb.h"
#include "sync/invitation_code.h"

namespace throughgate::node::testing {
namespace {

// Nobody is there to be asked.
class NoPrompt final : public cli::Prompt {
 public:
  sync::Result<crypto::SecretText> secret(std::string_view, std::string_view instead) override {
    return sync::Error{sync::ErrorKind::invalid, std::string(instead)};
  }
};

RunningProgram with_key() {
  auto out = running_program();
  out.release_keys = {releases_key().verify_key()};
  return out;
}

struct OneProgram {
  std::ostringstream out, err;
  NoPrompt prompt;
  crypto::SystemRandom random;
  cli::Program program;

  explicit OneProgram(std::uint64_t now_ms)
      : program({out, err, prompt, random, [now_ms] { return now_ms; }, cheap(), with_key()}) {
    cli::add_every_command(program);
  }
};

void add_names(CLI::App& app, const std::string& before, std::vector<std::string>& out) {
  for (auto* each : app.get_subcommands([](CLI::App*) { return true; })) {
    const std::string name = before + each->get_name();
    if (each->get_subcommands([](CLI::App*) { return true; }).empty()) {
      out.push_back(name);
    } else {
      add_names(*each, name + " ", out);
    }
  }
}

// As its help lists them.
void add_hub_commands(const Words& group, std::vector<std::string>& out) {
  auto asked = group;
  asked.push_back("--help");
  std::istringstream lines(run_hub(asked).out);
  std::string line;
  bool in_list = false;
  while (std::getline(lines, line)) {
    const bool is_one = in_list && line.size() > 2 && line.starts_with("  ") && line[2] != ' ';
    if (is_one) {
      auto each = group;
      each.push_back(line.substr(2, line.find(' ', 2) - 2));
      if (each.back() == "bundle") {
        add_hub_commands(each, out);
      } else {
        std::string name = "throughgate-hub";
        for (const auto& word : each) name += " " + word;
        out.push_back(name);
      }
    }
    in_list = in_list || line.starts_with("Subcommands:");
  }
}

}  // namespace

const crypto::SigningKey& releases_key() {
  static const crypto::SigningKey key(crypto::Secret<32>(crypto::ByteArray<32>{7}));
  return key;
}

Ran run_program(const Words& words, std::uint64_t now_ms) {
  OneProgram one(now_ms);
  const int code = one.program.run(words);
  return {code, one.out.str(), one.err.str()};
}

Ran run_hub(const Words& words) {
  std::ostringstream out, err;
  const int code = hub::run_command(words, out, err);
  return {code, out.str(), err.str()};
}

std::vector<std::string> all_commands() {
  OneProgram one(0);
  std::vector<std::string> out;
  add_names(one.program.app(), "", out);
  add_hub_commands({}, out);
  return out;
}

Exchange::Exchange(const std::string& settings_path, const std::atomic<std::uint64_t>& now_ms)
    : now_ms_(now_ms) {
  const auto paths = hub::read_settings(settings_path);
  REQUIRE(paths);
  const auto key = hub::read_key_file(paths->key_file);
  REQUIRE(key);
  auto store = hub::SqliteStore::open(paths->store_file, *key, {});
  REQUIRE(store);
  store_ = *std::move(store);
  sequencer_ =
      std::make_unique<hub::Sequencer>(*store_, *store_->keys(), hub::HubLimits{}, random_);
  REQUIRE(sequencer_->refresh());
  api_ = std::make_unique<hub::SyncApi>(*sequencer_, random_);
  hub::ServerSettings settings;
  settings.threads = 2;
  for (int tries = 0; port_ == 0 && tries < 50; ++tries) {
    settings.port = 20'000 + random_.bytes<2>()[0] * 46 + random_.bytes<1>()[0] % 46;
    server_ =
        std::make_unique<hub::HttpServer>(*api_, settings, [&now_ms] { return now_ms.load(); });
    if (const auto bound = server_->bind()) port_ = *bound;
  }
  REQUIRE(port_ != 0);
  spdlog::set_level(spdlog::level::warn);  // a line for each request
  answering_ = std::thread([this] { server_->run(); });
}

Exchange::~Exchange() {
  server_->stop();
  answering_.join();
}

std::string Exchange::key() const { return crypto::to_hex(sequencer_->verify_key()); }
std::string Exchange::instance() const { return sequencer_->state().instance.hex(); }

void Exchange::trust(const std::string& directory_key) {
  const auto key = crypto::to_array<32>(crypto::from_hex(directory_key).value());
  auto transaction = hub::StoreTransaction::begin(*store_);
  store_->trust(sync::Anchor{key.value()});
  REQUIRE(transaction->commit());
}

void Exchange::forget_answer(const std::string& code) {
  const auto mailbox = sync::InvitationCode::from_text(code).value().mailbox();
  auto transaction = hub::StoreTransaction::begin(*store_);
  const auto request = store_->letter(mailbox, schema::MailboxRequest::REQUEST);
  store_->drop_letters_before(UINT64_MAX >> 1);
  if (request) store_->keep_letter(mailbox, schema::MailboxRequest::REQUEST, *request, now_ms_);
  REQUIRE(transaction->commit());
}

}  // namespace throughgate::node::testing
