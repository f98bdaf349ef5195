#include "sync/store/request_room.h"

#include "schema/wire.pb.h"

namespace throughgate::sync::store {
namespace {

constexpr std::size_t id_bytes = 16 + 2;  // of a dossier or a stream, with its tag and length

}  // namespace

bool RequestRoom::take(std::size_t bytes) {
  if (!empty_ && (full_ || bytes > bytes_)) {
    full_ = true;  // what comes after may build on what had no room
    return false;
  }
  empty_ = false;
  bytes_ -= std::min(bytes_, bytes);
  return true;
}

bool RequestRoom::add(const VerifiedEntry& entry, WireForm form, std::size_t beside,
                      schema::EntryGroup& group) {
  if (entries_ == entries_per_request_max) full_ = true;
  const int streams = group.streams_size();
  std::size_t bytes = beside + (group.entries_size() == 0 ? framing_bytes + id_bytes : 0);
  add_to_group(entry, form, group);
  bytes += group.entries().rbegin()->ByteSizeLong() + framing_bytes;
  bytes += static_cast<std::size_t>(group.streams_size() - streams) * id_bytes;
  if (take(bytes)) {
    ++entries_;
    return true;
  }
  group.mutable_entries()->RemoveLast();
  if (group.streams_size() > streams) group.mutable_streams()->RemoveLast();
  return false;
}

}  // namespace throughgate::sync::store
