// A computer that has no store yet, and one browser at the pages that set it up. Made-up people.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/web/pages/first_day/first_day.h"
#include "tests/node/web/pages/visitor.h"

namespace throughgate::node::testing {

inline const std::string long_password = "seven green kettles sing";

class NewComputer {
 public:
  NewComputer();

  World world;
  DataFolder folder{world.folder.path("data")};
  Accounts accounts{folder, world.random, cheap()};
  CodeLists codes;
  std::int64_t now_ms = 0;        // of a clock that never goes back
  std::vector<std::string> told;  // codes, in the order of their telling
  int went_on = 0;                // how often others were let answer
  bool can_go_on = true;

  // The program is started, again.
  void start();
  web::first_day::FirstDay& pages() { return *pages_; }

  // ---- the browser
  std::string cookie;
  std::string fault;  // the pattern of a page whose handler threw
  web::Response get(const std::string& target);
  // As it stands: no token is added.
  web::Response post(const std::string& target, const Typed& typed);
  // The page at `address`, its form filled in and sent.
  web::Response fill_in(const std::string& address, const Typed& typed);
  // The same, which must lead on; to where it does.
  std::string answer(const std::string& address, const Typed& typed);
  std::string token();  // for the forms of this browser, once it is let in

  // ---- the whole way
  void type_code();
  void be_first(const std::string& kind = "prison");  // up to the recovery sheet
  void keep_sheet();                                  // typed back
  web::Response choose_password(const std::string& password = long_password);
  std::vector<std::string> words_on_sheet();  // as the page shows them
  std::string number_on_sheet();

  // ---- what came of it
  bool has_store() const { return folder.holds() == DataFolder::Holds::store; }
  std::unique_ptr<OpenNode> open(const std::string& password = long_password,
                                 const std::string& who = "mary");

 private:
  web::Request request(web::Method method, const std::string& target) const;
  web::Response send(const web::Request& request);

  std::unique_ptr<web::first_day::FirstDay> pages_;
};

}  // namespace throughgate::node::testing
