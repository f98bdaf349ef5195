// HTML templates checked while compiling: h(R"(<p class="{}">{}</p>)", cls, text).
//
// Every {} is escaped for the place it stands in. A {} in an unsafe place (an unquoted attribute, a
// script, an event handler, a comment), a wrong count of arguments, plain text where a Url is due
// or markup inside an attribute does not compile; the compiler's message names the fault. Markup
// passes through unescaped only as Html, and only h() and trusted() make Html.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace throughgate::node::web {

class Html {  // markup that is already safe
 public:
  Html() = default;
  const std::string& str() const { return markup_; }
  bool empty() const { return markup_.empty(); }
  Html& operator+=(const Html& more) {
    markup_ += more.markup_;
    return *this;
  }
  friend Html operator+(Html left, const Html& right) { return left += right; }
  // The one way in besides h(). Never for text that came from a person, a record or the network.
  friend Html trusted(std::string markup);

 private:
  explicit Html(std::string markup) : markup_(std::move(markup)) {}
  std::string markup_;
};
inline Html trusted(std::string markup) { return Html(std::move(markup)); }

// An address a link may lead to: a local path, ?query, #id, http(s) or mailto. Anything else (a
// script, another host without a scheme, a line break) becomes "#".
class Url {
 public:
  explicit Url(std::string address) : address_(safe(address) ? std::move(address) : "#") {}
  const std::string& str() const { return address_; }
  bool is_local_path() const { return address_.starts_with('/'); }

 private:
  static bool safe(std::string_view address) {
    for (const char c : address) {
      if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '\\') return false;
    }
    return address.starts_with("https://") || address.starts_with("http://") ||
           address.starts_with("mailto:") || address.starts_with('#') || address.starts_with('?') ||
           (address.starts_with('/') && !address.starts_with("//"));
  }
  std::string address_;
};

namespace detail {

// Never defined: calling one while compiling is the error message.
void placeholder_in_an_unsafe_place();
void wrong_number_of_arguments();
void this_attribute_needs_a_Url();
void attribute_placeholder_needs_an_Attr();
void argument_type_not_allowed_here();
void stray_brace();
void attribute_name_not_allowed();

constexpr bool runs_script(std::string_view attribute) {
  return attribute.starts_with("on") || attribute == "style" || attribute == "srcdoc" ||
         attribute == "content";  // of <meta http-equiv=refresh>
}

constexpr bool holds_url(std::string_view attribute) {
  constexpr std::array<std::string_view, 12> names = {
      "href", "src",  "action", "formaction", "srcset",   "data",
      "ping", "cite", "poster", "background", "manifest", "codebase"};
  for (const auto name : names) {
    if (name == attribute) return true;
  }
  return false;
}

constexpr bool holds_raw_text(std::string_view rest_of_tag) {
  constexpr std::array<std::string_view, 8> names = {
      "script", "style", "iframe", "xmp", "noembed", "noframes", "noscript", "plaintext"};
  for (const auto name : names) {
    if (rest_of_tag.starts_with(name)) return true;
  }
  return false;
}

}  // namespace detail

// A whole attribute, or nothing when it is off: h(R"(<option value="{}"{}>)", v, flag("selected",
// on)).
class Attr {
 public:
  class Name {
   public:
    template <std::size_t Size>
    consteval Name(const char (&name)[Size]) : name_(name, Size - 1) {
      for (const char c : name_) {
        if (!((c >= 'a' && c <= 'z') || c == '-')) detail::attribute_name_not_allowed();
      }
      if (name_.empty() || detail::runs_script(name_) || detail::holds_url(name_)) {
        detail::attribute_name_not_allowed();
      }
    }
    std::string_view str() const { return name_; }

   private:
    std::string_view name_;
  };

  Attr(Name name, std::string value) : name_(name), value_(std::move(value)) {}
  // Left out when there is no value.
  Attr(Name name, std::optional<std::string> value)
      : name_(name), value_(value.value_or("")), on_(value.has_value()) {}

  friend Attr flag(Name name, bool on);
  void append_to(std::string& out) const;

 private:
  explicit Attr(Name name, bool on) : name_(name), on_(on), bare_(true) {}

  Name name_;
  std::string value_;
  bool on_ = true;
  bool bare_ = false;
};
inline Attr flag(Attr::Name name, bool on) { return Attr(name, on); }
inline Attr attr(Attr::Name name, std::string value) { return {name, std::move(value)}; }
// Left out when `value` is empty.
inline Attr attr_unless_empty(Attr::Name name, const std::string& value) {
  return {name, value.empty() ? std::nullopt : std::optional(value)};
}
inline Attr attr_if(bool on, Attr::Name name, std::string value) {
  return {name, on ? std::optional(std::move(value)) : std::nullopt};
}
using Attrs = std::vector<Attr>;

namespace detail {

// Replaces what has a meaning in markup; control characters, which HTML forbids, become U+FFFD, and
// what nobody sees but would turn the text around is left out.
void escape_to(std::string& out, std::string_view text);

enum class Place { text, quoted, url, attribute, unsafe };

template <class T>
constexpr bool is_text = std::convertible_to<const T&, std::string_view> ||
                         (std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>);

template <class T>
constexpr bool fits(Place place) {
  if (std::same_as<T, Html>) return place == Place::text;
  if (std::same_as<T, Url>) return place == Place::url || place == Place::quoted;
  if (std::same_as<T, Attr> || std::same_as<T, Attrs>) return place == Place::attribute;
  return is_text<T> && (place == Place::text || place == Place::quoted);
}

// Walks a template's text, knowing at each {} what kind of place it is.
class Walker {
 public:
  constexpr explicit Walker(std::string_view markup) : markup_(markup) {}

  // The place of the next {}; nullopt when there is none left.
  constexpr std::optional<Place> next() {
    while (at_ < markup_.size()) {
      const char c = markup_[at_];
      if (c == '}' || (c == '{' && markup_.substr(at_, 2) != "{}")) stray_brace();
      if (c == '{') {
        const Place place = this_place();
        at_ += 2;
        return place;
      }
      step(c);
      ++at_;
    }
    return std::nullopt;
  }

 private:
  enum class State { text, tag, quoted, comment };

  constexpr void step(char c) {
    const std::string_view rest = markup_.substr(at_);
    switch (state_) {
      case State::text:
        if (rest.starts_with("<!--")) {
          state_ = State::comment;
        } else if (c == '<') {
          state_ = State::tag;
          if (holds_raw_text(rest.substr(1))) raw_ = true;
          if (rest.starts_with("</") && holds_raw_text(rest.substr(2))) raw_ = false;
        }
        break;
      case State::tag:
        if (c == '>') state_ = State::text;
        if (c == '\'') placeholder_in_an_unsafe_place();  // attributes are quoted with "
        if (c == '"') open_quote();
        break;
      case State::quoted:
        if (c == '"') state_ = State::tag;
        break;
      case State::comment:
        if (rest.starts_with("-->")) state_ = State::text;
        break;
    }
  }

  constexpr void open_quote() {
    std::size_t end = at_;
    while (end > 0 && markup_[end - 1] == '=') --end;
    std::size_t begin = end;
    while (begin > 0 && ((markup_[begin - 1] >= 'a' && markup_[begin - 1] <= 'z') ||
                         markup_[begin - 1] == '-')) {
      --begin;
    }
    attribute_ = markup_.substr(begin, end - begin);
    if (attribute_.empty()) placeholder_in_an_unsafe_place();  // names are lower case
    value_begin_ = at_ + 1;
    state_ = State::quoted;
  }

  constexpr Place this_place() const {
    if (state_ == State::text) return raw_ ? Place::unsafe : Place::text;
    if (state_ == State::tag) return attribute_may_stand_here() ? Place::attribute : Place::unsafe;
    if (state_ == State::comment || runs_script(attribute_)) return Place::unsafe;
    if (!holds_url(attribute_)) return Place::quoted;
    if (at_ == value_begin_) return Place::url;
    return markup_[value_begin_] == '#' ? Place::quoted : Place::unsafe;
  }

  // After a finished attribute, a tag's name or a space; before the end of the tag or the like.
  constexpr bool attribute_may_stand_here() const {
    const char before = markup_[at_ - 1];
    const char after = at_ + 2 < markup_.size() ? markup_[at_ + 2] : '>';
    const bool finished = before == '"' || before == ' ' || before == '}' || before == '\n' ||
                          (before >= 'a' && before <= 'z');
    return finished && (after == '>' || after == ' ' || after == '{' || after == '\n');
  }

  std::string_view markup_;
  std::size_t at_ = 0;
  State state_ = State::text;
  bool raw_ = false;  // inside <script>, <style> or another element whose text is not escaped
  std::string_view attribute_;
  std::size_t value_begin_ = 0;
};

constexpr void complain(Place place) {
  if (place == Place::url) this_attribute_needs_a_Url();
  if (place == Place::attribute) attribute_placeholder_needs_an_Attr();
  if (place == Place::text || place == Place::quoted) argument_type_not_allowed_here();
}

template <class... Args>
class Template {
 public:
  template <std::size_t Size>
  consteval Template(const char (&literal)[Size]) : markup_(literal, Size - 1) {
    Walker walker(markup_);
    std::size_t count = 0;
    while (const auto place = walker.next()) {
      if (*place == Place::unsafe) placeholder_in_an_unsafe_place();
      std::size_t index = 0;
      ((index++ == count && !fits<Args>(*place) ? complain(*place) : void()), ...);
      ++count;
    }
    if (count != sizeof...(Args)) wrong_number_of_arguments();
  }
  std::string_view markup() const { return markup_; }

 private:
  std::string_view markup_;
};

inline void put(std::string& out, const Html& html) { out += html.str(); }
inline void put(std::string& out, const Url& url) { escape_to(out, url.str()); }
inline void put(std::string& out, const Attr& attribute) { attribute.append_to(out); }
inline void put(std::string& out, const Attrs& attributes) {
  for (const Attr& each : attributes) each.append_to(out);
}
inline void put(std::string& out, std::string_view text) { escape_to(out, text); }
template <std::integral T>
void put(std::string& out, T number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace detail

template <class... Args>
Html h(detail::Template<std::type_identity_t<Args>...> markup, const Args&... args) {
  const std::string_view text = markup.markup();
  std::string out;
  out.reserve(text.size() + 32 * sizeof...(Args));
  std::size_t from = 0;
  [[maybe_unused]] const auto literal_up_to_placeholder = [&] {
    const std::size_t end = text.find("{}", from);
    out.append(text.substr(from, end - from));
    from = end + 2;
  };
  ((literal_up_to_placeholder(), detail::put(out, args)), ...);
  out.append(text.substr(from));
  return trusted(std::move(out));
}

// The markup of every element in turn.
template <std::ranges::range Range, class Render>
Html each(const Range& range, Render render) {
  Html out;
  for (const auto& element : range) out += render(element);
  return out;
}
template <class Render>
Html when(bool condition, Render render) {
  return condition ? render() : Html{};
}

}  // namespace throughgate::node::web
