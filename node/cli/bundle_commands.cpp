// bundle export, import, nightly, inspect.
#include "node/bundles/export.h"
#include "node/bundles/import.h"
#include "node/bundles/nightly.h"
#include "node/cli/commands.h"
#include "node/cli/program.h"
#include "node/cli/records.h"
#include "node/cli/words.h"
#include "node/restored.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::uint64_t limit_mb_max = 33;
constexpr std::uint64_t mb = 1'000'000;  // as mail programs count

// ---- export

struct ExportOptions {
  std::string to;
  std::string folder;
  std::uint64_t limit_mb = 0;
};

Result<std::vector<BundleReaders>> readers_meant(OpenNode& node, const std::string& to) {
  if (to == "all") return all_readers(node);
  if (to == "hub") {
    const auto hub = hub_readers(node);
    return hub ? Result(std::vector{*hub}) : hub.error();
  }
  const auto organisation = organisation_meant(node.directory(), to);
  if (!organisation) return organisation.error();
  const auto readers = readers_of(node, *organisation);
  return readers ? Result(std::vector{*readers}) : readers.error();
}

void print(const std::vector<ExportReport>& reports, Output& out) {
  std::vector<Row> rows;
  for (const auto& report : reports) {
    for (const auto& file : report.files) {
      rows.push_back({file.file_name, shown_size(file.bytes), std::uint64_t{file.bytes},
                      report.readers.name, report.readers.computers,
                      std::uint64_t{report.records}});
    }
  }
  out.table({"file", "size", "bytes", "for", "computers that can open it", "records"}, rows, "");
  for (const auto& report : reports) {
    for (const auto& file : report.files) {
      const auto words = too_large_to_pass_on(report.readers.meant_for, file.bytes);
      if (!words.empty()) out.say(file.file_name + ": " + words + ".");
    }
    const auto left_out = left_out_in_words(report);
    if (!left_out.empty()) out.say(left_out);
  }
}

Result<Done> export_now(const ExportOptions& options, Command& command) {
  if (auto may = command.check_if_signed_in(Act::carry); !may) return may;
  const auto readers = readers_meant(command.node(), options.to);
  if (!readers) return readers.error();
  const std::size_t file_bytes =
      options.limit_mb == 0 ? sync::bundle_bytes_max : options.limit_mb * mb;
  std::vector<ExportReport> reports;
  const auto who = command.signed_in.value_or(sync::Actor{}).id;
  for (const auto& each : *readers) {
    auto report =
        export_bundles(command.node(), each, options.folder, file_bytes, {MadeBy::person, who, {}});
    if (!report) {
      if (!reports.empty()) print(reports, command.out);  // those are there
      return report.error();
    }
    reports.push_back(*std::move(report));
  }
  print(reports, command.out);
  command.out.say(
      "Nobody else can open them, or change them unseen. They may be carried by anybody, or sent "
      "by an approved e-mail, which makes a file a third larger. Delete them from the stick once "
      "they have been brought in.");
  return Done{};
}

// ---- import

Facts facts_of(const sync::store::UnpackedCounts& counts) {
  return {{"received with their place", std::uint64_t{counts.placed}},
          {"ours, confirmed", std::uint64_t{counts.own_placed}},
          {"received, not confirmed yet", std::uint64_t{counts.by_hand}},
          {"new access", std::uint64_t{counts.keys}},
          {"refused", std::uint64_t{counts.refused}},
          {"waiting", std::uint64_t{counts.waiting}},
          {"did not hold", std::uint64_t{counts.unsound}},
          {"not for this organisation", std::uint64_t{counts.not_ours}},
          {"erased, not taken back", std::uint64_t{counts.erased}}};
}

constexpr auto kept_to_be_passed_on =
    "One of these is for the central exchange. It is kept here unopened, for 30 days, and goes "
    "there "
    "with this computer's next sync, or in \"bundle export --to hub\". \"bundle passed-on\" says "
    "what "
    "became of it.";
constexpr auto passed_on_before =
    "One of these is for the central exchange, and was passed on before. Nothing was changed. "
    "\"bundle passed-on\" shows it.";

// Each by itself: one that is damaged keeps none of the others out.
Result<Done> import_now(const std::vector<std::string>& files, Command& command) {
  if (auto may = command.check_if_signed_in(Act::carry); !may) return may;
  const bool was_open = check_not_closed(command.node()).has_value();
  sync::store::UnpackedCounts counts;
  std::vector<ToPassOn> kept;
  std::optional<Error> first;
  for (const auto& file : files) {
    const auto taken = bring_in(command.node(), command.folder, file);
    if (taken) {
      if (taken->taken_in) counts += *taken->taken_in;
      if (taken->kept) kept.push_back(*taken->kept);
    } else if (files.size() == 1) {
      return taken.error();
    } else {
      command.at.err << file << ": " << taken.error().message << '\n';
      if (!first) first = taken.error();
    }
  }
  auto facts = facts_of(counts);
  facts.emplace_back("for the exchange, to be passed on", std::uint64_t{kept.size()});
  command.out.facts(facts);
  for (const auto& each : kept) {
    command.say_apart(each.was_passed_on ? passed_on_before : kept_to_be_passed_on);
  }
  if (counts.waiting > 0) {
    command.say_apart(
        "Something waits for a newer central list, or was put in order differently here. Sync, or "
        "bring in a newer bundle.");
  }
  if (counts.unsound + counts.not_ours > 0) {
    command.say_apart(
        "Something in the bundle did not hold or was not for you, and nothing of it was kept. "
        "Everything else was taken in. Tell the central team who made it.");
  }
  const auto open = check_not_closed(command.node());
  if (!open || !was_open) {
    command.say_apart(open ? "The records on this computer are open again." : open.error().message);
  }
  if (first) {
    return Error{first->kind, "Not every file was taken in. The others were; see above."};
  }
  return Done{};
}

// ---- inspect

Result<Done> inspect(const std::string& file, Command& command) {
  const auto facts = inspect_bundle(command.node(), file);
  if (!facts) return facts.error();
  const auto& label = facts->label;
  command.out.facts(
      {{"made by",
        facts->made_by.empty() ? "a computer that is not in the list held here" : facts->made_by},
       {"made at, by its clock", shown_time(label.made_at_ms)},
       {"for", facts->meant_for},
       {"you can open it", facts->opens_here},
       {"part", std::uint64_t{label.part}},
       {"of", std::uint64_t{label.parts}},
       {"size", shown_size(facts->bytes)},
       {"central list version in it", label.directory_version},
       {"whole and as it was made", true}});
  const auto too_large = too_large_to_pass_on(label.meant_for, facts->bytes);
  if (!too_large.empty()) command.say_apart(too_large + ".");
  return Done{};
}

// ---- nightly

struct NightlyOptions {
  std::string folder;
  std::string when;
};

std::string words_of(NightlyRule::When when) {
  switch (when) {
    case NightlyRule::When::never:
      return "never";
    case NightlyRule::When::always:
      return "always";
    case NightlyRule::When::out_of_reach:
      break;
  }
  return "when the exchange was not reached for a day";
}

Result<Done> nightly(const NightlyOptions& options, Command& command) {
  auto rule = nightly_rule(command.node());
  if (!rule) return rule.error();
  if (!options.folder.empty() || !options.when.empty()) {
    if (auto allowed = command.check(Act::connect); !allowed) return allowed;
    using When = NightlyRule::When;
    if (options.when == "never") rule->when = When::never;
    if (options.when == "always") rule->when = When::always;
    if (options.when == "out-of-reach") rule->when = When::out_of_reach;
    if (!options.folder.empty()) rule->folder = options.folder;
    if (auto kept = set_nightly_rule(command.node(), *rule); !kept) return kept;
  }
  const auto files = nightly_files(command.node(), command.folder);
  if (!files) return files.error();
  command.out.facts({{"made", words_of(rule->when)},
                     {"last made", shown_time(files->made_at_ms)},
                     {"folder", files->folder},
                     {"files", files->names},
                     {"of earlier nights, to be removed", std::uint64_t{files->left.size()}}});
  return Done{};
}

}  // namespace

void add_bundle_commands(Program& program) {
  auto* bundle = program.app().add_subcommand(
      "bundle", "carry records by stick or approved e-mail, where there is no network");
  bundle->require_subcommand(1);

  auto exporting = std::make_shared<ExportOptions>();
  auto* export_command = bundle->add_subcommand("export", "write bundles into a folder");
  export_command
      ->add_option("--to", exporting->to,
                   "an organisation's name; \"hub\" for the central exchange; \"all\" for every "
                   "organisation that something here is shared with, each in files of its own")
      ->required();
  export_command
      ->add_option("--limit-mb", exporting->limit_mb,
                   "no file larger than so many MB: there may be several")
      ->check(CLI::Range(std::uint64_t{1}, limit_mb_max));
  export_command->add_option("FOLDER", exporting->folder, "on the stick, say")->required();
  program.add(export_command, Needs::store,
              [exporting](Command& at) { return export_now(*exporting, at); });

  auto files = std::make_shared<std::vector<std::string>>();
  auto* import_command =
      bundle->add_subcommand("import", "take in what somebody has brought; again does no harm");
  import_command->add_option("FILE", *files, "one or more bundles, in any order")->required();
  program.add(import_command, Needs::closed_store,
              [files](Command& at) { return import_now(*files, at); });

  add_passed_on_commands(program, bundle);
  add_recall_commands(program, bundle);

  auto every_night = std::make_shared<NightlyOptions>();
  auto* nightly_command = bundle->add_subcommand(
      "nightly", "the files that \"serve\" makes by itself, once a night, of what was not sent");
  nightly_command->add_option("--folder", every_night->folder,
                              "where they are made from now on: on a stick, say");
  nightly_command->add_option("--when", every_night->when, "out-of-reach, always or never")
      ->check(CLI::IsMember({"out-of-reach", "always", "never"}));
  program.add(nightly_command, Needs::store,
              [every_night](Command& at) { return nightly(*every_night, at); });

  auto file = std::make_shared<std::string>();
  auto* inspect_command =
      bundle->add_subcommand("inspect", "say whose it is and for whom, without opening it");
  inspect_command->add_option("FILE", *file, "a bundle")->required();
  program.add(inspect_command, Needs::closed_store,
              [file](Command& at) { return inspect(*file, at); });
}

}  // namespace throughgate::node::cli
