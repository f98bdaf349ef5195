// What is said of a command line that cannot be read. It never repeats a word that was typed: that
// may be somebody's name, and what a program says of its errors is kept in places that nobody looks
// after.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace throughgate::node::cli {

// A sentence or two, with what to do; `app` as the line was read into it until `error`.
std::string what_is_mistyped(const CLI::App& app, const CLI::ParseError& error);

}  // namespace throughgate::node::cli
