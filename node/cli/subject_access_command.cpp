// subject-access: all that this organisation holds of one person, for them.
#include <filesystem>
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/rights/files.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

struct Options {
  std::string record;
  std::string reason;
  std::string out;
  std::vector<std::string> keep;
  bool keep_all = false;
};

std::string joined_names(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& each : names) out += (out.empty() ? "" : ", ") + each;
  return out;
}

void say_what_is_not_read(const Pack& pack, Command& command) {
  if (pack.not_read.empty()) return;
  command.say_apart(
      "A newer version of this program made changes that this one cannot read yet: " +
      joined_names(not_read_in_words(pack)) +
      ". They are not in the answer, which says so. Update this program first if you can.");
}

// What somebody has to look at before a file is made.
void print_to_look_at(const Pack& pack, Command& command) {
  NamedTable table{"to look at", {"number", "where", "names", "when", "by", "text", "kept"}, {}};
  for (const auto& each : pack.to_look_at) {
    table.rows.push_back({each.id, each.where, joined_names(each.names), shown_time(each.at_ms),
                          each.by, each.text, each.is_kept});
  }
  command.out.facts({{"about", pack.name},
                     {"records", std::uint64_t{pack.records.size()}},
                     {"values", std::uint64_t{pack.values}},
                     {"left out, of others", std::uint64_t{pack.left_out_of_others}},
                     {"left out, names of staff", std::uint64_t{pack.left_out_of_staff}},
                     {"to look at", std::uint64_t{pack.to_look_at.size()}}},
                    {table});
  say_what_is_not_read(pack, command);
  command.say_apart(
      "Nothing has been written yet. Read each text: one that names somebody else, or that the law "
      "lets you keep back, is left out unless you keep it. Then give the same command with --keep "
      "NUMBER for each that goes in, and --out FOLDER, or FILE.pdf or FILE.json.");
}

Result<std::vector<std::pair<std::string, PackForm>>> places_in(const std::string& out,
                                                                Command& command) {
  std::error_code wrong;
  if (std::filesystem::is_directory(out, wrong)) {
    const std::filesystem::path folder(out);
    return std::vector{std::pair{(folder / "subject-access.pdf").string(), PackForm::pdf},
                       std::pair{(folder / "subject-access.json").string(), PackForm::json}};
  }
  if (out.ends_with(".pdf")) return std::vector{std::pair{out, PackForm::pdf}};
  if (out.ends_with(".json")) return std::vector{std::pair{out, PackForm::json}};
  return command.misused(
      "--out is a folder that is there, or a file whose name ends in .pdf or .json. Nothing was "
      "written.");
}

// All files are made before the first is written, and none without its rows in the audit.
Result<Done> write(const Pack& pack, const Options& options, const RecordService& records,
                   Command& command) {
  const auto places = places_in(options.out, command);
  if (!places) return places.error();
  std::vector<PackFile> made;
  for (const auto& [path, form] : *places) {
    auto file = file_of(pack, form);
    if (!file) return file.error();
    made.push_back(*std::move(file));
  }
  if (auto noted = note_taken(records, pack); !noted) return noted;
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto& path = places->at(i).first;
    if (auto written = create_private_file(path, made[i].bytes); !written) {
      return Error{written.error().kind, path + ": " + written.error().message};
    }
    paths.push_back(path);
    if (!made[i].remark.empty()) command.say_apart(made[i].remark);
  }
  command.out.facts({{"files", paths},
                     {"values", std::uint64_t{pack.values}},
                     {"left out, of others", std::uint64_t{pack.left_out_of_others}},
                     {"left out, names of staff", std::uint64_t{pack.left_out_of_staff}},
                     {"left out after a look", std::uint64_t{pack.left_out_after_a_look}}});
  say_what_is_not_read(pack, command);
  command.say_apart(
      "Read it once more before you hand it over. Delete the files from this computer when you "
      "have.");
  return Done{};
}

Result<Done> run(const Options& options, RecordService& records, Command& command) {
  const auto name = record_meant(records, options.record);
  if (!name) return name.error();
  const auto pack = pack_of(records, name->dossier,
                            {{options.keep.begin(), options.keep.end()}, options.keep_all});
  if (!pack) return pack.error();
  if (!options.out.empty()) return write(*pack, options, records, command);
  print_to_look_at(*pack, command);
  return Done{};
}

}  // namespace

void add_subject_access_command(Program& program) {
  const auto options = std::make_shared<Options>();
  auto* command = program.app().add_subcommand(
      "subject-access",
      "all that is kept here of one person, as a file for them, without what is others'");
  command
      ->add_option("RECORD", options->record,
                   "the volunteer, person in prison or handover, by its number")
      ->required();
  command->add_option("--reason", options->reason, "why you look; it is kept with your name")
      ->required();
  command->add_option("--out", options->out,
                      "a folder, for both; or FILE.pdf, or FILE.json. Without it: what to look at "
                      "first");
  command->add_option("--keep", options->keep, "texts that go in, by their numbers");
  command->add_flag("--keep-all", options->keep_all, "every text goes in");
  program.add(command, Needs::person,
              with_records([options](RecordService& records,
                                     Command& at) { return run(*options, records, at); },
                           [options] { return options->reason; }));
}

}  // namespace throughgate::node::cli
