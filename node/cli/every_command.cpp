#include "node/cli/commands.h"

namespace throughgate::node::cli {

void add_every_command(Program& program) {
  add_setup_commands(program);
  add_staff_commands(program);
  add_sync_commands(program);
  add_contact_commands(program);
  add_bundle_commands(program);
  add_desk_commands(program);
  add_retire_command(program);
  add_rotate_command(program);
  add_subject_access_command(program);
  add_root_commands(program);
  add_erasure_commands(program);
  add_retention_commands(program);
  add_check_commands(program);
  add_backup_commands(program);
  add_update_commands(program);
  add_audit_commands(program);
  add_record_commands(program);
  add_search_commands(program);
  add_handover_commands(program);
  add_conflict_commands(program);
  add_suspect_commands(program);
  add_breach_command(program);
  add_late_commands(program);
  add_volunteer_commands(program);
  add_serve_command(program);
}

}  // namespace throughgate::node::cli
