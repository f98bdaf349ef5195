// The handovers of a site, page by page, by release date, each with what is to be done about it.
#pragma once

#include "node/handovers/acknowledgement.h"
#include "node/handovers/next_steps.h"

namespace throughgate::node {

struct HandoverFilter {
  enum class Stages { not_over, over, all, one };
  Stages stages = Stages::not_over;
  schema::Handover::State stage = schema::Handover::DRAFT;  // with `one`
  bool needs_us = false;
  bool is_late = false;  // something that is for this organisation to do should be done already
  bool is_stop_unread = false;  // others have stopped it, and nobody here has read that
  bool is_unread = false;       // holds changes that wait to be read here
  std::string words{};          // of the person's name; empty: everybody
};

struct ListedHandover {
  CaseFile file;
  std::size_t unread = 0;       // changes that wait to be acknowledged here
  bool is_stop_unread = false;  // others have stopped it, and nobody here has acknowledged that
  std::vector<NextStep> next;   // the most urgent first
  bool is_closed = false;       // to reading: of `file` only title_of_case() is there

  // Something is for this organisation to do, and not only to wait for.
  bool needs_us() const;
  bool is_late() const;
  bool is_in_two_places() const;
  bool is_provisional() const;  // holds something that is not sent yet
};

struct HandoverListPage {
  std::vector<ListedHandover> rows;
  std::string next;        // a cursor; empty: that was all
  std::size_t closed = 0;  // of the rows
  bool more = false;       // of words looked for: not all, another word makes it fewer
};

// Of those that `filter` lets through, the earliest release first, those without a date last. What
// has stopped counts as not over until that is read (stop_waits_to_be_read()).
// By words: all at once, of the newest two hundred in which they stand. Else at most `limit`,
// looking at a bounded number of handovers: a page may hold fewer, or none, and still go on at
// `next`.
//   invalid  `after` is no cursor of this list; nothing to search for, or too much
sync::Result<HandoverListPage> list_handovers(RecordService& records, const HandoverFilter& filter,
                                              const std::string& after, std::size_t limit = 25);

// What waits here in all handovers that are not over, or whose stop is not read yet. Where there
// are very many, not all are looked at, and each count is of those that were.
struct HandoverWork {
  std::size_t stopped = 0;      // handovers that others have stopped, unread here
  std::size_t late = 0;         // handovers with something late
  std::size_t unconfirmed = 0;  // ours, near the release, that the partner has not confirmed
  std::size_t needs_us = 0;     // handovers with something to do here
  std::size_t unread = 0;       // changes that wait to be acknowledged here
  std::size_t with_unread = 0;  // handovers that hold those
  bool is_all = true;
};
sync::Result<HandoverWork> handover_work(RecordService& records);

}  // namespace throughgate::node
