#include "node/cli/mistyped.h"

#include <optional>
#include <string_view>

namespace throughgate::node::cli {
namespace {

// "record", where a command of it was needed and another word stands; "" where that was the first
// word.
std::optional<std::string> group_without_command(const CLI::App& app) {
  std::string path;
  const CLI::App* at = &app;
  for (auto inside = at->get_subcommands(); !inside.empty(); inside = at->get_subcommands()) {
    at = inside.front();
    path += (path.empty() ? "" : " ") + at->get_name();
  }
  const bool is_group = !at->get_subcommands([](const CLI::App*) { return true; }).empty();
  const auto left = app.remaining(true);
  if (!is_group || left.empty() || left.front().starts_with('-')) return std::nullopt;
  return path;
}

// "--limit" of what the library says as "--limit: Value 900 not in range 1 to 500".
std::string option_in(std::string_view said) {
  constexpr std::string_view unreadable = "Could not convert: ";
  if (said.starts_with(unreadable)) said.remove_prefix(unreadable.size());
  return std::string(said.substr(0, said.find_first_of(": ")));
}

}  // namespace

std::string what_is_mistyped(const CLI::App& app, const CLI::ParseError& error) {
  constexpr std::string_view help = " Run with --help for more information.";
  const auto with_help = [help](std::string said) { return said.append(help); };
  if (dynamic_cast<const CLI::RequiredError*>(&error)) {
    if (const auto group = group_without_command(app)) {
      return (group->empty() ? "There is no such command."
                             : "\"" + *group + "\" has no such command.") +
             " --help lists those that there are.";
    }
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error)) {
    return with_help(
        "There is a word or an option in this command that it does not take. A name or a text of "
        "several "
        "words stands between quotation marks.");
  }
  if (dynamic_cast<const CLI::ValidationError*>(&error) ||
      dynamic_cast<const CLI::ConversionError*>(&error)) {
    return with_help(option_in(error.what()) + ": this value is not one that it takes.");
  }
  return with_help(std::string(error.what()) + ".");  // names of options, and counts
}

}  // namespace throughgate::node::cli
