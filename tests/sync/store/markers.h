// Strings planted wherever words go, to be looked for in every byte that reaches the disk.
#pragma once

#include <array>

#include "sync/store/database.h"
#include "tests/simulation/faulty_disk.h"

namespace throughgate::markers {

inline constexpr std::array planted = {"Rowan Planted-Row", "Fern Planted-Search",
                                       "Sorrel Planted-Sort", "Tansy Planted-Temporary",
                                       "Yarrow Planted-Unfinished"};

// Saves, searches, sorts more than fits the cache, fills a temporary table, deletes, backs up, and
// loses power in the middle of a transaction; then opens again. Every write is recorded.
void plant(simulation::FaultyDisk& disk, sync::store::UnsafeForTests unsafe);

// Hits of all markers and of the database key in everything written.
std::size_t hits(const simulation::FaultyDisk& disk);

}  // namespace throughgate::markers
