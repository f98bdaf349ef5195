// Where THROUGHGATE_DISK_FAULTS is set (tools/disk_faults), each kind of form that a test of pages
// sends is sent under a disk that fails, at one change after the other, before it is sent for good.
// A kind: which page takes it, and in which tables it leaves something. After a failure the page
// says so in plain words, holds what was typed, and the site is as it was; or all is saved.
#pragma once

#include <set>
#include <string>

#include "tests/disk_faults/moments.h"
#include "tests/node/web/pages/visitor.h"

namespace throughgate::node::testing {

class FailingPosts {
 public:
  static FailingPosts* wanted();  // nullptr: forms are just sent

  web::Response send(const Visitor& visitor, const web::Request& request);
  ~FailingPosts();  // prints how much was tried, and which pages

 private:
  FailingPosts() = default;

  throughgate::testing::Moments moments_{3};
  std::set<std::string> kinds_, pages_;
};

}  // namespace throughgate::node::testing
