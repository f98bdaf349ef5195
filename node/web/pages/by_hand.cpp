// By stick or e-mail: making a file for another organisation or the exchange.
#include "node/bundles/import.h"
#include "node/bundles/nightly.h"
#include "node/bundles/outgoing.h"
#include "node/restored.h"
#include "node/web/components/button.h"
#include "node/web/components/choices.h"
#include "node/web/components/messages.h"
#include "node/web/content_style.h"
#include "node/web/pages/by_hand_parts.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr std::string_view to_exchange = "exchange";
// Many mailboxes refuse more than 10 MB, and an e-mail makes a file a third larger.
constexpr std::size_t email_bytes_max = 7'000'000;

constexpr Outcome outcomes[] = {
    {"made", "The file is made. Save it from this page to the stick, or for the e-mail."},
    {"made-without",
     "The file is made, without handovers for which the ground for sharing is over. To send these "
     "too, record another ground in each; else end the sharing. If the day is wrong on this "
     "computer, put its clock right first. Save the file from this page to the stick, or for the "
     "e-mail."},
    {"deleted", "The files are deleted from this computer."},
    {"given-up", "The file is given up. Ask whoever made it for a new one."},
    {"try-again",
     "The file is tried when this computer next exchanges what is new: soon, or at once under "
     "\"Sending and receiving\"."},
    {"brought-back", "The exchange's answer is deleted from this computer."},
};

// ---- making one

// Whom a file can be made for, each with the value of its choice.
using Readers = std::vector<std::pair<std::string, BundleReaders>>;

Result<Readers> possible_readers(OpenNode& node) {
  Readers out;
  const auto shared_with = all_readers(node);
  if (!shared_with && shared_with.error().kind != ErrorKind::denied) return shared_with.error();
  if (shared_with) {
    for (const auto& each : *shared_with) out.emplace_back(each.organisation.hex(), each);
  }
  const auto exchange = hub_readers(node);
  if (!exchange) return exchange.error();
  out.emplace_back(to_exchange, *exchange);
  return out;
}

struct Asked {
  std::string to, by;
  std::string to_error{}, by_error{};

  bool has_errors() const { return !to_error.empty() || !by_error.empty(); }
};

Choice choice_of(const std::string& value, const BundleReaders& readers, const Asked& asked) {
  if (readers.meant_for == sync::BundleFor::hub) {
    return {
        .value = value,
        .text = "The central exchange",
        .hint =
            "Everything that waits to be sent. Anybody may carry it to the central team, or bring "
            "it in at any site that has a network",
        .checked = asked.to == value};
  }
  return {.value = value,
          .text = readers.name,
          .hint = "What you share with them, and word of what you share no longer. Opens on: " +
                  joined(readers.computers),
          .checked = asked.to == value};
}

Html make_form(const PageContext& context, const Readers& readers, const Asked& asked) {
  Choices to{.name = "to",
             .legend = Legend{.text = "Who is it for?", .classes = "govuk-fieldset__legend--s"},
             .error = asked.to_error};
  for (const auto& [value, each] : readers) to.items.push_back(choice_of(value, each, asked));
  const Choices by{
      .name = "by",
      .legend = Legend{.text = "How does it travel?", .classes = "govuk-fieldset__legend--s"},
      .error = asked.by_error,
      .items = {{.value = "stick", .text = "On a memory stick", .checked = asked.by == "stick"},
                {.value = "email",
                 .text = "By an e-mail that your organisation allows",
                 .hint = "Where it is too much for one e-mail, there are several files, for an "
                         "e-mail each",
                 .checked = asked.by == "email"}}};
  return form(
      {.action = Url("/by-hand"), .csrf_token = context.visit.csrf_token},
      radios(to) + radios(by) + button({.text = "Make the file", .prevent_double_click = true}));
}

// ---- those that are made

Result<Html> made_part(const PageContext& context, const DataFolder& folder) {
  const OutgoingBundles outgoing(folder);
  const auto files = outgoing.list();
  if (!files) return files.error();
  if (files->empty()) return Html{};
  Html items;
  for (const auto& file : *files) {
    const auto bytes = outgoing.read(file.file_name);
    const auto facts = bytes ? inspect_bundle(context.node, crypto::ByteView(*bytes))
                             : Result<BundleFacts>(bytes.error());
    if (!facts) continue;  // one that is being made or was damaged: nothing to save
    const auto too_large = too_large_to_pass_on(facts->label.meant_for, file.bytes);
    items += h(R"(<li><a class="govuk-link" href="{}">{}</a>, {}, for {}{}</li>)",
               Url("/by-hand/files/" + file.file_name), file.file_name, size_text(file.bytes),
               joined(facts->meant_for), too_large.empty() ? "" : ". " + too_large);
  }
  return h(
      R"(<h2 class="govuk-heading-m">Made last</h2><p class="govuk-body">Only these computers can open it, whoever finds it. Save each file, and delete them here once you have.</p><ul class="govuk-list govuk-list--bullet">{}</ul>{})",
      items,
      form({.action = Url("/by-hand/delete"), .csrf_token = context.visit.csrf_token},
           button({.text = "Delete from this computer", .classes = "govuk-button--secondary"})));
}

// What was made by itself, and where it lies: whoever comes with a stick copies it from there.
Result<Html> nightly_part(const PageContext& context, const DataFolder& folder) {
  const auto files = nightly_files(context.node, folder);
  if (!files) return files.error();
  if (files->names.empty()) return Html{};
  return h(
      R"(<h2 class="govuk-heading-m">Made by itself</h2><p class="govuk-body">The exchange was not reached, so on {} this computer made {} of what it has not sent, by itself, in the folder <span class="break-anywhere">{}</span>. Copy them to a stick, or send them by an e-mail that your organisation allows. The next night's take their place.</p>)",
      date_time_text(static_cast<std::int64_t>(files->made_at_ms)),
      count_text(static_cast<std::int64_t>(files->names.size()), "file", "files"), files->folder);
}

Html errors_of(const Asked& asked) {
  ErrorSummary summary;
  if (!asked.to_error.empty()) summary.items.push_back({asked.to_error, "to"});
  if (!asked.by_error.empty()) summary.items.push_back({asked.by_error, "by"});
  return when(asked.has_errors(), [&] { return error_summary(summary); });
}

Response by_hand_page(PageContext& context, const DataFolder& folder, const Asked& asked) {
  const auto readers = possible_readers(context.node);
  const auto made = made_part(context, folder);
  if (!made) return problem(context, made.error());
  const auto nightly = nightly_part(context, folder);
  if (!nightly) return problem(context, nightly.error());
  const auto passed_on = passed_on_part(context);
  if (!passed_on) return problem(context, passed_on.error());
  const auto made_before = made_files_part(context);
  if (!made_before) return problem(context, made_before.error());
  const Html making =
      readers ? make_form(context, *readers, asked) : inset_text(readers.error().message);
  const Html main = h(
      R"({}{}<h1 class="govuk-heading-l">By stick or e-mail</h1>
<p class="govuk-body">Where there is no network, records travel in a file. Only the computers that it is made for can open it, and nobody can change it unseen, so anybody may carry it.</p>
<p class="govuk-body">{}</p>{}
<h2 class="govuk-heading-m">Make a file</h2>{})",
      errors_of(asked), outcome_banner(context, outcomes),
      button({.text = "Bring in a file",
              .classes = "govuk-button--secondary",
              .href = Url("/by-hand/bring")}),
      *nightly + *made + *passed_on, making + *made_before);
  return show(context, {.title = "By stick or e-mail",
                        .has_error = asked.has_errors(),
                        .before_main = back_link(Url("/sync"), "Sending and receiving"),
                        .main = in_two_thirds(main)});
}

// After a restore, until the list as it is now has been heard: nothing goes out, a file may come
// in.
Response closed_page(const PageContext& context, const Error& error) {
  const Html main =
      h(R"(<h1 class="govuk-heading-l">By stick or e-mail</h1>{}{})", warning_text(error.message),
        button({.text = "Bring in a file", .href = Url("/by-hand/bring")}));
  return show(context, {.title = "By stick or e-mail",
                        .before_main = back_link(Url("/sync"), "Sending and receiving"),
                        .main = in_two_thirds(main)});
}

Response begin(PageContext& context, const DataFolder& folder) {
  const auto open = check_not_closed(context.node);
  if (!open && open.error().kind == ErrorKind::stale) {
    return closed_page(context, open.error());
  }
  return by_hand_page(context, folder, {});
}

Response make(PageContext& context, const DataFolder& folder) {
  Asked asked{context.field("to"), context.field("by")};
  const auto readers = possible_readers(context.node);
  if (!readers) return problem(context, readers.error());
  const auto meant = std::find_if(readers->begin(), readers->end(),
                                  [&](const auto& each) { return each.first == asked.to; });
  if (meant == readers->end()) asked.to_error = "Select who it is for";
  if (asked.by != "stick" && asked.by != "email") asked.by_error = "Select how it travels";
  if (asked.has_errors()) return by_hand_page(context, folder, asked);
  const auto report = OutgoingBundles(folder).make(
      context.node, meant->second, asked.by == "email" ? email_bytes_max : sync::bundle_bytes_max,
      context.by().actor.id);
  if (!report) return problem(context, report.error());
  return done("/by-hand", report->left_out > 0 ? "made-without" : "made");
}

Response save(PageContext& context, const DataFolder& folder) {
  const auto& name = context.visit.path.get("name");
  const auto bytes = OutgoingBundles(folder).read(name);
  if (!bytes) return problem(context, bytes.error());
  return download(std::string(bytes->begin(), bytes->end()), "application/octet-stream", name);
}

Response delete_made(PageContext& context, const DataFolder& folder) {
  const auto gone = OutgoingBundles(folder).remove_all();
  return gone ? done("/by-hand", "deleted") : problem(context, gone.error());
}

}  // namespace

void add_by_hand_pages(SitePages& pages, const DataFolder& folder) {
  const auto carrying = [&folder](Response (*handler)(PageContext&, const DataFolder&)) {
    return for_act(Act::carry,
                   [handler, &folder](PageContext& context) { return handler(context, folder); });
  };
  pages.get_closed_too("/by-hand", carrying(begin));
  pages.post("/by-hand", carrying(make));
  pages.get("/by-hand/files/:name", carrying(save));
  pages.post("/by-hand/delete", carrying(delete_made));
  add_passed_on_pages(pages);
  add_made_files_pages(pages);
  add_recall_pages(pages);
  add_bring_in_pages(pages, folder);
}

}  // namespace throughgate::node::web
