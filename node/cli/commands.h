// The groups of commands, one file each.
#pragma once

namespace throughgate::node::cli {

class Program;

void add_setup_commands(Program& program);   // init, enrol, key-file
void add_staff_commands(Program& program);   // staff list, add, password
void add_sync_commands(Program& program);    // sync, status
void add_desk_commands(Program& program);    // desk ...
void add_check_commands(Program& program);   // check
void add_record_commands(Program& program);  // record types, fields, new, set, list, show, history

}  // namespace throughgate::node::cli
