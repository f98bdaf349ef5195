// What a browser, or anybody else on this machine, sends as a form. The first byte says how the
// rest is packed (odd: multipart, as the HTTP library takes it apart) and where it is cut in two.
#include <httplib.h>

#include "node/web/form_body.h"
#include "tests/fuzz/fuzz_target.h"

namespace throughgate::fuzz {
namespace {

using namespace node::web;

// Small, so that short inputs reach them.
constexpr FormLimits limits{.body_bytes_max = 4000,
                            .fields_max = 20,
                            .name_bytes_max = 30,
                            .value_bytes_max = 1000,
                            .files_max = 2};

void must_keep_limits(const FormBody& form) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : form.fields.in_order()) {
    must(name.size() <= limits.name_bytes_max && value.size() <= limits.value_bytes_max);
    must(is_valid_utf8(name) && is_valid_utf8(value));
    bytes += value.size();
  }
  for (const auto& file : form.files) bytes += file.bytes.size();
  must(form.fields.in_order().size() <= limits.fields_max && form.files.size() <= limits.files_max);
  must(bytes <= limits.body_bytes_max);
}

std::string percent_encoded(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', digits[byte >> 4U], digits[byte & 15U]};
  }
  return out;
}

// What was read reads the same once it is written again.
void read_urlencoded(std::string_view text) {
  if (text.size() > limits.body_bytes_max) return;  // the server stops reading there
  const auto fields = parse_urlencoded(text, limits);
  if (!fields) return;
  must_keep_limits({*fields, {}});
  std::string again;
  for (const auto& [name, value] : fields->in_order()) {
    again += (again.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
  }
  if (again.size() > limits.body_bytes_max) return;
  const auto twice = parse_urlencoded(again, limits);
  must(twice && twice->in_order() == fields->in_order());
}

std::optional<FormBody> read_multipart(std::initializer_list<std::string_view> pieces) {
  httplib::detail::MultipartFormDataParser parser;
  parser.set_boundary("cut");
  PartCollector parts(limits);
  for (const auto piece : pieces) {
    const bool goes_on = parser.parse(
        piece.data(), piece.size(),
        [&](const char* bytes, std::size_t size) {
          parts.add_bytes({bytes, size});
          return true;
        },
        [&](const httplib::MultipartFormData& part) {
          const bool is_file = !part.filename.empty() || !part.content_type.empty();
          parts.start_part(part.name, is_file, part.filename);
          return true;
        });
    if (!goes_on) return std::nullopt;
  }
  return parser.is_valid() ? parts.finish() : std::nullopt;
}

bool alike(const FormBody& a, const FormBody& b) {
  return a.fields.in_order() == b.fields.in_order() &&
         std::equal(a.files.begin(), a.files.end(), b.files.begin(), b.files.end(),
                    [](const UploadedFile& x, const UploadedFile& y) {
                      return x.field == y.field && x.file_name == y.file_name && x.bytes == y.bytes;
                    });
}

}  // namespace

void run(crypto::ByteView bytes) {
  if (bytes.empty()) return;
  const auto text = crypto::as_text(bytes.subspan(1));
  if (bytes[0] % 2 == 0) return read_urlencoded(text);
  const auto whole = read_multipart({text});
  if (!whole) return;
  must_keep_limits(*whole);
  // However the network cuts it, it is the same form. Not where it is cut inside the first
  // boundary, which the library then passes over, nor where something stands before that or after
  // the last.
  const std::string_view first = "--cut\r\n";
  const std::size_t cut = text.size() * (bytes[0] / 2U) / 128;
  if (!text.starts_with(first) || text.find("--cut--") + 7 != text.size()) return;
  if (cut < first.size()) return;
  const auto cut_in_two = read_multipart({text.substr(0, cut), text.substr(cut)});
  must(cut_in_two && alike(*whole, *cut_in_two));
}

}  // namespace throughgate::fuzz
