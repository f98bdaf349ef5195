#include "node/rights/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>

#include "node/rights/pdf_language.h"
#include "node/text/unicode.h"

namespace throughgate::node {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;
using Kind = DocumentBlock::Kind;

// In points: 72 to an inch.
constexpr double page_width = 595.28;  // A4
constexpr double page_height = 841.89;
constexpr double margin = 56;
constexpr double foot = 40;  // of the page, above its edge
constexpr double text_width = page_width - 2 * margin;
constexpr double label_width = 140;
constexpr double gap = 12;

struct Free {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* drawing) const { cairo_destroy(drawing); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
  void operator()(PangoLayoutIter* iter) const { pango_layout_iter_free(iter); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

struct Style {
  double size;
  bool bold;
  double space_before;
  const char* tag;  // what it is, to who has the page read aloud
};

Style style_of(Kind kind) {
  switch (kind) {
    case Kind::title:
      return {20, true, 0, "H1"};
    case Kind::heading:
      return {14, true, 20, "H2"};
    case Kind::subheading:
      return {11, true, 12, "H3"};
    case Kind::fact:
      return {9.5, false, 5, "P"};
    case Kind::aside:
      return {8, false, 1, "P"};
    case Kind::paragraph:
      break;
  }
  return {9.5, false, 6, "P"};
}

std::string in_points(double number) {
  std::array<char, 32> out{};
  g_ascii_formatd(out.data(), static_cast<int>(out.size()), "%.1f", number);
  return out.data();
}

// What the library breaks into lines takes time by the square of its length.
constexpr std::size_t piece_bytes = 2'000;

// At line breaks or blanks where there are any, and never within a letter; one piece at least.
std::vector<std::string> pieces_of(const std::string& text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (text.size() - at > piece_bytes) {
    auto end = text.find_last_of("\n ", at + piece_bytes);
    if (end == std::string::npos || end <= at) {
      end = at + piece_bytes;
      while (end > at + 1 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    } else {
      ++end;
    }
    out.push_back(text.substr(at, end - at));
    if (out.back().back() == '\n') out.back().pop_back();  // the next piece begins a line anyway
    at = end;
  }
  out.push_back(text.substr(at));
  return out;
}

// Draws a document from top to bottom; a line that does not fit begins the next page.
class Drawing {
 public:
  Drawing(const Document& document, std::size_t pages_in_all)
      : document_(document), pages_in_all_(pages_in_all) {
    surface_.reset(cairo_pdf_surface_create_for_stream(write, &bytes_, page_width, page_height));
    drawing_.reset(cairo_create(surface_.get()));
    set_metadata(CAIRO_PDF_METADATA_TITLE, document.title);
    set_metadata(CAIRO_PDF_METADATA_AUTHOR, document.author);
    set_metadata(CAIRO_PDF_METADATA_CREATOR, "Throughgate");
    set_metadata(CAIRO_PDF_METADATA_CREATE_DATE, iso_time(document.made_at_ms));
  }

  Result<Pdf> draw() {
    begin_page();
    for (const auto& block : document_.blocks) {
      draw_block(block);
      if (page_ > pages_max) {
        return Error{ErrorKind::unavailable,
                     "This is too long for one file of pages. Take it as a file for programs "
                     "(JSON), or leave more of it out."};
      }
    }
    end_page();
    drawing_.reset();
    cairo_surface_finish(surface_.get());
    if (cairo_surface_status(surface_.get()) != CAIRO_STATUS_SUCCESS) {
      return Error{ErrorKind::unavailable,
                   "The pages could not be drawn. Try again; if it goes on, take it as a file for "
                   "programs (JSON)."};
    }
    return Pdf{std::move(bytes_), page_, without_font_};
  }

 private:
  static cairo_status_t write(void* into, const unsigned char* bytes, unsigned int length) {
    auto& out = *static_cast<crypto::Bytes*>(into);
    out.insert(out.end(), bytes, bytes + length);
    return CAIRO_STATUS_SUCCESS;
  }

  static std::string iso_time(std::uint64_t ms) {
    const std::unique_ptr<GDateTime, decltype(&g_date_time_unref)> time(
        g_date_time_new_from_unix_utc(static_cast<gint64>(ms / 1000)), g_date_time_unref);
    const std::unique_ptr<char, decltype(&g_free)> text(
        time ? g_date_time_format(time.get(), "%Y-%m-%dT%H:%M:%SZ") : nullptr, g_free);
    return text ? std::string(text.get()) : std::string();
  }

  void set_metadata(cairo_pdf_metadata_t which, const std::string& text) {
    cairo_pdf_surface_set_metadata(surface_.get(), which, text.c_str());
  }

  // ---- pages

  void begin_page() {
    ++page_;
    y_ = margin;
    if (page_ > 1) draw_line_of(document_.title, margin - 26, PANGO_ALIGN_LEFT);
  }

  void end_page() {
    draw_line_of("Page " + std::to_string(page_) +
                     (pages_in_all_ == 0 ? "" : " of " + std::to_string(pages_in_all_)),
                 page_height - foot, PANGO_ALIGN_RIGHT);
    cairo_show_page(drawing_.get());
  }

  void next_page() {
    end_page();
    begin_page();
  }

  double bottom() const { return page_height - margin - 10; }

  // On every page: no part of the text.
  void draw_line_of(const std::string& text, double y, PangoAlignment alignment) {
    const auto layout = laid_out(text, text_width, 8, false);
    pango_layout_set_alignment(layout.get(), alignment);
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    cairo_move_to(drawing_.get(), margin, y);
    pango_cairo_show_layout(drawing_.get(), layout.get());
  }

  // ---- blocks

  Owned<PangoLayout> laid_out(const std::string& text, double width, double size, bool bold) {
    Owned<PangoLayout> layout(pango_cairo_create_layout(drawing_.get()));
    const Owned<PangoFontDescription> font(
        pango_font_description_from_string("DejaVu Sans, sans-serif"));
    pango_font_description_set_size(font.get(), static_cast<int>(size * PANGO_SCALE));
    if (bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    const auto shown = visible_text(text);
    pango_layout_set_text(layout.get(), shown.data(), static_cast<int>(shown.size()));
    return layout;
  }

  void draw_block(const DocumentBlock& block) {
    const auto style = style_of(block.kind);
    y_ += style.space_before;
    const bool is_heading = block.kind == Kind::heading || block.kind == Kind::subheading;
    // A heading does not stand alone at the foot of a page.
    if (is_heading && y_ + 70 > bottom()) next_page();
    const double indent =
        block.kind == Kind::fact || block.kind == Kind::aside ? label_width + gap : 0;
    if (is_heading) add_to_contents(block);
    bool is_first = true;
    for (const auto& piece : pieces_of(block.text)) {
      const auto text = laid_out(piece, text_width - indent, style.size, style.bold);
      if (is_first && block.kind == Kind::fact) draw_label(block.label, text.get());
      draw_lines(text.get(), margin + indent, style.tag);
      is_first = false;
      if (page_ > pages_max) return;
    }
  }

  // Beside the first lines of the fact, on the page where these stand.
  void draw_label(const std::string& label, PangoLayout* fact) {
    const auto layout = laid_out(label, label_width, style_of(Kind::fact).size, true);
    int label_height = 0;
    pango_layout_get_size(layout.get(), nullptr, &label_height);
    const double height = static_cast<double>(label_height) / PANGO_SCALE;
    if (y_ + std::max(height, first_line_height(fact)) > bottom()) next_page();
    note_letters(layout.get());
    cairo_tag_begin(drawing_.get(), "P", nullptr);
    cairo_move_to(drawing_.get(), margin, y_);
    pango_cairo_show_layout(drawing_.get(), layout.get());
    cairo_tag_end(drawing_.get(), "P");
    label_bottom_ = y_ + height;
    label_page_ = page_;
  }

  static double first_line_height(PangoLayout* layout) {
    PangoRectangle logical{};
    pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, 0), nullptr, &logical);
    return static_cast<double>(logical.height) / PANGO_SCALE;
  }

  void draw_lines(PangoLayout* layout, double x, const char* tag) {
    note_letters(layout);
    const Owned<PangoLayoutIter> iter(pango_layout_get_iter(layout));
    bool open = false;
    do {
      PangoRectangle line{};
      pango_layout_iter_get_line_extents(iter.get(), nullptr, &line);
      const double height = static_cast<double>(line.height) / PANGO_SCALE;
      if (y_ + height > bottom()) {
        if (open) cairo_tag_end(drawing_.get(), tag);
        open = false;
        next_page();
        if (page_ > pages_max) return;
      }
      if (!open) cairo_tag_begin(drawing_.get(), tag, nullptr);
      open = true;
      const int baseline = pango_layout_iter_get_baseline(iter.get());  // as `line`, of the whole
      const double above = static_cast<double>(baseline - line.y) / PANGO_SCALE;
      cairo_move_to(drawing_.get(), x + static_cast<double>(line.x) / PANGO_SCALE, y_ + above);
      pango_cairo_show_layout_line(drawing_.get(), pango_layout_iter_get_line_readonly(iter.get()));
      y_ += height;
    } while (pango_layout_iter_next_line(iter.get()) != 0);
    if (open) cairo_tag_end(drawing_.get(), tag);
    // What follows stands below a label of several lines.
    if (label_page_ == page_) y_ = std::max(y_, label_bottom_);
    label_page_ = 0;
  }

  void note_letters(PangoLayout* layout) {
    without_font_ += static_cast<std::size_t>(pango_layout_get_unknown_glyphs_count(layout));
  }

  void add_to_contents(const DocumentBlock& block) {
    const bool is_part = block.kind == Kind::subheading;
    const auto place =
        "page=" + std::to_string(page_) + " pos=[" + in_points(margin) + " " + in_points(y_) + "]";
    const int entry = cairo_pdf_surface_add_outline(
        surface_.get(), is_part ? heading_ : CAIRO_PDF_OUTLINE_ROOT,
        visible_line(block.text).c_str(), place.c_str(), CAIRO_PDF_OUTLINE_FLAG_OPEN);
    if (!is_part) heading_ = entry;
  }

  const Document& document_;
  const std::size_t pages_in_all_;
  crypto::Bytes bytes_;
  Owned<cairo_surface_t> surface_;
  Owned<cairo_t> drawing_;
  std::size_t page_ = 0;
  std::size_t without_font_ = 0;
  double y_ = 0;
  double label_bottom_ = 0;
  std::size_t label_page_ = 0;
  int heading_ = CAIRO_PDF_OUTLINE_ROOT;
};

std::mutex& one_at_a_time() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

// Drawn twice: the first time says how many pages there are.
Result<Pdf> pdf_of(const Document& document) {
  const std::lock_guard<std::mutex> lock(one_at_a_time());
  const auto counted = Drawing(document, 0).draw();
  if (!counted) return counted.error();
  auto drawn = Drawing(document, counted->pages).draw();
  if (!drawn) return drawn;
  auto with = with_language(drawn->bytes, document.language);
  if (!with) {
    return Error{ErrorKind::unavailable,
                 "The pages could not be finished. Take it as a file for programs (JSON)."};
  }
  drawn->bytes = *std::move(with);
  return drawn;
}

}  // namespace throughgate::node
