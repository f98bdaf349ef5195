// Takes many steps of handovers in one go, as one member of staff: what a site would do by hand
// over weeks. Everything is done by the flows that commands and pages use; only the program's start
// and the opening of the store are saved.
//
// usage: take_steps DATA-FOLDER KEY-FILE SIGN-IN CODES-FOLDER      with steps on standard input
// A step is a line: its name, the handover's, and what is given, all parted by tabs:
//     plan <tab> c1f0... <tab> meeting-time=08:45 <tab> meeting-place=Main gate
// "\n" inside a value parts the values of a list. `begin` gives a handover a name to use in the
// lines after it, and its number on this computer is printed: NAME <tab> NUMBER. The first step
// that is refused ends it, with exit code 1.
#include <chrono>
#include <iostream>
#include <map>

#include "crypto/init.h"
#include "node/accounts/accounts.h"
#include "node/cli/words.h"
#include "node/data_folder.h"
#include "node/handovers/acknowledgement.h"
#include "node/handovers/handovers.h"
#include "node/private_file.h"
#include "node/staff/staff.h"

namespace {

using namespace throughgate;
using namespace throughgate::node;
using sync::Done;
using sync::DossierId;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

std::uint64_t system_now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

std::vector<std::string> parts_of(const std::string& line) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t tab = 0; tab != std::string::npos; begin = tab + 1) {
    tab = line.find('\t', begin);
    out.push_back(line.substr(begin, tab == std::string::npos ? tab : tab - begin));
  }
  return out;
}

std::string with_line_breaks(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos;) {
    text.replace(at, 2, "\n");
  }
  return text;
}

// What stands on a line behind the handover.
struct Given {
  std::vector<FieldInput> fields;

  std::string text(const std::string& field) const {
    for (const auto& input : fields) {
      if (input.field == field) return input.text;
    }
    return {};
  }
};

Result<Given> given_in(const std::vector<std::string>& parts) {
  Given out;
  for (std::size_t i = 2; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    if (equals == std::string::npos) return Error{ErrorKind::invalid, "A value has no name."};
    out.fields.push_back({parts[i].substr(0, equals), with_line_breaks(parts[i].substr(equals + 1)),
                          FieldInput::How::set});
  }
  return out;
}

class Steps {
 public:
  Steps(RecordService& records, By by) : records_(records), by_(std::move(by)), flow_(records) {}

  Result<Done> take(const std::string& line) {
    const auto parts = parts_of(line);
    if (parts.size() < 2) return Error{ErrorKind::invalid, "A step names its handover."};
    const auto given = given_in(parts);
    if (!given) return given.error();
    if (parts[0] == "begin") return begin(parts[1], *given);
    const auto handover = handover_named(parts[1]);
    if (!handover) return handover.error();
    if (parts[0] == "read") return read(*handover);
    const auto saved = step(parts[0], *handover, *given);
    if (!saved) return saved.error();
    return Done{};
  }

 private:
  Result<Done> begin(const std::string& name, const Given& given) {
    const auto saved = flow_.begin(given.fields, by_);
    if (!saved) return saved.error();
    begun_.insert_or_assign(name, saved->record.dossier);
    std::cout << name << '\t' << saved->record.dossier.hex() << '\n';
    return Done{};
  }

  Result<DossierId> handover_named(const std::string& name) const {
    if (const auto found = begun_.find(name); found != begun_.end()) return found->second;
    const auto bytes = crypto::from_hex(name);
    const auto id = bytes ? DossierId::from(*bytes) : std::nullopt;
    if (!id) return Error{ErrorKind::not_found, "There is no handover of this name: " + name};
    return *id;
  }

  Result<Done> read(const DossierId& handover) {
    Acknowledgements acknowledgements(records_);
    const auto unread = acknowledgements.awaiting(handover);
    if (!unread) return unread.error();
    std::vector<sync::OpId> changes;
    for (const auto& each : *unread) changes.push_back(each.change.id);
    if (changes.empty()) return Done{};
    const auto saved = acknowledgements.acknowledge(handover, changes, by_);
    if (!saved) return saved.error();
    return Done{};
  }

  Result<Saved> inside(const char* type, const DossierId& handover, const Given& given) {
    return records_.new_record_in(handover, *record_type(type), given.fields, by_);
  }

  Result<Saved> set(const DossierId& handover, const Given& given) {
    const auto file = flow_.read(handover);
    if (!file) return file.error();
    return records_.set_fields(Form::of(file->root), given.fields, by_);
  }

  Result<Saved> to_partner(const std::string& step, const DossierId& handover, const Given& given) {
    const auto partner =
        cli::organisation_meant(records_.node().directory(), given.text("partner"));
    if (!partner) return partner.error();
    if (step == "share") return flow_.share(handover, *partner, by_);
    return flow_.record_basis(handover,
                              {*partner,
                               "UK GDPR",
                               "Public task",
                               "support after release",
                               {"IDENTITY", "CONTACT", "RELEASE", "RISK_FLAGS", "RISK_LEVELS",
                                "LICENCE", "NEEDS", "HEALTH"},
                               "",
                               ""},
                              by_);
  }

  Result<Saved> gate(const DossierId& handover, const Given& given) {
    const auto because = given.text("because");
    const auto result = because.empty() ? GateReport::Result::met : GateReport::Result::missed;
    return flow_.gate(handover,
                      {result, because, given.text("reported-by"), given.text("on"), "", ""}, by_);
  }

  Result<Saved> step(const std::string& step, const DossierId& handover, const Given& given) {
    if (step == "need" || step == "flag") return inside(step.c_str(), handover, given);
    if (step == "set") return set(handover, given);
    if (step == "ready") return flow_.ready(handover, by_);
    if (step == "basis" || step == "share") return to_partner(step, handover, given);
    if (step == "accept") return flow_.accept(handover, given.text("contact"), by_);
    if (step == "decline") return flow_.decline(handover, given.text("because"), "", by_);
    if (step == "more-info") return flow_.more_info(handover, given.text("what"), by_);
    if (step == "plan") return flow_.plan(handover, given.fields, by_);
    if (step == "release") return flow_.release(handover, given.text("on"), given.text("at"), by_);
    if (step == "gate") return gate(handover, given);
    if (step == "found") return flow_.found(handover, by_);
    if (step == "lost") return flow_.lost(handover, by_);
    if (step == "support") return flow_.support(handover, by_);
    if (step == "close") return flow_.close(handover, given.text("because"), by_);
    if (step == "stop") {
      return flow_.stop(handover, given.text("stage"), given.text("because"), by_);
    }
    return Error{ErrorKind::invalid, "There is no such step: " + step};
  }

  RecordService& records_;
  By by_;
  Handovers flow_;
  std::map<std::string, DossierId> begun_;
};

Result<Done> take_all(const std::vector<std::string>& arguments, crypto::Random& random) {
  const DataFolder folder(arguments[0]);
  const auto key = Accounts(folder, random).open_with_key_file(arguments[1]);
  if (!key) return key.error();
  const auto codes = CodeLists::load(arguments[3]);
  if (!codes) return codes.error();
  auto node =
      OpenNode::open(folder.store(), *key, sync::store::Access::existing, random, system_now_ms);
  if (!node) return node.error();
  const auto actor = Staff(**node).actor_for(arguments[2]);
  if (!actor) return actor.error();
  RecordService records(**node, *codes);
  Steps steps(records, {*actor, ""});
  for (std::string line; std::getline(std::cin, line);) {
    if (auto taken = steps.take(line); !taken) {
      return Error{taken.error().kind, line + ": " + taken.error().message};
    }
  }
  return Done{};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() != 4 || !crypto::start()) return 2;
  node::keep_new_files_private();
  crypto::SystemRandom random;
  const auto done = take_all(arguments, random);
  if (done) return 0;
  std::cerr << done.error().message << '\n';
  return 1;
}
