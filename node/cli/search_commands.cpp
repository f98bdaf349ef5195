// search: words anywhere in the records of this computer.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/search.h"
#include "node/text/unicode.h"
#include "node/whole_name.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Result;

struct Options {
  std::vector<std::string> words;
  std::size_t limit = 50;
};

Result<Done> search(const Options& options, RecordService& records, Command& command) {
  std::string text;
  for (const auto& word : options.words) text += (text.empty() ? "" : " ") + word;
  if (is_blank(text)) {
    return command.misused("Type one to eight words to search for.");
  }
  const auto found = search_records(records, text, {}, options.limit);
  if (!found) return found.error();
  std::vector<Row> rows;
  for (const auto& dossier : found->dossiers) {
    const auto name = name_if_known(records, dossier.dossier);
    if (!name) return name.error();
    for (const auto& field : dossier.fields) {
      const auto* type = record_type(field.record.type);
      rows.push_back({spoken(field.record),
                      type ? rule_of(*type->descriptor).label() : std::string(), *name,
                      field.label + ": " + field.value});
    }
  }
  command.out.table({"record", "what it is", "name", "found"}, rows,
                    "Nothing here holds these words.");
  if (found->more) command.say_apart("There is more: another word makes it fewer.");
  return Done{};
}

}  // namespace

void add_search_commands(Program& program) {
  const auto options = std::make_shared<Options>();
  auto* command = program.app().add_subcommand("search", "records that hold these words");
  command->add_option("WORDS", options->words, "every one of them; the last may be unfinished")
      ->required();
  command->add_option("--limit", options->limit, "at most so many, up to 200")
      ->check(CLI::Range(1, 200));
  program.add(command, Needs::person, with_records([options](RecordService& records, Command& at) {
                return search(*options, records, at);
              }));
}

}  // namespace throughgate::node::cli
