#include "node/rights/pack_document.h"

#include "node/days.h"
#include "node/records/formats.h"

namespace throughgate::node {
namespace {

using Kind = DocumentBlock::Kind;

std::string at(std::uint64_t ms) { return shown_number(schema::FieldRule::DATE_TIME, ms); }

std::string counted(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

class Writing {
 public:
  explicit Writing(const Pack& pack) : pack_(pack) {}

  Document document() {
    out_.title = "What " + pack_.organisation + " holds about " + pack_.name;
    out_.author = pack_.organisation;
    out_.language = "en-GB";
    out_.made_at_ms = pack_.made_at_ms;
    write(Kind::title, out_.title);
    write_beginning();
    for (const auto& record : pack_.records) write_record(record);
    write_sharing();
    write_readings();
    return std::move(out_);
  }

 private:
  void write(Kind kind, std::string text, std::string label = {}) {
    out_.blocks.push_back({kind, std::move(text), std::move(label)});
  }

  void write_beginning() {
    write(Kind::paragraph, "Made on " +
                               shown_text(schema::FieldRule::DATE, iso_day(pack_.made_at_ms)) +
                               " by " + pack_.organisation +
                               ", from its records on one of its computers. Each value stands with "
                               "who wrote it, by what they do there, and when; older values follow "
                               "the one that holds now. Times are UTC.");
    write(Kind::heading, "What is not in it");
    write(Kind::paragraph,
          "Left out are " + counted(pack_.left_out_of_others, "value") +
              " that are about other people, " + counted(pack_.left_out_of_staff, "name") +
              " of members of staff, and " + counted(pack_.left_out_after_a_look, "text") +
              " that somebody looked at and left out, because they name others or because the law "
              "lets them be kept back.");
    write_not_read();
    write(Kind::paragraph, others_hold());
    write(Kind::paragraph,
          "If something is wrong, say so: it is corrected, or your note that it is wrong stands "
          "beside it. You may also complain to the Information Commissioner (ico.org.uk).");
  }

  void write_not_read() {
    if (pack_.not_read.empty()) return;
    write(Kind::paragraph,
          "Some changes were made with a newer version of the program than the one that made this "
          "answer. It cannot read them yet, so they are not in it. Ask for this again once it has "
          "been updated. They are in:");
    for (const auto& each : not_read_in_words(pack_)) write(Kind::paragraph, each);
  }

  // What other controllers keep cannot be seen from here.
  std::string others_hold() const {
    if (pack_.holders.empty()) {
      return "No other organisation has been given these records through Throughgate. What others "
             "hold about you, they hold themselves: ask them.";
    }
    std::string names;
    for (const auto& name : pack_.holders) names += (names.empty() ? "" : ", ") + name;
    return "Other organisations hold some of these records too: " + names +
           ". What they keep besides, in files of their own, cannot be seen from here: ask them.";
  }

  void write_record(const PackRecord& record) {
    if (!record.set_aside_from.empty()) {
      write(Kind::heading, record.kind + ", which names " + pack_.name);
      write(Kind::paragraph, record.set_aside_from +
                                 " sent this without being entitled to. It is kept apart, shown to "
                                 "nobody here, and used for nothing.");
    } else if (record.found == Found::their_own) {
      write(Kind::heading, record.kind);
    } else {
      write(Kind::heading, record.kind + ", which names " + pack_.name);
    }
    for (const auto& field : record.fields) write_field(field);
  }

  static std::string label_of(const PackField& field, const PackChange& change, bool is_first,
                              bool is_now) {
    if (is_first) return is_now ? field.label : field.label + " (" + change.standing + ")";
    return is_now ? "and" : "(" + change.standing + ")";
  }

  void write_field(const PackField& field) {
    if (!field.said_to_be_wrong.empty()) {
      write(Kind::fact, field.said_to_be_wrong, field.label + ": a note");
    }
    bool is_first = true;
    for (const auto& change : field.changes) {
      const bool is_now = change.standing.starts_with("now");
      write(Kind::fact, change.text, label_of(field, change, is_first, is_now));
      std::string who = at(change.at_ms) + ", " + change.by;
      if (is_now && change.standing != "now") who += " (not sent yet)";
      if (!change.reason.empty()) who += ". Reason: " + change.reason;
      write(Kind::aside, who);
      is_first = false;
    }
  }

  void write_sharing() {
    write(Kind::heading, "Whom it was shared with");
    if (pack_.sharing.empty()) write(Kind::paragraph, "With nobody, through Throughgate.");
    for (const auto& each : pack_.sharing) {
      std::string text = each.what + ": " + each.how;
      if (!each.when.empty()) text += "; " + each.when;
      if (!each.ground.empty()) text += ". Ground: " + each.ground;
      write(Kind::fact, text, each.with);
    }
  }

  void write_readings() {
    write(Kind::heading, "Who looked at it");
    write(Kind::paragraph,
          "Each look at risk, health and other confidential details, and each file made, on this "
          "computer. Other computers keep their own list.");
    if (pack_.readings.empty()) write(Kind::paragraph, "Nobody has.");
    for (const auto& each : pack_.readings) {
      write(Kind::fact, each.by + ": " + each.record + ": " + each.what, at(each.at_ms));
    }
  }

  const Pack& pack_;
  Document out_;
};

}  // namespace

Document document_of(const Pack& pack) { return Writing(pack).document(); }

}  // namespace throughgate::node
