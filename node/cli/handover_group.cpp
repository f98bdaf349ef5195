#include "node/cli/handover_group.h"

#include <set>

#include "node/handovers/handover_list.h"

namespace throughgate::node::cli {
namespace {

using schema::Handover;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

// By name: all that may be meant, over or not.
Result<std::set<sync::DossierId>> handovers_named(RecordService& records,
                                                  const std::string& typed) {
  HandoverFilter filter;
  filter.stages = HandoverFilter::Stages::all;
  filter.words = typed;
  const auto found = list_handovers(records, filter, {});
  if (!found) return found.error();
  std::set<sync::DossierId> out;
  for (const auto& handover : found->rows) out.insert(handover.file.id());
  return out;
}

Result<sync::DossierId> handover_meant(RecordService& records, const std::string& typed,
                                       Meant how) {
  const auto name = record_meant(records, typed);
  const bool by_number = name && name->type == record_type(*Handover::descriptor())->number;
  if (by_number && how == Meant::by_number) return name->dossier;
  if (how == Meant::by_name_too && typed.find_first_not_of(' ') != std::string::npos) {
    auto meant = handovers_named(records, typed);
    if (meant && by_number) meant->insert(name->dossier);  // "Cade" may be either
    if (meant && meant->size() == 1) return *meant->begin();
    if (meant && meant->size() > 1) {
      return Error{ErrorKind::invalid,
                   "More than one handover is meant by this. \"handover list --ended\" shows "
                   "their names, stages and numbers: type the number."};
    }
    if (by_number) return name->dossier;
  }
  if (!name && name.error().kind != ErrorKind::not_found) return name.error();
  return Error{
      ErrorKind::not_found,
      std::string(how == Meant::by_number ? "There is no handover of this number on this computer. "
                                          : "There is no such handover on this computer. ") +
          "\"handover list\" shows their numbers; the first four digits or more are "
          "enough."};
}

}  // namespace

CLI::App* HandoverGroup::with_records_only(const char* name, const char* what,
                                           Result<Done> (*run)(const HandoverOptions&,
                                                               RecordService&, Command&)) {
  auto* command = group_->add_subcommand(name, what);
  program_.add(command, Needs::person,
               with_records([options = options, run](RecordService& records, Command& at) {
                 return run(*options, records, at);
               }));
  return command;
}

CLI::App* HandoverGroup::add(const char* name, const char* what, Run run, Meant how) {
  auto* command = group_->add_subcommand(name, what);
  command
      ->add_option("HANDOVER", options->handover,
                   how == Meant::by_number
                       ? "its number in \"handover list\", or the beginning of it"
                       : "its number in \"handover list\", the beginning of it, or the "
                         "person's name")
      ->required();
  program_.add(command, Needs::person,
               with_records([options = options, run, how](RecordService& records,
                                                          Command& at) -> Result<Done> {
                 const auto handover = handover_meant(records, options->handover, how);
                 if (!handover) return handover.error();
                 return run({*options, records, at, *handover});
               }));
  return command;
}

CLI::App* HandoverGroup::add_step(const char* name, const char* what, Run run) {
  auto* command = add(name, what, run);
  command->add_option("--reason", options->reason, "why, kept with the change");
  return command;
}

}  // namespace throughgate::node::cli
