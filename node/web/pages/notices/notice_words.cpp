#include "node/web/pages/notices/notice_words.h"

#include "node/dossier_kinds.h"
#include "node/refusal_words.h"
#include "sync/verdict.h"

namespace throughgate::node::web {
namespace {

using sync::Reason;
using sync::store::Notice;
using sync::store::NoticeKind;
using sync::store::SetAside;

constexpr char kept[] =
    "What was typed is not lost: it stands in the history of the record, marked as not added.";

std::string after_refusal(Reason reason, const std::string& kind, const std::string& keeper) {
  switch (reason) {
    case Reason::revoked:
      return "Ring the central team before you go on working on this computer.";
    case Reason::not_a_member:
    case Reason::not_yet_a_member:
    case Reason::reader:
      return "If what you typed still matters, ring " + keeper + ", which keeps this " + kind + ".";
    case Reason::erased:
      return "There is nothing to do.";
    case Reason::redact_role:
      return "Ring " + keeper + " and ask for the value to be removed.";
    default:
      return "Open the " + kind +
             " and look whether your change is there. If it is not, make it "
             "again.";
  }
}

NoticeWords refused(const Notice& notice, const std::string& own, const std::string& kind,
                    const std::string& keeper) {
  const auto reason = static_cast<Reason>(notice.detail);
  return {"A change could not be added: " + why_refused(reason, own, kind), kept,
          after_refusal(reason, kind, keeper)};
}

NoticeWords set_aside(const OpenNode& node, const std::string& sender, const SetAside& apart) {
  if (apart.from == node.identity().organisation) {
    return {"Something that is for this site alone has been shared",
            "It is kept apart: nobody here sees it, and nothing can be added to it.",
            "Ring the central team and find out who shared it."};
  }
  if (!apart.may_be_agreed) {
    return {sender + " sent something that organisations never send each other",
            "It is kept apart: nobody here sees it, and nothing can be added to it.",
            "Ring " + sender + " and ask what it was meant to be. Tell the central team."};
  }
  const bool is_desk = own_kind(node) == sync::OrganisationKind::central;
  return {sender + " sent something that this site has no agreement for",
          "It is kept apart: nobody here sees it, and nothing can be added to it. It appears by "
          "itself as soon as there is an agreement.",
          is_desk ? "If you expected it, add the agreement. If you did not, ring " + sender + "."
                  : "Ring the central team if you expected it. If you did not, ring " + sender +
                        " and ask what it was meant to be."};
}

std::string count_of(int changes) {
  return std::to_string(changes) + (changes == 1 ? " change" : " changes");
}

NoticeWords erased(int unsent) {
  std::string happened =
      "The central team erased it everywhere, as whoever keeps it had asked. Nothing of it is left "
      "on this computer.";
  if (unsent > 0) {
    happened += " With it went " + count_of(unsent) + " made here that had not been sent.";
  }
  return {"A record was erased", happened, "There is nothing to do."};
}

// The central team ends a part in a record when asked to.
NoticeWords no_longer_shared(const std::string& keeper, const std::string& kind, int own,
                             bool asked_for) {
  std::string happened = "This computer has deleted its copy, and says so to whoever shared it.";
  std::string next = "There is nothing to do.";
  if (own > 0) {
    happened +=
        " It keeps " + count_of(own) + " that you made and that could not be added any more.";
    next = "If what you typed still matters, ring " + keeper + ": it can be taken over there.";
  }
  if (asked_for) {
    return {"Your organisation's part in a " + kind + " has ended",
            keeper + " ended it, as your organisation or whoever keeps it asked. " + happened,
            next};
  }
  return {keeper + " stopped sharing a " + kind + " with you", happened, next};
}

bool is_desk(const OpenNode& node, const std::string& name) {
  const auto central = node.directory().central();
  return central && organisation_name(node, *central) == name;
}

}  // namespace

NoticeWords words_of(const Notice& notice, const OpenNode& node, const std::string& kind,
                     const std::string& keeper, const SetAside& apart) {
  const std::string own = organisation_name(node, node.identity().organisation);
  switch (static_cast<NoticeKind>(notice.kind)) {
    case NoticeKind::refused:
      return refused(notice, own, kind, keeper);
    case NoticeKind::written_again:
      return {"A change was sent once more",
              "It could not be added as it stood, so this computer wrote it again, with the same "
              "words, name and time. Nothing was lost.",
              "There is nothing to do."};
    case NoticeKind::taken_back:
      return {"The central exchange no longer knows a change",
              "The exchange was put back to an earlier state. This computer still has the change "
              "and sends it again. Nothing was lost.",
              "There is nothing to do, unless it is still marked \"not sent yet\" tomorrow. Then "
              "ring the central team."};
    case NoticeKind::disk_put_back:
      return {"The records on this computer come from an older copy",
              "They have been brought up to date from the central exchange. What was typed here "
              "after that copy was made and never sent is gone.",
              "Look through this " + kind + " and enter again what is missing."};
    case NoticeKind::digest_differs:
      return {"Another computer shows something else here",
              "Two computers that should hold the same do not. Nothing was lost.",
              "This needs checking: tell the central team. You can go on working."};
    case NoticeKind::membership_lost:
      return {"A change of who shares this " + kind + " had no effect",
              "Somebody else had changed it first.",
              "Look at who shares the " + kind +
                  " now, and make your change again if it is still "
                  "needed."};
    case NoticeKind::forked:
      return {
          "A change to this " + kind + " could not be added: another one stands in its place", kept,
          "Look whether what you wrote is there, and write it again if it is not. If this computer "
          "was copied and the copy is in use too, stop using one of the two and tell the central "
          "team."};
    case NoticeKind::not_merged:
      return {"A change from elsewhere could not be read",
              "It may come from a newer version of this program. It is kept as it came.",
              "Ask the person who looks after this computer whether an update is waiting."};
    case NoticeKind::update_needed:
      return {
          "This " + kind + " was changed with a newer version of the program",
          "What this version cannot read is kept as it came, and appears once this computer has "
          "been updated. Nothing was lost.",
          "Ask the person who looks after this computer for the update."};
    case NoticeKind::redaction_differs:
      return {"Something was removed from this " + kind + ", and more was changed with it",
              "Whoever removed a part of an earlier change also altered the rest of that change. "
              "What is shown now is what they made of it.",
              "Compare it with what you know, correct what is wrong, and tell the central team."};
    case NoticeKind::set_aside:
      return set_aside(node, keeper, apart);
    case NoticeKind::erased:
      return erased(notice.detail);
    case NoticeKind::no_longer_shared:
      return no_longer_shared(keeper, kind, notice.detail, is_desk(node, keeper));
    case NoticeKind::late:
      return {"Somebody wrote in this " + kind + " after it was no longer shared with them",
              "What they wrote is kept, and is not part of the " + kind + " yet.",
              "Read it, and take it over or put it aside."};
    case NoticeKind::member_left:
      return {"An organisation takes no part in a " + kind + " any more",
              "The central team ended its part, as it had asked for its own copy to go or as the "
              "central team decided. The " +
                  kind +
                  " itself stays as it is. Who it was, why, and "
                  "whether its computers have deleted their copies stands under who can see it.",
              "There is nothing to do."};
  }
  return {"Something happened that this version of the program has no words for",
          "Nothing was lost by reading this.",
          "Tell the central team that you have seen number " + std::to_string(notice.kind) + "."};
}

}  // namespace throughgate::node::web
