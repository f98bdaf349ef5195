// The published test vectors, made a subject at a time.
#pragma once

#include <map>
#include <string>

#include "tests/sync/test_dossier.h"
#include "tests/vectors/vector_file.h"

namespace throughgate::vectors {

using Vectors = std::map<std::string, VectorFile>;  // by file name, without its ending

// organisation, author's key, header, signature, clear part, sealed part
inline std::string entry_words(const sync::VerifiedEntry& entry,
                               const sync::testing::Author& author) {
  const auto& e = entry.bytes();
  return author.organisation.hex() + " " + crypto::to_hex(author.key.verify_key()) + " " +
         crypto::to_hex(e.header) + " " + crypto::to_hex(e.signature) + " " + hex_or_dash(e.clear) +
         " " + hex_or_dash(e.sealed);
}
// ... and how it was placed: directory version, accepted_at
inline std::string place_words(const sync::VerifiedEntry& entry,
                               const sync::testing::Author& author,
                               const sync::OrderRecord& record) {
  return entry_words(entry, author) + " " + std::to_string(record.directory_version) + " " +
         std::to_string(record.accepted_at_ms);
}

void add_entry_vectors(Vectors& out);
void add_judge_vectors(Vectors& out);
void add_order_vectors(Vectors& out);
void add_key_vectors(Vectors& out);
void add_directory_vectors(Vectors& out);
void add_root_vectors(Vectors& out);
void add_enrolment_vectors(Vectors& out);
void add_field_vectors(Vectors& out);
void add_bundle_vectors(Vectors& out);

}  // namespace throughgate::vectors
