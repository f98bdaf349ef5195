// Files for a stick or an e-mail, made on one site's page and brought in on another's.
#include <catch_amalgamated.hpp>
#include <filesystem>
#include <fstream>

#include "node/bundles/passing_on.h"
#include "node/restored.h"
#include "tests/node/web/pages/by_hand_world.h"

namespace throughgate::node::testing {
TEST_CASE("a handover goes from the prison's page to the partner's in a file, with no network",
          "[pages][by-hand]") {
  ByHandWorld world;
  world.sync_all();
  const auto handover = world.shared_handover();
  world.set(world.prison, handover, "meeting-place", "Side gate");
  const auto page = world.at_prison.page("/by-hand");
  CHECK(says(
      page,
      "Bridge Trust What you share with them, and word of what you share no longer. Opens on:"));
  CHECK(says(page, "The central exchange"));
  const auto file = world.make(world.id_of_partner());
  CHECK(file.find("Side gate") == std::string::npos);

  const auto looked = world.bring(world.at_partner, file, "look");
  CHECK(says(looked, "Made by HMP Example"));
  CHECK(says(looked, "This computer can open it"));
  CHECK_FALSE(says(world.at_partner.page("/handovers/" + handover.hex()), "Side gate"));

  const auto brought = world.bring(world.at_partner, file);
  CHECK(brought.status == 200);
  CHECK(says(brought, "1 change from others, not confirmed yet"));
  CHECK(says(world.at_partner.page("/handovers/" + handover.hex()), "Side gate"));
  CHECK(says(world.bring(world.at_partner, file), "Nothing in it is new"));
}

TEST_CASE("a partner that a file tells of its removal reads so, and can change nothing",
          "[pages][by-hand]") {
  ByHandWorld world;
  const auto handover = world.shared_handover();
  const auto address = "/handovers/" + handover.hex();
  CHECK_FALSE(says(world.at_partner.page(address), "no longer takes part"));
  world.change_members(
      handover,
      {sync::store::MemberChange::Kind::remove, world.partner.node->identity().organisation, {}});
  const auto brought = world.bring(world.at_partner, world.make(world.id_of_partner()));
  CHECK(brought.status == 200);
  const auto page = world.at_partner.page(address);
  CHECK(says(page, "Your organisation no longer takes part in this handover."));
  CHECK(says(page, "A file says so, and the exchange has not confirmed it yet."));
  CHECK(says(page, "Not confirmed yet"));
  CHECK_FALSE(says(page, "Not sent yet"));
  CHECK(world.at_partner.get(address + "/change/notes").status == 403);
}

TEST_CASE("what is no file for this computer is refused in words, and brings nothing in",
          "[pages][by-hand]") {
  ByHandWorld world;
  const auto handover = world.shared_handover();
  world.set(world.prison, handover, "meeting-place", "Side gate");
  const auto file = world.make(world.id_of_partner());
  const auto refused = [&](const Visitor& at, const std::string& bytes, const char* words) {
    for (const char* act : {"bring", "look"}) {
      const auto answer = world.bring(at, bytes, act);
      INFO(text_of_page(answer));
      if (std::string(act) == "look" && &at == &world.at_prison) continue;
      CHECK(answer.status == 422);
      CHECK(says(answer, words));
    }
  };
  refused(world.at_partner, "", "Select the file you were given");
  refused(world.at_partner, "Alex, Example\n", "not a");
  refused(world.at_partner, file.substr(0, file.size() - 1), "whole");
  std::string changed = file;
  changed[changed.size() / 2] ^= 1;
  refused(world.at_partner, changed, "changed");
  refused(world.at_prison, file, "made on this computer");
  CHECK_FALSE(says(world.at_partner.page("/handovers/" + handover.hex()), "Side gate"));
}

TEST_CASE("a file asks for whom it is and how it travels, and nothing is made before",
          "[pages][by-hand]") {
  ByHandWorld world;
  world.shared_handover();
  const auto nobody = world.at_prison.fill_in("/by-hand", {});
  CHECK(nobody.status == 422);
  CHECK(says(nobody, "Select who it is for"));
  CHECK(says(nobody, "Select how it travels"));
  // An organisation that nothing is shared with is not offered, and not taken.
  const auto stranger = std::string(32, 'a');
  CHECK(world.at_prison.fill_in("/by-hand", {{"to", stranger}, {"by", "stick"}}).status == 422);
  CHECK(world.offered().empty());
}

TEST_CASE(
    "files that were made are kept until others are made or they are deleted, and no other "
    "file is given out",
    "[pages][by-hand]") {
  ByHandWorld world;
  world.shared_handover();
  world.make(world.id_of_partner());
  const auto first = world.offered().front();
  world.make("exchange");
  CHECK(world.offered().front() != first);
  CHECK(world.at_prison.get(first).status == 404);
  for (const char* name : {"..%2fkeys", "keys", "..%2f..%2fetc%2fpasswd", "store.db", "%2e%2e"}) {
    const auto answer = world.at_prison.get(std::string("/by-hand/files/") + name);
    CHECK((answer.status == 404 || answer.status == 400));
  }
  std::filesystem::create_symlink(world.prison.folder.keys(),
                                  world.prison.folder.by_hand() + "/throughgate-aaaaaaaa.tgb");
  CHECK(world.at_prison.get("/by-hand/files/throughgate-aaaaaaaa.tgb").status == 404);
  const auto gone = world.at_prison.send(world.at_prison.get("/by-hand"), "/by-hand/delete", {});
  CHECK(gone.status == 303);
  CHECK(world.offered().empty());
  CHECK_FALSE(std::filesystem::exists(world.prison.folder.by_hand()));
}

TEST_CASE("the page of files waits for no save that is under way", "[pages][by-hand]") {
  ByHandWorld world;
  world.shared_handover();
  const sync::store::UnitOfWork saving(world.prison.node->database());  // holds the lock
  const auto page = world.at_prison.get("/by-hand");
  CHECK(page.status == 200);
  CHECK(says(page, "Bridge Trust What you share with them, and"));
}

TEST_CASE("a store that was restored is opened on the page by a file from the central team",
          "[pages][by-hand]") {
  ByHandWorld world;
  const auto handover = world.shared_handover();
  const Visitor at_desk = by_hand_visitor(world.desk, world.codes);
  const auto file_of_desk = [&] {
    at_desk.done("/by-hand",
                 {{"to", world.prison.node->identity().organisation.hex()}, {"by", "stick"}});
    const auto page = at_desk.page("/by-hand");
    const auto from = page.find("/by-hand/files/");
    return at_desk.get(page.substr(from, page.find('"', from) - from)).body;
  };
  const auto old = file_of_desk();
  world.world.now_ms += 1000;
  must(mark_restored(*world.prison.node, world.world.now_ms));
  CHECK(world.at_prison.get("/handovers/" + handover.hex()).status == 423);
  const auto closed = world.at_prison.page("/by-hand");
  CHECK(says(closed, "ask the central team for a file"));
  CHECK(says(closed, "Bring in a file"));
  CHECK_FALSE(says(closed, "Make a file"));
  CHECK(world.at_prison.post("/by-hand", {}).status != 303);  // nothing goes out
  CHECK(world.bring(world.at_prison, old, "look").status == 200);
  const auto still = world.bring(world.at_prison, old);
  CHECK(still.status == 200);
  CHECK(says(still, "A file from before the restore"));
  world.world.now_ms += 1;
  must(world.desk.desk().renew());
  const auto open = world.bring(world.at_prison, file_of_desk());
  CHECK(says(open, "The records on this computer are open again."));
  CHECK(says(world.at_prison.page("/by-hand"), "Make a file"));
  CHECK(world.at_prison.get("/handovers/" + handover.hex()).status == 200);
}

// What might be tried to get out of the folder that files are saved from.
const std::vector<std::string> names_that_lead_out{"..",
                                                   ".",
                                                   "../secret.txt",
                                                   "../../secret.txt",
                                                   "../../../../etc/passwd",
                                                   "..%2fsecret.txt",
                                                   "..%2Fsecret.txt",
                                                   "%2e%2e%2fsecret.txt",
                                                   "%2e%2e/secret.txt",
                                                   "..%252fsecret.txt",
                                                   "..%c0%afsecret.txt",
                                                   "..%5csecret.txt",
                                                   "..\\secret.txt",
                                                   "..%5c..%5csecret.txt",
                                                   "/etc/passwd",
                                                   "%2fetc%2fpasswd",
                                                   "//etc/passwd",
                                                   "file:///etc/passwd",
                                                   "C:%5cWindows%5cwin.ini",
                                                   "C:/Windows/win.ini",
                                                   "%5c%5cserver%5cshare%5csecret.txt",
                                                   "//server/share/secret.txt",
                                                   "secret.txt%00.tgb",
                                                   "%00",
                                                   "link.tgb",
                                                   "out/secret.txt",
                                                   "throughgate-aaaaaaaa.tgb/../../secret.txt",
                                                   "throughgate-*.tgb",
                                                   "~/secret.txt",
                                                   "$HOME/secret.txt",
                                                   ".tgb",
                                                   "CON",
                                                   "secret.txt:stream",
                                                   "%F0%9F%98%80.tgb"};

TEST_CASE("no name leads out of the folder that files are saved from", "[pages][by-hand]") {
  ByHandWorld world;
  world.shared_handover();
  world.make(world.id_of_partner());
  const auto folder = std::filesystem::path(world.prison.folder.path());
  const std::filesystem::path outgoing = world.prison.folder.by_hand();
  REQUIRE(std::filesystem::is_directory(outgoing));
  for (const auto& where : {folder / "secret.txt", folder.parent_path() / "secret.txt"}) {
    std::ofstream(where) << "words that nobody asked for";
  }
  std::filesystem::create_symlink(folder / "secret.txt", outgoing / "link.tgb");
  std::filesystem::create_directory_symlink(folder, outgoing / "out");
  CHECK(names_that_lead_out.size() >= 30);
  for (const auto& name : names_that_lead_out) {
    INFO(name);
    const auto answer = world.at_prison.get("/by-hand/files/" + name);
    CHECK(answer.status >= 400);
    CHECK(answer.status < 500);
    CHECK(answer.body.find("nobody asked for") == std::string::npos);
    CHECK(answer.body.find("root:") == std::string::npos);
  }
  CHECK(world.at_prison.get(world.offered().front()).status == 200);
}

}  // namespace throughgate::node::testing
