// A record as a person sees it when they begin to change it: which ops each field held. A save puts
// its values in the place of exactly these, so that what came in meanwhile stays beside them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/store/record_reader.h"

namespace throughgate::node {

struct Form {
  sync::store::RecordName record;
  // By field number; what was shown comes first. A field that held nothing is not in here.
  std::map<std::uint32_t, std::vector<sync::OpId>> seen;

  static Form of(const sync::store::RecordView& record);

  // For a hidden field or a command: about 90 letters, and 50 for each save that the record's
  // values came from. Says nothing of the values.
  std::string encode() const;
  // nullopt: not such a text, or longer than 64 KiB.
  static std::optional<Form> decode(std::string_view text);

  friend bool operator==(const Form&, const Form&) = default;
};

}  // namespace throughgate::node
