// The folder that releases are installed into, each in one of its own beside the others:
//
//   0.2.0-3/bin/throughgate-node ...   version and program number; "release" in it is its signed
//   head current -> 0.2.0-3                 what runs; it changes in one step
//
// The release before stays, to go back to. One program at a time writes there, by a lock; whoever
// may, may install.
#pragma once

#include <string>
#include <vector>

#include "node/private_file.h"
#include "node/update/release_file.h"

namespace throughgate::node {

// What this program is, and whose releases it takes.
struct RunningProgram {
  Release release;  // without files
  std::vector<crypto::VerifyKey> release_keys;
};

class ProgramsFolder {
 public:
  // The folder is made when something is installed; its parent must be there.
  ProgramsFolder(std::string path, const RunningProgram& running)
      : path_(std::move(path)), running_(running) {}

  // The release may be installed here: of this product and machine, newer than what is installed,
  // and reading what that writes; where nothing is, no older than this program.
  //   rejected  it may not be, and why
  sync::Result<sync::Done> check(const Release& release) const;

  // After a failure, or a power cut at any moment, what ran before runs; only where the disk did
  // not say that the last step will last, the new one may, and the message says so. Fails as
  // open_release(), read_files() and check() do, and with `unavailable`: disk full or failing, or
  // another program writes there.
  sync::Result<Release> install(const std::string& file) const;

  // To the newest of those before that is as it was signed.
  //   not_found    there is none
  //   rejected     it cannot read what the installed one may have written
  //   corrupt      what is kept is not what was signed
  //   unavailable  disk full or failing, or another program writes there
  sync::Result<Release> go_back() const;

 private:
  struct Kept {
    std::string name;  // of its folder
    Release release;
  };
  sync::Result<FileLock> write_alone() const;
  std::vector<Kept> kept_before(const Release& installed, bool& is_one_damaged) const;
  bool is_as_signed(const Kept& kept) const;
  sync::Result<sync::Done> check_whose(const Release& release) const;
  sync::Result<std::optional<SignedHead>> installed() const;
  sync::Result<sync::Done> unpack(OpenRelease& release, const std::string& into) const;
  sync::Result<sync::Done> run_from_now_on(const std::string& name) const;
  bool holds_release(const std::string& name) const;
  void remove_all_but(const std::string& one, const std::string& other) const;
  std::string current_name() const;

  std::string path_;
  const RunningProgram& running_;
};

}  // namespace throughgate::node
