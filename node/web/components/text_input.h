// Questions answered by typing, and by choosing a file.
#pragma once

#include <optional>
#include <string>

#include "node/web/components/field.h"

namespace throughgate::node::web {

struct TextInput {
  Field field{};
  std::string value{};
  std::string type = "text";
  std::string input_mode{};    // "numeric" for codes and numbers
  std::string autocomplete{};  // "off" for other people's details
  std::string auto_capitalize{};
  std::optional<bool> spellcheck{};
  std::string pattern{};
  Content prefix{};
  Content suffix{};
  bool disabled = false;
};
Html text_input(const TextInput& input);

// Never shows what was typed before. The button that shows the letters appears with JavaScript
// only.
struct PasswordInput {
  Field field{};
  std::string autocomplete = "current-password";
};
Html password_input(const PasswordInput& input);

struct TextArea {
  Field field{};
  std::string value{};
  int rows = 5;
  std::optional<bool> spellcheck{};
  std::string autocomplete{};
};
Html text_area(const TextArea& area);

// The form needs enctype="multipart/form-data".
struct FileUpload {
  Field field{};
  bool multiple = false;
  bool disabled = false;
};
Html file_upload(const FileUpload& upload);

}  // namespace throughgate::node::web
