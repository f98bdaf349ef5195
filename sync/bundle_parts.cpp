#include "sync/bundle_parts.h"

#include <algorithm>

#include "sync/program_number.h"
#include "sync/wire_values.h"

namespace throughgate::sync {
namespace {

constexpr std::size_t framing_bytes = 6;  // a tag and a length of up to 64 MiB

template <class Message>
std::size_t size_in_part(const Message& message) {
  return message.ByteSizeLong() + framing_bytes;
}

Error too_small() {
  return {ErrorKind::invalid,
          "The parts would be too small for what must stand in each of them. Choose a larger "
          "limit. Nothing was written."};
}

// Stands in every part of its dossier: who takes part, and what is bare after a redaction. Without
// these nobody could tell what a part is worth.
bool stands_in_all(const schema::WireEntry& entry) {
  return !entry.clear().empty() || entry.sealed().empty();
}

template <class Step>
std::ptrdiff_t steps_within(Step begin, Step end, std::size_t bytes) {
  std::size_t used = 0;
  const auto stop = std::find_if(begin, end, [&](const DirectoryStep& step) {
    used += size_in_part(to_wire(step));
    return used > bytes;
  });
  return stop - begin;
}

}  // namespace

std::vector<DirectoryStep> first_within(const std::vector<DirectoryStep>& steps,
                                        std::size_t bytes) {
  return {steps.begin(), steps.begin() + steps_within(steps.begin(), steps.end(), bytes)};
}

std::vector<DirectoryStep> newest_within(const std::vector<DirectoryStep>& steps,
                                         std::size_t bytes) {
  return {steps.end() - steps_within(steps.rbegin(), steps.rend(), bytes), steps.end()};
}

BundleParts::BundleParts(const std::vector<DirectoryStep>& directory, std::size_t part_bytes,
                         ByteView snapshot)
    : part_bytes_(part_bytes) {
  for (const auto& step : directory) *empty_.add_directory() = to_wire(step);
  empty_.set_directory_snapshot(to_wire(snapshot));
  empty_.set_program(program_number);
  begin_part();
}

void BundleParts::begin_part() {
  parts_.push_back(empty_);
  used_ = empty_.ByteSizeLong();
}

void BundleParts::put(schema::CarriedDossier dossier) {
  const std::size_t bytes = size_in_part(dossier);
  if (!fits(bytes)) begin_part();
  used_ += bytes;
  *parts_.back().add_dossiers() = std::move(dossier);
}

Result<Done> BundleParts::add(schema::CarriedDossier dossier) {
  ++dossiers_;
  if (!fits_into_empty(size_in_part(dossier))) return divide(dossier);
  put(std::move(dossier));
  return Done{};
}

// In the last part, or in a new one.
Result<Done> BundleParts::make_room(std::size_t bytes) {
  if (!fits_into_empty(bytes)) return too_small();
  if (!fits(bytes)) begin_part();
  used_ += bytes;
  return Done{};
}

Result<Done> BundleParts::add_erasure_receipt(schema::SignedBytes receipt) {
  if (auto room = make_room(size_in_part(receipt)); !room) return room;
  *parts_.back().add_erasure_receipts() = std::move(receipt);
  return Done{};
}

Result<Done> BundleParts::add_purge_receipt(schema::SignedBytes receipt) {
  if (auto room = make_room(size_in_part(receipt)); !room) return room;
  *parts_.back().add_purge_receipts() = std::move(receipt);
  return Done{};
}

Result<Done> BundleParts::add(schema::CarriedVerdict verdict) {
  if (auto room = make_room(size_in_part(verdict)); !room) return room;
  *parts_.back().add_verdicts() = std::move(verdict);
  return Done{};
}

Result<Done> BundleParts::divide(const schema::CarriedDossier& dossier) {
  const auto& entries = dossier.entries().entries();
  schema::CarriedDossier around = dossier;
  around.mutable_entries()->clear_entries();
  std::size_t in_all = size_in_part(around);
  for (const auto& entry : entries) in_all += stands_in_all(entry) ? size_in_part(entry) : 0;

  int from = 0;
  while (from < entries.size()) {
    std::size_t bytes = in_all;
    int to = from;  // the entries that this piece holds beside those that all do
    for (; to < entries.size(); ++to) {
      if (stands_in_all(entries[to])) continue;
      if (!fits_into_empty(bytes + size_in_part(entries[to]))) break;
      bytes += size_in_part(entries[to]);
    }
    if (to == from) return too_small();
    schema::CarriedDossier piece = around;
    for (int i = 0; i < entries.size(); ++i) {
      if (stands_in_all(entries[i]) || (i >= from && i < to)) {
        *piece.mutable_entries()->add_entries() = entries[i];
      }
    }
    put(std::move(piece));
    from = to;
  }
  return Done{};
}

}  // namespace throughgate::sync
