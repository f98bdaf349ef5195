// Short texts that people type, or that come back from a browser's hidden field or a file of
// settings. The first byte says which reader gets the rest.
#include "crypto/words.h"
#include "hub/settings.h"
#include "node/form.h"
#include "node/records/codes.h"
#include "node/records/formats.h"
#include "node/settings.h"
#include "node/staff/permissions.h"
#include "sync/invitation_code.h"
#include "tests/fuzz/fuzz_target.h"

namespace throughgate::fuzz {
namespace {

using namespace node;

// What was read reads the same once it is written again.
void read_hidden_field(std::string_view text) {
  const auto form = Form::decode(text);
  if (form) must(Form::decode(form->encode()) == form);
}

void read_invitation_code(std::string_view text) {
  const auto code = sync::InvitationCode::from_text(text);
  if (!code) return;
  const auto again = sync::InvitationCode::from_text(code->text().view());
  must(again && crypto::equal_in_constant_time(again->view(), code->view()));
}

void read_recovery_words(std::string_view text) {
  const auto key = crypto::from_words(text);
  if (!key) return;
  const auto again = crypto::from_words(crypto::to_words(key->view()).view());
  must(again && crypto::equal_in_constant_time(again->view(), key->view()));
}

// What is shown in a form can be sent back as it stands; and what is stored is stored once.
void read_formats(std::string_view text) {
  const auto* formats = schema::FieldRule::Format_descriptor();
  for (int i = 0; i < formats->value_count(); ++i) {
    const auto format = static_cast<schema::FieldRule::Format>(formats->value(i)->number());
    const auto stored = stored_text(format, text);
    if (!stored) continue;
    const auto again = stored_text(format, *stored);
    must(again && *again == *stored);
    const auto typed_back = stored_text(format, shown_text(format, *stored));
    must(typed_back && *typed_back == *stored);
  }
}

// Whatever a site writes, it gives nobody more than the program does.
void read_permissions(std::string_view text) {
  const auto narrow = Permissions::shipped().narrowed_by(text);
  if (!narrow) return;
  for (const auto& role : known_roles()) {
    for (const auto& type : record_types()) {
      for (const auto sensitivity :
           {schema::FieldRule::OPEN, schema::FieldRule::PERSONAL, schema::FieldRule::CONFIDENTIAL,
            schema::FieldRule::RESTRICTED}) {
        const auto most = Permissions::shipped().access({role}, type.number, sensitivity);
        const auto now = narrow->access({role}, type.number, sensitivity);
        must((most.sees || !now.sees) && (most.writes || !now.writes));
      }
    }
  }
}

}  // namespace

void run(crypto::ByteView bytes) {
  if (bytes.empty()) return;
  const auto text = crypto::as_text(bytes.subspan(1));
  switch (bytes[0] % 8) {
    case 0:
      return read_hidden_field(text);
    case 1:
      return read_invitation_code(text);
    case 2:
      return read_recovery_words(text);
    case 3:
      return read_formats(text);
    case 4:
      static_cast<void>(parse_code_list("made-up", text));
      return;
    case 5:
      static_cast<void>(parse_code_table("made-up", text));
      return;
    case 6:
      static_cast<void>(parse_settings(text));
      read_permissions(text);
      return;
    default:
      static_cast<void>(hub::parse_settings(text));
  }
}

}  // namespace throughgate::fuzz
