// The groups of commands, one file each.
#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace throughgate::node::cli {

class Program;

void add_setup_commands(Program& program);    // init, enrol, key-file
void add_staff_commands(Program& program);    // staff list, add, password
void add_sync_commands(Program& program);     // sync, status
void add_contact_commands(Program& program);  // unlock
void add_bundle_commands(Program& program);   // bundle export, import, nightly, inspect
// bundle passed-on, brought-back, give-up
void add_passed_on_commands(Program& program, CLI::App* bundle);
void add_recall_commands(Program& program, CLI::App* bundle);  // bundle made, recall
void add_desk_commands(Program& program);                      // desk ...
// desk invite, requests, approve, withdraw
void add_desk_enrolment_commands(Program& program, CLI::App* desk);
void add_desk_take_command(Program& program, CLI::App* desk);      // desk take
void add_desk_unlock_command(Program& program, CLI::App* desk);    // desk unlock
void add_desk_root_commands(Program& program, CLI::App* desk);     // desk key, desk root
void add_desk_erasure_commands(Program& program, CLI::App* desk);  // desk erasures, erase, refuse
void add_fork_command(Program& program, CLI::App* desk);
void add_opening_command(Program& program, CLI::App* desk);
void add_revocation_commands(Program& program, CLI::App* desk);  // desk computers, revoke
void add_retire_command(Program& program);                       // retire-check
void add_rotate_command(Program& program);                       // rotate
void add_breach_command(Program& program);                       // breach
void add_suspect_commands(Program& program);                     // suspect list, keep ...
void add_erasure_commands(Program& program);                     // erase ..., hold ...
void add_retention_commands(Program& program);                   // retention review, confirm
void add_subject_access_command(Program& program);               // subject-access
void add_root_commands(Program& program);    // root init, show, sign, key, rotate
void add_check_commands(Program& program);   // check, rebuild
void add_backup_commands(Program& program);  // backup, restore
void add_audit_commands(Program& program);   // audit list, check, export
void add_dispute_commands(Program& program, CLI::App* record);  // record correct, dispute, settle
void add_redact_command(Program& program, CLI::App* record);    // record redact
void add_record_commands(Program& program);  // record types, fields, new, set, list, show, history
void add_search_commands(Program& program);  // search
// handover list, show, read, new, basis, share, accept, decline, more-info, plan, release, gate,
// found, lost, support, close, stop
void add_handover_commands(Program& program);
void add_conflict_commands(Program& program);   // conflict list, show, resolve
void add_late_commands(Program& program);       // late list, take, close
void add_volunteer_commands(Program& program);  // volunteer import
void add_serve_command(Program& program);       // serve
void add_update_commands(Program& program);     // update check, install, back

// All of them, in the order in which --help lists them.
void add_every_command(Program& program);

}  // namespace throughgate::node::cli
