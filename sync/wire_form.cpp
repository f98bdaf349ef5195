#include "sync/wire_form.h"

#include "schema/wire.pb.h"

namespace throughgate::sync {
namespace {

using schema::EntryGroup;
using schema::WireEntry;

std::string text_of(ByteView bytes) { return std::string(crypto::as_text(bytes)); }
Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

std::uint32_t stream_index(const StreamId& stream, EntryGroup& group) {
  const std::string name = text_of(stream.bytes);
  for (int i = 0; i < group.streams_size(); ++i) {
    if (group.streams(i) == name) return static_cast<std::uint32_t>(i);
  }
  group.add_streams(name);
  return static_cast<std::uint32_t>(group.streams_size() - 1);
}

bool read_dependencies(const WireEntry& in, Header& header) {
  if (in.dependencies_size() > static_cast<int>(dependencies_max)) return false;
  for (const auto& each : in.dependencies()) {
    const auto stream = StreamId::from(crypto::as_bytes(each.stream()));
    const auto entry = crypto::to_array<32>(crypto::as_bytes(each.entry()));
    if (!stream || !entry) return false;
    header.dependencies.push_back({*stream, each.seq(), *entry});
  }
  return true;
}

// The fields that the short form does carry.
bool read_carried(const EntryGroup& group, const WireEntry& in, Header& header) {
  const auto stream = static_cast<int>(in.stream());
  if (in.stream() >= static_cast<std::uint32_t>(group.streams_size()) || in.kind() > 2)
    return false;
  const auto id = StreamId::from(crypto::as_bytes(group.streams(stream)));
  if (!id || in.seq() == 0) return false;
  header.kind = static_cast<EntryKind>(in.kind() + 1);
  header.stream = *id;
  header.seq = in.seq();
  header.base_dsn = in.base_dsn();
  return read_dependencies(in, header);
}

bool read_parts(const WireEntry& in, SignedEntry& out) {
  const auto signature = crypto::to_array<64>(crypto::as_bytes(in.signature()));
  if (!signature) return false;
  out.signature = *signature;
  out.clear = bytes_of(in.clear());
  out.sealed = bytes_of(in.sealed());
  return out.clear.size() + out.sealed.size() <= redact_bytes_max;
}

std::optional<PartDigest> sealed_digest(const WireEntry& in, ByteView sealed) {
  if (!in.has_sealed_note()) return digest_of_part(sealed);
  const auto hash = crypto::to_array<32>(crypto::as_bytes(in.sealed_note().hash()));
  if (!sealed.empty() || !hash) return std::nullopt;
  return PartDigest{in.sealed_note().length(), *hash};
}

}  // namespace

void add_to_group(const VerifiedEntry& entry, WireForm form, EntryGroup& group) {
  const Header& header = entry.header();
  if (group.dossier().empty()) group.set_dossier(text_of(header.dossier.bytes));
  WireEntry& out = *group.add_entries();
  out.set_signature(text_of(entry.bytes().signature));
  out.set_clear(text_of(entry.bytes().clear));
  out.set_sealed(text_of(entry.bytes().sealed));
  // The short form leaves out the version: only what is rebuilt byte for byte may go in it.
  if (form == WireForm::full || header.encode() != entry.bytes().header) {
    out.set_header(text_of(entry.bytes().header));
    return;
  }
  out.set_stream(stream_index(header.stream, group));
  out.set_seq(header.seq);
  out.set_base_dsn(header.base_dsn);
  out.set_kind(static_cast<std::uint32_t>(header.kind) - 1);
  for (const auto& dependency : header.dependencies) {
    auto& to = *out.add_dependencies();
    to.set_stream(text_of(dependency.stream.bytes));
    to.set_seq(dependency.seq);
    to.set_entry(text_of(dependency.entry));
  }
  if (header.seq == 1) out.set_author(text_of(header.author.bytes));
  if (!entry.holds_sealed_part()) {
    out.mutable_sealed_note()->set_length(header.sealed.length);
    out.mutable_sealed_note()->set_hash(text_of(header.sealed.hash));
  }
}

WireExpander::WireExpander(const DossierId& dossier, const OrderView& order)
    : dossier_(dossier), order_(order) {}

std::optional<WireExpander::Noted> WireExpander::before(const StreamId& stream,
                                                        std::uint64_t seq) const {
  if (const auto found = noted_.find({stream, seq}); found != noted_.end()) return found->second;
  const auto placed = order_.placed(stream, seq);
  const auto tip = order_.tip(stream);
  if (!placed || !tip) return std::nullopt;
  return Noted{tip->author, *placed};
}

WireExpander::Expansion WireExpander::expand(const EntryGroup& group, const WireEntry& in) const {
  const auto fail = [](Fault fault) { return Expansion{std::nullopt, fault, false}; };
  SignedEntry out;
  if (!read_parts(in, out)) return fail(Fault::malformed);
  if (!in.header().empty()) {
    out.header = bytes_of(in.header());
    const auto decoded = decode_header(out.header).header;  // none: verify() says why
    if (decoded && decoded->dossier != dossier_) return fail(Fault::malformed);
    return {std::move(out), {}, true};
  }

  Header header;
  header.dossier = dossier_;
  if (!read_carried(group, in, header)) return fail(Fault::malformed);
  if (header.seq == 1) {
    const auto author = NodeId::from(crypto::as_bytes(in.author()));
    if (!author) return fail(Fault::malformed);
    header.author = *author;
  } else {
    const auto previous = before(header.stream, header.seq - 1);
    if (!previous) return fail(Fault::need_full);
    header.author = previous->author;
    header.previous = previous->entry;
  }
  const auto base_head = order_.chain_at(header.base_dsn);
  if (!base_head) return fail(Fault::need_full);
  header.base_head = *base_head;

  const auto sealed = sealed_digest(in, out.sealed);
  if (!sealed) return fail(Fault::malformed);
  header.clear = digest_of_part(out.clear);
  header.sealed = *sealed;

  const std::uint64_t since = std::max<std::uint64_t>(header.base_dsn, 1);
  auto epoch = order_.memberships().epoch_at(since);
  header.membership_version = std::max<std::uint32_t>(order_.memberships().number_at(since), 1);
  if (!epoch) epoch = first_epoch_;
  if (header.kind == EntryKind::membership) {
    const auto membership = decode_membership(out.clear);
    if (!membership) return fail(Fault::malformed);
    header.membership_version = membership->number;
    if (membership->number == 1) epoch = membership->epoch();
  }
  if (!epoch) return fail(Fault::need_full);
  header.epoch = *epoch;
  out.header = header.encode();
  return {std::move(out), {}, false};
}

void WireExpander::note(const VerifiedEntry& entry) {
  const Header& header = entry.header();
  noted_[{header.stream, header.seq}] = {header.author, entry.hash()};
  if (entry.membership() && entry.membership()->number == 1) first_epoch_ = header.epoch;
}

}  // namespace throughgate::sync
