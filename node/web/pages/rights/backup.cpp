// A backup made from a page, to a folder on this computer or saved by the browser; and whether what
// is kept here is sound.
#include "node/backup/backup.h"

#include <filesystem>

#include "node/days.h"
#include "node/long_file.h"
#include "node/soundness.h"
#include "node/status.h"
#include "node/text/unicode.h"
#include "node/web/components/button.h"
#include "node/web/components/summary_list.h"
#include "node/web/components/text_input.h"
#include "node/web/content_style.h"
#include "node/web/pages/rights/parts.h"
#include "node/web/pages/rights/rights_pages.h"
#include "node/web/pages/staff/staff_pages.h"

namespace throughgate::node::web {
namespace {

using sync::Error;
using sync::ErrorKind;
using sync::Result;

constexpr char backups_address[] = "/backups";
constexpr char check_address[] = "/check-records";
// Held in memory while the browser takes it.
constexpr std::size_t saved_bytes_max = std::size_t{256} << 20;
constexpr std::size_t faults_shown_max = 50;

constexpr Outcome outcomes[] = {
    {"made",
     "The backup is made, and was read back and opened to see that it is good. Keep it away "
     "from this computer."},
};

struct Faults {
  std::string folder, password;
};

Response form_page(PageContext& context, const Faults& faults = {}) {
  const auto status = status_of(context.node);
  if (!status) return problem(context, status.error());
  const auto last = status->last_backup_ms;
  SummaryList known{.rows = {{"Last made", last == 0 ? "Never" : when_text(last), {}}}};
  if (last != 0) {
    known.rows.push_back({"Of use until", when_text(last + backup_lasts_ms), {}});
  }
  const Html late = when(last == 0 || context.now_ms() > last + backup_lasts_ms, [] {
    return warning_text("There is no backup that could be used. Make one now.");
  });
  const Html inside =
      text_input({.field = {.name = "folder",
                            .label = {.text = "Folder on this computer, such as a stick's"},
                            .hint = "Leave it empty to save the file with your browser",
                            .error = faults.folder},
                  .value = context.field("folder"),
                  .autocomplete = "off",
                  .spellcheck = false}) +
      own_password_question(faults.password) +
      button({.text = "Make a backup", .prevent_double_click = true});
  const std::string error = faults.folder.empty() ? faults.password : faults.folder;
  return keeping_page(
      context,
      {.title = "Backups",
       .main =
           outcome_banner(context, outcomes) + late + summary_list(known) +
           h(R"(<p class="govuk-body">One file holds all that is on this computer, sealed as it is here. Today's passwords and the recovery sheet open it. After 35 days it is of no use, so that what was erased is gone from backups too.</p>)") +
           form({.action = Url(backups_address), .csrf_token = context.visit.csrf_token}, inside) +
           h(R"(<p class="govuk-body">To put one back, give the command "restore" on a computer that holds no records: the guide says how.</p>
<p class="govuk-body">The recovery sheet was shown once, when your organisation was set up. Its words are kept on no computer, so it cannot be shown again: see that it is in the safe.</p>)"),
       .error = error,
       .error_field = faults.folder.empty() ? "own_password" : "folder"});
}

std::string file_name(const PageContext& context) {
  return "throughgate-" + iso_day(context.now_ms()) + "-" +
         std::to_string(context.now_ms() / 1000 % 100'000) + ".backup";
}

// Gone however the answer ends; what a program that was cut off left goes with the next, or with
// what is erased.
class ForDownload {
 public:
  explicit ForDownload(const DataFolder& folder) : path_(folder.for_download()) { remove(); }
  ~ForDownload() { remove(); }
  ForDownload(const ForDownload&) = delete;
  ForDownload& operator=(const ForDownload&) = delete;
  Result<sync::Done> make() const { return make_private_folder(path_); }
  std::string file() const { return path_ + "/backup"; }

 private:
  void remove() const {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string path_;
};

// Made beside the store, read, and gone before the browser has it.
Response save_with_browser(PageContext& context, const crypto::DatabaseKey& key,
                           const DataFolder& folder) {
  const ForDownload place(folder);
  if (auto made = place.make(); !made) return problem(context, made.error());
  if (auto made = make_backup(context.node, key, folder, place.file(), context.by().actor.id);
      !made) {
    return problem(context, made.error());
  }
  auto bytes = read_private_file(place.file(), saved_bytes_max);
  if (!bytes && bytes.error().kind == ErrorKind::invalid) {
    return form_page(context, {"The backup is too large for a browser. Name a folder", {}});
  }
  if (!bytes) return problem(context, bytes.error());
  return download(std::string(bytes->begin(), bytes->end()), "application/octet-stream",
                  file_name(context));
}

Response make(PageContext& context, const StaffDesk& desk) {
  const auto folder = visible_line(context.field("folder"));
  const auto key = key_by_own_password(context, desk);
  if (!key) return form_page(context, {{}, key.error().message});
  if (folder.empty()) return save_with_browser(context, *key, desk.folder);
  std::error_code wrong;
  if (folder.front() != '/' || !std::filesystem::is_directory(folder, wrong)) {
    return form_page(context, {"There is no such folder on this computer. Enter its whole name, as "
                               "/media/stick",
                               {}});
  }
  const auto path = (std::filesystem::path(folder) / file_name(context)).string();
  const auto made = make_backup(context.node, *key, desk.folder, path, context.by().actor.id);
  if (!made) return form_page(context, {made.error().message, {}});
  return done(backups_address, "made");
}

// ---- soundness

Response check_page(PageContext& context) {
  return keeping_page(
      context,
      {.title = "Check what is kept here",
       .main =
           h(R"(<p class="govuk-body">Proves every signature and every detail shown, and that nobody changed the list of who looked at what. With many records it takes minutes.</p>)") +
           form({.action = Url(check_address), .csrf_token = context.visit.csrf_token},
                button({.text = "Check now", .prevent_double_click = true}))});
}

Html faults_part(const Soundness& proof) {
  const auto& faults = proof.report.faults;
  const auto shown = std::min(faults.size(), faults_shown_max);
  return warning_text(damaged(proof).message) +
         h(R"(<ul class="govuk-list govuk-list--bullet">{}</ul>)",
           each(std::vector<sync::store::Fault>(
                    faults.begin(), faults.begin() + static_cast<std::ptrdiff_t>(shown)),
                [](const sync::store::Fault& fault) {
                  return h(R"(<li class="break-anywhere">{}{}</li>)", fault.what,
                           fault.dossier ? ", record " + fault.dossier->hex() : std::string());
                }));
}

Response check_now(PageContext& context) {
  const auto proof = prove(context.node);
  if (!proof) return problem(context, proof.error());
  const auto number = [](std::size_t count) {
    return number_text(static_cast<std::int64_t>(count));
  };
  SummaryList counts{.rows = {{"Records", number(proof->report.dossiers), {}},
                              {"Changes", number(proof->report.entries), {}},
                              {"Details shown", number(proof->report.fields), {}}}};
  if (proof->report.not_read_again > 0) {
    counts.rows.push_back(
        {"Not read again yet since the update", number(proof->report.not_read_again), {}});
  }
  return keeping_page(
      context,
      {.title = proof->is_sound() ? "Everything kept here is sound" : "Something here is damaged",
       .main = proof->is_sound() ? summary_list(counts) : faults_part(*proof)});
}

}  // namespace

void add_backup_pages(SitePages& pages, Accounts& accounts, const DataFolder& folder) {
  const StaffDesk desk{accounts, folder};
  pages.get(backups_address,
            for_act(Act::back_up, [](PageContext& context) { return form_page(context); }));
  pages.post(backups_address,
             for_act(Act::back_up, [desk](PageContext& context) { return make(context, desk); }));
  pages.get(check_address, for_act(Act::back_up, check_page));
  pages.post(check_address, for_act(Act::back_up, check_now));
}

}  // namespace throughgate::node::web
