// A form that could not be taken, because the session it was opened in is locked or gone, carried
// along while its person signs in again: what was typed goes back to the browser that sent it, in
// hidden fields of the sign-in form, and is kept nowhere else. It is taken only afterwards, by its
// own page, with a token of the new session.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/web/routes.h"

namespace throughgate::node::web {

// What a form of a signed-in person sends back: the session's token, and behind it whose it was, so
// that it is told apart from somebody else's once that session is gone. Proves nothing by itself.
std::string marked_token(const std::string& token, const Person& person);
std::string_view token_in(std::string_view marked);
std::string_view person_in(std::string_view marked);

struct CarriedForm {
  std::string action;  // the local path that it was sent to
  Parameters fields;   // all of it, its token too

  bool is_of(const Person& person) const { return person_in(fields.get("csrf")) == person.id; }
};
// What is typed in such a field lets its reader be somebody: a password, the code of an invitation,
// the words of a recovery sheet.
// It stands in no page again, not even where the form comes back.
bool is_secret_field(std::string_view name);

// The form of this visit; of a sign-in, the one it carries. nullopt: there is none, nobody had
// signed in when it was opened, or it is too large to carry, or holds a file.
std::optional<CarriedForm> carried_by(const Visit& visit);

// To stand in the form of the sign-in page.
Html carrying_fields(const CarriedForm& carried);

// What was typed, to be read, and a button that sends it to its own page; beside it, a way on
// without.
Html send_again_form(const Visit& visit, const CarriedForm& carried,
                     const std::string& button_text);

// Shown to somebody who has signed in again since they opened the form: what they typed, and a
// button that sends it.
Html save_again_page(const Visit& visit, const CarriedForm& carried);

}  // namespace throughgate::node::web
