// govuk-frontend publishes, for each component, options and the markup they make. Ours must make
// the same, white space aside, wherever it has those options; a pair whose options it lacks is
// counted.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <catch_amalgamated.hpp>
#include <cstdio>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>

#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/date_input.h"
#include "node/web/components/messages.h"
#include "node/web/components/navigation.h"
#include "node/web/components/pagination.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/table.h"
#include "node/web/components/text_input.h"

using namespace throughgate::node::web;
using google::protobuf::Value;

namespace {

// Options as written there. Remembers which were looked at: a pair counts only if all were.
class Options {
 public:
  Options(const Value& value, std::string path, std::set<std::string>& used)
      : value_(&value), path_(std::move(path)), used_(&used) {
    used_->insert(path_);
  }

  Options operator[](const std::string& key) const {
    static const Value nothing;
    const auto& fields = value_->struct_value().fields();
    const auto found = fields.find(key);
    return {found == fields.end() ? nothing : found->second, path_ + "." + key, *used_};
  }
  template <class Make>
  auto list(Make make) const {
    std::vector<decltype(make(*this, 0))> made;
    for (int i = 0; i < value_->list_value().values_size(); ++i) {
      const Value& value = value_->list_value().values(i);
      if (!value.has_struct_value() && !value.has_list_value() && !value.has_string_value())
        continue;
      made.push_back(make(Options(value, path_ + "." + std::to_string(i), *used_), i));
    }
    return made;
  }
  bool is_set() const {
    return value_->kind_case() > 0 && !value_->has_null_value() &&
           !(value_->has_bool_value() && !value_->bool_value()) &&
           !(value_->has_string_value() && value_->string_value().empty()) &&
           !(value_->has_struct_value() && value_->struct_value().fields_size() == 0);
  }
  bool is_object(const std::string& key) const {
    const auto& fields = value_->struct_value().fields();
    return fields.contains(key) && fields.at(key).has_struct_value();
  }
  // Whether it is on; one that is off is not looked at, where ours cannot say "off".
  bool has(const std::string& key) const {
    const auto& fields = value_->struct_value().fields();
    return fields.contains(key) && fields.at(key).bool_value() && (*this)[key].is_set();
  }
  bool is_given() const { return value_->kind_case() != 0 && !value_->has_null_value(); }
  bool truth() const { return is_set(); }
  std::string str() const {
    if (value_->has_number_value()) return std::to_string(std::lround(value_->number_value()));
    if (value_->has_bool_value()) return value_->bool_value() ? "true" : "false";
    return value_->string_value();
  }
  std::string str_or(const std::string& otherwise) const { return is_set() ? str() : otherwise; }
  int number_or(int otherwise) const { return is_set() ? std::stoi(str()) : otherwise; }
  // {text, html}, of which html wins.
  Content content(const std::string& text = "text", const std::string& html = "html") const {
    const Options marked = (*this)[html];
    const Options plain = (*this)[text];
    if (marked.is_set()) return trusted(marked.str());
    return plain.is_set() ? Content(plain.str()) : Content();
  }
  bool has_text() const { return !content().empty(); }

  // Every option given but never looked at; sub-trees count by their leaves.
  std::string unused() const { return first_unused(*value_, path_); }

 private:
  std::string first_unused(const Value& value, const std::string& path) const {
    if (value.has_struct_value()) {
      for (const auto& [key, inner] : value.struct_value().fields()) {
        std::string inner_path = path;
        inner_path.append(".").append(key);
        if (auto found = first_unused(inner, inner_path); !found.empty()) return found;
      }
      return {};
    }
    if (value.has_list_value()) {
      for (int i = 0; i < value.list_value().values_size(); ++i) {
        auto found = first_unused(value.list_value().values(i), path + "." + std::to_string(i));
        if (!found.empty()) return found;
      }
      return {};
    }
    return used_->contains(path) ? std::string() : path;
  }

  const Value* value_;
  std::string path_;
  std::set<std::string>* used_;
};

Url url(const Options& o) { return Url(o.str_or("#")); }

Label label_of(const Options& o) {
  return {o.content(), o["classes"].str(), o["isPageHeading"].truth()};
}

std::optional<Legend> legend_of(const Options& fieldset) {
  if (!fieldset.is_given()) return std::nullopt;
  const auto legend = fieldset["legend"];
  return Legend{legend.content(), legend["classes"].str(), legend["isPageHeading"].truth()};
}

Field field_of(const Options& o) {
  return {.name = o["name"].str(),
          .id = o["id"].str(),
          .label = label_of(o["label"]),
          .hint = o["hint"].content(),
          .error = o["errorMessage"].content(),
          .classes = o["classes"].str(),
          .described_by = o["describedBy"].str(),
          .group_classes = o["formGroup"]["classes"].str()};
}

std::optional<bool> switch_of(const Options& o) {
  return o.is_given() ? std::optional(o.truth()) : std::nullopt;
}

Html make_input(const Options& o) {
  return text_input({.field = field_of(o),
                     .value = o["value"].str(),
                     .type = o["type"].str_or("text"),
                     .input_mode = o["inputmode"].str(),
                     .autocomplete = o["autocomplete"].str(),
                     .auto_capitalize = o["autocapitalize"].str(),
                     .spellcheck = switch_of(o["spellcheck"]),
                     .pattern = o["pattern"].str(),
                     .prefix = o["prefix"].content(),
                     .suffix = o["suffix"].content(),
                     .disabled = o["disabled"].truth()});
}

Html make_text_area(const Options& o) {
  return text_area({.field = field_of(o),
                    .value = o["value"].str(),
                    .rows = o["rows"].number_or(5),
                    .spellcheck = switch_of(o["spellcheck"]),
                    .autocomplete = o["autocomplete"].str()});
}

Html make_file_upload(const Options& o) {
  o["value"].str();  // browsers ignore it, and so does the published markup
  return file_upload(
      {.field = field_of(o), .multiple = o["multiple"].truth(), .disabled = o["disabled"].truth()});
}

Html make_password(const Options& o) {
  return password_input(
      {.field = field_of(o), .autocomplete = o["autocomplete"].str_or("current-password")});
}

bool is_chosen(const Options& item, const Options& values) {
  if (item["checked"].is_given()) return item["checked"].truth();
  for (const auto& value : values.list([](const Options&v, int) { return v.str(); })) {
    if (value == item["value"].str()) return true;
  }
  return values.is_set() && values.str() == item["value"].str() && !values.str().empty();
}

// A radio of ours never hides its further questions, so those pairs are not compared.
Choices choices_of(const Options& o, const Options& values, bool hides) {
  return {.name = o["name"].str(),
          .id_prefix = o["idPrefix"].str(),
          .legend = legend_of(o["fieldset"]),
          .hint = o["hint"].content(),
          .error = o["errorMessage"].content(),
          .classes = o["classes"].str(),
          .items = o["items"].list([&](const Options& item, int) {
            return Choice{
                .value = item["value"].str(),
                .text = item.content(),
                .hint = item["hint"].content(),
                .checked = is_chosen(item, values),
                .disabled = item["disabled"].truth(),
                .conditional = hides ? item["conditional"].content("none").html() : Html{},
                .id = item["id"].str(),
                .divider = item["divider"].str(),
                .behaviour = item["behaviour"].str()};
          })};
}

Html make_select(const Options& o) {
  auto value = o["value"].str();
  auto options = o["items"].list([&](const Options& item, int) {
    const auto given = item["value"];
    const auto own = given.is_given() ? std::optional(given.str()) : std::nullopt;
    if (item.has("selected")) value = own.value_or(item["text"].str());
    return Option{own, item["text"].str(), item["disabled"].truth()};
  });
  return select({.field = field_of(o), .options = std::move(options), .value = value});
}

Html make_date_input(const Options& o) {
  const auto values = o["values"];
  const auto prefix = o["namePrefix"].str();
  const auto value = [&](const char* part) {
    const bool own = o.is_object(part) && o[part]["value"].is_set();
    return own ? o[part]["value"].str() : values[prefix.empty() ? part : prefix + "-" + part].str();
  };
  return date_input({.id = o["id"].str(),
                     .name_prefix = prefix,
                     .legend = legend_of(o["fieldset"]),
                     .hint = o["hint"].content(),
                     .error = o["errorMessage"].content(),
                     .day = value("day"),
                     .month = value("month"),
                     .year = value("year"),
                     .bad_day = o.is_object("day") && o["day"].has("error"),
                     .bad_month = o.is_object("month") && o["month"].has("error"),
                     .bad_year = o.is_object("year") && o["year"].has("error")});
}

Html make_button(const Options& o) {
  return button({.text = o.content(),
                 .classes = o["classes"].str(),
                 .name = o["name"].str(),
                 .value = o["value"].str(),
                 .type = o["type"].str_or("submit"),
                 .id = o["id"].str(),
                 .href = o["href"].is_set() ? std::optional(url(o["href"])) : std::nullopt,
                 .disabled = o["disabled"].truth(),
                 .prevent_double_click = switch_of(o["preventDoubleClick"])});
}

Html make_error_summary(const Options& o) {
  return error_summary(
      {.title = o.content("titleText", "titleHtml"),
       .description = o.content("descriptionText", "descriptionHtml"),
       .items = o["errorList"].list([](const Options& item, int) {
         const auto href = item["href"].str();
         return ErrorSummary::Item{item.content(), href.empty() ? "" : href.substr(1)};
       })});
}

Html make_banner(const Options& o) {
  const auto html = o["html"].str();
  return notification_banner({.text = html.empty() ? o["text"].str() : "",
                              .html = trusted(html),
                              .success = o["type"].str() == "success",
                              .title = o.content("titleText", "titleHtml"),
                              .title_id = o["titleId"].str()});
}

Html make_details(const Options& o) {
  return details({.summary = o.content("summaryText", "summaryHtml"),
                  .text = o.content(),
                  .id = o["id"].str(),
                  .open = o["open"].truth()});
}

Html make_tag(const Options& o) {
  const auto classes = o["classes"].str();
  for (int colour = 0; colour <= static_cast<int>(TagColour::yellow); ++colour) {
    Html made = tag(o.content(), static_cast<TagColour>(colour));
    if (made.str().find("\"govuk-tag " + classes + "\"") != std::string::npos) return made;
  }
  return tag(o.content());
}

std::vector<ActionLink> actions_of(const Options& actions) {
  return actions["items"].list([](const Options& item, int) {
    return ActionLink{url(item["href"]), item.content(), item["visuallyHiddenText"].str()};
  });
}

Html make_summary_list(const Options& o) {
  SummaryList list{.rows = o["rows"].list([](const Options& row, int) {
    return SummaryRow{row["key"].content(), row["value"].content(), actions_of(row["actions"])};
  })};
  if (o["card"].is_given()) {
    list.card = SummaryCard{o["card"]["title"].content(), actions_of(o["card"]["actions"])};
  }
  list.classes = o["classes"].str();
  return summary_list(list);
}

Cell cell_of(const Options& o) {
  return {.content = o.content(),
          .numeric = o["format"].str() == "numeric",
          .classes = o["classes"].str(),
          .column_span = o["colspan"].number_or(1),
          .row_span = o["rowspan"].number_or(1)};
}

Html make_table(const Options& o) {
  const auto cells = [](const Options& row, int = 0) {
    return row.list([](const Options& cell, int) { return cell_of(cell); });
  };
  return table({.caption = o["caption"].str(),
                .caption_classes = o["captionClasses"].str(),
                .head = cells(o["head"]),
                .rows = o["rows"].list(cells),
                .first_cell_is_header = o["firstCellIsHeader"].truth(),
                .classes = o["classes"].str()});
}

std::optional<PageLink> page_link(const Options& o) {
  if (!o["href"].is_set()) return std::nullopt;
  return PageLink{url(o["href"]), o.content(), o["labelText"].str()};
}

Html make_pagination(const Options& o) {
  return pagination({.previous = page_link(o["previous"]),
                     .next = page_link(o["next"]),
                     .items = o["items"].list([](const Options& item, int) {
                       return PageItem{item["number"].str(), url(item["href"]),
                                       item["current"].truth(), item["ellipsis"].truth()};
                     }),
                     .landmark_label = o["landmarkLabel"].str()});
}

Html make_service_navigation(const Options& o) {
  const auto address = o["serviceUrl"];
  return service_navigation(
      {.service_name = o["serviceName"].str(),
       .service_url = address.is_set() ? std::optional(url(address)) : std::nullopt,
       .items = o["navigation"].list([](const Options& item, int) {
         return NavigationItem{item["text"].str(), url(item["href"]), item["current"].truth(),
                               item["active"].truth()};
       })});
}

Html make_fieldset(const Options& o) {
  return fieldset({.legend = legend_of(o),
                   .classes = o["classes"].str(),
                   .described_by = o["describedBy"].str(),
                   .role = o["role"].str()},
                  trusted(o["html"].str()));
}

struct Component {
  const char* folder;
  std::function<Html(const Options&)> make;
};

const std::vector<Component> components = {
    {"input", make_input},
    {"textarea", make_text_area},
    {"file-upload", make_file_upload},
    {"password-input", make_password},
    {"radios", [](const Options& o) { return radios(choices_of(o, o["value"], false)); }},
    {"checkboxes", [](const Options& o) { return checkboxes(choices_of(o, o["values"], true)); }},
    {"select", make_select},
    {"date-input", make_date_input},
    {"button", make_button},
    {"label", [](const Options& o) { return label(label_of(o), o["for"].str()); }},
    {"hint", [](const Options& o) { return hint(o.content(), o["id"].str(), o["classes"].str()); }},
    {"error-message", [](const Options& o) { return error_message(o.content(), o["id"].str()); }},
    {"fieldset", make_fieldset},
    {"error-summary", make_error_summary},
    {"notification-banner", make_banner},
    {"warning-text", [](const Options& o) { return warning_text(o.content()); }},
    {"inset-text", [](const Options& o) { return inset_text(o.content(), o["id"].str()); }},
    {"details", make_details},
    {"tag", make_tag},
    {"panel",
     [](const Options& o) {
       return panel({o.content("titleText", "titleHtml"), o.content()});
     }},
    {"summary-list", make_summary_list},
    {"table", make_table},
    {"pagination", make_pagination},
    {"service-navigation", make_service_navigation},
    {"generic-header",
     [](const Options& o) {
       return generic_header({o.content("logoText", "logoHtml"), Url(o["url"].str_or("/"))});
     }},
    {"skip-link",
     [](const Options& o) {
       return skip_link(o.content(), o["href"].str_or("#content").substr(1));
     }},
    {"back-link",
     [](const Options& o) {
       return back_link(url(o["href"]), o.has_text() ? o.content() : Content("Back"));
     }},
};

// White space next to a tag's ends means nothing here, and a run of it is one space.
std::string without_white_space(const std::string& html) {
  std::string out;
  for (const char c : html) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (space && (out.empty() || out.back() == ' ' || out.back() == '>' || out.back() == '<'))
      continue;
    if ((c == '<' || c == '>') && !out.empty() && out.back() == ' ') out.pop_back();
    out += space ? ' ' : c;
  }
  return out;
}

Value fixtures_of(const std::string& folder) {
  std::ifstream file(std::string(GOVUK_COMPONENTS) + "/" + folder + "/fixtures.json");
  std::stringstream text;
  text << file.rdbuf();
  Value value;
  REQUIRE(google::protobuf::util::JsonStringToMessage(text.str(), &value).ok());
  return value;
}

struct Tally {
  int all = 0, matched = 0, lacking = 0;
};

void compare(const Component& component, Tally& tally) {
  const Value file = fixtures_of(component.folder);
  for (const Value& fixture : file.struct_value().fields().at("fixtures").list_value().values()) {
    const auto& fields = fixture.struct_value().fields();
    std::set<std::string> used;
    const Options options(fields.at("options"), "", used);
    const std::string ours = without_white_space(component.make(options).str());
    const std::string theirs = without_white_space(fields.at("html").string_value());
    ++tally.all;
    if (ours == theirs) {
      ++tally.matched;
    } else if (const auto lacking = options.unused(); !lacking.empty()) {
      ++tally.lacking;
    } else {
      FAIL_CHECK(component.folder << ": " << fields.at("name").string_value() << "\n  ours   "
                                  << ours << "\n  theirs " << theirs);
    }
  }
}

}  // namespace

TEST_CASE("components make the markup that govuk-frontend publishes for the same options",
          "[components][fixtures]") {
  Tally total;
  for (const Component& component : components) {
    Tally tally;
    compare(component, tally);
    std::printf("%-20s %3d of %3d as published, %2d need options it does not have\n",
                component.folder, tally.matched, tally.all, tally.lacking);
    total.all += tally.all;
    total.matched += tally.matched;
    CHECK(tally.matched > 0);
  }
  std::printf("all components       %3d of %3d\n", total.matched, total.all);
}
