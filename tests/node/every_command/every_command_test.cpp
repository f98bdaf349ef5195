// A handover's whole story by commands, each of them under a disk that fails.
#include <catch_amalgamated.hpp>
#include <filesystem>

#include "node/update/running_program.h"
#include "tests/node/every_command/story.h"
#include "tests/node/update/made_release.h"

using namespace throughgate;
using namespace throughgate::node;
using namespace throughgate::node::testing;

namespace {

namespace fs = std::filesystem;

Words init(const Story& at, const std::string& name, const std::string& kind,
           const Words& more = {}) {
  Words out{"init",
            "--name",
            name,
            "--kind",
            kind,
            "--staff",
            "Jo Made-Up",
            "--sign-in",
            "jo",
            "--new-password-file",
            at.path("password")};
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

void set_up(Story& at) {
  at.each("desk", init(at, "Central Made-Up Team", "central"), false);
  const auto sheet =
      at.tell("prison", init(at, "HMP Made Up", "prison", {"--establishment", "LEI"}), false);
  at.keep_sheet(sheet);
  at.tell("partner", init(at, "Made-Up Partner", "partner"), false);
  const auto made =
      at.each("desk", {"--json", "desk", "init", "--name", "Central Made-Up Team", "--hub-key",
                       at.exchange->key(), "--hub-instance", at.exchange->instance(), "--hub",
                       at.exchange->url(), "--list", "{here}/list"});
  fs::create_directory(at.path("blank-exchange"));
  at.try_out("blank-exchange", {"throughgate-hub", "init"});
  at.tell("desk", {"desk", "directory", "--list", at.kept("list")});
  at.try_out("exchange",
             {"throughgate-hub", "trust", json_value(made, "key"), "--list", "{here}/list"});
  at.desk_key = json_value(made, "key");
  at.exchange->trust(at.desk_key);
  at.each("desk", {"sync"});
}

void let_in(Story& at, const std::string& site, const Words& invitation, bool fails) {
  const auto go = [&](const std::string& computer, const Words& words) {
    return fails ? at.each(computer, words) : at.tell(computer, words);
  };
  Words invite{"--json", "desk", "invite"};
  invite.insert(invite.end(), invitation.begin(), invitation.end());
  const auto code = json_value(go("desk", invite), "code");
  const auto words =
      json_value(go(site, {"--json", "enrol", code, "--hub", at.exchange->url()}), "words");
  const auto asking = json_row_with(go("desk", {"--json", "desk", "requests"}), words);
  const auto request = json_value(asking, "request");
  // Each copy of the desk signs a list of its own, and so another answer.
  at.take_back = [&] { at.exchange->forget_answer(code); };
  go("desk", {"desk", "approve", request, "--words", words});
  at.take_back = [] {};
  at.tell("desk", {"sync"});
  go(site, {"sync"});
}

// Commands that are several saves one after the other, each of them whole or not there. Where the
// disk fails between two, the command given again goes on from there, or says what to do instead.
const std::set<std::string> several_saves{
    "init",  // the store is made table by table, and nothing is here until it has its name
    "throughgate-hub init",
    "desk init",  // signs, and then writes the file
    "desk approve",
    "desk directory",
    "desk key",
    "throughgate-hub trust",  // keeps the key, and then the list
    "enrol",                  // keeps where the exchange is, and then asks
    "sync",                   // record by record
    "throughgate-hub bundle import",
    "bundle recall",
    "desk erase",
    "retention confirm",
    "bundle export",  // notes that there is a file before there is
    "staff add",      // the record, and the way in
    "staff leave",
    "root init",  // file by file
    "root key",
    "restore",
    "update install",
    "update back",
};
// What is erased goes from where nobody can read it with the next use.
const std::set<std::string> goes_on_later{"desk erase", "sync"};

// Everything that goes by hand, at a computer that the story does not go on with.
void let_in_by_file(Story& at) {
  at.tell("by-hand", init(at, "Another Made-Up Partner", "partner"), false);
  const auto invitation = at.path("exchange/invitation"), asking = at.path("exchange/asking");
  const auto invited = at.tell("desk", {"--json", "desk", "invite", "Another Made-Up Partner",
                                        "--kind", "partner", "--out", invitation});
  const auto asked = at.tell("by-hand", {"--json", "enrol", json_value(invited, "code"),
                                         "--invitation", invitation, "--request", asking});
  const auto request = json_value(asked, "request");
  at.each("desk", {"desk", "take", asking});
  at.try_out("desk", {"desk", "approve", request, "--words", json_value(asked, "words"), "--out",
                      "{here}/answer"});
  at.tell("desk", {"desk", "withdraw", request, "--confirm"});
}

void enrol_everybody(Story& at) {
  at.tell("desk", {"desk", "invite", "Nobody In Particular", "--kind", "partner"});
  const auto request = json_value(at.tell("desk", {"--json", "desk", "requests"}), "request");
  at.each("desk", {"desk", "withdraw", request, "--confirm"});
  let_in_by_file(at);
  let_in(at, "prison", {"HMP Made Up", "--kind", "prison", "--establishment", "LEI"}, true);
  let_in(at, "partner", {"Made-Up Partner", "--kind", "partner"}, false);
  at.each("desk", {"desk", "agree", "HMP Made Up", "Made-Up Partner", "--kinds", "handovers",
                   "--until", "2099-12-31"});
  at.try_out("desk", {"desk", "agree", "HMP Made Up", "Made-Up Partner", "--end", "--confirm"});
  at.each("desk", {"desk", "directory", "--renew", "--list", "{here}/list"});
  at.each("desk", {"desk", "hub", "--hub-instance", at.exchange->instance()});
  at.try_out("desk", {"desk", "unlock", "HMP Made Up", "--number", "12345678", "--days", "7"});
  at.try_out("desk", {"desk", "require", "--program", "0", "--protocol", "1"});
  at.try_out("desk", {"desk", "volunteers", "--shared", "no"});
  at.try_out("desk", {"desk", "snapshot"});
  at.try_out("desk", {"desk", "forks"});
  at.try_out("desk", {"desk", "open"});
  at.try_out("desk", {"desk", "open", "--all"});
  at.try_out("desk", {"desk", "erasures"});
  for (const char* site : {"desk", "prison", "partner"}) at.tell(site, {"sync"});
}

// Somebody of the list, and somebody new, who both then sign in.
void let_in_by_sheet(Story& at) {
  at.tell("prison", {"staff", "add", "Di Pretended"});
  for (const Words& who : {Words{"Di Pretended", "--existing"}, Words{"Ed Imagined"}}) {
    Words words{"staff", "add"};
    words.insert(words.end(), who.begin(), who.end());
    words.insert(words.end(), {"--sign-in", "di", "--recovery-sheet", at.path("sheet"),
                               "--new-password-file", at.path("another")});
    at.proof = {"--as", "di", "--password-file", at.path("another"), "staff", "list"};
    at.try_out("prison", words, false);
  }
  at.proof.clear();
}

void staff_and_records(Story& at) {
  at.each("prison", {"staff", "add", "Al Invented", "--roles", "gate_meeter", "--sign-in", "al",
                     "--new-password-file", at.path("another")});
  at.each("prison", {"staff", "list"});
  // Who knows it who set it: it opens what chooses another, and nothing else.
  at.proof = {"--as",     "al", "--password-file",     at.path("third"), "staff",
              "password", "al", "--new-password-file", at.path("third")};
  at.each("prison", {"staff", "password", "al", "--new-password-file", at.path("third")});
  at.proof = {"--key-file", "{here}/key", "status"};
  at.each("prison", {"key-file", "{here}/key"});
  at.proof.clear();
  at.each("prison", {"staff", "roles", "al", "--add", "security"});
  at.try_out("prison", {"staff", "reset", "al"});
  at.try_out("prison", {"staff", "leave", "al", "--to", "jo"});
  let_in_by_sheet(at);
  at.each("prison", {"status"});
  at.each("prison", {"record", "types"}, false);
  at.each("prison", {"record", "fields", "volunteer"}, false);
  at.each("prison", {"record", "codes"}, false);
  const auto made =
      json_value(at.each("prison", {"--json", "record", "new", "volunteer", "given-name=Cy",
                                    "family-name=Pretended", "email=cy@example.org"}),
                 "record");
  at.each("prison", {"record", "set", made, "known-as=Cyd", "--reason", "asked to be called so"});
  at.try_out("prison", {"record", "correct", made, "known-as", "Cy", "--reason", "asked"});
  at.each("prison", {"record", "dispute", made, "known-as", "--says", "never called so"});
  at.try_out("prison", {"record", "settle", made, "known-as", "--reason", "agreed"});
  at.each("prison", {"record", "list", "volunteer"});
  at.each("prison", {"record", "show", made});
  at.each("prison", {"record", "history", made});
  at.try_out("prison", {"audit", "check"});
  at.try_out("prison", {"hold", "set", made, "--reason", "a court"});
  for (const Words& list : {Words{"hold", "list"}, Words{"erase", "list"}, Words{"erase", "copies"},
                            Words{"retention", "review"}, Words{"erase", "request", made}}) {
    at.try_out("prison", list);
  }
  at.each("prison", {"search", "pretended"});
  at.each("prison", {"volunteer", "import", "{here}/volunteers.csv"});
}

std::string shared_handover(Story& at) {
  const auto made = json_value(
      at.each("prison", {"--json", "handover", "new", "given-name=Alex", "family-name=Invented",
                         "date-of-birth=1990-05-06", "prison-number=A1234BC", "establishment=LEI",
                         "languages=English", "communication-needs=none", "release-date=2099-12-04",
                         "release-date-confidence=Likely", "release-type=CR", "release-area=Leeds",
                         "contact-route=through the prison", "risk-to-staff=Medium",
                         "licence-headline=not near the old town",
                         "first-appointment-on=2099-12-04", "sender-telephone=07700 900100"}),
      "record");
  at.tell("prison", {"record", "new", "need", "pathway=Somewhere to live", "--in", made});
  at.tell("prison", {"record", "new", "flag", "kind=Do not", "instruction=Be alone with children",
                     "--in", made});
  at.each("prison", {"handover",
                     "basis",
                     made,
                     "--with",
                     "Made-Up Partner",
                     "--law",
                     "UK GDPR",
                     "--ground",
                     "Public task",
                     "--purpose",
                     "support after release",
                     "--what",
                     "IDENTITY",
                     "--what",
                     "RELEASE",
                     "--what",
                     "CONTACT",
                     "--what",
                     "RISK_FLAGS",
                     "--what",
                     "RISK_LEVELS",
                     "--what",
                     "LICENCE",
                     "--what",
                     "NEEDS",
                     "--what",
                     "HEALTH"});
  at.try_out("prison", {"handover", "ready", made});
  at.each("prison", {"handover", "share", made, "--with", "Made-Up Partner"});
  at.tell("prison", {"sync"});
  at.each("partner", {"sync"});
  return made;
}

void exchange_all(Story& at) {
  for (const char* site : {"prison", "partner", "prison"}) at.tell(site, {"sync"});
}

void answered(Story& at, const std::string& made) {
  at.each("partner", {"handover", "list"});
  at.try_out("partner", {"handover", "code", made});
  at.try_out("prison", {"record", "redact", made, "communication-needs", "--reason", "asked"});
  at.try_out("prison", {"bundle", "nightly", "--when", "always"});
  at.try_out("prison", {"bundle", "export", "--to", "Made-Up Partner", "{here}"});
  at.tell("prison", {"bundle", "export", "--to", "Made-Up Partner", at.kept("")});
  for (const auto& each : fs::directory_iterator(at.kept(""))) {
    if (each.path().extension() == ".tgb") fs::rename(each.path(), at.kept("bundle.tgb"));
  }
  at.try_out("partner", {"bundle", "inspect", "{here}/bundle.tgb"});
  at.try_out("partner", {"bundle", "import", "{here}/bundle.tgb"});
  fs::remove(at.kept("bundle.tgb"));
  at.tell("prison", {"bundle", "export", "--to", "hub", at.kept("")});
  for (const auto& each : fs::directory_iterator(at.kept(""))) {
    if (each.path().extension() == ".tgb") fs::rename(each.path(), at.kept("bundle.tgb"));
  }
  at.try_out("exchange", {"throughgate-hub", "bundle", "import", "{here}/bundle.tgb"});
  at.each("partner", {"bundle", "import", "{here}/bundle.tgb"});
  fs::remove(at.kept("bundle.tgb"));
  at.try_out("partner", {"bundle", "try-again", "1"});
  at.try_out("partner", {"bundle", "give-up", "1", "--confirm"});
  at.each("prison", {"bundle", "made"});
  at.try_out("prison", {"bundle", "recall", "1", "--record", made, "--reason", "the wrong partner",
                        "--confirm"});
  at.each("partner", {"bundle", "passed-on", "--answers", "{here}"});
  at.each("partner", {"handover", "show", made});
  at.each("partner", {"handover", "read", made});
  at.each("partner", {"handover", "more-info", made, "Which bus?"});
  exchange_all(at);
  at.try_out("partner", {"bundle", "brought-back", "1"});
  at.each("prison", {"handover", "answer", made, "Number 4"});
  exchange_all(at);
  at.try_out("partner", {"handover", "decline", made, "--because", "No capacity"});
  at.each("partner", {"handover", "accept", made, "--contact", "Kim, 07700 900111"});
  exchange_all(at);
}

// What is done at the exchange itself, and to one that was put back.
void looked_after(Story& at) {
  at.try_out("exchange", {"throughgate-hub", "status"});
  at.try_out("exchange", {"throughgate-hub", "backup", "{here}/hub-copy"});
  at.try_out("exchange", {"throughgate-hub", "bundle", "export", "--to", "HMP Made Up", "{here}"});
  at.try_out("exchange", {"throughgate-hub", "new-instance"});
  fs::copy(at.path("exchange"), at.path("put-back"), fs::copy_options::recursive);
  const auto begun = at.tell("put-back", {"throughgate-hub", "new-instance"});
  // The list that names it is signed where the story does not go on.
  fs::copy(at.path("desk"), at.path("desk-elsewhere"), fs::copy_options::recursive);
  const auto instance = begun.substr(begun.find("instance:") + 13, 32);
  at.tell("desk-elsewhere", {"desk", "hub", "--hub-instance", instance});
  const auto list = at.kept("list-elsewhere");
  at.tell("desk-elsewhere", {"desk", "directory", "--list", list});
  at.tell("put-back", {"throughgate-hub", "trust", at.desk_key, "--list", list});
  fs::remove(list);
  at.try_out("put-back", {"throughgate-hub", "open", "--all"});
}

void decided(Story& at, const std::string& made) {
  at.tell("prison", {"record", "set", made, "release-date=2099-12-10"});
  at.tell("partner", {"record", "set", made, "release-date=2099-12-15"});
  exchange_all(at);
  const auto item = json_value(at.tell("prison", {"--json", "conflict", "list"}), "item");
  at.each("prison", {"conflict", "list"});
  at.each("prison", {"conflict", "show", item});
  at.each("prison", {"conflict", "resolve", item, "--value", "2099-12-11", "--reason", "heard"});
  exchange_all(at);
}

// Two more organisations, whom the disk does not fail under.
void others_come(Story& at) {
  at.tell("second", init(at, "Second Made-Up", "partner"), false);
  at.tell("elsewhere", init(at, "HMP Elsewhere", "prison", {"--establishment", "MDI"}), false);
  let_in(at, "second", {"Second Made-Up", "--kind", "partner"}, false);
  let_in(at, "elsewhere", {"HMP Elsewhere", "--kind", "prison", "--establishment", "MDI"}, false);
  for (const char* with : {"Second Made-Up", "HMP Elsewhere"}) {
    at.tell("desk", {"desk", "agree", "HMP Made Up", with, "--kinds", "handovers", "--until",
                     "2099-12-31"});
  }
  for (const char* site : {"desk", "prison"}) at.tell(site, {"sync"});
}

void who_takes_part(Story& at, const std::string& made) {
  others_come(at);
  Words ground{"handover", "basis",    made,          "--with",    "Second Made-Up", "--law",
               "UK GDPR",  "--ground", "Public task", "--purpose", "support"};
  for (const char* kind : {"IDENTITY", "CONTACT", "RELEASE", "RISK_FLAGS", "RISK_LEVELS", "LICENCE",
                           "NEEDS", "HEALTH", "GATE_PLAN", "OUTCOMES"}) {
    ground.insert(ground.end(), {"--what", kind});
  }
  at.tell("prison", ground);
  at.each("prison", {"handover", "who", made});
  at.each("prison", {"handover", "backup", made, "--with", "Second Made-Up"});
  at.try_out("prison", {"handover", "use-backup", made, "--reason", "no answer"});
  at.try_out("prison", {"handover", "move-to", made, "HMP Elsewhere", "--reason", "moved"});
  at.each("prison", {"handover", "add-partner", made, "--with", "Second Made-Up", "--as",
                     "contributor", "--reason", "asked"});
  for (const char* site : {"prison", "second"}) at.tell(site, {"sync"});
}

void written_too_late(Story& at, const std::string& made) {
  at.tell("second", {"sync"});
  at.tell("second", {"record", "set", made, "notes=Speaks slowly"});
  at.each("prison", {"handover", "remove-partner", made, "--with", "Second Made-Up", "--reason",
                     "They closed"});
  for (const char* site : {"prison", "second", "prison"}) at.tell(site, {"sync"});
  at.each("second", {"late", "list"});
  at.each("prison", {"late", "list"});
  const auto item = json_value(at.tell("prison", {"--json", "late", "list"}), "item");
  at.try_out("prison", {"late", "take", item});
  at.try_out("prison", {"late", "close", item, "--reason", "known"});
}

void to_the_end(Story& at, const std::string& made) {
  at.each("partner", {"handover", "plan", made, "meeting-place=Main gate", "meeting-time=08:30"});
  exchange_all(at);
  at.pace_ms = 1000;  // a code is good for a quarter of an hour
  const auto code = json_value(at.tell("partner", {"--json", "handover", "code", made}), "code");
  at.try_out("prison", {"handover", "confirm-code", made, code});
  at.pace_ms = 60'000;
  at.try_out("prison", {"handover", "stop", made, "Withdrawn", "--because", "made up"});
  at.try_out("prison", {"handover", "release", made, "--early"});
  at.each("partner", {"handover", "gate", made, "missed", "--because", "Released early",
                      "--reported-by", "Kim"});
  at.try_out("partner", {"handover", "lost", made});
  at.each("partner", {"handover", "found", made});
  at.each("partner", {"handover", "support", made});
  at.each("partner", {"handover", "close", made, "--because", "Support completed"});
  at.each("partner", {"sync"});
}

void copies_and_checks(Story& at) {
  at.each("prison", {"check"});
  at.each("prison", {"rebuild"});
  at.try_out("prison", {"backup", "{here}/new-copy"});
  at.tell("prison", {"backup", at.kept("kept-copy")});
  at.try_out("blank", {"restore", "{here}/kept-copy"});
}

void looked_into(Story& at) {
  at.try_out("prison", {"audit", "list"});
  at.tell("prison", {"staff", "roles", "jo", "--add", "governor"});
  at.try_out("prison", {"audit", "export", "{here}/looks", "--reason", "an inspection"});
  const auto asking = json_value(
      at.tell("prison", {"--json", "record", "new", "volunteer", "family-name=Asking"}), "record");
  at.try_out("prison",
             {"subject-access", asking, "--reason", "they asked", "--out", "{here}/given.json"});
}

void erased(Story& at) {
  const auto made = json_value(
      at.tell("prison", {"--json", "record", "new", "volunteer", "family-name=Forgotten"}),
      "record");
  at.tell("prison", {"hold", "set", made, "--reason", "a court"});
  const auto hold = json_value(at.tell("prison", {"--json", "hold", "list"}), "hold");
  at.each("prison", {"hold", "lift", hold, "--reason", "it is over"});
  at.tell("prison", {"erase", "request", made, "--reason", "they asked", "--confirm"});
  const auto request = json_value(at.tell("prison", {"--json", "erase", "list"}), "request");
  at.try_out("prison", {"erase", "withdraw", request, "--reason", "they changed their mind"});
  for (const char* site : {"prison", "desk"}) at.tell(site, {"sync"});
  at.try_out("desk", {"desk", "refuse", request, "--reason", "they still volunteer"});
  at.each("desk", {"desk", "erase", request, "--confirm"});
  for (const char* site : {"desk", "prison", "desk"}) at.tell(site, {"sync"});
}

// The trial's root gives way to two holders.
void root_of_holders(Story& at) {
  for (const char* holder : {"ann", "bob", "cat", "dan"}) {
    fs::create_directory(at.kept(holder));
    fs::permissions(at.kept(holder), fs::perms::owner_all);
  }
  const auto password = at.path("password");
  at.try_out("desk", {"desk", "key", "--request", "{here}/request"});
  at.tell("desk", {"desk", "key", "--request", at.kept("request")});
  at.tell("desk", {"desk", "directory", "--root-list", at.kept("trial")});
  at.try_out(
      "desk",
      {"root", "init", "{here}/cat", "{here}/dan", "--needed", "2", "--request", "{here}/request",
       "--list", "{here}/first", "--new-password-file", password, "--new-password-file", password},
      false);
  at.try_out("desk", {"root", "key", "{here}/ann", "--new-password-file", password}, false);
  for (const char* holder : {"ann", "bob"}) {
    at.tell("desk", {"root", "key", at.kept(holder), "--new-password-file", password}, false);
  }
  at.try_out("desk", {"root", "show", "{here}/trial"}, false);
  const auto shown = at.tell("desk", {"--json", "root", "show", at.kept("trial")}, false);
  const auto own = json_value(json_row_with(shown, "holder"), "number").substr(0, 8);
  const auto rotate = [&](const std::string& folder) {
    return Words{"root",
                 "rotate",
                 folder + "trial",
                 "--out",
                 folder + "next",
                 "--add",
                 folder + "ann/root-key-public.txt",
                 "--add",
                 folder + "bob/root-key-public.txt",
                 "--remove",
                 own,
                 "--needed",
                 "2",
                 "--request",
                 folder + "request"};
  };
  at.try_out("desk", rotate("{here}/"), false);
  at.tell("desk", rotate(at.kept("")), false);
  const auto sign = [&](const std::string& folder, const std::string& holder) {
    return Words{
        "root",  "sign", folder + "next", "--key", folder + holder + "/root-key", "--password-file",
        password};
  };
  at.try_out("desk", sign("{here}/", "ann"), false);
  for (const char* holder : {"ann", "bob"}) at.tell("desk", sign(at.kept(""), holder), false);
  at.each("desk", {"desk", "root", "{here}/next"});
}

// A release is looked at and installed; and gone back from.
void updated(Story& at) {
  auto release = throughgate::node::running_program().release;
  write_text(at.kept("release-now"), release_bytes(release, releases_key()));
  ++release.version[0];
  write_text(at.kept("release-next"), release_bytes(release, releases_key()));
  at.tell("prison", {"update", "install", at.kept("release-now"), "--into", at.kept("programs")},
          false);
  const Words next{"{here}/release-next", "--into", "{here}/programs"};
  at.try_out("prison", {"update", "check", next[0], next[1], next[2]}, false);
  at.try_out("prison", {"update", "install", next[0], next[1], next[2]}, false);
  at.tell("prison", {"update", "install", at.kept("release-next"), "--into", at.kept("programs")},
          false);
  at.try_out("prison", {"update", "back", "--into", "{here}/programs"}, false);
}

void years_later(Story& at, const std::string& made) {
  at.wait(3ULL * 366 * 24 * 3600 * 1000);
  at.tell("desk", {"desk", "directory", "--renew"});
  for (const char* site : {"desk", "prison"}) at.tell(site, {"sync"});
  at.try_out("prison", {"retention", "confirm", made, "--by", "handover-over", "--reason",
                        "kept long enough"});
  at.try_out("prison", {"retention", "confirm", made, "--by", "risk-at-close"});
}

void withdrawn(Story& at, const std::string& made) {
  at.tell("partner", {"sync"});
  at.tell("partner", {"record", "set", made, "meeting-place=Behind the mill", "--reason", "moved"});
  for (const char* site : {"partner", "desk"}) at.tell(site, {"sync"});
  at.try_out("desk", {"desk", "computers"});
  const auto listed = at.tell("desk", {"--json", "desk", "computers"});
  const auto stolen = json_value(json_row_with(listed, "Made-Up Partner"), "number");
  at.each("prison", {"retire-check", "--give-up"});
  at.each("desk", {"desk", "revoke", stolen, "--reason", "stolen", "--stolen-since", "2026-12-04",
                   "--confirm"});
  at.each("desk", {"rotate"});
  at.tell("desk", {"sync"});
  at.tell("desk", {"staff", "roles", "jo", "--add", "governor"});
  at.try_out("desk", {"breach", stolen, "--reason", "a notice", "--out", "{here}/notice"});
  at.tell("prison", {"sync"});
  at.try_out("prison", {"suspect", "list"});
  const auto waits = at.tell("prison", {"--json", "suspect", "list"});
  const auto change = json_value(json_row_with(waits, "Behind the mill"), "change");
  at.try_out("prison", {"suspect", "looked-at", change, "--reason", "we rang them"});
  at.try_out("prison", {"suspect", "keep", change, "--reason", "it was them"});
  at.each("prison", {"suspect", "undo", change, "--reason", "it was not them"});
}

// Long after everything else: nobody has heard of anybody.
void opened_by_telephone(Story& at) {
  at.wait(70ULL * 24 * 3600 * 1000);
  const auto number =
      json_value(at.tell("partner", {"--json", "status"}), "number_for_the_central_team");
  const auto words = json_value(at.tell("desk", {"--json", "desk", "unlock", "Made-Up Partner",
                                                 "--number", number, "--days", "7"}),
                                "words");
  at.try_out("partner", {"unlock", words});
}

}  // namespace

TEST_CASE(
    "whichever command the disk fails under, nothing acknowledged is lost, it says what to "
    "do, and then works",
    "[faults]") {
  Story at;
  at.several_saves = several_saves;
  at.goes_on_later = goes_on_later;
  set_up(at);
  enrol_everybody(at);
  staff_and_records(at);
  const auto made = shared_handover(at);
  answered(at, made);
  looked_after(at);
  who_takes_part(at, made);
  decided(at, made);
  to_the_end(at, made);
  looked_into(at);
  copies_and_checks(at);
  erased(at);
  root_of_holders(at);
  updated(at);
  written_too_late(at, made);
  opened_by_telephone(at);
  years_later(at, made);
  withdrawn(at, made);
  at.moments.print("commands");
  if (at.moments.plays_every_one()) CHECK(at.half_done == at.several_saves);
  CHECK(at.moments.tried() > 300);
  // They answer until they are ended: what they save by page or request is tried for itself
  // (tools/disk_faults).
  for (const char* each : {"serve", "throughgate-hub serve"}) at.told.insert(each);
  for (const auto& command : all_commands()) {
    INFO(command);
    CHECK(at.told.contains(command));
  }
}

TEST_CASE(
    "twin: a command that swallows what the disk said, leaves half or does not say what to do is "
    "found at every moment of a day",
    "[faults]") {
  const Words words{"record", "new", "volunteer", "family-name=Pretended"};
  const auto broken = [&](const std::function<void(Ran&, const std::function<Ran()>&)>& spoil) {
    Story at;
    at.moments.is_twin = true;
    at.tell("prison", init(at, "HMP Made Up", "prison", {"--establishment", "LEI"}), false);
    at.spoilt = words;
    at.spoil = spoil;
    at.try_out("prison", words);
    return at.moments.broken;
  };
  CHECK(broken({}).empty());
  CHECK(broken([](Ran& ran, const auto&) {
          ran.code = 0;
        }).contains("what is said to be done is done"));
  CHECK(broken([](Ran& ran, const auto& once_more) {
          if (ran.code == 0) ran = once_more();
        }).contains("a command is done wholly or not at all"));
  CHECK(broken([](Ran& ran, const auto&) {
          if (ran.code != 0) ran.err = "SQLITE_IOERR: disk I/O error";
        }).contains("a message speaks of how the program is made"));
  CHECK(broken([](Ran& ran, const auto&) {
          if (ran.code != 0) ran.err = "The disk is full.";
        }).contains("a message does not say what to do next"));
}
