#include "node/rights/files.h"

#include "node/rights/pack_document.h"
#include "node/rights/pdf.h"

namespace throughgate::node {

sync::Result<PackFile> file_of(const Pack& pack, PackForm form) {
  if (form == PackForm::json) {
    const auto text = json_of(pack);
    return PackFile{"subject-access.json", "application/json", {text.begin(), text.end()}, {}};
  }
  auto pdf = pdf_of(document_of(pack));
  if (!pdf) return pdf.error();
  PackFile out{"subject-access.pdf", "application/pdf", std::move(pdf->bytes), {}};
  if (pdf->letters_without_font > 0) {
    out.remark = "No font on this computer has some of its letters (" +
                 std::to_string(pdf->letters_without_font) +
                 "); they are shown as boxes. The file for programs (JSON) has all of them.";
  }
  return out;
}

}  // namespace throughgate::node
