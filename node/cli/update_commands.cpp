// update: a release is looked at, installed beside the one that runs, and gone back from. No store.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/program.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Result;

struct Options {
  std::string file;
  std::string into;
};

Facts facts_of(const Release& release) {
  std::uint64_t bytes = 0;
  for (const auto& file : release.files) bytes += file.size;
  return {{"version", version_text(release)},
          {"program number", std::uint64_t{release.program}},
          {"for", release.machine},
          {"files", std::uint64_t{release.files.size()}},
          {"bytes", bytes}};
}

Result<Done> check(const Options& options, Command& command) {
  auto release = open_release(options.file, command.at.running.release_keys);
  if (!release) return release.error();
  auto whole = read_files(*release, [](const ReleasedFile&, crypto::ByteView) { return Done{}; });
  if (!whole) return whole;
  const auto& about = release->head.release;
  if (auto may = ProgramsFolder(options.into, command.at.running).check(about); !may) return may;
  command.out.facts(facts_of(about));
  command.out.say(
      "The release is whole and signed, and may be installed here: \"update install\".");
  return Done{};
}

// `what` runs once the programs are started again.
Result<Done> said_to_start(const Result<Release>& release, const char* what, Command& command) {
  if (!release) return release.error();
  command.out.facts(facts_of(*release));
  command.out.say(std::string(what) +
                  " runs from the next start on: end the pages and whatever else of the program "
                  "runs, and start them again from the folder \"current\".");
  return Done{};
}

Result<Done> install(const Options& options, Command& command) {
  ProgramsFolder programs(options.into, command.at.running);
  return said_to_start(programs.install(options.file), "The installed release", command);
}

Result<Done> back(const Options& options, Command& command) {
  ProgramsFolder programs(options.into, command.at.running);
  return said_to_start(programs.go_back(), "The release before", command);
}

}  // namespace

void add_update_commands(Program& program) {
  auto* update =
      program.app().add_subcommand("update", "a newer program, and back to the one before");
  update->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, bool of_file, auto run) {
    auto* command = update->add_subcommand(name, what);
    if (of_file) command->add_option("FILE", options->file, "the release")->required();
    command->add_option("--into", options->into, "the folder that the programs are installed in")
        ->type_name("FOLDER")
        ->required();
    program.add(command, Needs::no_folder,
                [options, run](Command& at) { return run(*options, at); });
  };
  add("check", "whether a release is whole, signed and newer; changes nothing", true, check);
  add("install", "install a release beside the one that runs, which stays to go back to", true,
      install);
  add("back", "back to the release before", false, back);
}

}  // namespace throughgate::node::cli
