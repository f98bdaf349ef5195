// handover: a person handed over to a partner, from the first draft to the end of support.
#include "node/cli/commands.h"
#include "node/cli/handover_group.h"
#include "node/cli/handover_view.h"
#include "node/cli/records.h"
#include "node/cli/unconfirmed_view.h"
#include "node/cli/words.h"
#include "node/field_names.h"
#include "node/handovers/acknowledgement.h"
#include "node/handovers/handover_code.h"
#include "node/handovers/handovers.h"
#include "node/handovers/same_name.h"
#include "node/records/formats.h"

namespace throughgate::node::cli {
namespace {

using schema::Handover;
using sync::Done;
using sync::Error;
using sync::ErrorKind;
using sync::Result;

const RecordType& handover_type() { return *record_type(*Handover::descriptor()); }

// ---- from the draft to the partner

std::string typed_of(const std::vector<FieldInput>& inputs, std::string_view name) {
  std::string out;
  for (const auto& input : inputs) {
    if (spoken_name(input.field) == name) out = input.text;
  }
  return out;
}

// Said beside what was saved: those of the same name that are under way.
Result<Done> print_begun(Result<Saved> saved, const Result<std::vector<CaseFile>>& others,
                         RecordService& records, Command& command) {
  if (!others) return others.error();
  if (saved) {
    for (const auto& other : *others) {
      saved->notes.push_back("There is a handover of this name already, number " +
                             other.id().hex() + ". If it is the same person, stop one of the two.");
    }
  }
  return print_saved(saved, "The draft is saved.", records, command);
}

Result<Done> begin(const HandoverOptions& options, RecordService& records, Command& command) {
  const auto inputs = inputs_in(options.fields, command);
  if (!inputs) return inputs.error();
  if (auto known = check_fields(handover_type(), *inputs, command); !known) return known;
  Handovers flow(records);
  const By by{command.actor(), options.reason};
  if (options.person.empty()) {
    const auto others = under_way_of_name(records, typed_of(*inputs, "given-name"),
                                          typed_of(*inputs, "family-name"));
    return print_begun(flow.begin(*inputs, by), others, records, command);
  }
  const auto person = record_meant(records, options.person);
  if (!person) return person.error();
  const auto others = under_way_of_person(records, person->dossier);
  return print_begun(flow.begin_from(person->dossier, *inputs, by), others, records, command);
}

Result<Done> basis(const OnHandover& on) {
  const auto partner = organisation_meant(on.records.node().directory(), on.options.partner);
  if (!partner) return partner.error();
  BasisInput basis = on.options.basis;
  basis.partner = *partner;
  return on.print(on.flow().record_basis(on.handover, basis, on.by()),
                  "The ground for sharing is recorded.");
}

Result<Done> ready(const OnHandover& on) {
  return on.print(on.flow().ready(on.handover, on.by()), "It is ready to be sent.");
}

Result<Done> share(const OnHandover& on) {
  const auto file = on.flow().read(on.handover);
  if (!file) return file.error();
  if (file->state == Handover::SENT) {
    return Error{ErrorKind::invalid, "It has been sent already. Nothing was saved."};
  }
  const auto partner = organisation_meant(on.records.node().directory(), on.options.partner);
  if (!partner) return partner.error();
  return on.print(on.flow().share(on.handover, *partner, on.by()),
                  "Shared. It is sent with the next sync.");
}

// ---- the partner's answers, and the prison's

Result<Done> accept(const OnHandover& on) {
  return on.print(on.flow().accept(on.handover, on.options.text, on.by()), "Accepted.");
}
Result<Done> decline(const OnHandover& on) {
  return on.print(on.flow().decline(on.handover, on.options.because, on.options.text, on.by()),
                  "Declined.");
}
Result<Done> more_info(const OnHandover& on) {
  return on.print(on.flow().more_info(on.handover, on.options.text, on.by()), "Asked.");
}

Result<Done> answer(const OnHandover& on) {
  return on.print(on.flow().answer(on.handover, on.options.text, on.by()), "Answered.");
}

Result<Done> code(const OnHandover& on) {
  const auto file = on.flow().read(on.handover);
  if (!file) return file.error();
  const auto made = HandoverCodes(on.records).make(*file);
  if (!made) return made.error();
  on.command.out.facts({{"code", made->digits},
                        {"says", code_facts_in_words(*file)},
                        {"good_until", shown_time(made->good_until_ms)}});
  return Done{};
}
Result<Done> confirm_code(const OnHandover& on) {
  const auto file = on.flow().read(on.handover);
  if (!file) return file.error();
  return on.print(HandoverCodes(on.records).confirm(*file, on.options.text, on.by()),
                  "The code fits: the partner has this handover, with the same release day, "
                  "meeting place and meeting time.");
}

// ---- towards the gate and after

Result<Done> plan(const OnHandover& on) {
  const auto inputs = inputs_in(on.options.fields, on.command);
  if (!inputs) return inputs.error();
  if (auto known = check_fields(handover_type(), *inputs, on.command); !known) return known;
  return on.print(on.flow().plan(on.handover, *inputs, on.by()), "The plan is saved.");
}
Result<Done> release(const OnHandover& on) {
  const auto& typed = on.options;
  const auto file = on.flow().read(on.handover);
  if (!file) return file.error();
  if (!typed.is_early && is_before_expected(*file, typed.on, on.records.node().now_ms())) {
    return Error{
        ErrorKind::invalid,
        "The release is expected on " +
            shown_text(schema::FieldRule::DATE, file->text(Handover::kReleaseDateFieldNumber)) +
            ". If it was earlier, say so with --early; if it was on another day than "
            "today, give it with --on. Nothing was saved."};
  }
  return on.print(on.flow().release(on.handover, typed.on, typed.at, on.by(), typed.is_early),
                  "The release is recorded.");
}

Result<Done> gate(const OnHandover& on) {
  using Met = GateReport::Result;
  const auto& typed = on.options;
  const Met met = typed.gate_result == "met"      ? Met::met
                  : typed.gate_result == "missed" ? Met::missed
                                                  : Met::met_elsewhere;
  const auto file = on.flow().read(on.handover);
  if (!file) return file.error();
  if (file->role() == sync::Role::owner) {
    return Error{ErrorKind::denied,
                 "Only the partner can say how it went at the gate. Nothing was saved."};
  }
  return on.print(
      on.flow().gate(on.handover,
                     {met, typed.because, typed.reported_by, typed.on, typed.at, typed.text},
                     on.by()),
      "How it went at the gate is recorded.");
}

Result<Done> found(const OnHandover& on) {
  return on.print(on.flow().found(on.handover, on.by()), "Recorded: the person was found.");
}
Result<Done> lost(const OnHandover& on) {
  return on.print(on.flow().lost(on.handover, on.by()), "Recorded: the person was not found.");
}
Result<Done> support(const OnHandover& on) {
  return on.print(on.flow().support(on.handover, on.by()), "Support has begun.");
}
Result<Done> close(const OnHandover& on) {
  return on.print(on.flow().close(on.handover, on.options.because, on.by()), "Closed.");
}
Result<Done> stop(const OnHandover& on) {
  return on.print(on.flow().stop(on.handover, on.options.text, on.options.because, on.by()),
                  "The handover is stopped.");
}

// ---- reading

Result<Done> show(const OnHandover& on) {
  return print_handover(on.records, on.handover, on.command);
}

// What is printed is what was read: a change that comes in later waits anew.
Result<Done> read(const OnHandover& on) {
  Acknowledgements acknowledgements(on.records);
  const auto file = on.flow().read(on.handover);
  if (!file) return file.error();
  const auto unread = acknowledgements.unread(*file);
  if (!unread) return unread.error();
  const auto rows = unread_rows(on.records, *file, *unread);
  if (!rows) return rows.error();
  if (!unread->empty()) {
    std::vector<sync::OpId> changes;
    for (const auto& each : *unread) changes.push_back(each.change.id);
    const auto saved = acknowledgements.acknowledge(on.handover, changes, on.by());
    if (!saved) return saved.error();
  }
  say_flags(on.records, *file, on.command);
  print_unread(*rows, on.command);
  return Done{};
}

// ---- the command line

Result<Done> list(const HandoverOptions& options, RecordService& records, Command& command) {
  if (options.is_waiting) return print_unconfirmed(records, options.days_before, command);
  return print_handovers(records, {options.after, options.limit, options.with_ended}, command);
}

void add_reading(HandoverGroup& group) {
  auto& options = *group.options;
  auto* all = group.with_records_only("list", "those that are not over", list);
  all->add_flag("--ended", options.with_ended, "those that are over too");
  auto* waiting = all->add_flag("--waiting", options.is_waiting,
                                "only those that the partner has not confirmed near the release, "
                                "and who else might be asked");
  all->add_option("--days", options.days_before, "near: so many days before it")
      ->check(CLI::Range(1, 365))
      ->needs(waiting)
      ->capture_default_str();
  all->add_option("--limit", options.limit, "look at so many, up to 500")
      ->check(CLI::Range(1, 500));
  all->add_option("--after", options.after, "go on where the page before ended");
  group.add("show", "where it stands, what is missing, what has arrived and been read", show,
            Meant::by_name_too);
  group.add_step("read", "print the changes that wait for you and say that you have read them",
                 read);
}

void add_preparing(HandoverGroup& group) {
  auto& options = *group.options;
  auto* begin_command = group.with_records_only("new", "a draft", begin);
  begin_command->add_option("FIELDS", options.fields,
                            "name=value, see \"record fields handover\"; at least the family name");
  begin_command->add_option("--from", options.person, "copy what a partner needs from this person");
  begin_command->add_option("--reason", options.reason, "why, kept with the change");

  auto* basis_command = group.add_step("basis", "record the ground for sharing it", basis);
  auto& ground = options.basis;
  basis_command->add_option("--with", options.partner, "the partner: name or number")->required();
  basis_command->add_option("--law", ground.regime, "\"UK GDPR\" or \"Part 3\"")->required();
  basis_command->add_option("--ground", ground.ground, "\"Consent\", \"Public task\" ...")
      ->required();
  basis_command->add_option("--purpose", ground.purpose, "what for, in a line")->required();
  basis_command->add_option("--what", ground.classes, "what is shared; may be repeated")
      ->allow_extra_args(false);
  basis_command->add_option("--until", ground.expires_on, "the last day it holds");
  basis_command->add_option("--paper", ground.evidence, "where the paper is kept");

  group.add_step("ready", "it is complete and has a ground: somebody else may send it", ready);
  auto* share_command = group.add_step("share", "send it to a partner", share);
  share_command->add_option("--with", options.partner, "the partner: name or number")->required();
}

void add_answers(HandoverGroup& group) {
  auto& options = *group.options;
  group.add_step("accept", "take it", accept)
      ->add_option("--contact", options.text, "who takes it, and their telephone")
      ->required();
  auto* decline_command = group.add_step("decline", "do not take it", decline);
  decline_command->add_option("--because", options.because, "\"No capacity\" ...")->required();
  decline_command->add_option("--note", options.text, "more about that");
  group.add_step("more-info", "ask the prison for more", more_info)
      ->add_option("WHAT", options.text, "what else you need to know")
      ->required();
  group.add_step("answer", "answer what the partner asked", answer)
      ->add_option("WORDS", options.text, "the answer; everybody who takes part can read it")
      ->required();
}

void add_codes(HandoverGroup& group) {
  group.add("code", "make a code to read to the prison on the telephone", code);
  group.add_step("confirm-code", "type the code that the partner has read to you", confirm_code)
      ->add_option("CODE", group.options->text, "six figures")
      ->required();
}

void add_gate(HandoverGroup& group) {
  auto& options = *group.options;
  group.add_step("plan", "the meeting and the plan for the gate", plan)
      ->add_option("FIELDS", options.fields, "name=value: meeting-on, meeting-place ...");
  auto* release_command = group.add_step("release", "the person was released", release);
  release_command->add_option("--on", options.on, "the day; today if not given");
  release_command->add_option("--at", options.at, "the time");
  release_command->add_flag("--early", options.is_early, "it was earlier than expected");

  auto* gate_command = group.add_step("gate", "how it went at the gate", gate);
  gate_command->add_option("RESULT", options.gate_result, "met, missed or met-elsewhere")
      ->required()
      ->check(CLI::IsMember({"met", "missed", "met-elsewhere"}));
  gate_command->add_option("--because", options.because, "why they were not met");
  gate_command->add_option("--reported-by", options.reported_by, "who saw it, and told you how");
  gate_command->add_option("--on", options.on, "the day; today if not given");
  gate_command->add_option("--at", options.at, "the time");
  gate_command->add_option("--notes", options.text, "anything else");
}

void add_after(HandoverGroup& group) {
  auto& options = *group.options;
  group.add_step("found", "the person was found after a missed gate", found);
  group.add_step("lost", "the person was not found", lost);
  group.add_step("support", "support has begun", support);
  group.add_step("close", "support has ended", close)
      ->add_option("--because", options.because, "\"Support completed\" ...")
      ->required();
  auto* stop_command = group.add_step("stop", "on hold, withdrawn, recalled, died ...", stop);
  stop_command->add_option("STAGE", options.text, "\"On hold\", \"Withdrawn\" ...")->required();
  stop_command->add_option("--because", options.because, "why")->required();
}

}  // namespace

void add_handover_commands(Program& program) {
  auto* handover = program.app().add_subcommand("handover", "a person handed over to a partner");
  handover->require_subcommand(1);
  HandoverGroup group(program, handover);
  add_reading(group);
  add_preparing(group);
  add_answers(group);
  add_codes(group);
  add_gate(group);
  add_after(group);
  add_partner_commands(group);
}

}  // namespace throughgate::node::cli
