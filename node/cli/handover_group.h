// What every command on one handover shares: which one is meant, what may be typed, and how it
// runs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/cli/commands.h"
#include "node/cli/records.h"
#include "node/handovers/handovers.h"
#include "node/handovers/unconfirmed.h"

namespace throughgate::node::cli {

struct HandoverOptions {
  std::string handover;
  std::vector<std::string> fields;  // name=value
  std::string person;
  std::string partner;
  std::string reason;
  std::string because;  // why it was declined, not met, closed
  std::string text;     // a note, a contact, what is wanted, a stage
  std::string on;
  std::string at;
  std::string gate_result;
  std::string reported_by;
  BasisInput basis;
  std::string after;
  std::size_t limit = 50;
  bool with_ended = false;
  bool is_waiting = false;  // only what the partner has not confirmed
  int days_before = confirm_days_before;
  bool is_early = false;  // a release before the day expected
};

// What a command on one handover works with.
struct OnHandover {
  const HandoverOptions& options;
  RecordService& records;
  Command& command;
  sync::DossierId handover;

  Handovers flow() const { return Handovers(records); }
  By by() const { return {command.actor(), options.reason}; }
  sync::Result<sync::Done> print(const sync::Result<Saved>& saved, std::string_view done) const {
    return print_saved(saved, done, records, command);
  }
};

// A person's name is enough to look; what is written goes by number.
enum class Meant { by_number, by_name_too };

class HandoverGroup {
 public:
  using Run = sync::Result<sync::Done> (*)(const OnHandover&);

  HandoverGroup(Program& program, CLI::App* group) : program_(program), group_(group) {}

  CLI::App* with_records_only(const char* name, const char* what,
                              sync::Result<sync::Done> (*run)(const HandoverOptions&,
                                                              RecordService&, Command&));
  CLI::App* add(const char* name, const char* what, Run run, Meant how = Meant::by_number);
  // One that writes: it may say why.
  CLI::App* add_step(const char* name, const char* what, Run run);

  std::shared_ptr<HandoverOptions> options = std::make_shared<HandoverOptions>();

 private:
  Program& program_;
  CLI::App* group_;
};

// handover add-partner, remove-partner ...: who takes part.
void add_partner_commands(HandoverGroup& group);

}  // namespace throughgate::node::cli
