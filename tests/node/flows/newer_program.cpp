#include "tests/node/flows/newer_program.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "hub/sync_api.h"
#include "node/records/catalogue.h"
#include "schema/change_set.pb.h"
#include "sync/compression.h"
#include "sync/contexts.h"
#include "sync/entry.h"
#include "test_records.pb.h"
#include "tests/sync/zstd_frames.h"

// What the newer program does in another way: each is called in place of the shipped function.
#define WRAPPED(name, mangled) name asm("__wrap_" mangled)
#define SHIPPED(name, mangled) name asm("__real_" mangled)

namespace throughgate::node::testing {
namespace {

using sync::Bytes;
using sync::ByteView;
using sync::ChangeSet;
using sync::Result;

thread_local Program running = Program::current;
thread_local Writing writing = Writing::plainly;

constexpr int suffix_field = 100;
constexpr auto kind_6 = static_cast<schema::Op::Kind>(6);

bool is_newer() { return running == Program::newer; }

Bytes serialised(const schema::ChangeSet& message) {
  const std::string text = message.SerializeAsString();
  return {text.begin(), text.end()};
}

schema::ChangeSet parsed(ByteView bytes) {
  schema::ChangeSet out;
  out.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return out;
}

}  // namespace

Program run_as(Program program) { return std::exchange(running, program); }
void write(Writing as) { writing = as; }

// ---- headers

sync::HeaderOrFault SHIPPED(
    shipped_decode_header(ByteView),
    "_ZN11throughgate4sync13decode_headerESt4spanIKhLm18446744073709551615EE");
sync::HeaderOrFault WRAPPED(
    decode_header(ByteView),
    "_ZN11throughgate4sync13decode_headerESt4spanIKhLm18446744073709551615EE");
sync::HeaderOrFault decode_header(ByteView bytes) {
  if (!is_newer() || bytes.size() < 2 || bytes[0] != 2 || bytes[1] != 0) {
    return shipped_decode_header(bytes);
  }
  Bytes as_version_1(bytes.begin(), bytes.end());
  as_version_1[0] = 1;
  return shipped_decode_header(as_version_1);
}

Result<sync::VerifiedEntry> SHIPPED(
    shipped_seal_and_sign(sync::Header, Bytes, const ChangeSet&, const crypto::ContentKey&,
                          const crypto::SigningKey&, crypto::Random&),
    "_ZN11throughgate4sync13seal_and_signENS0_6HeaderESt6vectorIhSaIhEERKNS0_9ChangeSetERKNS_"
    "6crypto10ContentKeyERKNS8_10SigningKeyERNS8_6RandomE");
Result<sync::VerifiedEntry> WRAPPED(
    seal_and_sign(sync::Header, Bytes, const ChangeSet&, const crypto::ContentKey&,
                  const crypto::SigningKey&, crypto::Random&),
    "_ZN11throughgate4sync13seal_and_signENS0_6HeaderESt6vectorIhSaIhEERKNS0_9ChangeSetERKNS_"
    "6crypto10ContentKeyERKNS8_10SigningKeyERNS8_6RandomE");
Result<sync::VerifiedEntry> seal_and_sign(sync::Header header, Bytes clear,
                                          const ChangeSet& change_set,
                                          const crypto::ContentKey& key,
                                          const crypto::SigningKey& author,
                                          crypto::Random& random) {
  auto made =
      shipped_seal_and_sign(std::move(header), std::move(clear), change_set, key, author, random);
  if (!made || !is_newer() || writing != Writing::header_2) return made;
  sync::SignedEntry bytes = made->bytes();
  bytes.header[0] = 2;
  bytes.signature = author.sign(sync::contexts::entry_signature, bytes.header);
  return *sync::as_verified_before(std::move(bytes));
}

// ---- change sets

Result<Bytes> SHIPPED(shipped_seal(const ChangeSet&, const crypto::ContentKey&, ByteView,
                                   crypto::Random&),
                      "_ZN11throughgate4sync15seal_change_setERKNS0_9ChangeSetERKNS_6crypto10Conten"
                      "tKeyESt4spanIKhLm18446744073709551615EERNS4_6RandomE");
Result<Bytes> WRAPPED(seal_change_set(const ChangeSet&, const crypto::ContentKey&, ByteView,
                                      crypto::Random&),
                      "_ZN11throughgate4sync15seal_change_setERKNS0_9ChangeSetERKNS_6crypto10Conten"
                      "tKeyESt4spanIKhLm18446744073709551615EERNS4_6RandomE");
Result<Bytes> seal_change_set(const ChangeSet& change_set, const crypto::ContentKey& key,
                              ByteView bound_to, crypto::Random& random) {
  if (!is_newer()) return shipped_seal(change_set, key, bound_to, random);
  auto message = parsed(*sync::encode_change_set(change_set));
  if (writing == Writing::schema_2) message.set_schema_version(2);
  for (auto& op : *message.mutable_ops()) {
    if (writing == Writing::kind_6) op.set_kind(kind_6);
    if (writing == Writing::suffix) {
      op.GetReflection()->MutableUnknownFields(&op)->AddLengthDelimited(suffix_field, " and more");
    }
  }
  const Bytes plain = serialised(message);
  const Bytes packed = writing == Writing::dictionary_2
                           ? sync::testing::stored_frame(plain.size(), plain, 2)
                           : sync::compress(plain);
  return key.seal(sync::contexts::entry_seal, bound_to, crypto::pad(packed), random);
}

Result<ChangeSet> SHIPPED(shipped_open(ByteView, const crypto::ContentKey&, ByteView),
                          "_ZN11throughgate4sync15open_change_setESt4spanIKhLm18446744073709551615E"
                          "ERKNS_6crypto10ContentKeyES3_");
Result<ChangeSet> WRAPPED(open_change_set(ByteView, const crypto::ContentKey&, ByteView),
                          "_ZN11throughgate4sync15open_change_setESt4spanIKhLm18446744073709551615E"
                          "ERKNS_6crypto10ContentKeyES3_");
Result<ChangeSet> open_change_set(ByteView sealed, const crypto::ContentKey& key,
                                  ByteView bound_to) {
  auto opened = shipped_open(sealed, key, bound_to);
  if (!is_newer() || (opened && !opened->passed_over)) return opened;
  const auto padded = key.open(sync::contexts::entry_seal, bound_to, sealed);
  if (!padded) return opened;
  const auto unpadded = *crypto::unpad(*padded);
  Bytes packed(unpadded.begin(), unpadded.end());
  if (packed[4] == 0xE3 && packed[5] == 2) packed[5] = 1;  // as stored_frame() writes an id
  const auto plain = sync::decompress(packed, sync::change_set_bytes_max);
  if (!plain) return opened;
  auto message = parsed(*plain);
  for (auto& op : *message.mutable_ops()) {
    if (op.kind() == kind_6) op.set_kind(schema::Op::SET);
    auto& text = *op.mutable_value();
    if (message.schema_version() == 2)
      std::transform(text.begin(), text.end(), text.begin(), ::toupper);
    auto& unknown = *op.GetReflection()->MutableUnknownFields(&op);
    for (int i = 0; i < unknown.field_count(); ++i) text += unknown.field(i).length_delimited();
  }
  message.set_schema_version(1);
  message.DiscardUnknownFields();
  return sync::decode_change_set(serialised(message));
}

// ---- records

const std::vector<RecordType>& SHIPPED(shipped_record_types(),
                                       "_ZN11throughgate4node12record_typesEv");
const std::vector<RecordType>& WRAPPED(record_types(), "_ZN11throughgate4node12record_typesEv");
const std::vector<RecordType>& record_types() {
  static const auto with_card = [] {
    auto all = shipped_record_types();
    all.insert(all.begin(), {"card", 1, schema::CASE, false, test::Card::descriptor()});
    return all;
  }();
  return is_newer() ? with_card : shipped_record_types();
}

// ---- the hub

hub::Answer SHIPPED(
    shipped_handle(hub::SyncApi*, hub::Endpoint, ByteView, std::uint64_t),
    "_ZN11throughgate3hub7SyncApi6handleENS0_8EndpointESt4spanIKhLm18446744073709551"
    "615EEm");
hub::Answer WRAPPED(
    handle(hub::SyncApi*, hub::Endpoint, ByteView, std::uint64_t),
    "_ZN11throughgate3hub7SyncApi6handleENS0_8EndpointESt4spanIKhLm18446744073709551"
    "615EEm");
hub::Answer handle(hub::SyncApi* api, hub::Endpoint endpoint, ByteView request,
                   std::uint64_t now_ms) {
  const Program caller = running;
  running = Program::newer;
  auto answer = shipped_handle(api, endpoint, request, now_ms);
  running = caller;
  return answer;
}

}  // namespace throughgate::node::testing
