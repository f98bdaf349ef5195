// The pages of a computer that has no store yet: whoever has the code that the program told them
// answers what `init` asks, keeps the recovery sheet, and goes on to sign in. Nothing is written
// before the last page but the empty folder; a set-up that is broken off is begun again.
// Threads: made by one; answers on any, one visit at a time.
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "node/records/codes.h"
#include "node/web/pages/first_day/answers.h"
#include "node/web/pages/first_day/door.h"
#include "node/web/responder.h"

namespace throughgate::node::web::first_day {

struct FirstDayParts {  // all must outlive the pages
  const DataFolder& folder;
  Accounts& accounts;
  const CodeLists& codes;
  crypto::Random& random;
  Clock clock;
  std::function<std::int64_t()> monotonic_ms;
  Door::TellCode tell_code;
  // The store is made, and opens by the password: from now on others answer. Where it fails, the
  // page says that the program is to be started again.
  std::function<sync::Result<sync::Done>()> go_on;
};

class FirstDay;

// One visit to one question, with everything before it answered.
struct StepVisit {
  const Visit& visit;
  Answers& answers;
  const FirstDayParts& parts;
  FirstDay& first_day;

  const std::string& field(std::string_view name) const { return visit.form.fields.get(name); }
};

class FirstDay {
 public:
  using Handler = std::function<Response(StepVisit&)>;

  FirstDay(FirstDayParts parts, int port, std::function<void(const std::string&)> on_fault);
  FirstDay(const FirstDay&) = delete;
  FirstDay& operator=(const FirstDay&) = delete;

  const Responder& responder() const { return responder_; }
  // What was typed is forgotten once nobody has been there for a while. To be asked now and then.
  void look_at_clock();
  // The same at once: the computer is about to sleep.
  void forget();

  // ---- for the pages

  void add(Step step, Handler show, Handler take);
  // Sets this computer up with what was answered. Once it has, whatever the page says, nothing is
  // asked any more.
  sync::Result<sync::Done> finish(crypto::SecretText password);

 private:
  Routes routes();
  ResponderSettings settings(int port, std::function<void(const std::string&)> on_fault);
  std::function<Response(const Visit&)> at(Step step, Handler handler);
  // What stands in the way of every page; nullopt: nothing.
  std::optional<Response> in_the_way(const Visit& visit);
  Response take_last_step(const Visit& visit);
  void end();
  Response show_code(const Visit& visit);
  Response take_code(const Visit& visit);
  void forget_locked();

  FirstDayParts parts_;
  std::mutex mutex_;
  Door door_;
  Answers answers_;
  bool was_tried_ = false;  // a store that is half there is of this program
  bool is_set_up_ = false;
  std::string fault_;  // why others do not answer although it is
  SessionTable sessions_;
  Routes made_;
  Responder responder_;
};

// Each a file, in the order of the questions.
void add_way_page(FirstDay& first_day);
void add_sheet_words_page(FirstDay& first_day);
void add_organisation_pages(FirstDay& first_day);
void add_person_page(FirstDay& first_day);
void add_check_page(FirstDay& first_day);
void add_recovery_sheet_pages(FirstDay& first_day);
void add_password_page(FirstDay& first_day);

}  // namespace throughgate::node::web::first_day
