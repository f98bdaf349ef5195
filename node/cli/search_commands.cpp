// search: words anywhere in the records of this computer.
#include <memory>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/field_names.h"

namespace throughgate::node::cli {
namespace {

using sync::Done;
using sync::Result;
using sync::store::RecordName;

struct Options {
  std::vector<std::string> words;
  std::size_t limit = 50;
};

constexpr std::uint8_t every_class = 4;  // as "record show", which shows every field

// "Family name: Example"; empty where the words no longer stand.
Result<std::string> found_in(const RecordService& records, const RecordName& name,
                             std::uint32_t number) {
  const auto record = records.reader().read(name);
  if (!record) return record.error();
  const auto* view = record->field(number);
  const auto* field = field_of(name.type, number);
  if (!view || !field) return std::string();
  return label_of(name.type, number) + ": " + joined(*field, shown_values(*view), records.codes());
}

Result<Done> search(const Options& options, RecordService& records, Command& command) {
  sync::store::SearchQuery query;
  for (const auto& word : options.words) query.text += (query.text.empty() ? "" : " ") + word;
  query.class_max = every_class;
  query.limit = options.limit;
  const auto result = records.reader().search(query);
  if (!result) return result.error();
  std::vector<Row> rows;
  for (const auto& hit : result->hits) {
    for (const auto& [name, number] : hit.fields) {
      const auto where = found_in(records, name, number);
      if (!where) return where.error();
      const auto* type = record_type(name.type);
      rows.push_back(
          {spoken(name), type ? rule_of(*type->descriptor).label() : std::string(), *where});
    }
  }
  command.out.table({"record", "what it is", "found"}, rows, "Nothing here holds these words.");
  if (result->more) command.out.say("There is more: another word makes it fewer.");
  return Done{};
}

}  // namespace

void add_search_commands(Program& program) {
  const auto options = std::make_shared<Options>();
  auto* command = program.app().add_subcommand("search", "records that hold these words");
  command->add_option("WORDS", options->words, "every one of them; the last may be unfinished")
      ->required();
  command->add_option("--limit", options->limit, "at most so many, up to 200");
  program.add(command, Needs::person, with_records([options](RecordService& records, Command& at) {
                return search(*options, records, at);
              }));
}

}  // namespace throughgate::node::cli
