#include "sync/change_set.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <set>

#include "schema/change_set.pb.h"
#include "sync/compression.h"
#include "sync/contexts.h"

namespace throughgate::sync {
namespace {

constexpr int recursion_max = 16;
constexpr std::uint64_t clock_ms_max = std::uint64_t{1} << 62;  // no calendar reaches it
constexpr int kind_max = static_cast<int>(OpKind::transition);

Error invalid(const char* what) { return {ErrorKind::invalid, what}; }
Error refused(const char* what) { return {ErrorKind::rejected, what}; }

std::string text_of(ByteView bytes) { return std::string(crypto::as_text(bytes)); }
Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

// ---- to the message

void write_actor(const Actor& actor, schema::Actor& out) {
  out.set_id(text_of(actor.id.bytes));
  out.set_name(actor.name);
  out.set_role(actor.role);
}

void write_seen(const SeenName& name, schema::Seen& out) {
  if (name.by == SeenName::By::dsn) {
    out.set_dsn(name.number);
  } else {
    out.set_seq(name.number);
    if (name.by == SeenName::By::dependency) out.set_dep(name.dependency + 1);
  }
  out.set_index(name.index);
}

void write_op(const Op& op, schema::Op& out) {
  if (!op.field.record.is_zero()) out.set_record(text_of(op.field.record.bytes));
  out.set_record_type(op.field.record_type);
  out.set_field(op.field.field);
  out.set_kind(static_cast<schema::Op::Kind>(op.kind));
  out.set_value(text_of(op.value));
  for (const auto& name : op.supersedes) write_seen(name, *out.add_supersedes());
  if (op.again_of) {
    out.mutable_again_of()->set_entry(text_of(op.again_of->original.entry));
    out.mutable_again_of()->set_index(op.again_of->original.index);
    out.mutable_again_of()->set_author(text_of(op.again_of->author.bytes));
  }
  out.set_value_removed(op.value_removed);
}

void write_copy(const RedactedCopy& copy, schema::Copy& out) {
  out.set_schema_version(copy.schema_version);
  out.set_clock_ms(copy.clock_ms);
  write_actor(copy.actor, *out.mutable_actor());
  out.set_reason(copy.reason);
  for (const auto& [index, op] : copy.ops) {
    write_op(op, *out.add_ops());
    out.mutable_ops(out.ops_size() - 1)->set_index(index);
  }
}

// ---- from the message

std::optional<Actor> read_actor(const schema::Actor& in) {
  const auto id = ActorId::from(crypto::as_bytes(in.id()));
  if (!id || in.name().size() > name_bytes_max || in.role().size() > name_bytes_max) {
    return std::nullopt;
  }
  return Actor{*id, in.name(), in.role()};
}

std::optional<SeenName> read_seen(const schema::Seen& in) {
  SeenName name;
  name.index = in.index();
  if (in.dsn() > 0 && in.seq() == 0 && in.dep() == 0) {
    name.by = SeenName::By::dsn;
    name.number = in.dsn();
  } else if (in.dsn() == 0 && in.seq() > 0 && in.dep() <= dependencies_max) {
    name.by = in.dep() == 0 ? SeenName::By::own_stream : SeenName::By::dependency;
    name.number = in.seq();
    name.dependency = in.dep() == 0 ? 0 : in.dep() - 1;
  } else {
    return std::nullopt;
  }
  return name;
}

std::optional<AgainOf> read_again_of(const schema::AgainOf& in) {
  const auto entry = crypto::to_array<32>(crypto::as_bytes(in.entry()));
  const auto author = NodeId::from(crypto::as_bytes(in.author()));
  if (!entry || !author) return std::nullopt;
  return AgainOf{{*entry, in.index()}, *author};
}

std::optional<Op> read_op(const schema::Op& in) {
  Op op;
  if (!in.record().empty()) {
    const auto record = RecordId::from(crypto::as_bytes(in.record()));
    if (!record || record->is_zero()) return std::nullopt;
    op.field.record = *record;
  }
  op.field.record_type = in.record_type();
  op.field.field = in.field();
  if (in.kind() < 0 || in.kind() > kind_max || in.value().size() > value_bytes_max)
    return std::nullopt;
  op.kind = static_cast<OpKind>(in.kind());
  op.value = bytes_of(in.value());
  for (const auto& seen : in.supersedes()) {
    const auto name = read_seen(seen);
    if (!name) return std::nullopt;
    op.supersedes.push_back(*name);
  }
  if (in.has_again_of()) {
    op.again_of = read_again_of(in.again_of());
    if (!op.again_of) return std::nullopt;
  }
  op.value_removed = in.value_removed();
  if (op.value_removed && !op.value.empty()) return std::nullopt;
  return op;
}

// Named once each, and not without bound: packed, a name costs next to nothing.
bool names_are_bounded(const std::vector<const Op*>& ops) {
  std::size_t names = 0;
  for (const Op* op : ops) {
    names += op->supersedes.size();
    const std::set<SeenName> once(op->supersedes.begin(), op->supersedes.end());
    if (once.size() != op->supersedes.size()) return false;
  }
  return names <= supersedes_max;
}

std::optional<RedactedCopy> read_copy(const schema::Copy& in) {
  RedactedCopy copy;
  copy.schema_version = in.schema_version();
  copy.clock_ms = in.clock_ms();
  const auto actor = read_actor(in.actor());
  if (!actor || in.clock_ms() > clock_ms_max || in.reason().size() > reason_bytes_max ||
      in.ops_size() > int{ops_max}) {
    return std::nullopt;
  }
  copy.actor = *actor;
  copy.reason = in.reason();
  for (const auto& each : in.ops()) {
    auto op = read_op(each);
    const bool rises = copy.ops.empty() || each.index() > copy.ops.back().first;
    if (!op || !rises) return std::nullopt;
    copy.ops.emplace_back(each.index(), std::move(*op));
  }
  std::vector<const Op*> ops;
  for (const auto& [index, op] : copy.ops) ops.push_back(&op);
  return names_are_bounded(ops) ? std::optional(std::move(copy)) : std::nullopt;
}

std::optional<ChangeSet> read_change_set(const schema::ChangeSet& in) {
  ChangeSet out;
  out.schema_version = in.schema_version();
  out.clock_ms = in.clock_ms();
  const auto actor = read_actor(in.actor());
  if (!actor || in.clock_ms() > clock_ms_max || in.reason().size() > reason_bytes_max ||
      in.ops_size() > int{ops_max}) {
    return std::nullopt;
  }
  out.actor = *actor;
  out.reason = in.reason();
  for (const auto& each : in.ops()) {
    auto op = read_op(each);
    if (!op || op->value_removed) return std::nullopt;
    out.ops.push_back(std::move(*op));
  }
  std::vector<const Op*> ops;
  for (const auto& op : out.ops) ops.push_back(&op);
  if (!names_are_bounded(ops)) return std::nullopt;
  if (in.has_reauthored_by()) {
    out.reauthored_by = read_actor(in.reauthored_by());
    if (!out.reauthored_by) return std::nullopt;
  }
  for (const auto& each : in.closes()) {
    const auto hash = crypto::to_array<32>(crypto::as_bytes(each));
    if (!hash) return std::nullopt;
    out.closes.push_back(*hash);
  }
  if (in.has_copy()) {
    out.copy = read_copy(in.copy());
    if (!out.copy) return std::nullopt;
  }
  return out;
}

// ---- from a newer program

template <class Ops>
bool has_newer_kind(const Ops& ops) {
  return std::any_of(ops.begin(), ops.end(), [](const auto& op) { return op.kind() > kind_max; });
}

// Only whoever knows the schema can say what the change comes to.
bool is_newer(const schema::ChangeSet& in) {
  return in.schema_version() > schema_version_known ||
         in.copy().schema_version() > schema_version_known || has_newer_kind(in.ops()) ||
         has_newer_kind(in.copy().ops());
}

// True: there were some, at any depth.
bool discard_unknown_fields(schema::ChangeSet& in) {
  const std::size_t with_them = in.ByteSizeLong();
  in.DiscardUnknownFields();
  return in.ByteSizeLong() != with_them;
}

}  // namespace

Result<Bytes> encode_change_set(const ChangeSet& change_set) {
  if (change_set.ops.size() > ops_max) return invalid("Too many fields were changed in one save.");
  if (change_set.reason.size() > reason_bytes_max) {
    return invalid("The reason is too long. Use 4,000 characters or fewer.");
  }
  schema::ChangeSet message;
  message.set_schema_version(change_set.schema_version);
  message.set_clock_ms(change_set.clock_ms);
  write_actor(change_set.actor, *message.mutable_actor());
  message.set_reason(change_set.reason);
  for (const auto& op : change_set.ops) {
    if (op.value.size() > value_bytes_max) {
      return invalid("One of the fields is too long. Shorten it and save again.");
    }
    write_op(op, *message.add_ops());
  }
  if (change_set.reauthored_by) {
    write_actor(*change_set.reauthored_by, *message.mutable_reauthored_by());
  }
  for (const auto& hash : change_set.closes) message.add_closes(text_of(hash));
  if (change_set.copy) write_copy(*change_set.copy, *message.mutable_copy());

  std::string out = message.SerializeAsString();
  if (out.size() > change_set_bytes_max) {
    return invalid("This save is too large. Save it in two parts.");
  }
  auto bytes = bytes_of(out);
  if (!decode_change_set(bytes)) return invalid("This save holds something that cannot be stored.");
  return bytes;
}

Result<ChangeSet> decode_change_set(ByteView bytes) {
  if (bytes.size() > change_set_bytes_max) return refused("The change is larger than the limit.");
  google::protobuf::io::CodedInputStream in(bytes.data(), static_cast<int>(bytes.size()));
  in.SetRecursionLimit(recursion_max);
  schema::ChangeSet message;
  if (!message.ParseFromCodedStream(&in) || !in.ConsumedEntireMessage()) {
    return refused("The change cannot be read.");
  }
  if (is_newer(message)) {
    return Error{ErrorKind::newer, "The change was made by a newer version of Throughgate."};
  }
  auto change_set = read_change_set(message);
  if (!change_set) return refused("The change holds a value out of its bounds.");
  change_set->passed_over = discard_unknown_fields(message);
  return std::move(*change_set);
}

Result<Bytes> seal_change_set(const ChangeSet& change_set, const crypto::ContentKey& key,
                              ByteView bound_to, crypto::Random& random) {
  const auto plain = encode_change_set(change_set);
  if (!plain) return plain.error();
  return key.seal(contexts::entry_seal, bound_to, crypto::pad(compress(*plain)), random);
}

Result<ChangeSet> open_change_set(ByteView sealed, const crypto::ContentKey& key,
                                  ByteView bound_to) {
  const auto padded = key.open(contexts::entry_seal, bound_to, sealed);
  if (!padded) return refused("The change does not open with this key.");
  const auto packed = crypto::unpad(*padded);
  if (!packed) return refused("The change is not padded as it should be.");
  const auto plain = decompress(*packed, change_set_bytes_max);
  if (!plain) return plain.error();
  return decode_change_set(*plain);
}

}  // namespace throughgate::sync
